"""orjson_decode.py FOLDER: the frames of frames.py by orjson into lists and dicts; the same JSON as simdjson.cpp prints."""

import json
import pathlib
import statistics
import sys
import time

import orjson

folder = pathlib.Path(sys.argv[1])


def payload(packet):
    return packet[packet.index(b"~m~", 3) + 3:]


def median(rounds, body):
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        body()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


result = {}
for count in (5000, 20000):
    frame = (folder / f"bars-{count}.txt").read_bytes()
    result[f"bars{count}"] = len(frame) / 1e6 / median(
        9, lambda: [row["v"] for row in orjson.loads(payload(frame))["p"][1]["sds_1"]["s"]])
quotes = (folder / "quotes.txt").read_bytes().splitlines()


def decode():
    last = {}
    for line in quotes:
        quote = orjson.loads(payload(line))["p"][1]
        last.setdefault(quote["n"], {}).update(quote["v"])


result["quotes"] = len(quotes) / median(3, decode)
print(json.dumps(result))
