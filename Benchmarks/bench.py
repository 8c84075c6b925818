"""bench.py [--quick] [--rows TEXT]: measures Bhav beside its peers and the machine's limit and writes docs/performance.md.

BHAV names the program (default .build/release/bhav). Everything built or installed for measuring goes to Benchmarks/.build-bench.
Every row is measured several times in turn with its peers; a row is the median, its noise half the range over the median.
"""

import argparse
import contextlib
import datetime
import http.client
import json
import os
import pathlib
import platform
import re
import resource
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
WORK = HERE / ".build-bench"
PAGE = ROOT / "docs" / "performance.md"
NOTES = HERE / "notes.md"
BHAV = pathlib.Path(os.environ.get("BHAV", ROOT / ".build/release/bhav")).resolve()
PYTHON = WORK / "venv/bin/python"
CHANGED = 0.05
# A moment in the past, from which spans of past bars are counted: 2026-01-01.
BASE = 1_767_225_600


class Row:
    """One line of the table. `better` is 'more' or 'less'; `target` is a function of ours and the limit, and its words."""

    def __init__(self, name, unit, better, ours, others=(), target=None, note=""):
        self.name, self.unit, self.better = name, unit, better
        self.ours, self.others, self.target, self.note = ours, dict(others), target, note

    @property
    def value(self):
        return statistics.median(self.ours)

    @property
    def noise(self):
        return (max(self.ours) - min(self.ours)) / 2 / self.value if self.value else 0

    def is_met(self):
        return None if self.target is None else self.target[0](self)

    def other(self, name):
        return statistics.median(self.others[name])

    def ratio(self, name):
        theirs = self.other(name)
        return self.value / theirs if theirs else float("inf")


def run(command, **options):
    return subprocess.run([str(word) for word in command], check=True, capture_output=True, text=True, **options).stdout


def say(text):
    print(text, flush=True)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


# Set-up

def set_up():
    WORK.mkdir(exist_ok=True)
    wanted = [package for package, there in (
        ("g++", shutil.which("g++")), ("wrk", shutil.which("wrk")), ("libsimdjson-dev", os.path.exists("/usr/include/simdjson.h")),
    ) if not there]
    if wanted:
        say(f"bench: installing {' '.join(wanted)}")
        prefix = [] if os.getuid() == 0 else ["sudo", "-n"]
        run([*prefix, "apt-get", "update"])
        run([*prefix, "apt-get", "install", "--yes", "--no-install-recommends", *wanted])
    if not PYTHON.exists():
        say("bench: installing the Python peers")
        run([sys.executable, "-m", "venv", WORK / "venv"])
        run([PYTHON, "-m", "pip", "install", "--quiet", "orjson", "websockets", "fastapi", "uvicorn[standard]", "httpx", "pandas", "pyarrow"])
    say("bench: building")
    run(["g++", "-O2", "-std=c++20", "-pthread", HERE / "FanOut/main.cpp", "-o", WORK / "fanout"])
    run(["g++", "-O3", "-march=native", "-std=c++20", HERE / "Decode/simdjson.cpp", "-o", WORK / "simdjson", "-lsimdjson"])
    run([sys.executable, HERE / "Decode/frames.py", WORK / "frames"])


def swift(product):
    run(["swift", "build", "-c", "release", "--product", product], cwd=HERE)
    return HERE / ".build/release" / product


# Servers

