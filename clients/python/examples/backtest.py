"""A vectorised backtest of a moving-average cross, on bars that the server keeps in its store.

python examples/backtest.py NIFTY --interval 5m --bars 2000 --fast 20 --slow 60
"""

from __future__ import annotations

import argparse

import pandas as pd

import bhav


def backtest(bars: pd.DataFrame, fast: int, slow: int, cost: float) -> pd.DataFrame:
    """Returns position and equity by bar: long while the fast average is above the slow one.

    A signal of one bar's close is traded at the next bar's open. `cost` is a part of the price, for each change.
    """
    closed = bars[bars["final"].astype(bool)]
    signal = closed["close"].rolling(fast).mean() > closed["close"].rolling(slow).mean()
    position = signal.shift(1, fill_value=False).astype("float64")
    returns = closed["open"].shift(-1) / closed["open"] - 1
    changes = position.diff().abs().fillna(position)
    gains = (position * returns).fillna(0) - changes * cost
    return pd.DataFrame({"position": position, "gain": gains, "equity": (1 + gains).cumprod()})


def main() -> None:
    """Prints the outcome."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("symbol", nargs="?", default="NIFTY")
    parser.add_argument("--interval", default="5m")
    parser.add_argument("--bars", type=int, default=2000)
    parser.add_argument("--fast", type=int, default=20)
    parser.add_argument("--slow", type=int, default=60)
    parser.add_argument("--cost", type=float, default=0.0002)
    options = parser.parse_args()
    with bhav.Client() as client:
        response = client.bars(options.symbol, options.interval, options.bars)
    result = backtest(response.to_pandas(), options.fast, options.slow, options.cost)
    origin = response.provenance
    print(f"{len(result)} closed bars of {response.symbol} {response.interval} from {origin.source if origin else '?'}")
    trades = int((result["position"].diff().abs() > 0).sum())
    drawdown = (result["equity"] / result["equity"].cummax() - 1).min()
    print(f"return {result['equity'].iloc[-1] - 1:+.2%}, largest drawdown {drawdown:.2%}, {trades} changes of position")


if __name__ == "__main__":
    main()
