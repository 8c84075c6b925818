"""frames.py FOLDER: packets as TradingView sends them, to decode: bars-5000.txt, bars-20000.txt, quotes.txt (one a line)."""

import json
import pathlib
import random
import sys

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
generator = random.Random(14)


def packet(method, parameters):
    text = json.dumps({"m": method, "p": parameters}, separators=(",", ":"))
    return f"~m~{len(text)}~m~{text}"


for count in (5000, 20000):
    close, bars = 24_800.0, []
    for index in range(count):
        start, close = close, round(close + generator.gauss(0, 9), 2)
        high, low = round(max(start, close) + generator.expovariate(0.3), 2), round(min(start, close) - generator.expovariate(0.3), 2)
        bars.append({"i": index, "v": [1_690_000_000.0 + 300 * index, start, high, low, close, float(generator.randrange(2_000_000))]})
    block = {"sds_1": {"node": "bench-1", "s": bars, "ns": {"d": "", "indexes": []}, "t": "s1",
                       "lbs": {"bar_close_time": 1_690_000_000 + 300 * count}}}
    scale = {"index": 0, "zoffset": 0, "changes": [], "marks": [], "index_diff": []}
    (folder / f"bars-{count}.txt").write_text(packet("timescale_update", ["cs_benchmark001", block, scale]))

with (folder / "quotes.txt").open("w") as file:
    for number in range(100_000):
        price = round(24_800 + generator.gauss(0, 50), 2)
        values = {"lp": price, "lp_time": 1_690_000_000 + number // 40, "volume": float(generator.randrange(10_000_000)),
                  "ch": round(generator.gauss(0, 9), 2), "chp": round(generator.gauss(0, 1), 2),
                  "bid": round(price - 0.05, 2), "ask": round(price + 0.05, 2)}
        file.write(packet("qsd", ["qs_benchmark001", {"n": f"NSE:SYM{number % 50}", "s": "ok", "v": values}]) + "\n")