@contextlib.contextmanager
def server(command, port, environment=None, path="/health/live"):
    with tempfile.TemporaryDirectory() as folder:
        values = {**os.environ, "BHAV_DATA": f"{folder}/data", "LOG_LEVEL": "error", **(environment or {})}
        process = subprocess.Popen([str(word) for word in command], env=values, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            deadline = time.monotonic() + 30
            while True:
                with contextlib.suppress(OSError):
                    if path is None:
                        socket.create_connection(("127.0.0.1", port), 5).close()
                        break
                    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
                    connection.request("GET", path)
                    if connection.getresponse().status < 500:
                        break
                if process.poll() is not None or time.monotonic() > deadline:
                    raise SystemExit(f"bench: {command[0]} does not start")
                time.sleep(0.05)
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def memory(process, key="VmRSS"):
    text = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return int(re.search(rf"{key}:\s+(\d+)", text)[1]) / 1024


def load(port, path, seconds, script=None):
    """Requests per second of 32 connections on one thread, by wrk; a script makes each request another one."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script or "")
        file.flush()
        text = run(["wrk", "-t1", "-c32", f"-d{seconds}s", *(["-s", file.name] if script else []), f"http://127.0.0.1:{port}{path}"])
    if "Non-2xx" in text:
        raise SystemExit(f"bench: {path} was refused: {text}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1])


# Rows

def fan_out(options):
    def measure(*words):
        return json.loads(run([WORK / "fanout", *words, "--seconds", options.seconds, "--json"]))

    rows = []
    peers = {"FastAPI": "fan_fastapi.py", "websockets": "fan_websockets.py"}
    for viewers, rate in ((100, 10_000), (100, 1000), (100, 100), (1000, 10_000), (1000, 100), (1, 100)):
        size = ["--viewers", viewers, "--rate", rate]
        results = {"bhav": [], "limit": [], **{name: [] for name in peers}}
        for _ in range(options.rounds):
            results["bhav"].append(measure("--bhav", BHAV, *size))
            results["limit"].append(measure("--limit", *size))
            for name, file in peers.items() if (viewers, rate) in ((100, 10_000), (100, 100), (1000, 10_000)) else ():
                command = f"{PYTHON} {HERE / 'Peers' / file} {{port}} {{rate}}"
                results[name].append(measure("--peer", command, *size))
        title = f"fan-out, {viewers:,} x {rate:,} quotes/s"

        def row(what, unit, better, key, target=None, digits=None, with_peers=True):
            others = {name: [one[key] for one in several] for name, several in results.items()
                      if several and name != "bhav" and (with_peers or name == "limit")}
            rows.append(Row(f"{title}: {what}", unit, better, [one[key] for one in results["bhav"]], others, target))

        offered = viewers * rate
        if offered > 1_000_000:
            row("deliveries", "/s", "more", "deliveries", (lambda row: row.ratio("limit") >= 0.8, "0.8 of the limit"))
            row("memory per idle viewer", "kB", "less", "idleKB", (lambda row: row.value < 20, "20 kB"), with_peers=False)
        else:
            row("deliveries", "/s", "more", "deliveries", (lambda row, offered=offered: row.value >= 0.99 * offered, "all"))
        cores = {(100, 10_000): (lambda row: row.ratio("limit") <= 1.2, "1.2 of the limit"), (100, 100): (lambda row: row.value < 0.08, "0.08")}
        row("server cores", "cores", "less", "serverCores", cores.get((viewers, rate)))
        at_most = {10_000: 0.6, 1000: 0.6, 100: 0.4}[rate]
        row("latency p50", "ms", "less", "p50",
            (lambda row, at_most=at_most: row.value < at_most, f"{at_most} ms") if viewers == 100 else None)
        row("latency p99", "ms", "less", "p99", (lambda row: row.value < 2, "2 ms") if viewers == 100 and rate > 100 else None)
        options.latency.append((title, results["bhav"][-1]))
    slow = measure("--bhav", BHAV, "--viewers", 100, "--rate", 10_000, "--slow", 10, "--seconds", 60 if not options.quick else options.seconds)
    rows.append(Row("fan-out with 10 slow viewers: seq gaps, stale last values", "", "less",
                    [slow["sequenceGaps"] + slow["stale"]], (), (lambda row: row.value == 0, "0")))
    rows.append(Row("fan-out with 10 slow viewers: memory at the end over the beginning", "", "less",
                    [slow["rssEnd"] / slow["rssStart"]], (), (lambda row: row.value < 1.1, "flat")))
    return rows


def decode(options):
    ours = swift("DecodeBenchmark")
    folder = WORK / "frames"
    results = {"bhav": [], "simdjson": [], "orjson": []}
    for _ in range(options.rounds):
        results["bhav"].append(json.loads(run([ours, folder])))
        results["simdjson"].append(json.loads(run([WORK / "simdjson", folder])))
        results["orjson"].append(json.loads(run([PYTHON, HERE / "Decode/orjson_decode.py", folder])))

    def row(name, unit, key, factor):
        others = {peer: [one[key] for one in results[peer]] for peer in ("simdjson", "orjson")}
        return Row(name, unit, "more", [one[key] for one in results["bhav"]], others,
                   (lambda row: row.ratio("simdjson") >= factor, f"{factor} of simdjson"))

    return [row("split and decode quotes", "/s", "quotes", 0.6), row("split and decode 5,000 bars", "MB/s", "bars5000", 1.2),
            row("split and decode 20,000 bars", "MB/s", "bars20000", 1.0)]


# Another span of 1,000 bars of five minutes with each request, within the newest 5,000 of a series.
SPANS = """
local n = 0
request = function()
  n = n + 1
  local from = %d + 300 * (n * 7919 %% 3900)
  return wrk.format("GET", "/v1/bars?symbol=NSE:NIFTY&interval=5m&from=" .. from .. "&to=" .. from + 300000)
end
"""


@contextlib.contextmanager
def simulator(*words):
    """A simulator; gives the environment that leads to it."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder, server(
            [BHAV, "simulate", "--port", port, "--env-file", f"{folder}/env", *words], port, path=None) as _:
        deadline = time.monotonic() + 10
        while not os.path.exists(f"{folder}/env") and time.monotonic() < deadline:
            time.sleep(0.05)
        lines = pathlib.Path(f"{folder}/env").read_text().splitlines()
        yield dict(line.split("=", 1) for line in lines if "=" in line)


