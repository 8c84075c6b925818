"""`python -m bhav.tvdatafeed script.py`: runs a script that imports tvDatafeed, unchanged."""

from __future__ import annotations

import argparse
import os
import runpy
import sys
from urllib.error import URLError
from urllib.request import urlopen

from .. import tvdatafeed
from ..connection import DEFAULT_URL
from ..errors import BhavError
from ..process import serve
from . import history, live


def install() -> None:
    """Makes `import tvDatafeed` mean this package, in this process."""
    sys.modules["tvDatafeed"] = tvdatafeed
    sys.modules["tvDatafeed.main"] = history
    for name in ("datafeed", "seis", "consumer"):
        sys.modules[f"tvDatafeed.{name}"] = live


def listens(url: str) -> bool:
    """Whether a Bhav server runs there."""
    try:
        with urlopen(f"{url.rstrip('/')}/health/live", timeout=2) as response:
            return bool(response.status == 200)
    except (URLError, OSError, ValueError):
        return False


def main(arguments: list[str] | None = None) -> int:
    """Runs the script, against a new server where none runs yet."""
    parser = argparse.ArgumentParser(prog="python -m bhav.tvdatafeed", description=__doc__)
    parser.add_argument("--url", help=f"address of the Bhav server (BHAV_URL, default {DEFAULT_URL})")
    parser.add_argument("--mock", action="store_true", help="start a server of the mock market for this script")
    parser.add_argument("script", help="the script to run")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="arguments of the script")
    options = parser.parse_args(arguments)
    url = options.url or os.environ.get("BHAV_URL") or DEFAULT_URL
    server = None
    try:
        if options.mock or not (options.url or listens(url)):
            server = serve(mock=options.mock)
            kind = "the mock market (every number is simulated)" if options.mock else "real sources"
            print(f"bhav: started a server of {kind} at {server.url}", file=sys.stderr)
            url = server.url
        os.environ["BHAV_URL"] = url
        install()
        sys.argv = [options.script, *options.arguments]
        sys.path.insert(0, os.path.dirname(os.path.abspath(options.script)))
        runpy.run_path(options.script, run_name="__main__")
        return 0
    except BhavError as error:
        print(f"bhav: {error}", file=sys.stderr)
        return 1
    finally:
        if server is not None:
            server.stop()


if __name__ == "__main__":
    sys.exit(main())
