"""Every panel's numbers equal the API's, now and as of a past moment."""

import json
import time

from checks import Checks, click, equal, expect, near, node, number, shows, text
from server import fetch

check = Checks()

PANELS = "ladder-4x6;chain-8x6;pcr-3x4;straddle-3x4;maxpain-3x4;gamma-3x4;multistrike-3x4;skew-3x4;term-3x4;buildup-3x4;strategy-4x5;watchlist-4x5;flow-4x5!kind~profile;log-4x3"


def past_moment(server):
    """Noon at the exchange (06:30 UTC) of the newest session that is past it."""
    days = fetch(server.url + "/v1/bars?symbol=NSE:NIFTY&interval=1d&count=3")["bars"]
    last = fetch(server.url + "/v1/bars?symbol=NSE:NIFTY&interval=1m&count=1")["bars"][-1]["time"]
    noon = [bar["time"] - bar["time"] % 86_400 + 23_400 for bar in days]
    return max(time_ for time_ in noon if time_ < last - 600)


def iso(moment):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(moment))


def both(page, server, view, path):
    """What a panel shows and what the API gives, of the same time."""
    deadline = time.monotonic() + 30
    while True:
        served, drawn = fetch(server.url + path), page.evaluate(f"bhav.panel('{view}')")
        if drawn and drawn["asOf"] == served["asOf"] or time.monotonic() > deadline:
            return drawn, served
        time.sleep(0.3)


def open_all(page, server, more=""):
    page.go(f"{server.url}/?symbol=NSE:NIFTY&interval=5m&panels={PANELS}{more}")
    page.wait("the panels", "window.bhav?.state.panels.length === 14")
    page.wait("the chain", "bhav.panel('chain') && bhav.panel('ladder') && bhav.panel('pcr')?.length > 0", 30)


def cell(page, view, strike, column):
    return page.evaluate(f"""document.querySelector('[data-view={view}] tr[data-strike="{strike:g}"] [data-column="{column}"]')?.textContent""")


@check("the open-interest ladder shows the API's strikes, totals and walls")
def ladder(page, server):
    open_all(page, server)
    drawn, served = both(page, server, "ladder", "/v1/open-interest?symbol=NSE:NIFTY")
    for name in ("expiry", "spot", "maxPain", "totals", "strikes", "asOf"):
        equal(drawn[name], served[name], name)
    near(number(text(page, "pcr")), served["totals"]["putCallRatio"], "the put-call ratio", 0.0051)
    equal(number(text(page, "max-pain")), served["maxPain"], "max pain")
    equal(number(text(page, "support")), served["analysis"]["support"][0]["strike"], "the support")
    equal(number(text(page, "resistance")), served["analysis"]["resistance"][0]["strike"], "the resistance")
    near(number(text(page, "straddle")), served["analysis"]["straddle"]["price"], "the straddle", 0.0051)
    row = next(row for row in served["strikes"] if row["strike"] == served["atTheMoney"])
    shown = page.evaluate(f"""[...document.querySelectorAll('[data-view=ladder] tr[data-strike="{row['strike']:g}"] td.number:not(.change-cell)')].map((cell) => cell.textContent)""")
    unit = 1e5
    near(number(shown[0]) * unit, row["call"]["openInterest"], "the calls at the money", 501)
    near(number(shown[1]) * unit, row["put"]["openInterest"], "the puts at the money", 501)


@check("the option chain shows the API's prices, volatilities and greeks")
def chain(page, server):
    drawn, served = both(page, server, "chain", "/v1/option-chain?symbol=NSE:NIFTY")
    equal(drawn["strikes"], served["strikes"], "the chain")
    for row in [row for row in served["strikes"] if abs(row["strike"] - served["atTheMoney"]) <= 100]:
        for side in ("call", "put"):
            # A price at or below its intrinsic value has no volatility, and so no greeks.
            greeks = row[side]["greeks"] or {"delta": None, "impliedVolatility": None}
            shows(cell(page, "chain", row["strike"], f"{side}-last"), row[side]["last"], "the last price", 0.0051)
            shows(cell(page, "chain", row["strike"], f"{side}-delta"), greeks["delta"], "delta", 0.0051)
            shows(cell(page, "chain", row["strike"], f"{side}-volatility"), greeks["impliedVolatility"], "the volatility", 0.051)
    near(number(text(page, "chain-volatility")), served["analysis"]["atTheMoneyVolatility"], "the volatility at the money", 0.0051)
    near(number(text(page, "skew-quarter")), served["analysis"]["skew"]["quarterDelta"]["value"], "the skew", 0.0051)
    equal(page.evaluate("bhav.panel('gamma').total"), served["analysis"]["gammaExposure"]["total"], "gamma exposure")
    equal(number(text(page, "gamma-flip")), round(served["analysis"]["gammaFlip"]), "the gamma flip")