@contextlib.contextmanager
def stored_series():
    """A server with a store, which has the newest 5,000 bars of a series from the simulator; gives port and first bar."""
    port = free_port()
    with simulator() as environment:
        with server([BHAV, "serve", "--port", port], port, environment) as _:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            connection.request("GET", "/v1/bars?symbol=NSE:NIFTY&interval=5m&count=5000")
            bars = json.loads(connection.getresponse().read())["bars"]
            yield port, bars[0]["time"]


def http_rows(options):
    paths = {"mock": "/v1/bars?symbol=NSE:NIFTY&interval=5m&count=1000", "open-interest": "/v1/open-interest?symbol=NSE:NIFTY",
             "live": "/health/live"}
    ours = {name: [] for name in (*paths, "stored", "hot", "gzip")}
    theirs = {name: [] for name in ("/bars", "/bars-orjson", "/live")}
    rest, peer_rest = [], []
    for _ in range(options.rounds):
        port = free_port()
        with server([BHAV, "serve", "--port", port], port, {"USE_MOCK_DATA": "true"}) as process:
            time.sleep(1)
            rest.append(memory(process))
            for name, path in paths.items():
                load(port, path, 1)
                ours[name].append(load(port, path, options.seconds))
        with stored_series() as (port, first):
            spans = SPANS % first
            load(port, "/", 1, spans)
            ours["stored"].append(load(port, "/", options.seconds, spans))
            path = f"/v1/bars?symbol=NSE:NIFTY&interval=5m&from={first}&to={first + 300_000}"
            ours["hot"].append(load(port, path, options.seconds))
            ours["gzip"].append(load(port, path, options.seconds, 'wrk.headers["Accept-Encoding"] = "gzip"'))
        port = free_port()
        with server([PYTHON, HERE / "Peers/rest_fastapi.py", port], port, path="/live") as process:
            peer_rest.append(memory(process))
            for path, values in theirs.items():
                values.append(load(port, path, options.seconds))
    peers = {"FastAPI": theirs["/bars"], "FastAPI + orjson": theirs["/bars-orjson"]}
    hot = (lambda row: row.value >= 15_000, "15,000")
    return [
        Row("/v1/bars of 1,000 bars, each request another span", "requests/s", "more", ours["stored"], peers,
            (lambda row: row.value >= 1500, "1,500")),
        Row("/v1/bars of 1,000 bars, the same stored span", "requests/s", "more", ours["hot"], peers, hot),
        Row("the same, compressed", "requests/s", "more", ours["gzip"], (), hot),
        Row("/v1/bars of 1,000 bars of a market that trades", "requests/s", "more", ours["mock"], peers, hot),
        Row("/v1/open-interest", "requests/s", "more", ours["open-interest"], (), hot),
        Row("/health/live", "requests/s", "more", ours["live"], {"FastAPI": theirs["/live"]}, (lambda row: row.value >= 60_000, "60,000")),
        Row("`bhav serve` at rest", "MiB", "less", rest, {"FastAPI": peer_rest}, (lambda row: row.value <= 35, "35 MiB")),
    ]


