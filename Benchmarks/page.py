#!/usr/bin/env python3
"""Measures the page in headless Chromium against `bhav serve` on the mock market, and prints a line per value.

    page.py --bhav .build/release/bhav                    everything, with half an hour for the heap
    page.py --bhav .build/release/bhav --only frames      one part: first, frames, heap, bytes
    page.py --bhav .build/release/bhav --minutes 5        a shorter look at the heap
    page.py --bhav .build/release/bhav --only frames --profile 15   where the time goes, by function and kind of work

Headless Chromium without a graphics card draws in software, on the same processors as everything else. So the rate of frames that
an empty page reaches is measured immediately before and after, and is the limit to compare with.
"""

import argparse
import collections
import json
import os
import pathlib
import platform
import statistics
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "Tests/dashboard"))

from browser import Browser, BrowserError, find_chromium  # noqa: E402
from page_checks import COUNT_CANDLES  # noqa: E402
from server import Server, clock_offset  # noqa: E402

BARS = 50_000
# All views, and further charts and plots: twenty panels, of which a screen of 1920 x 1080 shows eight. One bar is a minute.
PANELS = ";".join((
    "chart-6x6!show~volume,options,prev,vwap,walls,profile,ema,rsi,supertrend,gaps", "ladder-3x6", "watchlist-3x6", "chain-6x6", "straddle-3x3",
    "pcr-3x3", "flow-3x3", "gamma-3x3", "skew-3x4", "term-3x4", "multistrike-3x4", "maxpain-3x4", "buildup-3x4", "strategy-3x4", "log-3x4",
    "pcr-3x4!kind~change", "flow-3x4!kind~profile", "multistrike-3x4!basis~openInterest", "chart-6x5!symbol~NSE:BANKNIFTY!interval~5m",
    "chart-6x5!symbol~NSE:FINNIFTY!interval~1m",
))
BLANK = "data:text/html,<title>blank</title>"
TARGETS = {"first": 500, "frames": 60, "bytes": 200_000}

# Notes the moment after the first frame that shows eighty candles. The pixels are read only when the page says it has bars, and
# the time of reading them is not counted.
FIRST = """(() => {
  const look = () => {
    const now = performance.now();
    if (document.querySelector('[data-testid="main-chart"] canvas') && window.bhav?.state.visibleBars >= 80 && COUNT >= 80) window.firstChart = now;
    else requestAnimationFrame(() => setTimeout(look, 0));
  };
  requestAnimationFrame(() => setTimeout(look, 0));
})()""".replace("COUNT", COUNT_CANDLES)

# The times of the frames of some seconds, and the long ones with the scripts that they ran.
FRAMES = """new Promise((done) => {
  const times = [], long = [];
  const watch = (kind) => { try { const made = new PerformanceObserver((list) => long.push(...list.getEntries())); made.observe({ type: kind }); return made; } catch { return null; } };
  const observer = watch('long-animation-frame');
  const end = performance.now() + SECONDS * 1000;
  const frame = (now) => {
    times.push(now);
    if (now < end) { requestAnimationFrame(frame); return; }
    observer?.disconnect();
    done({ times, long: long.map(({ duration, blockingDuration, scripts = [] }) => ({ duration, blocking: blockingDuration, scripts: scripts.map((script) => (
      { name: `${(script.sourceURL || '').split('/').slice(-2).join('/')} ${script.sourceFunctionName || script.invoker}`, took: script.duration, layout: script.forcedStyleAndLayoutDuration })) })) });
  };
  requestAnimationFrame(frame);
})"""


