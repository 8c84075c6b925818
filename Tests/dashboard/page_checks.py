"""The page on the mock market: chart, header, symbols, intervals, layout, keyboard, a lost server."""

import json
import os
import time
import urllib.request

from checks import ARTIFACTS, Checks, click, equal, expect, node, number, open_page, text, visible
from server import fetch

check = Checks()


# Columns of the price pane that hold a candle's own colour, three pixels high at least (the dotted price line is one).
# Bodies are parted by gaps, so the runs of such columns are the candles drawn.
COUNT_CANDLES = """(() => {
  const style = getComputedStyle(document.documentElement);
  const wanted = ["--up", "--down"].map((name) => parseInt(style.getPropertyValue(name).trim().slice(1), 16));
  let most = 0;
  for (const canvas of document.querySelectorAll('[data-testid="main-chart"] canvas')) {
    if (canvas.width < 300 || canvas.height < 120) continue;
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


@check("the server gives 100 ascending bars, marked simulated, and the same ones on the next request")
def same_bars_twice(page, server):
    path = "/v1/bars?symbol=NSE:NIFTY&interval=5m&count=100"
    first, second = fetch(server.url + path), fetch(server.url + path)
    times = [bar["time"] for bar in first["bars"]]
    equal(len(times), 100, "the number of bars")
    expect(times == sorted(set(times)), "their times do not ascend")
    equal(first["mode"], "simulated", "the mode")
    later = {bar["time"]: bar for bar in second["bars"]}
    for bar in first["bars"]:
        if bar["final"] and bar["time"] in later:
            expect(bar == later[bar["time"]], f"the bar of {bar['time']} changed from one call to the next")


@check("the first chart is there quickly, with at least 80 candles drawn")
def draws_candles(page, server):
    open_page(page, server, "?symbol=NSE:NIFTY&interval=5m&preset=index")
    page.wait("80 drawn candles", f"{COUNT_CANDLES} >= 80")
    expect(page.evaluate("bhav.state.visibleBars") >= 80, "fewer than 80 bars are in view")
    # Warm: the second time everything is in the server's and the browser's caches.
    page.go(f"{server.url}/?symbol=NSE:NIFTY&interval=5m&preset=index")
    page.wait("bars", "window.bhav?.bars().length >= 100")
    took = page.wait("a drawn chart", f"{COUNT_CANDLES} >= 80 && performance.now()")
    expect(took < 4000, f"the chart took {took:.0f} ms")


@check("the bars on the page are those of the server")
def page_has_servers_bars(page, server):
    path = "/v1/bars?symbol=NSE:NIFTY&interval=5m&count=300"
    served = {bar["time"]: bar for bar in fetch(server.url + path)["bars"]}
    drawn = page.evaluate("bhav.bars()")
    common = [bar for bar in drawn if bar["final"] and bar["time"] in served]
    expect(len(common) >= 100, f"only {len(common)} bars are common to both")
    for bar in common:
        expect(bar == served[bar["time"]] or not served[bar["time"]]["final"], f"they differ at {bar['time']}")


@check("the simulated badge is seen, and the provenance is said in words with the market's time")
def simulated_badge(page, server):
    page.wait("the badge", visible("badge"))
    equal(text(page, "badge"), "SIMULATED", "the badge")
    words = text(page, "provenance")
    expect("mock" in words and "last tick" in words and "IST" in words, f"the provenance says {words!r}")


@check("the last price on the page is the server's")
def same_price(page, server):
    def pair():
        served = fetch(server.url + "/v1/quotes?symbols=NSE:NIFTY")["quotes"][0]["last"]
        return served, number(text(page, "last-price"))

    server.until("equal prices", lambda: len(set(pair())) == 1, pair)


@check("the last bar and the price move within 20 seconds")
def moves(page, server):
    before, shown = page.evaluate("JSON.stringify(bhav.bars().at(-1))"), text(page, "last-price")
    page.wait("another last bar", f"JSON.stringify(bhav.bars().at(-1)) !== {json.dumps(before)}")
    page.wait("another price", f"{node('last-price')}.textContent !== {json.dumps(shown)}")
    equal(text(page, "connection"), "connected", "the connection")


@check("the call and the put at the money stand below the chart")
def contracts(page, server):
    page.wait("the contracts", "bhav.panel('chart')?.call && bhav.panel('chart')?.put")
    state = page.evaluate("bhav.panel('chart')")
    expiry, strike = state["contracts"].split()
    for side in ("call", "put"):
        path = f"/v1/contract-history?symbol=NSE:NIFTY&expiry={expiry}&strike={strike}&type={side}"
        points = {point["time"]: point["price"] for point in fetch(server.url + path)["points"]}
        shown = state[side]
        expect(shown["price"] == points.get(shown["time"]) or shown["time"] == max(points), f"the {side} shows {shown}")
    expect(f"{float(strike):,.0f} call" in text(page, "options-chart"), text(page, "options-chart"))


@check("what a test of the original page looks for is there")
def original(page, server):
    for test_id in ("main-chart", "options-chart", "cvd-panel"):
        expect(page.evaluate(visible(test_id)), f"{test_id} is not to be seen")
    expect(page.evaluate("document.querySelectorAll('canvas').length") > 3, "there are hardly any canvases")


@check("scrolling to the left loads older bars, and 'now' leads back")
def older_bars(page, server):
    before = page.evaluate("bhav.bars().length")
    box = page.evaluate(f"""(() => {{ const box = {node('main-chart')}.getBoundingClientRect();
        return [box.left, box.top, box.width, box.height] }})()""")
    y = box[1] + box[3] / 4
    for _ in range(10):
        page.drag((box[0] + 30, y), (box[0] + box[2] - 120, y))
        if page.evaluate("bhav.bars().length") > before:
            break
    page.wait("more bars", f"bhav.bars().length > {before}")
    times = page.evaluate("bhav.bars().map((bar) => bar.time)")
    expect(times == sorted(set(times)), "the times do not ascend after older bars came")
    page.wait("the way back", visible("chart-now"))
    click(page, "chart-now")
    page.wait("now", f"!{visible('chart-now')}")


@check("the axis reads the exchange's clock, and UTC on request")
def zones(page, server):
    equal(page.evaluate("bhav.state.zone"), "IST", "the zone")
    expect("IST" in text(page, "legend"), f"the legend says {text(page, 'legend')!r}")
    click(page, "settings-open")
    click(page, "zone-utc")
    page.wait("UTC in the legend", f"{node('legend')}?.textContent.includes('UTC')")
    click(page, "zone-exchange")
    page.wait("IST in the legend", f"{node('legend')}?.textContent.includes('IST')")


@check("numbers are grouped the Indian or the western way as one likes")
def grouping(page, server):
    click(page, "grouping-western")
    page.wait("millions", """document.querySelector('[data-view="ladder"] thead')?.textContent.includes("(M)")""")
    click(page, "grouping-exchange")
    page.wait("lakhs", """document.querySelector('[data-view="ladder"] thead')?.textContent.includes("(L)")""")
    page.evaluate("document.querySelector('dialog[open]').close()")


@check("another interval is one click, and is in the address")
def intervals(page, server):
    click(page, "interval-1m")
    page.wait("1m bars", """bhav.state.interval === "1m" && bhav.bars().length >= 100
        && bhav.bars().at(-1).time - bhav.bars().at(-2).time < 300""")
    expect("interval=1m" in page.evaluate("location.search"), "the address does not name it")


# Each indicator at the newest bar, computed here from the page's bars in another way than the page computes it.
INDICATORS = """(() => {
  const bars = bhav.bars();
  const ema = (length) => { const k = 2 / (length + 1); return bars.reduce((value, { close }) => value === null ? close : close * k + value * (1 - k), null); };
  const day = (time) => new Date(time * 1000).toLocaleDateString("en-CA", { timeZone: "Asia/Kolkata" });
  const today = bars.filter(({ time }) => day(time) === day(bars.at(-1).time));
  const volume = today.reduce((sum, bar) => sum + bar.volume, 0);
  return { "VWAP": today.reduce((sum, { high, low, close, volume }) => sum + (high + low + close) / 3 * volume, 0) / volume, "EMA 20": ema(20), "EMA 50": ema(50) };
})()"""


def agree(page):
    """The indicators' legend shows what the bars give, at once and after more bars have come."""
    # In one step, lest a bar come in between.
    items = f"[...{node('indicators')}.children].map((item) => [item.firstChild.nextSibling.data.trim(), item.lastChild.textContent])"

    def both():
        shown, computed = page.evaluate(f"[{items}, {INDICATORS}]")
        return {name: number(value) for name, value in shown}, computed

    for _ in range(2):
        deadline = time.monotonic() + 15
        while True:
            shown, computed = both()
            if all(name in shown and abs(shown[name] - value) < 0.02 for name, value in computed.items()):
                break
            expect(time.monotonic() < deadline, f"the page shows {shown}, its bars give {computed}")
        expect("Supertrend" in shown, f"no supertrend in {shown}")
        last = page.evaluate("JSON.stringify(bhav.bars().at(-1))")
        page.wait("movement", f"JSON.stringify(bhav.bars().at(-1)) !== {json.dumps(last)}", 30)