def data_frame(options):
    """A year of one-minute bars (93,750) from a local server's store into a DataFrame, by the Python client and by csv."""
    first = BASE
    with tempfile.TemporaryDirectory() as folder, simulator() as environment:
        values = {**environment, "BHAV_DATA": f"{folder}/data"}
        run([BHAV, "backfill", "NSE:NIFTY", "--interval", "1m", "--from", "2025-12-31", "--to", "2026-03-15", "--quiet"],
            env={**os.environ, **values})
        port = free_port()
        with server([BHAV, "serve", "--port", port], port, values) as _:
            text = run([PYTHON, HERE / "Peers/data_frame.py", f"http://127.0.0.1:{port}", first, max(7, options.rounds)],
                       env={**os.environ, "PYTHONPATH": str(ROOT / "clients/python/src")})
    taken = json.loads(text)
    return [Row("a year of 1m bars (93,750) to a DataFrame", "s", "less", taken["arrow"],
                {"JSON": taken["json"], "csv and pandas.read_csv": taken["csv"]}, (lambda row: row.value < 0.15, "0.15 s"))]


def history(options):
    """`bhav history` of 5,000 bars from the simulator, over TLS, as a whole process."""
    ours, peak = [], []
    with tempfile.TemporaryDirectory() as folder, simulator("--tls") as environment:
        values = {**os.environ, **environment, "BHAV_DATA": f"{folder}/data"}
        command = [str(BHAV), "history", "NSE:NIFTY", "--interval", "5m", "--bars", "5000", "--no-store", "--format", "csv"]
        for _ in range(max(5, options.rounds)):
            start = time.monotonic()
            with tempfile.TemporaryFile() as output:
                process = subprocess.Popen(command, env=values, stdout=output, stderr=subprocess.PIPE)
                _, status, usage = os.wait4(process.pid, 0)
                ours.append(time.monotonic() - start)
                peak.append(usage.ru_maxrss / 1024)
                if status != 0:
                    raise SystemExit(f"bench: bhav history failed: {process.stderr.read().decode()[:300]}")
    return [Row("`bhav history` of 5,000 bars, whole process, TLS", "s", "less", ours, (), (lambda row: row.value <= 0.03, "0.03 s")),
            Row("the same: peak memory", "MiB", "less", peak, (), (lambda row: row.value <= 25, "25 MiB"))]


