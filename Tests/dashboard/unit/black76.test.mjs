// Black-76 against values of another implementation (error function of the C library, derivatives by differences).
import assert from "node:assert/strict";
import { test } from "node:test";
import { cumulativeNormal, greeks, impliedVolatility, price } from "../../../Sources/MarketServer/Dashboard/scripts/math/black76.js";

const near = (found, wanted, within = 1e-9) => assert.ok(Math.abs(found - wanted) <= within, `${found} is not ${wanted}`);

test("the normal distribution agrees with the error function", () => {
  const known = [[-8, 6.22096e-16], [-3, 0.0013498980316301035], [-1, 0.15865525393145707], [0, 0.5], [0.5, 0.6914624612740131], [2, 0.9772498680518208]];
  for (const [x, wanted] of known) near(cumulativeNormal(x), wanted, 1e-13);
});

test("prices agree with reference values", () => {
  const known = [
    ["call", 24374.05, 24350, 0.0045, 14.15, 0, 104.77732256614945], ["put", 24374.05, 24000, 0.02, 18, 0, 102.57859443141842],
    ["call", 100, 120, 0.5, 25, 0.05, 1.4780911318538417], ["put", 100, 120, 0.5, 25, 0.05, 20.984289372420502],
  ];
  for (const [type, forward, strike, years, volatility, rate, wanted] of known) {
    near(price({ type, forward, strike, years, volatility, rate }), wanted, 1e-9);
  }
});

test("greeks agree with differences of prices", () => {
  const found = greeks({ type: "call", forward: 100, strike: 120, years: 0.5, volatility: 25, rate: 0.05 });
  near(found.delta, 0.16857846186457692, 1e-8);
  near(found.gamma, 0.014110379016329944, 1e-6);
  near(found.vega, 0.1763797, 1e-6);
  near(found.theta, -0.011878325857164104, 1e-8);
});

test("an expired option is worth what it pays", () => {
  assert.equal(price({ type: "call", forward: 105, strike: 100, years: 0, volatility: 20 }), 5);
  assert.equal(price({ type: "put", forward: 105, strike: 100, years: 0, volatility: 20 }), 0);
  assert.equal(greeks({ type: "put", forward: 95, strike: 100, years: 0, volatility: 20 }).delta, -1);
});

test("a price gives back the volatility it was made with", () => {
  for (const type of ["call", "put"]) {
    for (const strike of [23000, 24350, 25500]) {
      for (const volatility of [8, 14.15, 60]) {
        const option = { type, forward: 24374.05, strike, years: 0.02, rate: 0.03 };
        const paid = price({ ...option, volatility });
        const intrinsic = Math.max(0, (type === "call" ? 1 : -1) * (24374.05 - strike)) * Math.exp(-0.03 * 0.02);
        // Of a price that is intrinsic value but for rounding no volatility can be read.
        if (paid - intrinsic > 0.01) near(impliedVolatility({ ...option, price: paid }), volatility, 1e-6);
      }
    }
  }
});

test("a price outside what the model can make has no volatility", () => {
  const option = { type: "call", forward: 100, strike: 90, years: 0.1 };
  assert.equal(impliedVolatility({ ...option, price: 10 }), null);
  assert.equal(impliedVolatility({ ...option, price: 9 }), null);
  assert.equal(impliedVolatility({ ...option, price: 100 }), null);
  assert.equal(impliedVolatility({ ...option, years: 0, price: 12 }), null);
});