@check("ratio, max pain, straddle and strikes through the session are the API's snapshots")
def session(page, server):
    drawn = page.evaluate("bhav.panel('pcr')")
    path = f"/v1/open-interest/history?symbol=NSE:NIFTY&from={drawn[0]['time']}&to={drawn[-1]['time'] + 1}"
    equal(drawn, fetch(server.url + path)["snapshots"], "the session")
    expect(len(drawn) > 100, f"only {len(drawn)} snapshots")
    equal(page.evaluate("bhav.panel('maxpain')"), drawn, "max pain through the day")
    page.wait("the straddle", "bhav.panel('straddle')?.points.length > 100")
    straddle = page.evaluate("bhav.panel('straddle')")
    served = fetch(server.url + path + f"&strike={straddle['call']:g}")["snapshots"]
    by_time = {point["time"]: point for point in served}
    for point in straddle["points"]:
        wanted = by_time[point["time"]]
        near(point["price"], wanted["call"]["last"] + wanted["put"]["last"], "the straddle")
        near(point["volatility"], wanted["call"]["impliedVolatility"], "the volatility", 0.5)
    for item in page.wait("the strikes", "bhav.panel('multistrike')?.every(({ points }) => points?.length > 100) && bhav.panel('multistrike')"):
        equal(item["points"], fetch(server.url + path + f"&strike={item['strike']:g}")["snapshots"], f"strike {item['strike']}")


@check("volatility by expiry is each chain's own")
def term(page, server):
    for point in page.wait("the expiries", "bhav.panel('term')?.length >= 3 && bhav.panel('term')", 30):
        served = fetch(server.url + f"/v1/option-chain?symbol=NSE:NIFTY&expiry={point['expiry']}")
        equal(point["volatility"], served["analysis"]["atTheMoneyVolatility"], point["expiry"])


@check("the watchlist shows the API's quotes")
def watchlist(page, server):
    page.wait("the quotes", "bhav.panel('watchlist').every(({ last }) => last > 0)")
    names = ("last", "change", "volume")

    def both_readings(index):
        quote = page.evaluate(f"bhav.panel('watchlist')[{index}]")
        served = fetch(server.url + f"/v1/quotes?symbols={quote['symbol']}")["quotes"][0]
        return [[one[name] for name in ("symbol", *names)] for one in (quote, served)]

    def are_equal(index):
        shown, served = both_readings(index)
        return shown == served

    # The market may move between the two readings.
    for index in range(page.evaluate("bhav.panel('watchlist').length")):
        server.until("equal quotes", lambda index=index: are_equal(index), lambda index=index: both_readings(index))


@check("another expiry is shown everywhere and is in the address")
def expiry(page, server):
    second = fetch(server.url + "/v1/expiries?symbol=NSE:NIFTY")["expiries"][1]
    page.evaluate(f"""(() => {{ const list = {node('expiry')}; list.value = '{second}'; list.dispatchEvent(new Event('change')) }})()""")
    for view in ("ladder", "chain"):
        page.wait(f"the {view} of {second}", f"bhav.panel('{view}')?.expiry === '{second}'")
    expect(f"expiry={second}" in page.evaluate("location.search"), "the address does not name it")


@check("a strategy from the chain has the payoff of its legs, and is in the address")
def strategy(page, server):
    page.go(f"{server.url}/?symbol=NSE:NIFTY&interval=5m&panels=strategy-6x12;chain-6x12&expiry=")
    page.wait("the chain", "bhav.panel('chain') && bhav.panel('strategy')")
    served = fetch(server.url + "/v1/option-chain?symbol=NSE:NIFTY")
    strike = served["atTheMoney"]
    for side in ("call", "put"):
        price = f"""document.querySelector('[data-view=chain] [data-key="{side}-{strike:g}"]')"""
        page.wait("the price", price + " !== null")
        page.evaluate(price + ".click()")
        page.wait("the leg", f"bhav.panel('strategy')?.legs.some(({{ type }}) => type === '{side}')")
    row = next(row for row in served["strikes"] if row["strike"] == strike)
    paid = row["call"]["last"] + row["put"]["last"]
    drawn = page.evaluate("bhav.panel('strategy')")
    for found, wanted in zip(drawn["breakEvens"], (strike - paid, strike + paid)):
        near(found, wanted, "a break-even")
    near(drawn["loss"], -paid * served["lotSize"], "the greatest loss")
    equal(text(page, "strategy-gain"), "unlimited", "the greatest gain")
    near(drawn["now"], 0, "the present profit", 0.01 * served["lotSize"])
    near(drawn["greeks"]["delta"], served["lotSize"] * (row["call"]["greeks"]["delta"] + row["put"]["greeks"]["delta"]), "delta", 1e-4)
    near(drawn["greeks"]["theta"], served["lotSize"] * (row["call"]["greeks"]["theta"] + row["put"]["greeks"]["theta"]), "theta", 1e-2)
    expect("legs=b1c" in page.evaluate("location.search"), page.evaluate("location.search"))


