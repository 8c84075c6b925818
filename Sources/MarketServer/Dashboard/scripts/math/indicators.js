// What is computed from the bars shown. An indicator is a step: what it knows after one bar more. States never change, so the
// bar that is still forming can be taken again and again without going through those before it. Pure.

/** Exponential moving average of the closes, begun with the mean of the first `length` of them. */
export function emaStep(length) {
  const weight = 2 / (length + 1);
  return ({ count = 0, sum = 0, value = null } = {}, bar) => {
    const next = { count: count + 1, sum: count < length ? sum + bar.close : sum, value, point: null };
    if (next.count === length) next.value = next.sum / length;
    else if (next.count > length) next.value = value + weight * (bar.close - value);
    if (next.value !== null) next.point = { time: bar.time, value: next.value };
    return next;
  };
}

/** Relative strength index with Wilder's smoothing. */
export function rsiStep(length = 14) {
  return ({ count = 0, gain = 0, loss = 0, close = null } = {}, bar) => {
    if (close === null) return { count: 1, gain, loss, close: bar.close, point: null };
    const change = bar.close - close;
    const mix = (before, now) => (count <= length ? before + now / length : (before * (length - 1) + now) / length);
    const next = { count: count + 1, gain: mix(gain, Math.max(change, 0)), loss: mix(loss, Math.max(-change, 0)), close: bar.close, point: null };
    if (count >= length) {
      const sum = next.gain + next.loss;
      next.point = { time: bar.time, value: sum === 0 ? 50 : (100 * next.gain) / sum };
    }
    return next;
  };
}

/** Average true range with Wilder's smoothing; its point's value is null before there are enough bars. */
export function rangeStep(length) {
  return ({ count = 0, sum = 0, value = null, close = null } = {}, { time, high, low, close: now }) => {
    const range = close === null ? high - low : Math.max(high - low, Math.abs(high - close), Math.abs(low - close));
    const next = { count: count + 1, sum: count < length ? sum + range : sum, value, close: now };
    if (next.count === length) next.value = next.sum / length;
    else if (next.count > length) next.value = (value * (length - 1) + range) / length;
    next.point = { time, value: next.value };
    return next;
  };
}

/** Supertrend: `value` is the band that follows the price, `isUp` whether it lies below it. */
export function supertrendStep(length = 10, factor = 3) {
  const rangeOf = rangeStep(length);
  return ({ range: before, upper = null, lower = null, isUp = true } = {}, bar) => {
    const range = rangeOf(before, bar);
    if (range.value === null) return { range, point: null };
    const middle = (bar.high + bar.low) / 2;
    const close = before?.close ?? bar.close;
    const [rawUpper, rawLower] = [middle + factor * range.value, middle - factor * range.value];
    const isFirst = upper === null;
    const next = {
      range, isUp,
      upper: isFirst || rawUpper < upper || close > upper ? rawUpper : upper,
      lower: isFirst || rawLower > lower || close < lower ? rawLower : lower,
    };
    if (isFirst) next.isUp = bar.close >= middle;
    else if (isUp && bar.close < next.lower) next.isUp = false;
    else if (!isUp && bar.close > next.upper) next.isUp = true;
    next.point = { time: bar.time, value: next.isUp ? next.lower : next.upper, isUp: next.isUp };
    return next;
  };
}

/** Volume-weighted average of the typical price, restarted each day; `dayOf` names a bar's day. A bar without volume has none. */
export function vwapStep(dayOf) {
  return (before, bar) => {
    const day = dayOf(bar.time);
    const { money, volume } = before?.day === day ? before : { money: 0, volume: 0 };
    if (!(bar.volume > 0)) return { day, money, volume, point: null };
    const next = { day, money: money + ((bar.high + bar.low + bar.close) / 3) * bar.volume, volume: volume + bar.volume };
    next.point = { time: bar.time, value: next.money / next.volume };
    return next;
  };
}

const TAIL = 3;

