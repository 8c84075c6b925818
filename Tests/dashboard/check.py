#!/usr/bin/env python3
"""Opens the dashboard in headless Chromium against a real server and checks what a person would see.

    check.py --bhav PATH          starts PATH serve --mock on a free port
    check.py --bhav PATH --only page,panels,outage,looks,access,unit
    check.py --url ADDRESS        uses a running server (only the checks of the page itself)

Waits for conditions with deadlines. Saves pictures in .build-artifacts. The last line says how many checks passed and failed.
"""

import argparse
import glob
import os
import re
import shutil
import subprocess
import sys

import looks
import outage_checks
import page_checks
import panel_checks
from browser import Browser, BrowserError, find_chromium
from checks import ARTIFACTS, clean, run
from server import RunningServer, Server, Simulator, clock_offset

HERE = os.path.dirname(os.path.abspath(__file__))
EXCHANGE_HOURS = {"MOCK_HOURS": "exchange"}


def unit(results):
    """The pure functions, in Node without a browser."""
    command = shutil.which("node") or shutil.which("nodejs")
    if not command:
        print("  SKIPPED: the unit tests of the page: no Node here (Debian: nodejs)")
        return
    files = sorted(glob.glob(os.path.join(HERE, "unit", "*.test.mjs")))
    done = subprocess.run([command, "--test", "--test-reporter", "tap", *files], capture_output=True, text=True, timeout=120, check=False)
    counts = dict(re.findall(r"^# (pass|fail) (\d+)$", done.stdout, re.MULTILINE))
    passed, failed = int(counts.get("pass", 0)), int(counts.get("fail", 0))
    if not passed or (done.returncode and not failed):
        failed += 1
    results.extend([True] * passed + [False] * failed)
    print(f"  unit tests: {passed} passed, {failed} failed", flush=True)
    if failed:
        print("\n".join(line for line in done.stdout.splitlines() if re.search(r"^\s*not ok|error:|location:", line)) or done.stderr)


def page(options, results):
    with (Server(options.bhav) if options.bhav else RunningServer(options.url)) as server, Browser(clock_offset=clock_offset(server)) as tab:
        for name, function in page_checks.check.all:
            run(name, lambda function=function: function(tab, server), results)
            if server.is_ours:
                run("the server is still there", server.check_alive, results, quiet=True)
        run("nothing was logged as an error, and no request went to another machine", lambda: clean(tab, server), results)


def panels(options, results):
    with Server(options.bhav, environment=EXCHANGE_HOURS) as server, Browser(1920, 1200, clock_offset=clock_offset(server)) as tab:
        for name, function in panel_checks.check.all:
            run(name, lambda function=function: function(tab, server), results)
        run("no error was logged by any panel", lambda: clean(tab, server), results)


def outage(options, results):
    with Simulator(options.bhav) as upstream, Server(options.bhav, environment=upstream.environment, mock=False) as server:
        with Browser(clock_offset=clock_offset(server)) as tab:
            for name, function in outage_checks.check.all:
                run(name, lambda function=function: function(tab, server, upstream), results)
                if upstream._stopped:
                    upstream.start()
            # The browser itself reports a refused request; that the page says so is checked above.
            tab.errors[:] = [error for error in tab.errors if not error.startswith(("Failed to load resource", "WebSocket connection to"))]
            run("no error was logged during the outages", lambda: clean(tab, server), results)


def look(options, results):
    with Server(options.bhav, environment=EXCHANGE_HOURS) as server:
        for name, function in looks.pictures(server):
            run(f"nothing is cut or runs over: {name}", function, results)


def access(options, results):
    axe = looks.axe_source()
    if not axe:
        print("  SKIPPED: axe-core could not be fetched; the page's own set of checks is used alone")
    with Server(options.bhav, environment=EXCHANGE_HOURS) as server:
        with Browser(1366, 900, clock_offset=clock_offset(server)) as tab:
            for preset in ("index", "options", "expiry"):
                tab.scheme = "dark"
                tab.go(f"{server.url}/?symbol=NSE:NIFTY&interval=5m&preset={preset}&legs=b1c24900@120v13")
                for theme in ("dark", "light"):
                    tab.scheme = theme
                    tab.wait("the panels", f"window.bhav && {looks.READY}", 30)
                    run(f"everybody can use the preset {preset}, {theme}", lambda: looks.accessibility(tab, axe), results)


PARTS = {"unit": lambda options, results: unit(results), "page": page, "panels": panels, "outage": outage, "access": access, "looks": look}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bhav")
    parser.add_argument("--url")
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    if bool(options.bhav) == bool(options.url):
        parser.error("give either --bhav or --url")
    if not find_chromium():
        print("dashboard: SKIPPED, every check of the page: no Chromium here. 'make setup' installs it.")
        return 0
    wanted = options.only.split(",") if options.only else (list(PARTS) if options.bhav else ["unit", "page"])
    os.makedirs(ARTIFACTS, exist_ok=True)
    results = []
    for name in wanted:
        try:
            PARTS[name](options, results)
        except (BrowserError, OSError) as error:
            results.append(False)
            print(f"  FAILED: {name}: {error}", flush=True)
    print(f"dashboard: {results.count(True)} passed, {results.count(False)} failed")
    return 1 if False in results else 0


if __name__ == "__main__":
    sys.exit(main())