@check("indicators are drawn, and drawings are kept for the symbol")
def drawings(page, server):
    page.go(f"{server.url}/?symbol=NSE:NIFTY&interval=5m&panels=chart-12x12!show~volume,vwap,ema,rsi,supertrend,prev,opening,gaps")
    page.wait("bars", "bhav.bars().length >= 100 && bhav.panel('chart')?.visibleBars > 50")
    agree(page)
    page.evaluate(f"{node('main-chart')}.focus()")
    for key in ("ArrowLeft", "ArrowLeft", "h", "Enter"):
        page.press(key)
    page.wait("a horizontal line", "bhav.panel('chart').drawings === 1")
    for key in ("l", "ArrowLeft", "Enter", *["ArrowLeft"] * 9, "Enter"):
        page.press(key)
    page.wait("a trend line", "bhav.panel('chart').drawings === 2")
    page.screenshot(os.path.join(ARTIFACTS, "dashboard-drawings.png"))
    page.go(f"{server.url}/?symbol=NSE:NIFTY&interval=5m&panels=chart-12x12")
    page.wait("the drawings again", "bhav.panel('chart')?.drawings === 2")
    page.evaluate("localStorage.removeItem('bhav.drawings.NSE:NIFTY')")


@check("Enter takes the first suggestion for what was typed")
def search(page, server):
    open_page(page, server, "?symbol=NSE:NIFTY&interval=5m&preset=index")
    page.evaluate("document.body.focus()")
    page.press("/")
    page.wait("focus", "document.activeElement.id === 'symbol'")
    page.type("BANKNIF")
    page.press("Enter")
    page.wait("its bars", """bhav.state.symbol === "NSE:BANKNIFTY" && bhav.bars().length >= 100""")
    page.wait("its price", "bhav.state.last > 40000")
    page.wait("its strikes", """bhav.state.openInterest?.symbol === "NSE:BANKNIFTY" """)


