"""data_frame.py URL FROM ROUNDS: seconds from a request to a pandas.DataFrame of 93,750 bars, a line of JSON."""

import datetime
import io
import json
import sys
import time
import warnings

import httpx
import pandas

import bhav

warnings.simplefilter("ignore")
url, first, rounds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
BARS = 93_750
start = datetime.datetime.fromtimestamp(first, datetime.timezone.utc)
end = start + datetime.timedelta(minutes=BARS)
clients = {"arrow": bhav.Client(url=url), "json": bhav.Client(url=url, arrow=False)}


def csv():
    query = {"symbol": "NSE:NIFTY", "interval": "1m", "from": first, "to": first + 60 * BARS, "format": "csv"}
    return pandas.read_csv(io.BytesIO(httpx.get(f"{url}/v1/bars", params=query, timeout=60).raise_for_status().content))


ways = {name: lambda client=client: client.bars("NSE:NIFTY", "1m", start=start, end=end).to_pandas() for name, client in clients.items()}
ways["csv"] = csv
taken = {name: [] for name in ways}
for number in range(rounds + 1):
    for name, way in ways.items():
        begun = time.perf_counter()
        frame = way()
        if number:
            taken[name].append(time.perf_counter() - begun)
        if len(frame) != BARS:
            sys.exit(f"data_frame.py: {name} gave {len(frame)} bars")
print(json.dumps(taken))