@check("a strategy has eight legs at most, values those in the money, and shows a dash for what is not known")
def full_strategy(page, server):
    served = fetch(server.url + "/v1/option-chain?symbol=NSE:NIFTY")
    strikes = [row for row in served["strikes"] if abs(row["strike"] - served["atTheMoney"]) <= 400]
    # One side of a strike in the money may have no volatility.
    rows = [row for row in strikes if any((row[side]["greeks"] or {}).get("impliedVolatility") for side in ("call", "put"))]
    page.go(f"{server.url}/?symbol=NSE:NIFTY&interval=5m&panels=strategy-6x12;chain-6x12!range~15")
    price = """document.querySelector('[data-view=chain] [data-key="%s-%g"]')"""
    page.wait("the chain", f"!!bhav.panel('chain') && !!bhav.panel('strategy') && {price % ('put', rows[-1]['strike'])} !== null")
    for count in range(9):
        side, row = ("put", "call")[count % 2], rows[-1 - count // 2] if count % 2 == 0 else rows[count // 2]
        page.evaluate(f"{price % (side, row['strike'])}.click()")
        page.wait("the leg", f"bhav.panel('strategy')?.legs.length === {min(8, count + 1)}")
    page.wait("word of the limit", "document.querySelector('[data-part=announcer]').textContent.includes('at most 8 legs')", 5)
    page.wait("its present profit", "Number.isFinite(bhav.panel('strategy').now)", 5)
    page.go(page.evaluate("location.href"))
    page.wait("the legs again", "window.bhav?.panel('strategy')?.legs.length === 8")
    page.go(f"{server.url}/?symbol=NSE:NIFTY&interval=5m&panels=strategy-6x12&legs=b1c1234@5")
    readout = "document.querySelector('[data-view=strategy] .plot-readout')?.textContent"
    page.wait("a dash for today", f"{readout}?.includes('today \u2013')", 10)
    equal(text(page, "strategy-now"), "\u2013", "the present profit of a leg without a volatility")


@check("the slider of the past ends at the present")
def slider_ends(page, server):
    page.go(f"{server.url}/?symbol=NSE:NIFTY&interval=5m&panels=ladder-12x12&at={iso(past_moment(server))}")
    page.wait("the slider", f"{node('past-time')}?.max > 100")
    expect(page.evaluate(f"{node('past-time')}.max <= Date.now() / 1000"), "the slider goes beyond the present")


@check("as of a past moment every panel shows what 'at' gives, and nothing later")
def past(page, server):
    moment = past_moment(server)
    open_all(page, server, f"&at={iso(moment)}")
    drawn, served = both(page, server, "ladder", f"/v1/open-interest?symbol=NSE:NIFTY&at={iso(moment)}")
    for name in ("asOf", "spot", "totals", "strikes", "maxPain"):
        equal(drawn[name], served[name], name)
    chain_drawn = page.wait("the chain", f"bhav.panel('chain')?.asOf === '{served['asOf']}' && bhav.panel('chain')")
    chain_served = fetch(server.url + f"/v1/option-chain?symbol=NSE:NIFTY&at={iso(moment)}")
    for name in ("asOf", "spot", "expiry", "model", "analysis", "strikes"):
        equal(chain_drawn[name], chain_served[name], f"{name} of the chain")
    near(number(text(page, "skew-atm")), chain_served["analysis"]["atTheMoneyVolatility"], "the volatility at the money", 0.0051)
    near(number(text(page, "skew-quarter")), chain_served["analysis"]["skew"]["quarterDelta"]["value"], "the skew", 0.0051)
    equal(page.evaluate("bhav.panel('gamma').total"), chain_served["analysis"]["gammaExposure"]["total"], "gamma exposure")
    for view in ("pcr", "maxpain"):
        times = [point["time"] for point in page.wait(view, f"bhav.panel('{view}')?.length > 10 && bhav.panel('{view}')")]
        expect(times[-1] <= moment < times[-1] + 400, f"the last snapshot of {view} is of {times[-1]}, the moment {moment}")
    bars = page.evaluate("bhav.bars()")
    minute = fetch(server.url + f"/v1/bars?symbol=NSE:NIFTY&interval=1m&from={moment - 60}&to={moment}")["bars"]
    page.wait("the price of the moment", f"{node('session')}.textContent === 'close of the last minute'")
    equal(page.evaluate("bhav.state.last"), [bar for bar in minute if bar["time"] == moment - 60][0]["close"], "the price")
    expect(all(bar["time"] + 300 <= moment for bar in bars), "a bar of the chart was not finished at the moment")


@check("the call and the put below the chart are those of the moment, and nothing later")
def past_contracts(page, server):
    moment = past_moment(server)
    page.go(f"{server.url}/?symbol=NSE:NIFTY&interval=5m&panels=chart-12x12&at={iso(moment)}")
    page.wait("the contracts", "bhav.panel('chart')?.call && bhav.panel('chart')?.put")
    state = page.evaluate("bhav.panel('chart')")
    strike = state["contracts"].split()[1]
    path = f"/v1/open-interest/history?symbol=NSE:NIFTY&from={moment - 600}&to={moment + 1}&strike={strike}"
    newest = [point for point in fetch(server.url + path)["snapshots"] if point["time"] <= moment][-1]
    for side in ("call", "put"):
        equal(state[side], {"time": newest["time"], "price": newest[side]["last"]}, f"the {side}")


@check("volatility by expiry is that of the past moment, and follows it")
def past_term(page, server):
    moment = past_moment(server)
    page.go(f"{server.url}/?symbol=NSE:NIFTY&interval=5m&panels=term-12x12&at={iso(moment)}")
    page.wait("the slider", f"!!{node('past-time')}")
    for later in (0, 5400):
        at = iso(moment + later)
        page.evaluate(f"""(() => {{ const slider = {node('past-time')}; slider.value = {moment + later}; slider.dispatchEvent(new Event('input')) }})()""")
        served = fetch(server.url + f"/v1/option-chain?symbol=NSE:NIFTY&at={at}")
        first = {"expiry": served["expiry"], "days": served["model"]["daysToExpiry"], "volatility": served["analysis"]["atTheMoneyVolatility"]}
        page.wait(f"the expiries as of {at}", f"JSON.stringify(bhav.panel('term')?.[0]) === {json.dumps(json.dumps(first, separators=(',', ':')))}", 30)
        points = page.evaluate("bhav.panel('term')")
        expect(len(points) >= 3, f"only {len(points)} expiries")
        for point in points:
            served = fetch(server.url + f"/v1/option-chain?symbol=NSE:NIFTY&expiry={point['expiry']}&at={at}")
            equal(point["volatility"], served["analysis"]["atTheMoneyVolatility"], f"{point['expiry']} at {at}")


@check("the past plays on, is never called live, and is left with one key")
def plays(page, server):
    begun = past_moment(server)
    page.go(f"{server.url}/?symbol=NSE:NIFTY&interval=5m&preset=index&at={iso(begun)}")
    page.wait("the ladder", f"bhav.panel('ladder')?.asOf === '{iso(begun)}'")
    equal(page.evaluate("bhav.state.connection"), "past", "the state")
    expect("not live" in text(page, "provenance") and "12:00:00 IST" in text(page, "past-words"), text(page, "past-words"))
    expect(page.evaluate("document.title").startswith("PAST"), page.evaluate("document.title"))
    page.wait("the price of the moment", f"{node('session')}.textContent === 'close of the last minute'")
    before = page.evaluate("bhav.state.last")
    click(page, "past-play")
    page.wait("three minutes later", f"bhav.state.moment >= {begun + 180}", 15)
    click(page, "past-play")
    moment = page.evaluate("bhav.state.moment")
    page.wait("another price", f"bhav.state.last !== {before}")
    served = fetch(server.url + f"/v1/open-interest?symbol=NSE:NIFTY&at={iso(moment)}")
    page.wait("the ladder of that moment", f"bhav.panel('ladder')?.asOf === '{served['asOf']}'")
    equal(page.evaluate("bhav.panel('ladder').strikes"), served["strikes"], "the strikes of that moment")
    page.evaluate(f"""(() => {{ const slider = {node('past-time')}; slider.value = Number(slider.min) + 3600; slider.dispatchEvent(new Event('input')) }})()""")
    page.wait("10:15", f"{node('past-words')}.textContent.includes('10:15:00 IST')")
    page.evaluate("document.activeElement.blur()")
    page.press("t")
    page.wait("the present", "bhav.state.moment === null && ['closed', 'connected'].includes(bhav.state.connection)")
    expect("last tick" in text(page, "provenance"), text(page, "provenance"))
