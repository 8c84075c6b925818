"""The put-call ratio beside the price of the underlying, and how the two move together.

python examples/pcr_against_spot.py NIFTY
"""

from __future__ import annotations

import argparse
import datetime as dt

import pandas as pd

import bhav


def ratios(client: bhav.Client, symbol: str, start: dt.date) -> pd.DataFrame:
    """Returns ratio and spot by time, in steps of five minutes."""
    response = client.put_call_ratio(symbol, start=start)
    if response.differences:
        print(f"note: the points differ in {', '.join(response.differences)}")
    frame = response.to_pandas()[["open_interest", "spot"]].astype("float64")
    return frame.rename(columns={"open_interest": "pcr"}).resample("5min").last().dropna()


def main() -> None:
    """Prints the series and the correlation of its changes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("symbol", nargs="?", default="NIFTY")
    options = parser.parse_args()
    with bhav.Client() as client:
        frame = ratios(client, options.symbol, pd.Timestamp.now(tz="Asia/Kolkata").date() - dt.timedelta(days=1))
    print(frame.tail(12).round(3).to_string())
    changes = frame.diff().dropna()
    correlation = changes["pcr"].corr(changes["spot"]) if len(changes) > 2 else float("nan")
    print(f"{len(frame)} points; correlation of the changes of ratio and spot: {correlation:.2f}")


if __name__ == "__main__":
    main()
