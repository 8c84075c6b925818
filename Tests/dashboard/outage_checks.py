"""The upstream killed and restored in five orders, with changes of the symbol in between: status, dimming and repair are true."""

import json

from checks import Checks, expect, node, text, visible

check = Checks()

AWAY = "['reconnecting', 'stale'].includes(bhav.state.connection)"
THERE = "bhav.state.connection === 'connected'"


def open_page(page, server, symbol="NSE:NIFTY"):
    page.go(f"{server.url}/?symbol={symbol}&interval=1m&panels=chart-8x12;ladder-4x12")
    page.wait("bars that stream", f"window.bhav?.bars().length >= 100 && {THERE}", 40)


def choose(page, symbol):
    page.evaluate(f"""(() => {{ document.getElementById('symbol').focus(); document.getElementById('symbol').value = '{symbol}';
        document.querySelector('form.search').requestSubmit() }})()""")
    page.wait(f"the choice of {symbol}", f"bhav.state.symbol === '{symbol}'")


def wait_away(page):
    # The server's news of the source and of each subscription come one after the other: what counts is what they settle on.
    page.wait("word that the source is away, and no other for a second", f"""(async () => {{
        for (let times = 0; times < 10; times++) {{
          if (!({AWAY})) return false;
          await new Promise((done) => setTimeout(done, 100));
        }}
        return {AWAY} && document.querySelector('[data-testid="connection"]').textContent !== 'connected';
      }})()""", 60)
    dimmed = page.evaluate("getComputedStyle(document.querySelector('.price')).opacity")
    expect(float(dimmed) < 0.8, "the price is not dimmed")


def wait_there(page, symbol):
    page.wait(f"{symbol} streaming again", f"{THERE} && bhav.state.symbol === '{symbol}' && bhav.bars().length >= 100", 90)
    before = page.evaluate("JSON.stringify(bhav.bars().at(-1))")
    page.wait("movement", f"JSON.stringify(bhav.bars().at(-1)) !== {json.dumps(before)}", 30)
    times = page.evaluate("bhav.bars().map((bar) => bar.time)")
    expect(times == sorted(set(times)), "the bars are not in order")
    expect(all(later - earlier == 60 for earlier, later in zip(times[-100:], times[-99:])), "bars are missing after the repair")
    page.wait("nothing dimmed", "Number(getComputedStyle(document.querySelector('.price')).opacity) === 1")
    expect("reconnecting" not in text(page, "connection"), text(page, "connection"))


@check("the upstream goes and comes back")
def plain(page, server, upstream):
    open_page(page, server)
    upstream.stop()
    wait_away(page)
    expect(page.evaluate("bhav.bars().length") >= 100, "the chart was emptied")
    upstream.start()
    wait_there(page, "NSE:NIFTY")


@check("the symbol changes while the upstream is away")
def change_while_away(page, server, upstream):
    upstream.stop()
    wait_away(page)
    choose(page, "NSE:BANKNIFTY")
    wait_away(page)
    upstream.start()
    wait_there(page, "NSE:BANKNIFTY")


@check("the symbol changes just before the upstream goes, and back while it is away")
def change_before(page, server, upstream):
    choose(page, "NSE:FINNIFTY")
    upstream.stop()
    wait_away(page)
    choose(page, "NSE:BANKNIFTY")
    upstream.start()
    wait_there(page, "NSE:BANKNIFTY")


@check("the symbol changes as soon as the upstream is back")
def change_after(page, server, upstream):
    upstream.stop()
    wait_away(page)
    upstream.start()
    choose(page, "NSE:NIFTY")
    wait_there(page, "NSE:NIFTY")


@check("the page is loaded while the upstream is away: nothing is called connected")
def load_while_away(page, server, upstream):
    upstream.stop()
    wait_away(page)
    page.go(f"{server.url}/?symbol=NSE:BANKNIFTY&interval=1m&panels=chart-8x12;ladder-4x12")
    page.wait("the page's word", f"window.bhav && {AWAY}", 40)
    page.wait("a chart from the store, or why there is none", f"bhav.bars().length > 0 || {visible('chart-message')}", 40)
    expect(text(page, "connection") != "connected", "the connection is called connected")
    upstream.start()
    wait_there(page, "NSE:BANKNIFTY")
    page.evaluate(f"{node('connection-button')}.click()")
    page.wait("the drawer", f"{node('status-drawer')}.textContent.includes('TradingView')")
    page.evaluate("document.querySelector('dialog[open]').close()")
