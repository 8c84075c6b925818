"""Open interest by strike and time: where the writers of calls and puts sit, and how that moved today.

python examples/open_interest_heatmap.py NIFTY --strikes 8
"""

from __future__ import annotations

import argparse
import datetime as dt

import pandas as pd

import bhav

SHADES = " .:-=+*#%@"


def heat_map(client: bhav.Client, symbol: str, width: int, start: dt.date) -> pd.DataFrame:
    """Returns the change of open interest, puts less calls, by strike (rows) and time (columns)."""
    now = client.open_interest(symbol)
    strikes = now.to_pandas().index.to_series()
    middle = now.at_the_money or float(strikes.median())
    near = strikes[(strikes - middle).abs().sort_values().index[: 2 * width + 1]].sort_values()
    columns = {}
    for strike in near:
        history = client.open_interest_history(symbol, start, strike=strike).to_pandas()
        columns[strike] = history["put_change"] - history["call_change"]
    return pd.DataFrame(columns).resample("15min").last().dropna(how="all").T


def main() -> None:
    """Prints the heat map."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("symbol", nargs="?", default="NIFTY")
    parser.add_argument("--strikes", type=int, default=5, help="strikes on either side of the money")
    options = parser.parse_args()
    today = pd.Timestamp.now(tz="Asia/Kolkata").date()
    with bhav.Client() as client:
        frame = heat_map(client, options.symbol, options.strikes, today)
    largest = float(frame.abs().max().max()) or 1.0
    print(f"{options.symbol}: change of open interest today, puts less calls (+ support, - resistance)")
    print(f"{'':>9}" + "".join(f"{time:%H:%M} " for time in frame.columns[-12:]))
    for strike, row in frame.iloc[::-1].iterrows():
        cells = ""
        for value in row.iloc[-12:]:
            if pd.isna(value):
                cells += "   ?  "
                continue
            shade = SHADES[min(9, int(abs(float(value)) / largest * 9.99))]
            cells += f" {'+' if value >= 0 else '-'}{shade * 3} "
        print(f"{strike:>8} {cells}")


if __name__ == "__main__":
    main()
