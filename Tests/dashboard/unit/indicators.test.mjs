// Indicators against published tables and another implementation.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Running, averageTrueRange, ema, emaStep, heikinAshi, openingRange, previousDay, rsi, rsiStep, supertrend, supertrendStep, vwap, vwapStep } from "../../../Sources/MarketServer/Dashboard/scripts/math/indicators.js";
import { TickRule, volumeProfile } from "../../../Sources/MarketServer/Dashboard/scripts/math/indicators.js";

const near = (found, wanted, within) => assert.ok(Math.abs(found - wanted) <= within, `${found} is not ${wanted}`);
const closes = (values) => values.map((close, index) => ({ time: index * 60, open: close, high: close, low: close, close, volume: 1 }));
const DAY = 86_400;
const dayOf = (time) => Math.floor(time / DAY);

test("the moving average agrees with the published table", () => {
  const bars = closes([22.27, 22.19, 22.08, 22.17, 22.18, 22.13, 22.23, 22.43, 22.24, 22.29, 22.15, 22.39, 22.38, 22.61, 23.36]);
  const points = ema(bars, 10);
  assert.deepEqual(points.map(({ time }) => time / 60), [9, 10, 11, 12, 13, 14]);
  [22.22, 22.21, 22.24, 22.27, 22.33, 22.52].forEach((wanted, index) => near(points[index].value, wanted, 0.006));
});

test("the relative strength index agrees with the published table", () => {
  const bars = closes([44.34, 44.09, 44.15, 43.61, 44.33, 44.83, 45.10, 45.42, 45.84, 46.08, 45.89, 46.03, 45.61, 46.28, 46.28, 46.00, 46.03, 46.41, 46.22, 45.64]);
  const points = rsi(bars, 14);
  assert.equal(points[0].time, 14 * 60);
  [70.46, 66.25, 66.48, 69.35, 66.29, 57.92].forEach((wanted, index) => near(points[index].value, wanted, 0.1));
});

test("the relative strength index of a price that stands still is 50, and of one that only rises 100", () => {
  assert.equal(rsi(closes(new Array(20).fill(5)), 14).at(-1).value, 50);
  assert.equal(rsi(closes(Array.from({ length: 20 }, (_, index) => index)), 14).at(-1).value, 100);
});

const waves = Array.from({ length: 40 }, (_, index) => {
  const round = (value) => Math.round(value * 100) / 100;
  const open = round(100 + 8 * Math.sin(index / 5) + index * 0.1);
  const close = round(100 + 8 * Math.sin((index + 1) / 5) + (index + 1) * 0.1);
  return {
    time: index * 60, open, close, volume: 10 + index,
    high: round(Math.max(open, close) + 0.7 + 0.3 * (index % 3)), low: round(Math.min(open, close) - 0.5 - 0.2 * (index % 4)),
  };
});

test("supertrend agrees with another implementation and turns with the trend", () => {
  const points = new Map(supertrend(waves, 7, 3).map((point) => [point.time / 60, point]));
  assert.equal(points.size, 34);
  const known = [
    [6, 99.4, true], [12, 100.994184, true], [20, 104.764639, false], [25, 102.287456, false], [31, 94.177545, true], [39, 103.532881, true],
  ];
  for (const [index, value, isUp] of known) {
    near(points.get(index).value, value, 1e-5);
    assert.equal(points.get(index).isUp, isUp);
  }
});

test("the average true range begins with the mean of the first ranges", () => {
  const values = averageTrueRange(waves, 7);
  assert.equal(values[5], null);
  assert.ok(values[6] > 0);
});

test("the volume-weighted average restarts each day and ignores bars without volume", () => {
  const bar = (time, price, volume) => ({ time, open: price, high: price, low: price, close: price, volume });
  const points = vwap([bar(0, 10, 1), bar(60, 20, 3), bar(120, 99, null), bar(DAY, 50, 5)], dayOf);
  assert.deepEqual(points, [{ time: 0, value: 10 }, { time: 60, value: 17.5 }, { time: DAY, value: 50 }]);
});

