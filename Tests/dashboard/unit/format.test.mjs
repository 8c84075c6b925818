import assert from "node:assert/strict";
import { test } from "node:test";
import { age, columnFormat, dateText, decimalsOf, percent, priceFormat, signed, strikeText } from "../../../Sources/MarketServer/Dashboard/scripts/math/format.js";
import { decodeLayout, encodeLayout, moved, resized } from "../../../Sources/MarketServer/Dashboard/scripts/views/index.js";
import { delayBefore } from "../../../Sources/MarketServer/Dashboard/scripts/data/stream.js";
import { clockOf, localeOf, zoneOf } from "../../../Sources/MarketServer/Dashboard/scripts/math/time.js";
import { friendly } from "../../../Sources/MarketServer/Dashboard/scripts/math/sources.js";
import { badgeOf, sentence } from "../../../Sources/MarketServer/Dashboard/scripts/math/sources.js";
import { ticks } from "../../../Sources/MarketServer/Dashboard/scripts/ui/plot.js";

test("prices are grouped as the country groups them", () => {
  assert.equal(priceFormat(2, "en-IN")(1234567.5), "12,34,567.50");
  assert.equal(priceFormat(2, "en-US")(1234567.5), "1,234,567.50");
  assert.equal(priceFormat(2, "en-IN")(-3.05), "\u22123.05");
  assert.equal(priceFormat(2, "en-IN")(null), "\u2013");
  assert.equal(priceFormat(2, "en-IN")(NaN), "\u2013");
});

test("numbers are grouped and rounded as the browser's own format does it", () => {
  for (const locale of ["en-IN", "en-US"]) {
    for (const value of [0, 7, 99.995, 100, 999, 1000, 12_345.678, 99_999.5, 100_000, 1_234_567.25, 12_345_678.9, 1e9, 123_456_789_012, -0.25, -54_321.1]) {
      for (const decimals of [0, 2, 4]) {
        const format = new Intl.NumberFormat(locale, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
        assert.equal(priceFormat(decimals, locale)(value), format.format(value).replace("-", "\u2212"));
      }
      assert.equal(strikeText(value, locale), new Intl.NumberFormat(locale, { maximumFractionDigits: 2 }).format(value).replace("-", "\u2212"));
    }
  }
});

test("a zone without summer time has the offset that the browser knows", () => {
  for (const zone of ["Asia/Kolkata", "Asia/Tokyo"]) {
    for (const time of [0, 500_000_000, 1_000_000_000, 1_796_000_000]) {
      const wall = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "medium" }).format(time * 1000);
      assert.equal(clockOf(zone).wall(time).toISOString().slice(0, 19).replace("T", " "), wall);
    }
  }
});

test("a column has one unit: lakh and crore in India, thousand and million elsewhere", () => {
  const indian = columnFormat([3_955_185, 120_000, null], "en-IN");
  assert.equal(indian.unit, "lakh");
  assert.deepEqual([3_955_185, 120_000, 0, null].map(indian.write), ["39.55", "1.20", "0.00", "\u2013"]);
  assert.equal(columnFormat([87_569_365], "en-IN").write(87_569_365), "8.76");
  assert.equal(columnFormat([87_569_365], "en-US").unit, "million");
  assert.equal(columnFormat([12], "en-IN").write(12), "12");
  assert.equal(columnFormat([-250_000, 10], "en-IN", { isSigned: true }).write(250_000), "+2.50");
  assert.equal(columnFormat([-250_000, 10], "en-IN", { isSigned: true }).write(-250_000), "\u22122.50");
});

test("percents and signs", () => {
  assert.equal(percent(0.084), "+0.08%");
  assert.equal(percent(-1.5), "\u22121.50%");
  assert.equal(percent(undefined), "\u2013");
  assert.equal(signed(0, String), "0");
});

test("decimals are as many as the prices need", () => {
  assert.equal(decimalsOf([100, 100.5]), 2);
  assert.equal(decimalsOf([0.000012]), 6);
  assert.equal(decimalsOf([83.4725, null]), 4);
});

test("an exchange has its country's zone and grouping", () => {
  assert.deepEqual(["NSE:NIFTY", "BSE:SENSEX", "NASDAQ:AAPL", "NIFTY"].map(localeOf), ["en-IN", "en-IN", "en-US", "en-IN"]);
  assert.deepEqual(["MCX:GOLD1!", "ASX:BHP", "NOWHERE:X"].map(zoneOf), ["Asia/Kolkata", "Australia/Sydney", "UTC"]);
});

test("ages in words", () => {
  assert.deepEqual([0, 59, 61, 3700, 90_000].map(age), ["just now", "59 s ago", "1 min 1 s ago", "1 h 1 min ago", "1 d ago"]);
  assert.deepEqual([86_399, 86_400].map(age), ["23 h 59 min ago", "1 d ago"]);
});

test("dates are written with their weekday", () => {
  assert.equal(dateText("2026-12-01"), "Tue 1 Dec '26");
  assert.equal(dateText("no date"), "no date");
});

test("waiting doubles up to a limit and never ends at once", () => {
  assert.deepEqual([1, 2, 3].map((attempt) => delayBefore(attempt, 1)), [400, 800, 1600]);
  assert.equal(delayBefore(30, 1), 15_000);
  assert.ok(delayBefore(1, 0) >= 200);
});

test("a layout comes back from the address as it went, and nonsense is dropped", () => {
  const panels = [{ view: "chart", width: 8, height: 7, options: { symbol: "NSE:BANKNIFTY", interval: "1d" } }, { view: "ladder", width: 4, height: 7, options: {} }];
  assert.deepEqual(decodeLayout(encodeLayout(panels)), panels);
  assert.deepEqual(decodeLayout("chart;ladder-99x0;<b>-4x4"), [{ view: "ladder", width: 12, height: 2, options: {} }]);
  assert.equal(decodeLayout(new Array(99).fill("log-4x4").join(";")).length, 24);
  assert.deepEqual(moved(["a", "b", "c"], 0, 2), ["b", "c", "a"]);
  assert.deepEqual(resized({ width: 12, height: 2 }, 1, -1), { width: 12, height: 2 });
});

test("failures are shown without HTTP syntax", () => {
  assert.equal(friendly({ message: "GET /v1/bars?x=1 failed with HTTP 503" }), "the request failed with an error");
  assert.equal(friendly({ message: "listed are 2026-12-01, 2026-12-08, 2026-12-15, 2026-12-22, 2026-12-29, 2027-01-25" }), "listed are 2026-12-01, 2026-12-08, 2026-12-15 and 3 more");
});

test("a source at another address is named", () => {
  assert.equal(badgeOf({ mode: "streaming", source: "tradingview", via: "127.0.0.1:9001" }), "NOT TRADINGVIEW");
  assert.match(sentence({ mode: "streaming", source: "tradingview", via: "127.0.0.1:9001" }, "NSE:NIFTY"), /^From 127\.0\.0\.1:9001, not TradingView/);
  assert.equal(badgeOf({ mode: "streaming", source: "tradingview", delaySeconds: 0 }), null);
  assert.equal(badgeOf({ mode: "delayed", delaySeconds: 900 }), "DELAYED 15 min");
  assert.equal(badgeOf({ mode: "simulated", via: "127.0.0.1:1", source: "mock" }), "SIMULATED");
});

test("ticks are round and inside", () => {
  assert.deepEqual(ticks([0, 10], 5), [0, 2, 4, 6, 8, 10]);
  assert.deepEqual(ticks([-1, 1], 2), [-1, 0, 1]);
  assert.deepEqual(ticks([3, 3], 4), [3]);
});
