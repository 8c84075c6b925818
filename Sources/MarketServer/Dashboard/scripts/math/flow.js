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
