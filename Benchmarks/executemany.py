"""executemany.py [ROWS=200000] [REPETITIONS=5]: what a Python program would do instead of the store: upserts of bars with
sqlite3's executemany, WAL, synchronous=NORMAL, in batches of 5,000. Prints rows a second (median)."""

import pathlib
import sqlite3
import statistics
import sys
import tempfile
import time

ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
REPETITIONS = int(sys.argv[2]) if len(sys.argv) > 2 else 5
BATCH = 5_000
SCHEMA = """CREATE TABLE bars (symbol TEXT, interval TEXT, time INTEGER, open REAL, high REAL, low REAL, close REAL,
    volume REAL, PRIMARY KEY (symbol, interval, time)) WITHOUT ROWID"""
UPSERT = """INSERT INTO bars VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET open = excluded.open,
    high = excluded.high, low = excluded.low, close = excluded.close, volume = excluded.volume"""


def rows():
    for index in range(ROWS):
        base = 22450.15 + index % 977 / 20
        time_of_bar = 1_479_753_000 + index * 60
        yield ("NSE:NIFTY", "1m", time_of_bar, base, base + 9.3, base - 4.05, base + 2.1, float(index % 100_000))


def measure(data, times):
    rates = []
    with tempfile.TemporaryDirectory() as folder:
        database = sqlite3.connect(pathlib.Path(folder, "bars.sqlite"))
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = NORMAL")
        database.execute(SCHEMA)
        for _ in range(times):
            started = time.perf_counter()
            for start in range(0, len(data), BATCH):
                with database:
                    database.executemany(UPSERT, data[start : start + BATCH])
            rates.append(len(data) / (time.perf_counter() - started))
        database.close()
    return rates


def main():
    data = list(rows())
    runs = [measure(data, 2) for _ in range(REPETITIONS)]
    for name, index in (("new", 0), ("over existing ones", 1)):
        print(f"python executemany, {name}: {statistics.median(run[index] for run in runs):,.0f} rows/s")


if __name__ == "__main__":
    main()