class Tab(Browser):
    """A browser that also counts bytes, and keeps the events of a trace."""

    def __init__(self, *values, **named):
        super().__init__(*values, **named)
        self.bytes, self.content, self.addresses, self.snapshot = {}, {}, {}, []
        self.trace, self.traced = [], threading.Event()

    def _received(self, message):
        super()._received(message)
        method, what = message.get("method"), message.get("params", {})
        if method == "Network.responseReceived":
            heads = {name.lower(): value for name, value in what["response"]["headers"].items()}
            self.addresses[what["requestId"]] = what["response"]["url"]
            self.content[what["response"]["url"]] = int(heads.get("content-length", 0))
        elif method == "Network.loadingFinished" and what["requestId"] in self.addresses:
            self.bytes[self.addresses[what["requestId"]]] = what["encodedDataLength"]
        elif method == "HeapProfiler.addHeapSnapshotChunk":
            self.snapshot.append(what["chunk"])
        elif method == "Tracing.dataCollected":
            self.trace += what["value"]
        elif method == "Tracing.tracingComplete":
            self.traced.set()

    def collect(self):
        for _ in range(3):
            self.send("HeapProfiler.collectGarbage", timeout=120)
        return {metric["name"]: metric["value"] for metric in self.send("Performance.getMetrics")["metrics"]}

    def heap_by_kind(self):
        """MB of the heap by kind: compiled code, the browser's own objects, and what the page's scripts keep, that also by name."""
        self.snapshot.clear()
        self.send("HeapProfiler.takeHeapSnapshot", {"reportProgress": False}, timeout=300)
        snapshot = json.loads("".join(self.snapshot))
        self.snapshot.clear()
        fields = snapshot["snapshot"]["meta"]["node_fields"]
        names = snapshot["snapshot"]["meta"]["node_types"][0]
        nodes, kind, size = snapshot["nodes"], fields.index("type"), fields.index("self_size")
        label, strings = fields.index("name"), snapshot["strings"]
        totals, objects = collections.Counter(), collections.Counter()
        for start in range(0, len(nodes), len(fields)):
            name = names[nodes[start + kind]]
            room = {"code": "code", "object shape": "code", "native": "browser"}.get(name, "page")
            totals[room] += nodes[start + size] / 1e6
            if room == "page":
                objects[name if name in ("string", "concatenated string", "sliced string") else f"{name} {strings[nodes[start + label]][:40]}"] += nodes[start + size]
        return totals, objects

    def tracing(self, categories, action):
        self.trace, self.traced = [], threading.Event()
        self.send("Tracing.start", {"transferMode": "ReportEvents", "traceConfig": {"includedCategories": categories}})
        value = action()
        self.send("Tracing.end")
        self.traced.wait(60)
        return value, self.trace


def say(name, words, note=""):
    print(f"{name:<44} {words}{f'   {note}' if note else ''}", flush=True)


def verdict(is_met, target):
    return f"target {target}: {'met' if is_met else 'MISSED'}"


# (a) The first chart.