/** A line of an indicator over bars that come singly. */
export class Running {
  #step;
  #state;
  #taken = 0;

  constructor(step) { this.#step = step; }

  /** All points of the bars from a place on. */
  whole(bars, from = 0) {
    this.#state = undefined;
    this.#taken = from;
    return this.tail(bars);
  }

  /** The newest points: those of the last bars known before, which may have changed, and of all that came since. */
  tail(bars) {
    const points = [];
    const settled = Math.max(this.#taken, bars.length - TAIL);
    let state = this.#state;
    for (let index = this.#taken; index < bars.length; index++) {
      if (index === settled) this.#state = state;
      state = this.#step(state, bars[index]);
      if (state.point) points.push(state.point);
    }
    this.#taken = Math.min(settled, bars.length);
    return points;
  }
}

const over = (step, bars) => new Running(step).whole(bars);

/** Each takes bars in time order and returns points {time, value}. */
export const ema = (bars, length) => over(emaStep(length), bars);
export const rsi = (bars, length = 14) => over(rsiStep(length), bars);
export const supertrend = (bars, length = 10, factor = 3) => over(supertrendStep(length, factor), bars);
export const vwap = (bars, dayOf) => over(vwapStep(dayOf), bars);
/** By index; null before there are enough bars. */
export const averageTrueRange = (bars, length) => over(rangeStep(length), bars).map(({ value }) => value);

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

// Estimates of who traded, labelled as such wherever they are shown. Pure.

/** Cumulative volume delta by the tick rule: an uptick's volume was bought, a downtick's sold, an equal price goes with the last. */
export class TickRule {
  #last = null;
  #side = 0;
  #volume = null;
  delta = 0;

  /** Takes a quote's last price and its volume of the day; returns the delta, or null while nothing can be said. */
  take({ last, volume }) {
    if (typeof last !== "number" || typeof volume !== "number") return null;
    const traded = this.#volume === null || volume < this.#volume ? 0 : volume - this.#volume;
    if (this.#last !== null && last !== this.#last) this.#side = last > this.#last ? 1 : -1;
    this.#last = last;
    this.#volume = volume;
    this.delta += this.#side * traded;
    return this.#side === 0 ? null : this.delta;
  }
}

/**
 * Volume by price from bars: each bar's volume is spread evenly over the levels from its low to its high.
 * Returns levels {low, high, volume} upwards, the one with the most, and the value area of 70 % around it.
 */
export function volumeProfile(bars, count = 24) {
  const known = bars.filter((bar) => bar.volume > 0);
  if (!known.length) return null;
  const low = Math.min(...known.map((bar) => bar.low));
  const high = Math.max(...known.map((bar) => bar.high));
  const size = (high - low) / count || 1;
  const levels = Array.from({ length: count }, (_, index) => (
    { low: low + index * size, high: low + (index + 1) * size, volume: 0 }
  ));
  const place = (value) => Math.min(count - 1, Math.max(0, Math.floor((value - low) / size)));
  for (const bar of known) {
    const [from, to] = [place(bar.low), place(bar.high)];
    for (let index = from; index <= to; index++) {
      const overlap = Math.min(bar.high, levels[index].high) - Math.max(bar.low, levels[index].low);
      const share = bar.high > bar.low ? Math.max(0, overlap) / (bar.high - bar.low) : 1 / (to - from + 1);
      levels[index].volume += bar.volume * share;
    }
  }
  const most = levels.reduce((best, level, index) => (level.volume > levels[best].volume ? index : best), 0);
  const total = levels.reduce((sum, level) => sum + level.volume, 0);
  let [from, to, inside] = [most, most, levels[most].volume];
  while (inside < 0.7 * total && (from > 0 || to < count - 1)) {
    const [below, above] = [levels[from - 1]?.volume ?? -1, levels[to + 1]?.volume ?? -1];
    if (above >= below) inside += levels[++to].volume;
    else inside += levels[--from].volume;
  }
  return { levels, most, valueArea: { low: levels[from].low, high: levels[to].high }, total };
}
