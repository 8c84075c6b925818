// The bars of one symbol and interval: the list of them, and how they come.

import { get } from "./api.js";
import { provenanceOf, Resource } from "./resource.js";
import { reasonWords } from "../math/sources.js";
import { secondsOf } from "../math/time.js";

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

// The bars of one symbol and interval: streamed when live, older ones over HTTP; for a past moment those finished by then.

const FIRST_COUNT = 500;
const LARGEST_COUNT = 50_000;
const PATIENCE = 1_500;
const DAY = 86_400;

export class Bars extends Resource {
  #subscription = null;
  #patience = 0;
  #isExtending = false;
  #whole = [];
  #span = null;
  #shownTo = null;
  list = new BarList();
  reachedStart = null;
  note = "";
  gaps = [];
  timeZone = null;
  /** What the server says of this subscription where it is not live: {state, reason, nextTry}. */
  condition = null;

  constructor(market, symbol, interval) {
    super(market);
    this.symbol = symbol;
    this.interval = interval;
  }

  /** When the newest bar was last traded: its opening for one that is over, else when it was last heard of. */
  get marketTime() {
    const { last } = this.list;
    if (this.context.moment !== null || !last) return null;
    return last.final === false && this.heardAt ? this.heardAt / 1000 : last.time + this.seconds;
  }

  get seconds() { return secondsOf(this.interval) ?? 60; }

  start() {
    this.condition = null;
    this.list.replace([]);
    this.reachedStart = null;
    this.note = "";
    this.gaps = [];
    this.#isExtending = false;
    if (this.context.moment !== null) {
      this.#loadPast();
      return;
    }
    this.#subscription = this.market.stream.subscribe(
      { channel: "bars", symbol: this.symbol, interval: this.interval, count: FIRST_COUNT },
      { onMessage: (message) => this.#received(message), onError: (error, retryAt) => this.failed(error, retryAt) },
    );
    const { signal } = this;
    this.#patience = setTimeout(() => this.#fetchOverHTTP(signal), PATIENCE);
  }

  stop() {
    this.#subscription?.close();
    this.#subscription = null;
    clearTimeout(this.#patience);
  }

  retry() {
    this.error = null;
    this.restart();
  }

  momentMoved() {
    const { moment } = this.context;
    if (!this.#span || moment < this.#span.first || moment > this.#span.to) {
      this.restart();
      return;
    }
    this.#show(moment);
  }

  /** Requests more bars than there are; they come newest first, so the older ones are those added. */
  async extend() {
    const known = this.list.count;
    if (this.#isExtending || this.reachedStart || known === 0) return;
    if (known >= LARGEST_COUNT) {
      this.#endHere(`the page keeps at most ${LARGEST_COUNT.toLocaleString("en")} bars`);
      return;
    }
    this.#isExtending = true;
    await this.#fetchOlder(known);
    this.#isExtending = false;
  }

  async #fetchOlder(known) {
    const { signal } = this;
    const first = this.list.first.time;
    const isPast = this.context.moment !== null;
    const span = isPast
      ? { from: first - this.#reach(known), to: first }
      : { count: Math.min(known * 2, LARGEST_COUNT) };
    try {
      const response = await get("v1/bars", { symbol: this.symbol, interval: this.interval, ...span }, signal);
      if (signal.aborted) return;
      const older = response.bars.filter((bar) => bar.time < first);
      const added = this.list.merge(older);
      this.#whole = [...older, ...this.#whole];
      this.gaps = response.gaps ?? this.gaps;
      if (added > 0) this.changed("reset");
      const isShort = response.complete === false && response.reason !== "more" && !isPast;
      if (added === 0 || isShort) this.#endHere(response.reason ? reasonWords(response.reason) : "the server has no more");
    } catch (error) {
      if (error.name === "AbortError") return;
      this.#say(`No older bars for now: ${error.message}`);
      await new Promise((resolve) => setTimeout(resolve, 5_000));
    }
  }

  // A trading day is a quarter of a day and weekends are closed: about five times the bars' own length.
  #reach(count) {
    return Math.ceil(Math.max(5 * DAY, count * this.seconds * (this.seconds < DAY ? 6 : 1.6)));
  }

  #loadPast() {
    return this.fetching(async (signal) => {
      const { moment } = this.context;
      const from = Math.floor(moment - this.#reach(300));
      const to = Math.ceil(moment + DAY);
      const now = Math.floor(Date.now() / 1000);
      const response = await get("v1/bars", { symbol: this.symbol, interval: this.interval, from, to: Math.min(to, now) }, signal);
      if (signal.aborted) return;
      this.#whole = response.bars ?? [];
      this.#span = { first: this.#whole[0]?.time ?? from, to };
      this.#describe(response);
      this.#show(this.context.moment);
    });
  }

  /** Only bars that were finished by the moment: none looks ahead. */
  #show(moment) {
    const known = this.#whole.filter((bar) => bar.time + this.seconds <= moment);
    const before = this.list.count;
    const isForward = this.#shownTo !== null && moment >= this.#shownTo && before > 0;
    this.#shownTo = moment;
    if (isForward) {
      const last = this.list.last.time;
      for (const bar of known) if (bar.time > last) this.list.apply(bar);
    } else {
      this.list.replace(known);
    }
    this.took(this.list, { ...this.provenance, asOf: new Date(moment * 1000).toISOString() }, isForward ? "bars" : "reset");
  }