def first_chart(server, rounds):
    address = f"{server.url}/?symbol=NSE:NIFTY&interval=5m&preset=index"
    for name, is_cold in (("empty browser cache", True), ("second visit", False)):
        times, paints = [], []
        with Tab(1920, 1080, clock_offset=clock_offset(server)) as tab:
            tab.go(address)
            tab.wait("bars", "window.bhav?.bars().length >= 100")
            tab.send("Page.addScriptToEvaluateOnNewDocument", {"source": FIRST})
            for _ in range(rounds):
                tab.go(BLANK)
                if is_cold:
                    tab.send("Network.clearBrowserCache")
                time.sleep(0.5)
                tab.send("Page.navigate", {"url": address})
                tab.wait("the first chart", "window.firstChart")
                times.append(tab.evaluate("window.firstChart"))
                paints.append(tab.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN"))
        middle = statistics.median(times)
        say(f"first chart, {name}", f"{middle:.0f} ms (least {min(times):.0f}, most {max(times):.0f}, {rounds} loads; first paint {statistics.median(paints):.0f} ms)",
            verdict(middle < TARGETS["first"], "500 ms"))


# (b) Frames.

def open_full(tab, server):
    """Twenty panels; the chart has 50,000 bars of one minute, scrolled back to, and is then at the newest again."""
    tab.go(f"{server.url}/?symbol=NSE:NIFTY&interval=1m&panels={PANELS}&legs=b1c24900@120v13,s1c25100@60v13,b1p24700@80v13,s1p24500@40v13")
    tab.wait("the panels", "window.bhav?.state.panels.length === 20 && bhav.panel('chart')?.visibleBars > 50 && bhav.panel('chain')", 60)
    box = "(() => { const { left, top, width, height } = document.querySelector('[data-testid=\"main-chart\"]').getBoundingClientRect(); return [left, top, width, height] })()"
    left, top, width, height = tab.evaluate(box)
    y, known = top + height / 5, 0
    deadline = time.monotonic() + 240
    while known < BARS and time.monotonic() < deadline:
        tab.send("Input.dispatchMouseEvent", {"type": "mouseWheel", "x": left + width / 2, "y": y, "deltaX": 0, "deltaY": 300})
        tab.drag((left + 30, y), (left + width - 100, y), steps=4)
        known = tab.evaluate("bhav.panel('chart').count")
    tab.wait("the newest bars", "(document.querySelector('[data-testid=\"chart-now\"]').click(), !document.querySelector('[data-testid=\"chart-now\"]:not([hidden])'))")
    # Back to bars of the usual width, and until the chart has dropped those that were scrolled to.
    for _ in range(40):
        if tab.evaluate("bhav.panel('chart').visibleBars") < 150:
            break
        tab.send("Input.dispatchMouseEvent", {"type": "mouseWheel", "x": left + width - 120, "y": y, "deltaX": 0, "deltaY": -300})
    tab.click((left + width / 2, top - 10))
    time.sleep(6)
    return known


def rate(times):
    return (len(times) - 1) / (times[-1] - times[0]) * 1000


def shares(times):
    gaps = [later - earlier for earlier, later in zip(times, times[1:])]
    # A frame is late from a millisecond on: the browser's own clock is not steadier.
    late = [sum(gap > limit + 1 for gap in gaps) / len(gaps) * 100 for limit in (1000 / 60, 2000 / 60)]
    return f"{late[0]:.1f} % of frames above 16.7 ms, {late[1]:.1f} % above 33 ms, longest {max(gaps):.0f} ms"


def blank_rate(tab, seconds):
    tab.go(BLANK)
    return tab.evaluate(FRAMES.replace("SECONDS", str(seconds)))["times"]


def frames(server, seconds, profile):
    with Tab(1920, 1080, clock_offset=clock_offset(server)) as tab, Tab(1920, 1080) as empty:
        known = open_full(tab, server)
        limits, rates, busy, gaps, long = [], [], [], [], []
        # In turn, so that what else the machine does strikes both alike.
        for _ in range(3):
            limits.append(rate(blank_rate(empty, seconds / 3)))
            tab.send("Performance.enable")
            before = {metric["name"]: metric["value"] for metric in tab.send("Performance.getMetrics")["metrics"]}
            seen = tab.evaluate(FRAMES.replace("SECONDS", str(seconds)))
            after = {metric["name"]: metric["value"] for metric in tab.send("Performance.getMetrics")["metrics"]}
            rates.append(rate(seen["times"]))
            gaps.append(seen["times"])
            long += seen["long"]
            spent = {name: (after[f"{name}Duration"] - before[f"{name}Duration"]) / (after["Timestamp"] - before["Timestamp"]) * 100
                     for name in ("Task", "Script", "Layout", "RecalcStyle")}
            busy.append(spent)
        limits.append(rate(blank_rate(empty, seconds / 3)))
        limit, reached = statistics.median(limits), statistics.median(rates)
        say("limit: frames of an empty page", f"{limit:.1f} a second (from {min(limits):.1f} to {max(limits):.1f})")
        say(f"frames, {known:,} bars, 20 panels, live", f"{reached:.1f} a second (from {min(rates):.1f} to {max(rates):.1f}), {reached / limit * 100:.0f} % of the limit",
            verdict(reached >= min(TARGETS["frames"], limit) * 0.98, "60, or the limit"))
        for times in gaps:
            say("", shares(times))
        middle = {name: statistics.median(one[name] for one in busy) for name in busy[0]}
        say("main thread", f"{middle['Task']:.1f} % busy: scripts {middle['Script']:.1f} %, layout {middle['Layout']:.1f} %, style {middle['RecalcStyle']:.1f} %")
        describe_long(long, seconds * 3)
        if profile:
            profiled(tab, profile)


def describe_long(long, seconds):
    say("long frames (50 ms and more)", f"{len(long)} in {seconds} s" + (f", longest {max(item['duration'] for item in long):.0f} ms" if long else ""))
    sums = collections.defaultdict(lambda: [0, 0, 0])
    for item in long:
        for script in item["scripts"]:
            sums[script["name"]][0] += 1
            sums[script["name"]][1] += script["took"]
            sums[script["name"]][2] += script["layout"]
        if not item["scripts"]:
            sums["no script of the page (painting, or the machine was busy elsewhere)"][0] += 1
            sums["no script of the page (painting, or the machine was busy elsewhere)"][1] += item["duration"]
    for name, (count, took, layout) in sorted(sums.items(), key=lambda pair: -pair[1][1])[:8]:
        say(f"  {count} x", f"{name}: {took:.0f} ms in all, {layout:.0f} ms of it forced layout")


def profiled(tab, seconds):
    """Where the page's time goes: by function, and by kind of work of the browser's threads."""
    tab.send("Profiler.enable")
    tab.send("Profiler.setSamplingInterval", {"interval": 250})
    tab.send("Profiler.start")
    _, events = tab.tracing(["devtools.timeline", "disabled-by-default-devtools.timeline", "toplevel"], lambda: time.sleep(seconds))
    profile = tab.send("Profiler.stop", timeout=120)["profile"]
    own, whole = self_and_total(profile)
    for title, sums in (("by function, itself", own), ("by function, with what it calls", whole)):
        print(f"  {title} (ms a second)")
        for name, micros in sorted(sums.items(), key=lambda pair: -pair[1])[:24]:
            print(f"    {micros / 1000 / seconds:7.2f}  {name}")
    main = [event for event in events if event.get("ph") == "X"]
    names = {(event["pid"], event["tid"]): event["args"]["name"] for event in events if event.get("name") == "thread_name"}
    threads = collections.defaultdict(collections.Counter)
    counts = collections.Counter()
    for event in main:
        thread = names.get((event["pid"], event["tid"]), "?")
        threads[thread][event["name"]] += event.get("tdur", event.get("dur", 0))
        counts[thread, event["name"]] += 1
    for thread, sums in sorted(threads.items(), key=lambda pair: -max(pair[1].values()))[:6]:
        print(f"  thread {thread} (ms of processor time a second; nested kinds count twice)")
        for name, micros in sums.most_common(14):
            print(f"    {micros / 1000 / seconds:7.2f}  {name} ({counts[thread, name] / seconds:.1f} a second)")


def self_and_total(profile):
    nodes = {node["id"]: node for node in profile["nodes"]}
    parents = {child: node["id"] for node in profile["nodes"] for child in node.get("children", [])}
    own, whole = collections.Counter(), collections.Counter()

    def name(number):
        frame = nodes[number]["callFrame"]
        place = "/".join(frame["url"].split("/")[-2:])
        return f"{frame['functionName'] or '(anonymous)'} {place}:{frame['lineNumber'] + 1}" if place else frame["functionName"]

    for sample, micros in zip(profile["samples"], profile["timeDeltas"]):
        own[name(sample)] += micros
        seen, at = set(), sample
        while at is not None:
            if name(at) not in seen:
                whole[name(at)] += micros
                seen.add(name(at))
            at = parents.get(at)
    for sums in (own, whole):
        for idle in ("(idle)", "(root)", "(program)"):
            sums.pop(idle, None)
    return own, whole


# (c) The heap.

def heap(server, minutes):
    with Tab(1920, 1080, clock_offset=clock_offset(server)) as tab:
        known = open_full(tab, server)
        tab.send("Performance.enable")
        # Whatever fills up at the beginning (the browser's caches, the log) is full by then.
        time.sleep(min(60, minutes * 6))
        kinds, samples = [tab.heap_by_kind()], []
        begun = time.monotonic()
        while True:
            metrics = tab.collect()
            samples.append(((time.monotonic() - begun) / 60, metrics["JSHeapUsedSize"] / 1e6, metrics["Nodes"], metrics["JSEventListeners"]))
            if samples[-1][0] >= minutes:
                break
            time.sleep(max(0, min(60, (minutes - samples[-1][0]) * 60)))
        kinds.append(tab.heap_by_kind())
        first, last = samples[0], samples[-1]
        grown = (last[1] - first[1]) / first[1] * 100
        say(f"heap, {known:,} bars, 20 panels, live", f"{first[1]:.1f} MB at the beginning, {last[1]:.1f} MB after {last[0]:.0f} min ({grown:+.1f} %)")
        half = samples[len(samples) // 2]
        say("", f"of that in the second half: {(last[1] - half[1]) / half[1] * 100:+.1f} %")
        (before, held), (after, kept) = kinds
        # A leak would be among what the scripts keep; that also grows with the points of the day. The browser compiles
        # more code for as long as it finds hot functions.
        kept_more = (after["page"] - before["page"]) / before["page"] * 100
        say("what the page's scripts keep", f"{before['page']:.2f} MB and {after['page']:.2f} MB ({kept_more:+.1f} %)",
            verdict(abs(kept_more) < 5, "within 5 %"))
        say("", ", ".join(f"{name} {before[kind]:.2f} and {after[kind]:.2f} MB" for kind, name in (
            ("code", "code that the browser compiled"), ("browser", "its own objects"))))
        growth = sorted(((kept[name] - held[name], name) for name in kept), reverse=True)[:8]
        say("", "grown most: " + ", ".join(f"{name} {size / 1000:+.0f} kB" for size, name in growth))
        say("", f"nodes {first[2]:.0f} and {last[2]:.0f}, listeners {first[3]:.0f} and {last[3]:.0f}; MB each minute: {' '.join(f'{sample[1]:.1f}' for sample in samples)}")


# (d) Bytes.

def weight(server):
    with Tab(1920, 1080, clock_offset=clock_offset(server)) as tab:
        for name, query in (("as it opens", "preset=index"), ("with every view", f"panels={PANELS}")):
            tab.send("Network.clearBrowserCache")
            for kept in (tab.bytes, tab.content, tab.addresses):
                kept.clear()
            tab.go(f"{server.url}/?symbol=NSE:NIFTY&interval=5m&{query}")
            tab.wait("the panels", "window.bhav?.state.panels.length > 5 && bhav.bars().length > 50")
            time.sleep(2)
            sizes = {url: size for url, size in tab.bytes.items() if url.startswith(server.url) and "/v1/" not in url}
            total = sum(tab.content[url] for url in sizes)
            library = sum(tab.content[url] for url in sizes if "/vendor/" in url)
            say(f"bytes compressed, {name}", f"{total / 1000:.1f} kB in {len(sizes)} files, {library / 1000:.1f} kB of it the chart library",
                verdict(total < TARGETS["bytes"], "200 kB"))
            say("", f"{sum(sizes.values()) / 1000:.1f} kB with the heads of the responses")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bhav", default=str(ROOT / ".build/release/bhav"))
    parser.add_argument("--only", default="first,frames,bytes,heap", help="parts to measure (default: first,frames,bytes,heap)")
    parser.add_argument("--minutes", type=float, default=30, help="length of the measurement of the heap (default: 30)")
    parser.add_argument("--seconds", type=float, default=15, help="length of each of three measurements of the frames (default: 15)")
    parser.add_argument("--rounds", type=int, default=9, help="number of loads for the first chart (default: 9)")
    parser.add_argument("--profile", type=float, default=0, metavar="SECONDS", help="also say where the time of the frames goes")
    options = parser.parse_args()
    if not find_chromium():
        parser.error("no Chromium here; 'make setup' installs it")
    wanted = options.only.split(",")
    load = os.getloadavg()[0]
    print(f"{platform.machine()}, {os.cpu_count()} processors, load {load:.1f} at the beginning; headless Chromium draws in software")
    actions = {
        "first": lambda server: first_chart(server, options.rounds), "frames": lambda server: frames(server, options.seconds, options.profile),
        "bytes": weight, "heap": lambda server: heap(server, options.minutes),
    }
    with Server(str(pathlib.Path(options.bhav).resolve())) as server:
        for name in wanted:
            actions[name](server)
            server.check_alive()
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (BrowserError, OSError) as error:
        sys.exit(f"page.py: {error}")
