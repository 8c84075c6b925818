import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeLegs, encodeLegs, extremes, positionGreeks, profitAtExpiry, profitNow } from "../../../Sources/MarketServer/Dashboard/scripts/math/payoff.js";
import { greeks } from "../../../Sources/MarketServer/Dashboard/scripts/math/black76.js";

const leg = (side, type, strike, premium, lots = 1, volatility = 15) => ({ side, type, strike, premium, lots, volatility });

test("a long call pays above its break-even without end", () => {
  const legs = [leg("buy", "call", 100, 4)];
  assert.equal(profitAtExpiry(legs, 90, 50), -200);
  assert.equal(profitAtExpiry(legs, 110, 50), 300);
  assert.deepEqual(extremes(legs, 50), { breakEvens: [104], gain: Infinity, loss: -200 });
});

test("a short call loses without end, a short put down to nothing", () => {
  assert.deepEqual(extremes([leg("sell", "call", 100, 4)], 1), { breakEvens: [104], gain: 4, loss: -Infinity });
  assert.deepEqual(extremes([leg("sell", "put", 100, 4)], 1), { breakEvens: [96], gain: 4, loss: -96 });
});

test("an iron condor has two break-evens and both ends closed", () => {
  const legs = [leg("sell", "call", 110, 3), leg("buy", "call", 120, 1), leg("sell", "put", 90, 3), leg("buy", "put", 80, 1)];
  assert.deepEqual(extremes(legs, 10), { breakEvens: [86, 114], gain: 40, loss: -60 });
});

test("a straddle breaks even on both sides", () => {
  assert.deepEqual(extremes([leg("buy", "call", 100, 3), leg("buy", "put", 100, 2)], 1).breakEvens, [95, 105]);
});

test("with no time left the present profit is that at expiry", () => {
  const legs = [leg("buy", "call", 100, 4), leg("sell", "put", 95, 2, 3)];
  for (const forward of [80, 97, 103, 130]) {
    assert.equal(profitNow(legs, forward, { years: 0, lotSize: 25 }), profitAtExpiry(legs, forward, 25));
  }
});

test("the greeks of a position are the sums of its legs'", () => {
  const legs = [leg("buy", "call", 100, 4, 2, 20), leg("sell", "put", 95, 2, 1, 25)];
  const found = positionGreeks(legs, 101, { years: 0.1, lotSize: 10 });
  const call = greeks({ type: "call", forward: 101, strike: 100, years: 0.1, volatility: 20 });
  const put = greeks({ type: "put", forward: 101, strike: 95, years: 0.1, volatility: 25 });
  for (const name of ["delta", "gamma", "theta", "vega"]) {
    assert.ok(Math.abs(found[name] - (20 * call[name] - 10 * put[name])) < 1e-12);
  }
});

test("a leg without volatility has no present value", () => {
  const legs = [leg("buy", "call", 100, 4, 1, null)];
  assert.equal(profitNow(legs, 100, { years: 0.1, lotSize: 1 }), null);
  assert.equal(positionGreeks(legs, 100, { years: 0.1, lotSize: 1 }), null);
});

test("legs come back from the address as they went, and nonsense is dropped", () => {
  const legs = [leg("buy", "call", 24350, 104.95, 2, 14.15), leg("sell", "put", 112.5, 0.05, 10, null)];
  assert.deepEqual(decodeLegs(encodeLegs(legs)), legs);
  assert.deepEqual(decodeLegs("b0c100@1 x1c100@1 b1c@2 <script> b1p90@1"), [leg("buy", "put", 90, 1, 1, null)]);
  assert.equal(decodeLegs(new Array(20).fill("b1c100@1").join(" ")).length, 8);
});