@check("every panel can be added, moved, sized and closed with the keyboard alone")
def keyboard_tour(page, server):
    open_page(page, server, "?symbol=NSE:NIFTY&interval=5m&panels=chart-6x6;ladder-6x6")
    page.evaluate("document.body.focus()")
    page.press("a")
    page.wait("the menu", "document.activeElement.getAttribute('role') === 'menuitem'")
    page.press("End")
    page.press("Enter")
    page.wait("a log", "bhav.state.panels.join() === 'chart,ladder,log'")
    page.wait("its focus", "document.activeElement.dataset.view === 'log'")
    page.press("ArrowLeft", modifiers=1)
    page.wait("its new place", "bhav.state.panels.join() === 'chart,log,ladder'")
    page.press("ArrowRight", modifiers=9)
    page.wait("its new width", "location.search.includes('log-5x5')")
    page.press("Delete")
    page.wait("no log", "bhav.state.panels.join() === 'chart,ladder'")
    page.press("?")
    page.wait("the keys", f"{node('keys-dialog')}.open")
    page.press("Escape")
    page.wait("no keys", f"!{node('keys-dialog')}.open")
    page.press("s")
    page.wait("the status", f"{node('status-drawer')}.open && {node('status-drawer')}.textContent.includes('mock market')")
    page.press("Escape")
    page.press("2")
    page.wait("another preset", "bhav.state.preset === 'options' && bhav.panel('chain')")
    page.press("]")
    page.wait("another interval", "bhav.state.interval === '15m'")


