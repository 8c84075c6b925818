"""The upstream killed and restored in eight orders, with changes of the symbol in between: status, dimming and repair are true
at every moment sampled."""

import json
import time

from checks import Checks, equal, expect, node, text, visible

check = Checks()

FRESH = ("connected", "closed", "past")
THERE = "bhav.state.connection === 'connected'"
AWAY = "['reconnecting', 'stale'].includes(bhav.state.connection)"

# Notes in the page what it says, fifty times a second: [epoch ms, state, words, symbol, whether the price, the day's numbers
# and each panel are dimmed]. Only changes are kept.
SAMPLER = """(() => {
  window.samples = [];
  let last = "";
  setInterval(() => {
    if (!window.bhav) return;
    const dimmed = [".price", ".day", ...document.querySelectorAll(".panel:not([data-stale]) .panel-body")].map((place) => (
      Number(getComputedStyle(typeof place === "string" ? document.querySelector(place) : place).opacity) < 0.8
    ));
    const { connection, symbol } = bhav.state;
    const sample = [connection, document.querySelector('[data-testid="connection"]').textContent, symbol, dimmed];
    const words = JSON.stringify(sample);
    if (words === last) return;
    last = words;
    window.samples.push([Date.now(), ...sample]);
  }, 20);
})()"""


def open_page(page, server, symbol="NSE:NIFTY"):
    if not getattr(page, "is_sampled", False):
        page.send("Page.addScriptToEvaluateOnNewDocument", {"source": SAMPLER})
        page.is_sampled = True
    page.go(f"{server.url}/?symbol={symbol}&interval=1m&panels=chart-8x12;ladder-4x12")
    page.wait("bars that stream", f"window.bhav?.bars().length >= 100 && {THERE}", 40)


def choose(page, symbol):
    page.evaluate(f"""(() => {{ document.getElementById('symbol').focus(); document.getElementById('symbol').value = '{symbol}';
        document.querySelector('form.search').requestSubmit() }})()""")
    page.wait(f"the choice of {symbol}", f"bhav.state.symbol === '{symbol}'")


def dimming_is_true(samples):
    for moment, state, words, _, dimmed in samples:
        expect(set(dimmed) == {state not in FRESH}, f"dimmed is {dimmed} while the page says {state} ({words})")


def wait_away(page):
    page.wait("a message that the source is down", AWAY, 60)


def outage(page, upstream, while_away=lambda: None):
    """Stops the upstream, waits for the page's message, acts, restores it. Every sample in between must say that it is down."""
    upstream.stop()
    wait_away(page)
    # By then the sampler, which looks every 20 ms, has seen the message too.
    time.sleep(0.1)
    begun = page.evaluate("Date.now()")
    while_away()
    time.sleep(1.5)
    samples = page.evaluate("window.samples.splice(0)")
    latest = [sample for sample in samples if sample[0] <= begun][-1:]
    for sample in latest + [sample for sample in samples if sample[0] > begun]:
        expect(sample[1] in ("reconnecting", "stale", "connecting"), f"while the upstream is down the page says {sample[1]} ({sample[2]})")
        expect(not sample[2].startswith("connected"), f"while the upstream is down the page says {sample[2]!r}")
    dimming_is_true(samples)
    upstream.start()


def wait_there(page, symbol):
    """Once it streams again it stays so, nothing is dimmed, and no bar is missing."""
    page.wait(f"{symbol} streaming again", f"{THERE} && bhav.state.symbol === '{symbol}' && bhav.bars().length >= 100", 90)
    before = page.evaluate("JSON.stringify(bhav.bars().at(-1))")
    page.wait("movement", f"JSON.stringify(bhav.bars().at(-1)) !== {json.dumps(before)}", 30)
    time.sleep(1)
    samples = page.evaluate("window.samples.splice(0)")
    dimming_is_true(samples)
    states = [(state, words) for _, state, words, shown, _ in samples if shown == symbol]
    if states:
        first = next((index for index, (state, _) in enumerate(states) if state == "connected"), len(states))
        expect(all(state == "connected" for state, _ in states[first:]), f"after it was connected again the page said {states[first:]}")
    equal(page.evaluate("bhav.state.connection"), "connected", "the state in the end")
    times = page.evaluate("bhav.bars().map((bar) => bar.time)")
    expect(times == sorted(set(times)), "the bars are not in order")
    expect(all(later - earlier == 60 for earlier, later in zip(times[-100:], times[-99:])), "bars are missing after the repair")
    expect("reconnecting" not in text(page, "connection"), text(page, "connection"))


