"""fan_websockets.py PORT RATE: quotes to all viewers with the library websockets alone. Begins with EXPECT viewers."""

import asyncio
import json
import os
import sys
import time

from websockets.asyncio.server import broadcast, serve

PORT, RATE = int(sys.argv[1]), float(sys.argv[2])
EXPECT = int(os.environ.get("EXPECT", "1"))
viewers = set()


async def watch(viewer) -> None:
    viewers.add(viewer)
    try:
        await viewer.wait_closed()
    finally:
        viewers.discard(viewer)


async def main() -> None:
    async with serve(watch, "127.0.0.1", PORT, compression=None):
        while len(viewers) < EXPECT:
            await asyncio.sleep(0.05)
        start, sent = time.monotonic(), 0
        while True:
            due = int((time.monotonic() - start) * RATE)
            if due - sent > RATE / 10:
                sent = due - int(RATE / 10)
            while sent < due:
                price = round(time.monotonic_ns() // 1000 % 1_000_000_000 / 1000, 3)
                quote = {"symbol": f"NSE:SYM{sent % 50 + 1}", "last": price, "lastTime": int(time.time()) * 1000,
                         "volume": sent, "change": 1.5, "changePercent": 0.01, "bid": price, "ask": price}
                broadcast(viewers, json.dumps({"type": "quote", "id": "a", "seq": sent, "quote": quote}))
                sent += 1
                await asyncio.sleep(0)
            await asyncio.sleep(0.001)


asyncio.run(main())
