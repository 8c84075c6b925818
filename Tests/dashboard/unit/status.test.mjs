// The page's status of the sources, in any order of messages.
import assert from "node:assert/strict";
import { test } from "node:test";
import { FRESH, SourceStates, judge, statusesIn } from "../../../Sources/MarketServer/Dashboard/scripts/math/sources.js";
import { tradedPrice } from "../../../Sources/MarketServer/Dashboard/scripts/data/options.js";
import { BarList } from "../../../Sources/MarketServer/Dashboard/scripts/data/bars.js";

const open = { state: "open" };
const lost = { source: "tradingview", state: "reconnecting", reason: "reset" };

const status = (state, second, reason = null) => ({ source: "tradingview", state, reason, since: `2026-11-27T10:00:${second}Z` });

test("of two statuses that overtook each other the later one counts, whichever way the first came", () => {
  const states = new SourceStates();
  states.take(status("connected", "01"));
  states.take(status("reconnecting", "02.500", "reset"));
  states.take(status("connected", "01"));
  assert.equal(states.trouble(["tradingview"]).reason, "reset", "a response that was on its way when the source went");
  states.take(status("reconnecting", "02.500", "refused"));
  assert.equal(states.trouble(["tradingview"]).reason, "refused", "another reason for the same outage");
  states.take(status("connected", "03.001"));
  states.take(status("reconnecting", "02.500", "refused"));
  assert.equal(states.trouble(["tradingview"]), null, "a response that was on its way when the source came back");
  states.clear();
  states.take(status("reconnecting", "00"));
  assert.equal(states.trouble(["tradingview"]).state, "reconnecting", "a new connection begins with nothing");
});

test("a status without its time is taken as it comes", () => {
  const states = new SourceStates();
  states.take(status("connected", "01"));
  states.take(lost);
  assert.equal(states.trouble(["tradingview"]).reason, "reset");
});

test("the trouble of a source that the page does not use is not its own", () => {
  const states = new SourceStates();
  states.take({ source: "trendlyne", state: "down" });
  assert.equal(states.trouble(["tradingview"]), null);
  assert.equal(states.trouble([]), null);
  assert.equal(states.anyTrouble.source, "trendlyne");
});

test("statuses in a snapshot are read in any of their forms", () => {
  assert.deepEqual(statusesIn({ sources: [lost] }), [lost]);
  assert.deepEqual(statusesIn({ statuses: [lost, {}] }), [lost]);
  assert.deepEqual(statusesIn({ status: "fine" }), []);
  assert.deepEqual(statusesIn({}), []);
});

test("an open stream is not called connected before the symbol's live data came, nor while its source is down", () => {
  const of = (values) => judge({ stream: open, trouble: null, isCurrent: true, session: null, age: 1, ...values }).state;
  assert.equal(of({ isCurrent: false }), "connecting", "what is on the screen is of an earlier connection");
  assert.equal(of({ isCurrent: false, session: "out_of_session" }), "connecting");
  assert.equal(of({ isCurrent: false, age: null, failed: "not to be reached" }), "stale");
  assert.equal(of({ trouble: lost }), "reconnecting");
  assert.equal(of({ age: null }), "waiting");
  assert.equal(of({ session: "market" }), "connected");
  assert.equal(of({ session: "market", age: 90 }), "stale");
  assert.equal(of({ session: "out_of_session", age: 9000 }), "closed");
  assert.equal(of({ condition: { state: "stale", reason: "silent" } }), "stale");
  assert.equal(of({ stream: { state: "connecting" }, age: null }), "connecting");
  assert.equal(of({ stream: { state: "waiting", reason: "x" }, age: 0 }), "reconnecting");
  assert.equal(of({ moment: 5 }), "past");
  const trying = judge({ stream: open, trouble: null, isCurrent: true, condition: { state: "backingOff", reason: "reset" }, age: 1 });
  assert.deepEqual(trying, { state: "reconnecting", text: "trying again: reset" });
  assert.deepEqual([...FRESH], ["connected", "closed", "past"]);
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

test("the price of an option that did not trade today is not today's", () => {
  assert.equal(tradedPrice({ last: 2, volume: 10 }), 2);
  assert.equal(tradedPrice({ last: 2, volume: null }), 2);
  assert.equal(tradedPrice({ last: 2, volume: 0 }), null);
  assert.equal(tradedPrice({ last: 0, volume: 10 }), null);
  assert.equal(tradedPrice(null), null);
});