@check("Tab reaches every control in the order of the page, and each shows its focus")
def tab_order(page, server):
    open_page(page, server, "?symbol=NSE:NIFTY&interval=5m&preset=index")
    page.wait("the panels", "bhav.state.panels.length === 6 && bhav.panel('straddle')?.points.length > 0")
    page.evaluate("document.activeElement.blur()")
    wanted = page.evaluate("""[...document.querySelectorAll('a[href], button, select, input, [tabindex="0"]')]
        .filter((node) => node.tabIndex >= 0 && node.checkVisibility() && !node.disabled).length""")
    seen = []
    for _ in range(wanted + 4):
        page.press("Tab")
        seen.append(page.evaluate("""(() => { const node = document.activeElement; if (node === document.body) return null;
            const style = getComputedStyle(node); window.tabbed ??= new Map(); if (!tabbed.has(node)) tabbed.set(node, tabbed.size);
            return [tabbed.get(node), style.outlineStyle !== 'none' || node.id === 'symbol', node.outerHTML.slice(0, 120)] })()"""))
    reached = {item[0] for item in seen if item}
    hidden = [item[2] for item in seen if item and not item[1]]
    expect(not hidden, f"no focus is seen on {hidden[:3]}")
    expect(len(reached) >= wanted - 2, f"Tab reached {len(reached)} of {wanted} controls")


@check("layout and choices come back from the address and from the browser's memory")
def restored(page, server):
    address = "?symbol=NSE:BANKNIFTY&interval=15m&panels=ladder-3x4!range~all;chart-9x8!symbol~NSE:NIFTY!interval~1d;pcr-3x4!kind~change"
    page.go(server.url + "/" + address)
    page.wait("three panels", "bhav.state.panels.join() === 'ladder,chart,pcr' && bhav.panel('chart')?.count > 50")
    equal(page.evaluate("bhav.state.symbol"), "NSE:BANKNIFTY", "the symbol")
    rows = page.evaluate("document.querySelectorAll('[data-view=ladder] tbody tr[data-strike]').length")
    equal(rows, page.evaluate("bhav.state.openInterest.strikes.length"), "the number of strikes")
    expect(page.evaluate("document.querySelector('[data-view=chart] .legend').textContent").startswith("NSE:NIFTY · 1d"), "the chart did not keep its own symbol")
    page.evaluate("document.querySelector('[data-view=ladder]').focus()")
    page.press("ArrowRight", modifiers=9)
    page.wait("the address", "location.search.includes('ladder-4x4')")
    page.go(server.url + "/")
    page.wait("the same panels", "bhav.state.panels.join() === 'ladder,chart,pcr' && bhav.state.symbol === 'NSE:BANKNIFTY'")
    page.evaluate("localStorage.clear()")


@check("a panel is moved by dragging its heading, and the address keeps the new order")
def dragging(page, server):
    page.go(f"{server.url}/?symbol=NSE:NIFTY&interval=5m&panels=chart-6x6;ladder-6x6;pcr-6x5;log-6x5")
    page.wait("the panels", "window.bhav?.state.panels.join() === 'chart,ladder,pcr,log'")
    place = """(() => { const box = document.querySelector('[data-view=%s] h2').getBoundingClientRect();
        return [box.left + box.width / 2, box.top + box.height / 2] })()"""
    for moved, target, order in (("pcr", "chart", "pcr,chart,ladder,log"), ("pcr", "log", "chart,ladder,log,pcr")):
        page.carry(page.evaluate(place % moved), page.evaluate(place % target))
        page.wait(f"{moved} in the place of {target}", f"bhav.state.panels.join() === '{order}'", 5)
        views = [part.split("-")[0] for part in page.evaluate("new URLSearchParams(location.search).get('panels')").split(";")]
        equal(",".join(views), order, "the order in the address")
    expect(not page.evaluate("document.querySelector('.dragged, .target')"), "a panel is still marked as dragged")


