// The page's one store: every panel gets what it shows from here, over one WebSocket, and two that show the same share it. Bars
// and options have their own files, quotes are at the end of this one.

import { Bars } from "./bars.js";
import { Chain, Contract, Expiries, OpenInterest, Session } from "./options.js";
import { clockOf, zoneOf } from "../math/time.js";
import { get, ServerError } from "./api.js";
import { provenanceOf, Resource } from "./resource.js";
import { SourceStates, statusesIn } from "../math/sources.js";
import { Stream } from "./stream.js";

const MOST_LOGGED = 400;
const STATUS_EVERY = 20_000;
const STATUS_WHEN_TROUBLED = 4_000;
const STATUS_AFTER_OPENING = 300;

export class Market {
  #resources = new Map();
  #statusTimer = 0;
  sources = new SourceStates();
  /** The number of the present connection to the server. */
  connection = 0;
  entries = [];
  report = null;
  events = new EventTarget();

  constructor(context) {
    this.context = context;
    const address = new URL("v1/stream", location.href);
    address.protocol = address.protocol.replace("http", "ws");
    address.search = "";
    this.state = { state: "connecting" };
    this.stream = new Stream(address, {
      onState: (state) => this.#streamChanged(state),
      onStatus: (status) => this.#statusChanged(status),
    });
    let isLive = context.moment === null;
    context.on(["at"], () => {
      const wasLive = isLive;
      isLive = context.moment === null;
      for (const resource of [...this.#resources.values()]) resource.moved(wasLive, isLive);
    });
  }

  start() { this.stream.connect(); }

  quote(symbol) { return this.#shared(`quote ${symbol}`, () => new Quote(this, symbol)); }
  bars(symbol, interval) { return this.#shared(`bars ${symbol} ${interval}`, () => new Bars(this, symbol, interval)); }
  expiries(symbol) { return this.#shared(`expiries ${symbol}`, () => new Expiries(this, symbol)); }
  openInterest(symbol, expiry) {
    return this.#shared(`oi ${symbol} ${expiry}`, () => new OpenInterest(this, symbol, expiry));
  }
  chain(symbol, expiry) { return this.#shared(`chain ${symbol} ${expiry}`, () => new Chain(this, symbol, expiry)); }
  session(symbol, expiry, strike = null) {
    return this.#shared(`session ${symbol} ${expiry} ${strike}`, () => new Session(this, symbol, expiry, strike));
  }
  contract(symbol, expiry, strike, type) {
    return this.#shared(`contract ${symbol} ${expiry} ${strike} ${type}`, () => new Contract(this, symbol, expiry, strike, type));
  }

  /** The clock of a symbol's exchange, whatever the page's axis reads. */
  clockOf(symbol) { return clockOf(zoneOf(symbol)); }

  /** Statuses that came with a snapshot. */
  statuses(message) {
    const found = statusesIn(message);
    for (const status of found) this.sources.take(status);
    if (found.length) this.#notify("status");
  }

  log(level, text) {
    this.entries.push({ time: Date.now() / 1000, level, text });
    if (this.entries.length > MOST_LOGGED) this.entries.shift();
    this.#notify("log");
  }

  /** Every resource in use, for the probe and the drawer. */
  get inUse() { return [...this.#resources.entries()]; }

  async renewStatus() {
    clearTimeout(this.#statusTimer);
    if (this.stream.isOpen && !document.hidden) {
      try {
        this.report = await get("v1/status", {});
        for (const status of this.report.sources ?? []) this.sources.take(status);
        this.#notify("status");
      } catch {
        // The stream's own state says what is wrong.
      }
    }
    clearTimeout(this.#statusTimer);
    this.#statusTimer = setTimeout(() => this.renewStatus(), this.sources.anyTrouble ? STATUS_WHEN_TROUBLED : STATUS_EVERY);
  }

  #shared(key, make) {
    if (!this.#resources.has(key)) {
      this.#prune();
      this.#resources.set(key, make());
    }
    return this.#resources.get(key);
  }

  /** A day of changing symbols must not fill the memory. */
  #prune() {
    if (this.#resources.size < 200) return;
    for (const [key, resource] of this.#resources) if (!resource.isInUse) this.#resources.delete(key);
  }

  #streamChanged(state) {
    if (state.state === "open") {
      this.sources.clear();
      this.connection += 1;
      this.log("info", "connected to the server");
      // What the stream itself brings comes first.
      clearTimeout(this.#statusTimer);
      this.#statusTimer = setTimeout(() => this.renewStatus(), STATUS_AFTER_OPENING);
    } else if (state.state === "waiting") {
      this.log("warning", `connection lost: ${state.reason}`);
    }
    // While a lost connection is being made again, the reason it was lost stays in view.
    this.state = state.state === "connecting" ? { ...state, reason: this.state.reason } : state;
    this.#notify("status");
  }

  #statusChanged(status) {
    this.sources.take(status);
    this.log(status.state === "connected" ? "info" : "warning",
      `${status.source} is ${status.state}${status.reason ? `: ${status.reason}` : ""}`);
    this.#notify("status");
    clearTimeout(this.#statusTimer);
    this.#statusTimer = setTimeout(() => this.renewStatus(), STATUS_WHEN_TROUBLED);
  }

  #notify(name) { this.events.dispatchEvent(new Event(name)); }
}

// The quote of one symbol. Live, the stream sends changed fields only, so what is known is kept and added to. For a past
// moment it is made from the one-minute bars finished by then, and says so.

const DAY = 86_400;

export class Quote extends Resource {
  #subscription = null;
  #minutes = null;
  #span = null;

  constructor(market, symbol) {
    super(market);
    this.symbol = symbol;
  }

  get marketTime() { return this.context.moment === null ? this.value?.lastTime ?? null : null; }

  start() {
    if (this.context.moment !== null) {
      this.#loadPast();
      return;
    }
    this.#subscription = this.market.stream.subscribe(
      { channel: "quotes", symbols: [this.symbol] },
      { onMessage: (message) => this.#received(message), onError: (error, retryAt) => this.failed(error, retryAt) },
    );
  }

  stop() {
    this.#subscription?.close();
    this.#subscription = null;
  }

  momentMoved() {
    const { moment } = this.context;
    if (!this.#span || moment < this.#span.first || moment > this.#span.to) this.restart();
    else this.#show();
  }

  #received(message) {
    if (message.type === "quote") {
      this.#take(message.quote, message, true);
    } else if (message.type === "snapshot") {
      this.market.statuses(message);
      for (const quote of message.quotes ?? []) this.#take(quote, message, false);
      for (const error of message.errors ?? []) this.failed(new ServerError(error.error ?? error));
    }
  }

  #take(quote, message, isLive) {
    // A change has no `asOf`; its time is then that of the last price.
    const asOf = quote.lastTime && quote.asOf === undefined ? { asOf: new Date(quote.lastTime * 1000).toISOString() } : {};
    const provenance = { ...asOf, ...provenanceOf(message), ...provenanceOf(quote) };
    if (isLive) this.heard(provenance);
    this.took({ ...this.value, ...quote }, { ...this.provenance, ...provenance }, "quote");
  }

  #loadPast() {
    return this.fetching(async (signal) => {
      const { moment } = this.context;
      const to = Math.min(Math.ceil(moment + DAY), Math.floor(Date.now() / 1000));
      const span = { from: Math.floor(moment - 4 * DAY), to };
      const response = await get("v1/bars", { symbol: this.symbol, interval: "1m", ...span }, signal);
      if (signal.aborted) return;
      this.#minutes = response;
      this.#span = { first: response.bars[0]?.time ?? span.from, to };
      this.#show();
    });
  }

  #show() {
    const { moment } = this.context;
    const dayOf = (time) => this.market.clockOf(this.symbol).shortDay(time);
    const bars = this.#minutes.bars.filter((bar) => bar.time + 60 <= moment);
    const last = bars.at(-1);
    if (!last) {
      this.failed(new ServerError({ code: "no_data_for_time", message: "there is no price before this moment" }));
      return;
    }
    const today = bars.filter((bar) => dayOf(bar.time) === dayOf(last.time));
    const before = bars[bars.length - today.length - 1]?.close ?? null;
    const change = before === null ? null : last.close - before;
    this.took({
      symbol: this.symbol, last: last.close, lastTime: last.time + 60, open: today[0].open, bid: null, ask: null,
      high: Math.max(...today.map((bar) => bar.high)), low: Math.min(...today.map((bar) => bar.low)),
      previousClose: before, change, changePercent: before ? (change / before) * 100 : null,
      volume: today.some((bar) => bar.volume === null) ? null : today.reduce((sum, bar) => sum + bar.volume, 0),
      openInterest: null, session: null, isFromBars: true,
    }, { ...provenanceOf(this.#minutes), asOf: new Date(moment * 1000).toISOString() }, "quote");
  }
}
