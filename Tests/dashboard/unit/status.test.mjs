// What the page says of the sources, whatever order the news comes in.
import assert from "node:assert/strict";
import { test } from "node:test";
import { SourceStates, judge, statusesIn } from "../../../Sources/MarketServer/Dashboard/scripts/math/source-states.js";
import { chainOf, impliedForward } from "../../../Sources/MarketServer/Dashboard/scripts/math/chain-model.js";
import { BarList } from "../../../Sources/MarketServer/Dashboard/scripts/math/bar-list.js";

const open = { state: "open" };
const lost = { source: "tradingview", state: "reconnecting", reason: "reset" };

test("a source that streams again is no trouble any more, even if nobody says so", () => {
  const states = new SourceStates();
  states.take(lost, 1);
  assert.equal(states.trouble(["tradingview"]).reason, "reset");
  states.heard("tradingview", 500);
  assert.equal(states.trouble(["tradingview"]).reason, "reset", "a datum on its way at the time of the news");
  states.heard("tradingview", 2_500);
  assert.equal(states.trouble(["tradingview"]), null);
});

test("the trouble of a source that the page does not use is not its own", () => {
  const states = new SourceStates();
  states.take({ source: "trendlyne", state: "down" }, 1);
  assert.equal(states.trouble(["tradingview"]), null);
  assert.equal(states.trouble([]).source, "trendlyne");
});

test("statuses in a snapshot are read in any of their forms", () => {
  assert.deepEqual(statusesIn({ sources: [lost] }), [lost]);
  assert.deepEqual(statusesIn({ statuses: [lost, {}] }), [lost]);
  assert.deepEqual(statusesIn({ status: "fine" }), []);
  assert.deepEqual(statusesIn({}), []);
});

test("an open stream without data is not called connected while its source is away", () => {
  assert.equal(judge({ stream: open, trouble: null, session: null, age: null, failed: "not to be reached" }).state, "stale");
  assert.equal(judge({ stream: open, trouble: lost, session: null, age: 1 }).state, "reconnecting");
  assert.equal(judge({ stream: open, trouble: null, session: null, age: null }).state, "waiting");
  assert.equal(judge({ stream: open, trouble: null, session: "market", age: 1 }).state, "connected");
  assert.equal(judge({ stream: open, trouble: null, session: "market", age: 90 }).state, "stale");
  assert.equal(judge({ stream: open, trouble: null, session: "out_of_session", age: 9000 }).state, "closed");
  assert.equal(judge({ stream: open, trouble: null, condition: { state: "stale", reason: "silent" }, session: "market", age: 1 }).state, "stale");
  const trying = judge({ stream: open, trouble: null, condition: { state: "backingOff", reason: "reset" }, session: "market", age: 1 });
  assert.deepEqual(trying, { state: "reconnecting", text: "trying again: reset" });
  assert.equal(judge({ stream: { state: "connecting" }, trouble: null, age: null }).state, "connecting");
  assert.equal(judge({ stream: { state: "waiting", reason: "x" }, trouble: null, age: 0 }).state, "reconnecting");
  assert.equal(judge({ stream: open, trouble: null, age: 0, moment: 5 }).state, "past");
});

test("bars replace, append and merge in the order of time", () => {
  const list = new BarList();
  const bar = (time, close) => ({ time, close });
  list.replace([bar(60, 1), bar(0, 0)]);
  assert.equal(list.apply(bar(120, 2)), "tail");
  assert.equal(list.apply(bar(120, 3)), "tail");
  assert.equal(list.apply(bar(60, 9)), "history");
  assert.equal(list.apply(bar(90, 5)), "inserted");
  assert.deepEqual(list.all.map(({ time }) => time), [0, 60, 90, 120]);
  assert.equal(list.merge([bar(30, 1), bar(60, 2)]), 1);
  list.refresh([bar(500, 1)]);
  assert.deepEqual(list.all, [bar(500, 1)]);
});

const option = (last, volume = 10) => ({ last, volume, openInterest: 100 });

test("the forward is the median over the nearest strikes whose call and put both traded", () => {
  const strikes = [90, 95, 100, 105, 110].map((strike) => ({ strike, call: option(Math.max(1, 102 - strike)), put: option(Math.max(1, strike - 100)) }));
  assert.equal(impliedForward({ spot: 100, strikes }).forward, 101);
  strikes[2].call.volume = 0;
  assert.deepEqual(impliedForward({ spot: 100, strikes }).strikes, [90, 95, 105, 110]);
  assert.equal(impliedForward({ spot: 100, strikes: strikes.slice(0, 2) }), null);
  assert.equal(impliedForward({ spot: null, strikes }), null);
});

test("a chain without a forward has no greeks and says nothing of volatility", () => {
  const chain = chainOf({ asOf: "2026-11-27T06:00:00Z", spot: 100, unit: "shares", strikes: [{ strike: 100, call: option(2, 0), put: option(2, 0) }], analysis: {} }, 1_800_000_000);
  assert.equal(chain.strikes[0].call.greeks, null);
  assert.equal(chain.analysis.atTheMoneyVolatility, null);
});
