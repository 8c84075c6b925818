// The page's one store: every panel gets what it shows from here, over one WebSocket, and two that show the same share it.

import { Bars } from "./bars.js";
import { Chain, Contract, Expiries, OpenInterest, Session } from "./options.js";
import { clockOf, zoneOf } from "../math/time.js";
import { get } from "./api.js";
import { Quote } from "./quotes.js";
import { SourceStates, statusesIn } from "../math/sources.js";
import { Stream } from "./stream.js";

const MOST_LOGGED = 400;
const STATUS_EVERY = 20_000;
const STATUS_WHEN_TROUBLED = 4_000;

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
      this.renewStatus();
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