@check("the upstream goes and comes back")
def plain(page, server, upstream):
    open_page(page, server)
    outage(page, upstream)
    expect(page.evaluate("bhav.bars().length") >= 100, "the chart was emptied")
    wait_there(page, "NSE:NIFTY")


@check("the symbol changes while the upstream is down")
def change_while_away(page, server, upstream):
    outage(page, upstream, lambda: choose(page, "NSE:BANKNIFTY"))
    wait_there(page, "NSE:BANKNIFTY")


@check("the symbol changes just before the upstream goes, and back while it is down")
def change_before(page, server, upstream):
    choose(page, "NSE:FINNIFTY")
    # What comes for the new symbol before the upstream goes is rightly called connected.
    page.wait("bars of NSE:FINNIFTY", f"bhav.state.symbol === 'NSE:FINNIFTY' && bhav.bars().length >= 100 && {THERE}", 40)
    outage(page, upstream, lambda: choose(page, "NSE:BANKNIFTY"))
    wait_there(page, "NSE:BANKNIFTY")


@check("the symbol changes as soon as the upstream is back")
def change_after(page, server, upstream):
    outage(page, upstream)
    choose(page, "NSE:NIFTY")
    wait_there(page, "NSE:NIFTY")


@check("the page is loaded while the upstream is down: nothing is called connected")
def load_while_away(page, server, upstream):
    def load():
        page.go(f"{server.url}/?symbol=NSE:BANKNIFTY&interval=1m&panels=chart-8x12;ladder-4x12")
        page.wait("the page's word", f"window.bhav && {AWAY}", 40)
        page.wait("a chart from the store, or why there is none", f"bhav.bars().length > 0 || {visible('chart-message')}", 40)

    outage(page, upstream, load)
    wait_there(page, "NSE:BANKNIFTY")
    page.evaluate(f"{node('connection-button')}.click()")
    page.wait("the drawer", f"{node('status-drawer')}.textContent.includes('TradingView')")
    page.evaluate("document.querySelector('dialog[open]').close()")


@check("the server starts again while the upstream is down: the page's last data do not pass for new")
def restart_while_away(page, server, upstream):
    def restart():
        server.stop()
        page.wait("word of the lost server", "bhav.state.connection === 'reconnecting'")
        server.start()
        page.wait("the server's word of the source", f"{AWAY} && !{node('connection')}.textContent.startsWith('reconnecting')", 40)

    outage(page, upstream, restart)
    wait_there(page, "NSE:BANKNIFTY")


@check("the upstream goes twice in quick succession")
def twice(page, server, upstream):
    outage(page, upstream)
    page.wait("the first return", THERE, 60)
    outage(page, upstream)
    wait_there(page, "NSE:BANKNIFTY")


# Panels that refer to the reason another one gives, where that one does not show it.
LOST_REASONS = """[...document.querySelectorAll('.panel-message:not([hidden])')].flatMap((message) => {
  const title = /reason given in “(.+)”/.exec(message.textContent)?.[1];
  if (!title) return [];
  const named = [...document.querySelectorAll('.panel')].find((panel) => panel.querySelector('h2').textContent === title);
  const shown = [...(named?.querySelectorAll('.panel-message[data-kind=error], .cover[data-kind=error]') ?? [])].some((one) => one.checkVisibility());
  return shown ? [] : [`${message.closest('.panel').dataset.view}: ${message.textContent}`];
})"""


@check("the reason that one panel refers to is shown by the other")
def reasons(page, server, upstream):
    page.go(f"{server.url}/?symbol=NSE:NIFTY&interval=1m&panels=flow-4x12;watchlist-4x12;ladder-4x12")
    page.wait("quotes", f"{THERE} && bhav.panel('watchlist')?.every(({{ last }}) => last > 0) && bhav.panel('ladder')", 40)

    upstream.stop()
    server.stop()
    page.wait("word of the lost server", "bhav.state.connection === 'reconnecting'")
    server.start()
    refers = "[...document.querySelectorAll('.panel-message:not([hidden])')].some(({ textContent }) => textContent.includes('reason given'))"
    page.wait("a reason", refers, 40)
    # The panel opens again, of a symbol whose last quote is known.
    choose(page, "NSE:BANKNIFTY")
    page.wait("a reason again", refers, 40)
    time.sleep(1)
    lost = page.evaluate(LOST_REASONS)
    expect(not lost, f"the reason is not shown where it is said to be: {lost}")
    upstream.start()
    page.wait("the quotes again", f"{THERE} && !document.querySelector('[data-view=watchlist][data-stale]')", 90)
