#!/usr/bin/env python3
"""Opens the dashboard in headless Chromium against a real server and checks what a person would see.

    check.py --bhav PATH          starts PATH serve --mock on a free port
    check.py --url ADDRESS        uses a running server (the check of a lost connection is then left out)

Waits for conditions with deadlines. Saves a picture. The last line says how many checks passed and failed.
"""

import argparse
import json
import os
import sys
import traceback

from browser import Browser, BrowserError, find_chromium
from server import Server, answer

CHECKS = []


def check(name):
    """Registers a check of the page; its name is the behaviour."""
    return lambda function: CHECKS.append((name, function)) or function


class Failure(Exception):
    pass


def expect(condition, words):
    if not condition:
        raise Failure(words)


def text(page, test_id):
    return page.evaluate(f"""document.querySelector('[data-testid="{test_id}"]').textContent""")


def visible(test_id):
    return f"""(() => {{ const node = document.querySelector('[data-testid="{test_id}"]');
        const box = node.getBoundingClientRect(); return !node.hidden && box.width > 0 && box.height > 0 }})()"""


def open_page(page, server, query=""):
    page.go(f"{server.url}/{query}")
    page.wait("100 bars", "window.bhav?.bars().length >= 100")


# Columns of the price pane that hold a candle's own colour, three pixels high at least (the dotted price line is one).
# Bodies are parted by gaps, so the runs of such columns are the candles drawn.
COUNT_CANDLES = """(() => {
  const style = getComputedStyle(document.documentElement);
  const wanted = ["--up", "--down"].map((name) => parseInt(style.getPropertyValue(name).trim().slice(1), 16));
  let most = 0;
  for (const canvas of document.querySelectorAll('[data-testid="main-chart"] canvas')) {
    if (canvas.width < 300 || canvas.height < 150) continue;
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let runs = 0, inside = false;
    for (let x = 0; x < canvas.width; x++) {
      let found = 0;
      for (let y = 0; y < canvas.height && found < 3; y++) {
        const i = (y * canvas.width + x) * 4;
        if (wanted.includes((data[i] << 16) | (data[i + 1] << 8) | data[i + 2])) found++;
      }
      if (found >= 3 && !inside) runs++;
      inside = found >= 3;
    }
    most = Math.max(most, runs);
  }
  return most;
})()"""


@check("the server gives 100 ascending bars, marked simulated, and the same ones when asked again")
def same_bars_twice(page, server):
    path = "/v1/bars?symbol=NSE:NIFTY&interval=5m&count=100"
    first, second = answer(server.url + path), answer(server.url + path)
    times = [bar["time"] for bar in first["bars"]]
    expect(len(times) == 100, f"{len(times)} bars came")
    expect(times == sorted(set(times)), "their times do not ascend")
    expect(first["mode"] == "simulated", f"they are marked {first['mode']!r}")
    later = {bar["time"]: bar for bar in second["bars"]}
    for bar in first["bars"]:
        if bar["final"] and bar["time"] in later:
            expect(bar == later[bar["time"]], f"the bar of {bar['time']} changed from one call to the next")


@check("the page draws at least 100 candles")
def draws_candles(page, server):
    open_page(page, server, "?symbol=NSE:NIFTY&interval=5m")
    page.wait("100 drawn candles", f"{COUNT_CANDLES} >= 100")
    expect(page.evaluate("bhav.state.visibleBars") >= 100, "fewer than 100 bars are in view")


@check("the bars on the page are those of the server")
def page_has_servers_bars(page, server):
    path = "/v1/bars?symbol=NSE:NIFTY&interval=5m&count=300"
    served = {bar["time"]: bar for bar in answer(server.url + path)["bars"]}
    drawn = page.evaluate("bhav.bars()")
    common = [bar for bar in drawn if bar["final"] and bar["time"] in served]
    expect(len(common) >= 100, f"only {len(common)} bars are common to both")
    for bar in common:
        expect(bar == served[bar["time"]] or not served[bar["time"]]["final"], f"they differ at {bar['time']}")


@check("the simulated badge is seen, and the provenance is said in words")
def simulated_badge(page, server):
    page.wait("the badge", visible("badge"))
    expect(text(page, "badge") == "SIMULATED", f"the badge says {text(page, 'badge')!r}")
    words = text(page, "provenance")
    expect("mock" in words and "as of" in words, f"the provenance says {words!r}")


@check("the last price on the page is the server's")
def same_price(page, server):
    def pair():
        served = answer(server.url + "/v1/quotes?symbols=NSE:NIFTY")["quotes"][0]["last"]
        return served, float(text(page, "last-price").replace(",", ""))

    server.until("equal prices", lambda: len(set(pair())) == 1, pair)


