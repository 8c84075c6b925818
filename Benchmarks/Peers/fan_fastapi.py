"""fan_fastapi.py PORT RATE: quotes to all viewers of /ws, as a FastAPI user would send them. Begins with EXPECT viewers."""

import asyncio
import contextlib
import os
import sys
import time

import orjson
import uvicorn
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

PORT, RATE = int(sys.argv[1]), float(sys.argv[2])
EXPECT = int(os.environ.get("EXPECT", "1"))
viewers: set[WebSocket] = set()


def stamp() -> float:
    """The time that a quote carries as its price: monotonic milliseconds below 10^6."""
    return round(time.monotonic_ns() // 1000 % 1_000_000_000 / 1000, 3)


async def publish() -> None:
    while len(viewers) < EXPECT:
        await asyncio.sleep(0.05)
    start, sent = time.monotonic(), 0
    while True:
        due = int((time.monotonic() - start) * RATE)
        if due - sent > RATE / 10:
            sent = due - int(RATE / 10)
        while sent < due:
            price = stamp()
            quote = {"symbol": f"NSE:SYM{sent % 50 + 1}", "last": price, "lastTime": int(time.time()) * 1000, "volume": sent,
                     "change": 1.5, "changePercent": 0.01, "bid": price, "ask": price}
            text = orjson.dumps({"type": "quote", "id": "a", "seq": sent, "quote": quote}).decode()
            for viewer in list(viewers):
                try:
                    await viewer.send_text(text)
                except Exception:
                    viewers.discard(viewer)
            sent += 1
        await asyncio.sleep(0.001)


@contextlib.asynccontextmanager
async def lifespan(_: FastAPI):
    task = asyncio.create_task(publish())
    yield
    task.cancel()


app = FastAPI(lifespan=lifespan)


@app.websocket("/ws")
async def watch(viewer: WebSocket) -> None:
    await viewer.accept()
    viewers.add(viewer)
    try:
        while True:
            await viewer.receive_text()
    except WebSocketDisconnect:
        viewers.discard(viewer)


uvicorn.run(app, host="127.0.0.1", port=PORT, log_level="error", ws_per_message_deflate=False)
