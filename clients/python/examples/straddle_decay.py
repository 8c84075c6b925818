"""The straddle at the money through the session: what its sellers earned by now, beside the model's theta.

python examples/straddle_decay.py NIFTY
"""

from __future__ import annotations

import argparse

import pandas as pd

import bhav


def straddle(client: bhav.Client, symbol: str) -> tuple[pd.DataFrame, float, float | None]:
    """Returns call, put and their sum by time, the strike, and the model's theta of a day."""
    chain = client.option_chain(symbol)
    if chain.at_the_money is None:
        raise SystemExit(f"{symbol}: the strike at the money is not known")
    strike = chain.at_the_money
    sides = {
        side: client.contract_history(symbol, side, strike, expiry=chain.expiry).to_pandas()["price"]
        for side in ("call", "put")
    }
    frame = pd.DataFrame(sides).astype("float64").dropna()
    frame["straddle"] = frame["call"] + frame["put"]
    row = next(each for each in chain if each["strike"] == strike)
    thetas = [row.get("call_model_theta"), row.get("put_model_theta")]
    known = [theta for theta in thetas if theta is not None]
    return frame, strike, sum(known) if len(known) == 2 else None


def main() -> None:
    """Prints the decay."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("symbol", nargs="?", default="NIFTY")
    options = parser.parse_args()
    with bhav.Client() as client:
        frame, strike, theta = straddle(client, options.symbol)
    print(f"{options.symbol} straddle at {strike:g}")
    print(frame.tail(12).round(2).to_string())
    if len(frame):
        change = frame["straddle"].iloc[-1] - frame["straddle"].iloc[0]
        model = "not known" if theta is None else f"{theta:.2f} a day"
        print(f"change since {frame.index[0]:%H:%M}: {change:+.2f}; the model's theta: {model}")


if __name__ == "__main__":
    main()