@check("the last bar and the price move within 20 seconds")
def moves(page, server):
    before, shown = page.evaluate("JSON.stringify(bhav.bars().at(-1))"), text(page, "last-price")
    page.wait("another last bar", f"JSON.stringify(bhav.bars().at(-1)) !== {before!r}")
    page.wait("another price", f"""document.querySelector('[data-testid="last-price"]').textContent !== {shown!r}""")
    expect(text(page, "connection") == "connected", f"the connection says {text(page, 'connection')!r}")


@check("open interest stands beside the chart with the server's put-call ratio")
def open_interest(page, server):
    page.wait("open interest", "bhav.state.openInterest?.strikes.length > 10")
    totals = page.evaluate("bhav.state.openInterest.totals")
    expect(abs(totals["put"] / totals["call"] - totals["putCallRatio"]) < 1e-9, f"the ratio is not that of {totals}")
    shown = page.evaluate("""(() => { const ratio = bhav.state.openInterest.totals.putCallRatio.toFixed(2);
        return [document.querySelector('[data-testid="pcr"]').textContent, ratio] })()""")
    expect(shown[0] == shown[1], f"the page shows {shown[0]} for {shown[1]}")
    analysis = page.evaluate("bhav.state.openInterest.analysis")
    for name in ("support", "resistance"):
        wall = page.evaluate(f"document.querySelector('[data-testid=\"{name}\"]').textContent")
        expect(wall.replace(",", "") == f"{analysis[name][0]['strike']:g}", f"the {name} reads {wall}")
    shown = page.evaluate("document.querySelector('[data-testid=\"straddle\"]').textContent")
    expect(shown.replace(",", "") == f"{analysis['straddle']['price']:.2f}", f"the straddle reads {shown}")
    served = answer(server.url + "/v1/open-interest?symbol=NSE:NIFTY")
    drawn = page.evaluate("bhav.state.openInterest")
    expect(drawn["expiry"] == served["expiry"], f"{drawn['expiry']} is shown, the nearest is {served['expiry']}")
    expect(page.evaluate("document.querySelectorAll('.strikes tbody tr').length") > 10, "no strikes are drawn")


@check("scrolling to the left loads older bars")
def older_bars(page, server):
    before = page.evaluate("bhav.bars().length")
    box = page.evaluate("""(() => { const chart = document.querySelector('[data-testid="main-chart"]');
        const box = chart.getBoundingClientRect(); return [box.left, box.top, box.width, box.height] })()""")
    for _ in range(8):
        y = box[1] + box[3] / 3
        page.drag((box[0] + 30, y), (box[0] + box[2] - 120, y))
        if page.evaluate("bhav.bars().length") > before:
            break
    page.wait("more bars", f"bhav.bars().length > {before}")
    times = page.evaluate("bhav.bars().map((bar) => bar.time)")
    expect(times == sorted(set(times)), "the times do not ascend after older bars came")


@check("the axis reads the exchange's clock, and UTC on request")
def zones(page, server):
    expect(page.evaluate("bhav.state.zone") == "IST", "NSE is not read in IST")
    expect("IST" in text(page, "legend"), f"the legend says {text(page, 'legend')!r}")
    page.evaluate("""document.querySelector('[data-zone="utc"]').click()""")
    page.wait("UTC in the legend", """document.querySelector('[data-testid="legend"]').textContent.includes("UTC")""")
    page.evaluate("""document.querySelector('[data-zone="exchange"]').click()""")


@check("another interval is one click, and stands in the address")
def intervals(page, server):
    page.evaluate("""document.querySelector('[data-testid="interval-1m"]').click()""")
    page.wait("1m bars", """bhav.state.interval === "1m" && bhav.bars().length >= 100
        && bhav.bars().at(-1).time - bhav.bars().at(-2).time < 300""")
    expect("interval=1m" in page.evaluate("location.search"), "the address does not name it")


@check("a symbol is found and opened from the keyboard alone")
def search(page, server):
    page.evaluate("document.body.focus()")
    page.press("/")
    page.wait("focus", "document.activeElement.id === 'symbol'")
    page.type("BANKNIFTY")
    page.wait("a suggestion", """!!document.querySelector('#suggestions [data-symbol="NSE:BANKNIFTY"]')""")
    for _ in range(12):
        chosen = page.evaluate("""document.querySelector('#suggestions [aria-selected="true"]')?.dataset.symbol""")
        if chosen == "NSE:BANKNIFTY":
            break
        page.press("ArrowDown")
    page.press("Enter")
    page.wait("its bars", """bhav.state.symbol === "NSE:BANKNIFTY" && bhav.bars().length >= 100""")
    page.wait("its price", "bhav.state.last > 0")