@check("the menu of a panel moves, sizes and closes it, and opens it in its own window")
def menu(page, server):
    page.go(f"{server.url}/?symbol=NSE:NIFTY&interval=5m&panels=chart-6x6;ladder-6x6;log-6x6")
    page.wait("the panels", "window.bhav?.state.panels.join() === 'chart,ladder,log' && bhav.panel('ladder')")
    page.evaluate("window.open = (address, name, how) => { window.opened = [address, name, how]; return null }")

    def choose(view, words):
        click(page, f"menu-{view}")
        page.wait("the menu", "!!document.querySelector('[role=menu]')")
        page.evaluate(f"""[...document.querySelectorAll('[role=menuitem]')].find((item) => item.firstChild.textContent === '{words}').click()""")
        expect(not page.evaluate("document.querySelector('[role=menu]')"), "the menu stayed open")

    choose("ladder", "Move earlier")
    page.wait("the new order", "bhav.state.panels.join() === 'ladder,chart,log'", 5)
    choose("ladder", "Narrower")
    choose("ladder", "Taller")
    page.wait("the new size", "location.search.includes('ladder-5x7')", 5)
    choose("log", "Close")
    page.wait("no log", "bhav.state.panels.join() === 'ladder,chart'", 5)
    choose("ladder", "Open in a window")
    address, name, how = page.evaluate("window.opened")
    expect(name == "_blank" and "popup" in how, f"opened as {name}, {how}")
    page.go(server.url + address)
    page.wait("the panel alone", "bhav.state.panels.join() === 'ladder' && bhav.panel('ladder')?.symbol === 'NSE:NIFTY'")
    expect(not page.evaluate(visible("preset")), "the page's own controls are there all the same")
    page.evaluate("localStorage.clear()")


@check("'Open in a window' opens one, with the panel alone and the page as it was")
def window(page, server):
    page.go(f"{server.url}/?symbol=NSE:NIFTY&interval=5m&panels=chart-6x6;ladder-6x6")
    page.wait("the panels", "window.bhav?.state.panels.join() === 'chart,ladder' && bhav.panel('ladder')")
    before = page.windows()
    middle = "(() => { const box = %s.getBoundingClientRect(); return [box.left + box.width / 2, box.top + box.height / 2] })()"
    page.click(page.evaluate(middle % node("menu-ladder")))
    item = "[...document.querySelectorAll('[role=menuitem]')].find((item) => item.firstChild.textContent === 'Open in a window')"
    page.wait("the menu", f"!!{item}")
    page.click(page.evaluate(middle % item))
    server.until("the window", lambda: any("solo=1" in url for url in page.windows().values()), page.windows)
    made = {key: url for key, url in page.windows().items() if key not in before}
    equal(len(made), 1, "the number of new windows")
    for key, url in made.items():
        expect("panels=ladder-12x12" in url, url)
        page.send("Target.closeTarget", {"targetId": key}, page=False)
    equal(page.evaluate("bhav.state.panels.join()"), "chart,ladder", "the panels of the page")