def growth(options):
    """Time and memory per unit from 10 to 10,000; lines of options.growth, no rows of the table."""
    def fan(viewers, rate, symbols):
        return json.loads(run([WORK / "fanout", "--bhav", BHAV, "--viewers", viewers, "--rate", rate, "--symbols", symbols,
                               "--seconds", min(options.seconds, 4), "--json"]))

    def add(what, size, seconds, kilobytes=None):
        options.growth.append((what, size, seconds * 1e6, kilobytes))
        say(f"growth, {what} {size:,}: {number(seconds * 1e6)} us" + (f", {number(kilobytes)} kB" if kilobytes is not None else ""))

    for viewers in (10, 100, 1000):
        result = fan(viewers, 100, 50)
        add("delivery, by viewers", viewers, result["serverCores"] / max(result["deliveries"], 1), result["idleKB"])
    for rate in (10, 100, 1000, 10_000):
        result = fan(10, rate, 50)
        add("delivery, by quotes per second", rate, result["serverCores"] / max(result["deliveries"], 1))
    for symbols in (10, 50, 200):
        result = fan(10, 1000, symbols)
        add("delivery, by symbols of each viewer", symbols, result["serverCores"] / max(result["deliveries"], 1),
            result["idleKB"] / symbols)
    port = free_port()
    with server([BHAV, "serve", "--port", port], port, {"USE_MOCK_DATA": "true"}) as process:
        for count in (10, 100, 1000, 10_000):
            before = memory(process)
            # Each request for a few bars more, so that none is served from the response cache.
            more = (f'local n = 0\nrequest = function()\n  n = n + 1\n  return wrk.format("GET", "/v1/bars?symbol=NSE:NIFTY&interval=5m'
                    f'&from=" .. {BASE} - 300 * n .. "&to=" .. {BASE} + 300 * ({count} - n))\nend\n')
            rate = load(port, "/", min(options.seconds, 4), more)
            add("bar of /v1/bars, by bars of a response", count, 1 / rate / count, (memory(process) - before) * 1024 / count)
    return []


def store(options):
    ours = swift("StoreBenchmark")
    results, theirs = [], []
    for _ in range(options.rounds):
        text = run([ours, "2400", "3"])
        results.append(float(re.search(r"write, batches of 5,000, new: (\d+) bars/s", text)[1]))
        text = run([sys.executable, HERE / "executemany.py", "200000", "3"], cwd=HERE)
        theirs.append(float(re.search(r"executemany, new: ([\d,]+) rows/s", text)[1].replace(",", "")))
    return [Row("store: new bars", "bars/s", "more", results, {"Python executemany": theirs})]


def binary(_):
    with tempfile.TemporaryDirectory() as folder:
        copy = f"{folder}/bhav"
        shutil.copy(BHAV, copy)
        run(["strip", copy])
        size = os.path.getsize(copy) / 2**20
        is_shared = "libswiftCore" in run(["readelf", "--dynamic", copy])
    if not is_shared:
        return [Row("program with the Swift runtime in it, stripped", "MiB", "less", [size])]
    return [Row("program, stripped", "MiB", "less", [size], (), (lambda row: row.value < 40, "40 MiB"))]


# The page

def number(value):
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) < 10 else f"{value:.1f}"


def processor():
    model = re.search(r"model name\s*:\s*(.+)", pathlib.Path("/proc/cpuinfo").read_text())
    return model[1] if model else platform.machine()


def machine():
    total = int(re.search(r"MemTotal:\s+(\d+)", pathlib.Path("/proc/meminfo").read_text())[1]) / 2**20
    return (f"{os.cpu_count()} cores of {processor()}, {total:.0f} GiB of memory, "
            f"{platform.system()} {platform.release().split('-')[0]}, load {os.getloadavg()[0]:.1f} at the beginning")


class PreviousRun:
    """The rows of the page that is there: value and noise of each, and its ratios by peer."""

    def __init__(self):
        text = PAGE.read_text() if PAGE.exists() else ""
        self.is_same_processor = f"cores of {processor()}," in text
        self.rows = {}
        for line in text.splitlines():
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            if len(cells) == 7 and (match := re.fullmatch(r"([\d.,e+-]+) ± (\d+) %", cells[1])):
                peers = [peer.rsplit(" ", 1)[0] for peer in cells[3].split("; ") if peer]
                ratios = dict(zip(peers, (float(ratio) for ratio in cells[4].split("; ") if ratio)))
                self.rows[cells[0]] = (float(match[1].replace(",", "")), int(match[2]) / 100, ratios)

    def slower(self, rows):
        """What became slower by more than its noise: beside its first peer; a row without one, on the same processor."""
        found = []
        for row in rows:
            if row.name not in self.rows or not row.value:
                continue
            value, noise, ratios = self.rows[row.name]
            peer = next((name for name in row.others if ratios.get(name)), None)
            if peer is None and not self.is_same_processor:
                continue
            now, before, unit = (row.ratio(peer), ratios[peer], f"of {peer}") if peer else (row.value, value, row.unit)
            change = (now - before) / before if before else 0
            worse = change if row.better == "less" else -change
            if worse > noise + row.noise + CHANGED:
                found.append(f"{row.name}: {number(now)} {unit}, was {number(before)} ({worse:+.0%} worse, noise {noise + row.noise:.0%})")
        return found


