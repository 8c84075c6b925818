"""`python -m bhav export NSE:NIFTY --interval 5m --count 1000 --parquet nifty.parquet`: bars into a file."""

from __future__ import annotations

import argparse
import sys
import warnings

from .client import Client
from .errors import BhavError, SimulatedWarning


def main(arguments: list[str] | None = None) -> int:
    """Writes bars to Parquet, Arrow or csv; 0 when all is there, 2 when bars are missing, 1 on an error."""
    parser = argparse.ArgumentParser(prog="python -m bhav", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    export = commands.add_parser("export", help="write bars of a series into a file")
    export.add_argument("symbol", help="EXCHANGE:TICKER, or a known name such as NIFTY")
    export.add_argument("--interval", default="1d", help="length of a bar (default: 1d)")
    export.add_argument("--count", type=int, help="number of most recent bars (default: 300, or all from --from)")
    export.add_argument("--from", dest="start", help="first day or instant")
    export.add_argument("--to", dest="end", help="last day or instant (default: now)")
    export.add_argument("--url", help="address of the server (BHAV_URL)")
    target = export.add_mutually_exclusive_group(required=True)
    target.add_argument("--parquet", metavar="FILE")
    target.add_argument("--arrow", metavar="FILE", help="Arrow IPC file (Feather)")
    target.add_argument("--csv", metavar="FILE")
    options = parser.parse_args(arguments)
    try:
        with Client(options.url, warn=False) as client:
            bars = client.bars(options.symbol, options.interval, options.count, start=options.start, end=options.end)
        if options.parquet:
            import pyarrow.parquet

            pyarrow.parquet.write_table(bars.to_arrow(), options.parquet)
        elif options.arrow:
            import pyarrow.feather

            pyarrow.feather.write_feather(bars.to_arrow(), options.arrow, compression="uncompressed")
        else:
            bars.to_pandas().to_csv(options.csv)
    except (BhavError, OSError, ImportError) as error:
        print(f"bhav: {error}", file=sys.stderr)
        return 1
    for warning in bars.warnings():
        kind = "" if isinstance(warning, SimulatedWarning) else "warning: "
        print(f"bhav: {kind}{warning}", file=sys.stderr)
    print(f"bhav: {len(bars)} bars of {bars.symbol} {bars.interval}", file=sys.stderr)
    return 2 if bars.complete is False else 0


if __name__ == "__main__":
    warnings.simplefilter("default")
    sys.exit(main())