@check("the choices of each panel are all reached and made with the keyboard")
def keyboard_choices(page, server):
    open_page(page, server, "?symbol=NSE:NIFTY&interval=5m&panels=pcr-6x6;ladder-6x6")
    page.wait("the panels", "bhav.panel('ladder')")
    page.evaluate("document.querySelector('[data-view=pcr] [data-key=\"What is drawn-change\"]').focus()")
    page.press("Enter")
    page.wait("the change", "location.search.includes('pcr-6x6!kind~change')", 5)
    equal(page.evaluate("document.activeElement.dataset.key"), "What is drawn-change", "the focus after the choice")
    page.evaluate(f"{node('menu-ladder')}.focus()")
    page.press("Enter")
    page.wait("the menu", "document.activeElement.getAttribute('role') === 'menuitem'")
    page.press("ArrowDown")
    page.press("Escape")
    page.wait("the focus back on the button", "document.activeElement.dataset.testid === 'menu-ladder'", 5)
    page.press("t")
    page.wait("the past", "bhav.state.moment !== null && bhav.state.connection === 'past'")
    page.evaluate("document.activeElement.blur()")
    page.press("t")
    page.wait("the present", "bhav.state.moment === null")
    page.press("d")
    page.wait("the other theme", "document.documentElement.dataset.theme === 'light'", 5)
    page.press("d")
    page.evaluate("localStorage.clear()")


@check("a panel opens in its own window")
def pop_out(page, server):
    page.go(f"{server.url}/?symbol=NSE:NIFTY&solo=1&panels=ladder-12x12")
    page.wait("the panel", "bhav.state.panels.join() === 'ladder' && bhav.panel('ladder')")
    expect(not page.evaluate(visible("preset")), "the page's own controls are there all the same")
    equal(page.evaluate("localStorage.getItem('bhav.panels')"), None, "what the browser keeps of it")


@check("an unknown symbol shows the server's own words once, and no chart")
def unknown_symbol(page, server):
    page.go(f"{server.url}/?symbol=NSE:NOSUCHTHING&interval=5m&panels=chart-12x12")
    page.wait("the message", visible("chart-message") + f" && {node('chart-message')}.dataset.kind === 'error'")
    words = fetch(server.url + "/v1/bars?symbol=NSE:NOSUCHTHING&interval=5m&count=500")["error"]["message"]
    page.wait("the server's words", f"{node('chart-message')}.textContent.includes({json.dumps(words)})")
    expect(page.evaluate("bhav.bars().length") == 0, "there are bars all the same")
    equal(text(page, "last-price"), "\u2013", "the price")
    shown = page.evaluate("document.querySelector('main').innerText")
    equal(shown.count(words), 1, "how often it is said")
    expect("symbol_not_found" not in page.evaluate("document.body.innerText"), "a code is shown")
    page.errors.clear()


@check("every error code and reason of the server's own description has plain words on the page")
def worded(page, server):
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(server.url + "/openapi.yaml", timeout=10) as response:
        lines = [line.strip() for line in response.read().decode().splitlines()]
    found = set()
    for first in ("- 'bad_request'", "- 'plan_limit'"):
        begin = lines.index(first) if first in lines else len(lines)
        for line in lines[begin:]:
            if not line.startswith("- '"):
                break
            found.add(line[3:].strip("'"))
    expect({"overloaded", "more"} <= found and len(found) >= 20, f"only {sorted(found)} are described")
    silent = page.evaluate(f"import('/scripts/math/sources.js').then(({{ hasWords }}) => {json.dumps(sorted(found))}.filter((code) => !hasWords(code)))")
    expect(not silent, f"no words for {silent}")


@check("a lost server is reported with the reason, and the page finds it again by itself")
def reconnects(page, server):
    if not server.is_ours:
        return
    open_page(page, server, "?symbol=NSE:NIFTY&interval=5m&preset=index")
    page.wait("a connection", """bhav.state.connection === "connected" """)
    page.wait("the panels", "bhav.panel('ladder') && bhav.panel('watchlist')")
    server.stop()
    page.wait("word of the loss", """bhav.state.connection === "reconnecting" """)
    expect("reconnecting: " in text(page, "connection"), f"the connection says {text(page, 'connection')!r}")
    expect(page.evaluate("bhav.bars().length") >= 100, "the chart was emptied")
    dimmed = page.evaluate("getComputedStyle(document.querySelector('[data-view=ladder] .panel-body')).opacity")
    expect(float(dimmed) < 0.8, "what is not renewed is not dimmed")
    server.start()
    page.wait("the connection again", """bhav.state.connection === "connected" """, 40)
    before = page.evaluate("JSON.stringify(bhav.bars().at(-1))")
    page.wait("movement", f"JSON.stringify(bhav.bars().at(-1)) !== {json.dumps(before)}", 30)
    page.errors.clear()