  #received(message) {
    switch (message.type) {
      case "snapshot":
        this.market.statuses(message);
        // Bars that came from the source itself end its trouble with them; those of the store do not.
        if (message.source !== "store") this.condition = null;
        this.#opened(message);
        break;
      case "bar": {
        this.heard(message.asOf ? { asOf: message.asOf } : null);
        this.condition = null;
        const change = this.list.apply(message.bar);
        this.took(this.list, null, change === "tail" ? "bars" : "reset");
        break;
      }
      case "gap":
        this.gaps = [...this.gaps, { from: message.from, to: message.to ?? message.from, reason: message.reason ?? "fetching" }];
        this.#say("Bars are missing since the connection was lost; they are being fetched.");
        break;
      case "repaired":
        this.list.merge(message.bars ?? []);
        this.gaps = this.gaps.filter((gap) => gap.reason !== "fetching");
        this.#say("");
        this.market.log("info", `${this.symbol} ${this.interval}: ${(message.bars ?? []).length} missing bars were fetched`);
        this.changed("reset");
        break;
      case "status":
        this.condition = message.state === "live" || message.source ? null : message;
        if (this.condition?.reason) this.market.log("warning", `${this.symbol} ${this.interval}: ${this.condition.reason}`);
        this.changed("note");
        break;
      case "lagged":
        this.#say("This page was too slow to take every message; no bar was lost.");
        break;
    }
  }

  // The stream is slow to open or down: the chart need not wait for it.
  async #fetchOverHTTP(signal) {
    if (signal.aborted || this.list.count > 0 || this.market.stream.isOpen) return;
    const response = await this.fetching((inner) => (
      get("v1/bars", { symbol: this.symbol, interval: this.interval, count: FIRST_COUNT }, inner)
    ));
    if (response && !signal.aborted && this.list.count === 0) this.#opened(response);
  }

  #opened(response) {
    this.list.refresh(response.bars ?? []);
    this.#describe(response);
    // "more": the same request again goes on from there.
    if (response.complete === false && response.reason && response.reason !== "more") this.reachedStart = response.reason;
    if (response.mode === "streaming" || response.mode === "simulated") this.heard(null);
    this.took(this.list, provenanceOf(response));
  }

  #describe(response) {
    this.provenance = provenanceOf(response);
    this.timeZone = response.timeZone ?? null;
    this.named = { symbol: response.symbol ?? this.symbol, interval: response.interval ?? this.interval };
    this.gaps = response.gaps ?? [];
    this.emptyReason = response.reason ? reasonWords(response.reason) : "";
    this.note = response.complete === false && response.reason && response.reason !== "more" ? `No older bars: ${reasonWords(response.reason)}.` : "";
  }

  #endHere(words) {
    this.reachedStart = words;
    this.#say(`No older bars: ${words}.`);
  }

  #say(text) {
    this.note = text;
    if (text) this.market.log("info", `${this.symbol} ${this.interval}: ${text}`);
    this.changed("note");
  }
}