test("Heikin-Ashi candles follow from the one before", () => {
  const [first, second] = heikinAshi([{ time: 0, open: 10, high: 14, low: 8, close: 12 }, { time: 60, open: 12, high: 13, low: 9, close: 10 }]);
  assert.deepEqual([first.open, first.high, first.low, first.close], [11, 14, 8, 11]);
  assert.deepEqual([second.open, second.high, second.low, second.close], [11, 13, 9, 11]);
});

test("the previous day's levels are known only where the bars reach back beyond it", () => {
  const bar = (time, high, low, close) => ({ time, open: low, high, low, close, volume: 1 });
  const today = [bar(2 * DAY, 7, 6, 6.5)];
  const before = [bar(DAY, 9, 5, 6), bar(DAY + 60, 8, 4, 7)];
  assert.equal(previousDay([...before, ...today], dayOf), null);
  assert.deepEqual(previousDay([bar(0, 1, 1, 1), ...before, ...today], dayOf), { high: 9, low: 4, close: 7, day: 1 });
});

test("the opening range waits until it is over", () => {
  const bar = (time, high, low) => ({ time, open: low, high, low, close: low, volume: 1 });
  const old = bar(0, 1, 1);
  const day = [bar(DAY, 9, 5), bar(DAY + 300, 8, 4), bar(DAY + 600, 7, 6)];
  assert.equal(openingRange([old, ...day.slice(0, 2)], dayOf, 300), null);
  assert.deepEqual(openingRange([old, ...day, bar(DAY + 900, 99, 1)], dayOf, 300), { high: 9, low: 4, end: DAY + 900 });
});

test("the tick rule gives volume to the side of the last change", () => {
  const rule = new TickRule();
  assert.equal(rule.take({ last: 10, volume: 100 }), null);
  assert.equal(rule.take({ last: 11, volume: 130 }), 30);
  assert.equal(rule.take({ last: 11, volume: 150 }), 50);
  assert.equal(rule.take({ last: 9, volume: 160 }), 40);
  assert.equal(rule.take({ last: 9, volume: null }), null);
  // A new day's volume starts at zero: earlier trades are not counted.
  assert.equal(rule.take({ last: 12, volume: 5 }), 40);
});

test("the volume profile keeps the whole volume and its area holds 70 percent", () => {
  const bars = waves.map((bar) => ({ ...bar }));
  const found = volumeProfile(bars, 20);
  const whole = bars.reduce((sum, bar) => sum + bar.volume, 0);
  near(found.total, whole, 1e-6);
  const inside = found.levels.filter(({ low, high }) => low >= found.valueArea.low - 1e-9 && high <= found.valueArea.high + 1e-9)
    .reduce((sum, level) => sum + level.volume, 0);
  assert.ok(inside >= 0.7 * whole && inside < whole);
  assert.equal(volumeProfile([{ low: 1, high: 2, volume: null }]), null);
});

test("bars that come singly, the newest changing on the way, give the same points as all of them at once", () => {
  const steps = { ema: emaStep(5), rsi: rsiStep(5), supertrend: supertrendStep(5, 2), vwap: vwapStep((time) => Math.floor(time / 600)) };
  for (const [name, step] of Object.entries(steps)) {
    const line = new Running(step);
    const points = new Map(line.whole(waves.slice(0, 10)).map((point) => [point.time, point]));
    const seen = waves.slice(0, 10);
    for (let index = 10; index < waves.length; index++) {
      const bar = waves[index];
      // First forming and wrong, then as it is; every third time two bars come at once.
      if (index % 3) {
        seen.push({ ...bar, close: bar.low, high: bar.high + 5, volume: 1 });
        for (const point of line.tail(seen)) points.set(point.time, point);
        seen.pop();
      }
      seen.push(bar);
      if (index % 3) for (const point of line.tail(seen)) points.set(point.time, point);
    }
    for (const point of line.tail(seen)) points.set(point.time, point);
    assert.deepEqual([...points.values()], new Running(step).whole(waves), name);
  }
});

test("a tail is short however many bars there are, and a whole may begin at any place", () => {
  const line = new Running(emaStep(3));
  assert.equal(line.whole(waves, 10).length, waves.length - 12);
  assert.equal(line.tail(waves).length, 3);
});
