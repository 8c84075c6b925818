// What is computed from the bars shown. Each takes bars in time order and returns points {time, value}. Pure.

/** Exponential moving average of the closes, begun with the mean of the first `length` of them. */
export function ema(bars, length) {
  const points = [];
  const weight = 2 / (length + 1);
  let sum = 0;
  let value = null;
  bars.forEach((bar, index) => {
    if (index < length) sum += bar.close;
    if (index === length - 1) value = sum / length;
    else if (index >= length) value += weight * (bar.close - value);
    if (value !== null) points.push({ time: bar.time, value });
  });
  return points;
}

/** Relative strength index with Wilder's smoothing. */
export function rsi(bars, length = 14) {
  const points = [];
  let gain = 0;
  let loss = 0;
  for (let index = 1; index < bars.length; index++) {
    const change = bars[index].close - bars[index - 1].close;
    const up = Math.max(change, 0);
    const down = Math.max(-change, 0);
    if (index <= length) {
      gain += up / length;
      loss += down / length;
    } else {
      gain = (gain * (length - 1) + up) / length;
      loss = (loss * (length - 1) + down) / length;
    }
    if (index >= length) {
      const value = gain + loss === 0 ? 50 : (100 * gain) / (gain + loss);
      points.push({ time: bars[index].time, value });
    }
  }
  return points;
}

/** Average true range with Wilder's smoothing, by index; null before there are enough bars. */
export function averageTrueRange(bars, length) {
  const values = new Array(bars.length).fill(null);
  let sum = 0;
  bars.forEach(({ high, low }, index) => {
    const before = index > 0 ? bars[index - 1].close : null;
    const range = before === null ? high - low : Math.max(high - low, Math.abs(high - before), Math.abs(low - before));
    if (index < length) sum += range;
    if (index === length - 1) values[index] = sum / length;
    else if (index >= length) values[index] = (values[index - 1] * (length - 1) + range) / length;
  });
  return values;
}

/** Supertrend: `value` is the band that follows the price, `isUp` whether it lies below it. */
export function supertrend(bars, length = 10, factor = 3) {
  const ranges = averageTrueRange(bars, length);
  const points = [];
  let upper = null;
  let lower = null;
  let isUp = true;
  bars.forEach((bar, index) => {
    if (ranges[index] === null) return;
    const middle = (bar.high + bar.low) / 2;
    const before = bars[index - 1]?.close ?? bar.close;
    const rawUpper = middle + factor * ranges[index];
    const rawLower = middle - factor * ranges[index];
    const isFirst = upper === null;
    upper = isFirst || rawUpper < upper || before > upper ? rawUpper : upper;
    lower = isFirst || rawLower > lower || before < lower ? rawLower : lower;
    if (isFirst) isUp = bar.close >= middle;
    else if (isUp && bar.close < lower) isUp = false;
    else if (!isUp && bar.close > upper) isUp = true;
    points.push({ time: bar.time, value: isUp ? lower : upper, isUp });
  });
  return points;
}

/** Volume-weighted average of the typical price, begun anew each day; `dayOf` names a bar's day. */
export function vwap(bars, dayOf) {
  const points = [];
  let day = null;
  let money = 0;
  let volume = 0;
  for (const bar of bars) {
    const now = dayOf(bar.time);
    if (now !== day) [day, money, volume] = [now, 0, 0];
    if (!(bar.volume > 0)) continue;
    money += ((bar.high + bar.low + bar.close) / 3) * bar.volume;
    volume += bar.volume;
    points.push({ time: bar.time, value: money / volume });
  }
  return points;
}

/** Heikin-Ashi candles; the rest of each bar stays. */
export function heikinAshi(bars) {
  let before = null;
  return bars.map((bar) => {
    const close = (bar.open + bar.high + bar.low + bar.close) / 4;
    const open = before ? (before.open + before.close) / 2 : (bar.open + bar.close) / 2;
    before = { ...bar, open, close, high: Math.max(bar.high, open, close), low: Math.min(bar.low, open, close) };
    return before;
  });
}

/** High, low and close of the last day before the newest bar's; null where the bars do not reach back so far. */
export function previousDay(bars, dayOf) {
  if (!bars.length) return null;
  const today = dayOf(bars.at(-1).time);
  let index = bars.length - 1;
  while (index >= 0 && dayOf(bars[index].time) === today) index--;
  if (index < 0) return null;
  const day = dayOf(bars[index].time);
  const close = bars[index].close;
  let [high, low] = [-Infinity, Infinity];
  for (; index >= 0 && dayOf(bars[index].time) === day; index--) {
    high = Math.max(high, bars[index].high);
    low = Math.min(low, bars[index].low);
  }
  // A day that the bars enter in its middle is not known whole.
  return index < 0 ? null : { high, low, close, day };
}

/** High and low of the newest day's first `minutes`; null until they are over. */
export function openingRange(bars, dayOf, barSeconds, minutes = 15) {
  if (!bars.length || barSeconds > minutes * 60) return null;
  const today = dayOf(bars.at(-1).time);
  let first = bars.length - 1;
  while (first > 0 && dayOf(bars[first - 1].time) === today) first--;
  if (first === 0) return null;
  const end = bars[first].time + minutes * 60;
  const inside = bars.slice(first).filter((bar) => bar.time + barSeconds <= end);
  const isOver = bars.at(-1).time + barSeconds >= end;
  if (!inside.length || !isOver) return null;
  return { high: Math.max(...inside.map((bar) => bar.high)), low: Math.min(...inside.map((bar) => bar.low)), end };
}
