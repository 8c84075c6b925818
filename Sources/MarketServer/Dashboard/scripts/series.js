// One symbol and interval as it is watched: bars from the stream, older ones over HTTP, and what is to be said of them.

import { BarList } from "./bar-list.js";
import { get } from "./api.js";

const FIRST_COUNT = 500;
const LARGEST_COUNT = 20_000;
const PATIENCE = 1_500;
const PAUSE_AFTER_FAILURE = 5_000;

export class Series {
  #stream;
  #view;
  #subscription = null;
  #abort = null;
  #request = null;
  #isExtending = false;
  #reachedStart = null;
  #patience = 0;
  bars = new BarList();

  /** `view` takes: opened, changed, redrawn, prepended, told, failed. */
  constructor(stream, view) {
    this.#stream = stream;
    this.#view = view;
  }

  open(symbol, interval) {
    this.#subscription?.close();
    this.#abort?.abort();
    clearTimeout(this.#patience);
    this.#abort = new AbortController();
    this.#request = { symbol, interval };
    this.#isExtending = false;
    this.#reachedStart = null;
    this.bars.replace([]);
    this.#subscription = this.#stream.subscribe(
      { channel: "bars", symbol, interval, count: FIRST_COUNT },
      { onMessage: (message) => this.#received(message), onError: (error, retryAt) => this.#view.failed(error, retryAt) },
    );
    this.#patience = setTimeout(() => this.#askOverHTTP(), PATIENCE);
  }

  retry() {
    this.#subscription?.retry();
    if (!this.#stream.isOpen) this.#askOverHTTP();
  }

  /** Asks for more bars than there are; they come newest first, so the older ones are those added. */
  async extend() {
    const known = this.bars.count;
    if (this.#isExtending || this.#reachedStart || known === 0) return;
    if (known >= LARGEST_COUNT) return this.#endHere(`the page keeps at most ${LARGEST_COUNT.toLocaleString("en")} bars`);
    this.#isExtending = true;
    const { signal } = this.#abort;
    try {
      const answer = await get("v1/bars", { ...this.#request, count: Math.min(known * 2, LARGEST_COUNT) }, signal);
      if (signal.aborted) return;
      const first = this.bars.first.time;
      const added = this.bars.merge(answer.bars.filter((bar) => bar.time < first));
      if (added > 0) this.#view.prepended(added);
      if (added === 0 || answer.complete === false) this.#endHere(reasonWords(answer.reason));
    } catch (error) {
      if (error.name === "AbortError") return;
      this.#view.told(`Older bars could not be had: ${error.message}`);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_AFTER_FAILURE));
    } finally {
      if (!signal.aborted) this.#isExtending = false;
    }
  }

  #received(message) {
    switch (message.type) {
      case "snapshot": return this.#opened(message);
      case "bar": return this.#bar(message.bar);
      case "gap": return this.#view.told(`Bars since ${this.#view.moment(message.from)} are missing; they are being fetched.`);
      case "repaired": return this.#repaired(message);
      case "lagged": return this.#view.told("This page was too slow to take every message; no bar was lost.");
      default: return undefined;
    }
  }

  // The stream is slow to open or down: the chart need not wait for it.
  async #askOverHTTP() {
    if (this.bars.count > 0 || this.#stream.isOpen) return;
    const { signal } = this.#abort;
    try {
      const answer = await get("v1/bars", { ...this.#request, count: FIRST_COUNT }, signal);
      if (!signal.aborted && this.bars.count === 0) this.#opened(answer);
    } catch (error) {
      if (error.name !== "AbortError" && this.bars.count === 0) this.#view.failed(error, null);
    }
  }

  #opened(answer) {
    const isFirst = this.bars.count === 0;
    this.bars.refresh(answer.bars ?? []);
    if (answer.complete === false && answer.reason) this.#reachedStart = answer.reason;
    this.#view.opened(answer, isFirst);
  }

  #bar(bar) {
    const change = this.bars.apply(bar);
    if (change === "inserted") this.#view.redrawn();
    else this.#view.changed(bar, change === "history");
  }

  #repaired(message) {
    this.bars.merge(message.bars ?? []);
    this.#view.redrawn();
    this.#view.told(`The missing bars were fetched (${(message.bars ?? []).length}).`);
  }

  #endHere(words) {
    this.#reachedStart = words;
    this.#view.told(`No older bars: ${words}.`);
  }
}

export function reasonWords(reason) {
  const known = {
    start_of_history: "this is the start of the history",
    plan_limit: "the source's plan gives no more",
    recording_ends: "the recording ends here",
  };
  return known[reason] ?? (reason ? String(reason).replaceAll("_", " ") : "the server has no more");
}