def without(page, server, files, query, meanwhile, then):
    """Opens the page while files of it do not come, waits for `meanwhile`, and lets them come."""
    page.evaluate("sessionStorage.removeItem('bhav.reloads')")
    page.send("Network.clearBrowserCache")
    page.send("Network.setBlockedURLs", {"urls": [f"{server.url}/{name}*" for name in files]})
    try:
        page.go(server.url + query)
        page.wait("a missing file", meanwhile)
        time.sleep(0.5)
    finally:
        page.send("Network.setBlockedURLs", {"urls": []})
    page.wait("the page with all its files", then, 30)
    # The browser itself reports what did not come.
    page.errors[:] = [error for error in page.errors if not error.startswith("Failed to load resource")]


@check("a page whose first files do not come is loaded again when they do")
def first_files(page, server):
    chart = "window.bhav?.bars().length >= 100 && bhav.state.visibleBars > 0"
    for name in ("scripts/main.js", "scripts/data/stream.js", "vendor/lightweight-charts.js", "styles/panels.css"):
        missing = f"performance.getEntriesByType('resource').some(({{ name }}) => name.endsWith('/{name}'))"
        styled = "getComputedStyle(document.querySelector('.panel')).display === 'flex'"
        without(page, server, [name], "/?symbol=NSE:NIFTY&interval=5m&preset=index", missing, f"{chart} && {styled}")
        expect(page.evaluate("JSON.parse(sessionStorage.getItem('bhav.reloads')).length") <= 2, "the page was loaded again and again")


@check("a panel whose files do not come is loaded again when they do")
def later_files(page, server):
    there = "bhav.panel('chart')?.visibleBars > 0 && bhav.panel('ladder') && bhav.panel('straddle')"
    for name in ("scripts/views/ladder.js", "scripts/ui/plot.js"):
        missing = f"performance.getEntriesByType('resource').some(({{ name }}) => name.includes('/{name}'))"
        without(page, server, [name], "/?symbol=NSE:NIFTY&interval=5m&preset=index", missing, there)


@check("a panel that is added while others are loading comes after them and is kept in the address")
def added_early(page, server):
    page.send("Network.clearBrowserCache")
    page.send("Network.setBlockedURLs", {"urls": [f"{server.url}/scripts/views/ladder.js*"]})
    try:
        page.go(f"{server.url}/?symbol=NSE:NIFTY&interval=5m&panels=chart-6x6;ladder-6x6")
        page.wait("the chart", "window.bhav?.panel('chart')?.visibleBars > 0")
        page.press("a")
        page.wait("the menu", "document.activeElement.getAttribute('role') === 'menuitem'")
        page.press("End")
        page.press("Enter")
    finally:
        page.send("Network.setBlockedURLs", {"urls": []})
    page.wait("all panels", "bhav.state.panels.join() === 'chart,ladder,log'", 30)
    page.wait("the address", "location.search.includes('ladder-6x6') && location.search.includes('log-4x5')")
    page.errors[:] = [error for error in page.errors if not error.startswith("Failed to load resource")]


@check("a page that was loaded again five times says that a file is missing, and stays")
def still_missing(page, server):
    page.send("Network.setBlockedURLs", {"urls": [f"{server.url}/scripts/main.js"]})
    try:
        page.go(f"{server.url}/?symbol=NSE:NIFTY")
        page.evaluate("sessionStorage.setItem('bhav.reloads', JSON.stringify(Array(5).fill(Date.now())))")
        page.go(f"{server.url}/?symbol=NSE:NIFTY")
        page.wait("words about it", f"{node('provenance')}.textContent.startsWith('A file of this page cannot be loaded')")
    finally:
        page.send("Network.setBlockedURLs", {"urls": []})
        page.evaluate("sessionStorage.removeItem('bhav.reloads')")
    page.errors.clear()