def page(rows, worse, options, about):
    lines = ["# Performance", "", f"Written by `make bench` on {datetime.date.today()}: {about}.",
             f"Each row is the median of {options.rounds} rounds, its noise half the range. Peers were measured in turn with Bhav, in the same",
             "run: compare the ratios, not the numbers. The limit of fan-out is a C++ loop that writes one buffer per millisecond",
             "to each viewer (uWebSockets is not in Debian or PyPI; this does less). Benchmarks/README.md explains the columns.", "",
             "| row | Bhav | unit | beside | ratio | target | met |", "|---|---|---|---|---|---|---|"]
    for row in rows:
        beside = "; ".join(f"{name} {number(row.other(name))}" for name in row.others)
        ratios = "; ".join(f"{row.ratio(name):.2f}" for name in row.others)
        met = {None: "", True: "yes", False: "no"}[row.is_met()]
        lines.append(f"| {row.name} | {number(row.value)} ± {row.noise:.0%} | {row.unit} | {beside} | {ratios} "
                     f"| {row.target[1] if row.target else ''} | {met} |".replace("%", " %"))
    limits = ["0.25", "0.5", "1", "2", "4", "8", "16", "64"]
    if options.latency:
        lines += ["", "## Latency from the upstream packet to the viewer", "", "Share of quotes that arrived within a time:", "",
                  "| viewers and rate | " + " | ".join(f"{limit} ms" for limit in limits) + " |", "|---" * (len(limits) + 1) + "|"]
        for title, result in options.latency:
            lines.append(f"| {title.removeprefix('fan-out, ')} | " + " | ".join(f"{result['within'][limit]:.1%}" for limit in limits) + " |")
    if options.growth:
        lines += ["", "## Growth", "", "Server CPU (bars: wall) time per unit, and memory: per viewer, per symbol of a viewer, per bar. Flat is good.", "",
                  "| per | size | time us | memory kB |", "|---|---|---|---|"]
        for what, size, time_each, kilobytes in options.growth:
            lines.append(f"| {what} | {size:,} | {number(time_each)} | {'' if kilobytes is None else number(kilobytes)} |")
    if NOTES.exists():
        lines += ["", NOTES.read_text().rstrip()]
    lines += ["", "## Slower than the last time", "", *([f"- {line}" for line in worse] or ["Nothing beyond its noise."]), ""]
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one round of 3 s per row instead of 3 of 8 s")
    parser.add_argument("--rows", default="", help="only the groups that contain this text: fan_out, decode, http_rows, data_frame, history, store, binary, growth")
    options = parser.parse_args()
    options.rounds, options.seconds = (1, 3) if options.quick else (3, 8)
    options.latency, options.growth = [], []
    if not BHAV.exists():
        raise SystemExit(f"bench: no program at {BHAV}; run 'make build' or set BHAV")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(65536, hard), hard))
    about = machine()
    set_up()
    rows = []
    for group in (fan_out, decode, http_rows, data_frame, history, store, binary, growth):
        if options.rows not in group.__name__:
            continue
        for row in group(options):
            rows.append(row)
            beside = "".join(f", {name} {number(row.other(name))} (x {row.ratio(name):.2f})" for name in row.others)
            met = {None: "", True: "", False: f"  MISSED {row.target[1] if row.target else ''}"}[row.is_met()]
            say(f"{row.name}: {number(row.value)} {row.unit} ± {row.noise:.0%}{beside}{met}")
    worse = PreviousRun().slower(rows)
    for line in worse:
        say(f"SLOWER {line}")
    if options.rows:
        say("bench: docs/performance.md is not written for a part of the rows")
    else:
        PAGE.write_text(page(rows, worse, options, about))
        say("bench: wrote docs/performance.md")


if __name__ == "__main__":
    main()
