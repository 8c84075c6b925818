"""Is the data complete? The gaps of a response and of the server's store, for each symbol.

python examples/gap_report.py NIFTY BANKNIFTY --interval 5m --days 5
"""

from __future__ import annotations

import argparse
import datetime as dt

import pandas as pd

import bhav


def report(client: bhav.Client, symbols: list[str], interval: str, start: dt.date) -> pd.DataFrame:
    """Returns one row a symbol: bars, whether they are complete, the gaps, the largest step between bars."""
    rows: list[dict[str, object]] = []
    for symbol in symbols:
        try:
            bars = client.bars(symbol, interval, start=start)
        except bhav.BhavError as error:
            rows.append({"symbol": symbol, "error": error.code})
            continue
        index = bars.to_pandas().index.to_series()
        try:
            stored: int | None = len(client.coverage(symbol, interval, start=start, missing=True).missing)
        except bhav.NotSupportedError:
            stored = None
        rows.append(
            {
                "symbol": symbol, "bars": len(bars), "complete": bars.complete, "reason": bars.reason,
                "gaps": len(bars.gaps), "largest_step": index.diff().max(), "gaps_in_store": stored,
                "source": bars.provenance.source if bars.provenance else None,
            }
        )  # fmt: skip
    return pd.DataFrame(rows).set_index("symbol")


def main() -> None:
    """Prints the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("symbols", nargs="*", default=["NIFTY", "BANKNIFTY"])
    parser.add_argument("--interval", default="5m")
    parser.add_argument("--days", type=int, default=3)
    options = parser.parse_args()
    start = pd.Timestamp.now(tz="Asia/Kolkata").date() - dt.timedelta(days=options.days)
    with bhav.Client(warn=False) as client:
        print(report(client, options.symbols, options.interval, start).to_string())


if __name__ == "__main__":
    main()