@check("nothing was logged as an error, and nothing was asked of another origin")
def clean(page, server):
    expect(not page.errors, f"the console has errors: {page.errors}")
    origins = (server.url + "/", server.url.replace("http", "ws", 1) + "/")
    others = [url for url in page.requests + page.sockets if not url.startswith((*origins, "data:", "blob:", "about:"))]
    expect(not others, f"requests went elsewhere: {others}")


@check("an unknown symbol shows the server's own words, and no chart")
def unknown_symbol(page, server):
    page.go(f"{server.url}/?symbol=NSE:NOSUCHTHING&interval=5m")
    page.wait("the message", visible("chart-message") + """&& !!document.querySelector('[data-kind="error"]')""")
    words = answer(server.url + "/v1/bars?symbol=NSE:NOSUCHTHING&interval=5m&count=500")["error"]["message"]
    shown = """document.querySelector('[data-testid="chart-message"]').textContent"""
    page.wait("the server's words", f"{shown}.includes({json.dumps(words)})")
    expect(page.evaluate("bhav.bars().length") == 0, "there are bars all the same")
    expect(text(page, "last-price") == "\u2013", f"there is a price all the same: {text(page, 'last-price')}")


@check("a lost server is told with the reason, and the page finds it again by itself")
def reconnects(page, server):
    if not server.is_ours:
        return
    open_page(page, server, "?symbol=NSE:NIFTY&interval=5m")
    page.wait("a connection", """bhav.state.connection === "connected" """)
    server.stop()
    page.wait("word of the loss", """bhav.state.connection === "reconnecting" """)
    expect("reconnecting: " in text(page, "connection"), f"the connection says {text(page, 'connection')!r}")
    expect(page.evaluate("bhav.bars().length") >= 100, "the chart was emptied")
    server.start()
    page.wait("the connection again", """bhav.state.connection === "connected" """, 40)
    before = page.evaluate("JSON.stringify(bhav.bars().at(-1))")
    page.wait("movement", f"JSON.stringify(bhav.bars().at(-1)) !== {before!r}", 30)


def phone(server):
    with Browser(390, 844, scheme="light", mobile=True) as page:
        open_page(page, server, "?symbol=NSE:NIFTY&interval=5m")
        page.wait("open interest", "bhav.state.openInterest")
        wide = page.evaluate("document.documentElement.scrollWidth")
        expect(wide <= 390, f"the page is {wide} wide on a screen of 390")
        for what in ("main-chart", "open-interest", "legend"):
            edge = page.evaluate(f"""document.querySelector('[data-testid="{what}"]').getBoundingClientRect().right""")
            expect(edge <= 390, f"{what} runs to {edge} on a screen of 390")
        for test_id in ("badge", "last-price", "main-chart", "open-interest"):
            expect(page.evaluate(visible(test_id)), f"{test_id} is not to be seen")
        page.screenshot(os.path.join(ARTIFACTS, "dashboard-phone.png"), full=True)


ARTIFACTS = os.path.join(os.path.dirname(__file__), "..", "..", ".build-artifacts")


def run(name, action, results, quiet=False):
    try:
        action()
        if not quiet:
            results.append(True)
            print(f"  ok: {name}", flush=True)
    except (Failure, BrowserError, OSError, KeyError, TypeError, ValueError) as error:
        results.append(False)
        print(f"  FAILED: {name}\n    {error}", flush=True)
        if not isinstance(error, (Failure, BrowserError)):
            traceback.print_exc()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bhav")
    parser.add_argument("--url")
    options = parser.parse_args()
    if not find_chromium():
        print("dashboard: SKIPPED, every check of the page: no Chromium here. 'make setup' installs it.")
        return 0
    try:
        return check_all(options)
    except (BrowserError, OSError) as error:
        print(f"  FAILED: {error}\ndashboard: 0 passed, 1 failed")
        return 1


def check_all(options):
    results = []
    with Server(options.bhav, options.url) as server, Browser() as page:
        for name, function in CHECKS:
            run(name, lambda: function(page, server), results)
            if server.is_ours:
                run("the server is still there", server.check_alive, results, quiet=True)
            if function is open_interest:
                page.screenshot(os.path.join(ARTIFACTS, "dashboard.png"))
        run("on a phone everything is there and nothing runs off the side", lambda: phone(server), results)
    print(f"dashboard: {results.count(True)} passed, {results.count(False)} failed")
    return 1 if False in results else 0


if __name__ == "__main__":
    sys.exit(main())
