// The bars of one series in time order. Says what each change means, so that the chart redraws no more than it must.

export class BarList {
  #bars = [];

  get all() { return this.#bars; }
  get count() { return this.#bars.length; }
  get first() { return this.#bars[0] ?? null; }
  get last() { return this.#bars.at(-1) ?? null; }

  replace(bars) { this.#bars = inOrder(bars); }

  /** `tail`: the last bar changed or a newer one came; `history`: an older one was replaced; `inserted`: one was missing. */
  apply(bar) {
    const last = this.last;
    if (!last || bar.time > last.time) {
      this.#bars.push(bar);
      return "tail";
    }
    const index = this.#firstAtOrAfter(bar.time);
    const known = this.#bars[index].time === bar.time;
    this.#bars.splice(index, known ? 1 : 0, bar);
    if (!known) return "inserted";
    return index === this.#bars.length - 1 ? "tail" : "history";
  }

  /** Takes newer knowledge of a stretch; returns how many bars were added. */
  merge(bars) {
    const before = this.#bars.length;
    const byTime = new Map(this.#bars.map((bar) => [bar.time, bar]));
    for (const bar of bars) byTime.set(bar.time, bar);
    this.#bars = inOrder([...byTime.values()]);
    return this.#bars.length - before;
  }

  /** A fresh snapshot: older bars are kept only where the two touch, so that a gap is not drawn as none. */
  refresh(bars) {
    const fresh = inOrder(bars);
    if (!fresh.length || !this.last || fresh[0].time > this.last.time) this.#bars = fresh;
    else this.#bars = [...this.#bars.slice(0, this.#firstAtOrAfter(fresh[0].time)), ...fresh];
  }

  before(time) {
    const index = this.#firstAtOrAfter(time);
    return index > 0 ? this.#bars[index - 1] : null;
  }

  at(time) {
    const bar = this.#bars[this.#firstAtOrAfter(time)];
    return bar?.time === time ? bar : null;
  }

  #firstAtOrAfter(time) {
    let low = 0;
    let high = this.#bars.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#bars[middle].time < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function inOrder(bars) {
  return [...bars].sort((a, b) => a.time - b.time);
}
