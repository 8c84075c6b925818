// What this browser remembers, and what the whole page is about.

import { localeOf } from "../math/time.js";

// A browser that forbids storage only forgets.

const USUAL_SYMBOLS = ["NSE:NIFTY", "NSE:BANKNIFTY", "NSE:FINNIFTY", "BSE:SENSEX"];
const MOST_RECENT = 8;

export function remembered(name) {
  try {
    return localStorage.getItem(`bhav.${name}`);
  } catch {
    return null;
  }
}

export function remember(name, value) {
  try {
    localStorage.setItem(`bhav.${name}`, value);
  } catch {
    // Nothing depends on it.
  }
}

export function recentSymbols() {
  const recent = (remembered("recent") ?? "").split(",").filter(Boolean);
  return [...new Set([...recent, ...USUAL_SYMBOLS])].slice(0, MOST_RECENT);
}

export function rememberSymbol(symbol) {
  remember("recent", [symbol, ...recentSymbols().filter((other) => other !== symbol)].join(","));
}

// Symbol, interval, expiry, moment, legs, grouping, arrangement: they are in the address, and those to keep are stored in the
// browser.

const SHOWN = ["symbol", "interval", "expiry", "at", "preset", "panels", "legs", "solo"];
const KEPT = ["symbol", "interval", "preset", "panels", "grouping", "zone"];
const STANDARD = { symbol: "NSE:NIFTY", interval: "5m", preset: "", grouping: "exchange", zone: "exchange" };

export class Context {
  #values = {};
  #listeners = new Map();

  constructor() {
    for (const name of KEPT) this.#values[name] = remembered(name);
    for (const [name, value] of Object.entries(STANDARD)) this.#values[name] ??= value;
    this.readAddress({ silent: true });
    addEventListener("popstate", () => this.readAddress({}));
  }

  get symbol() { return this.#values.symbol; }
  get interval() { return this.#values.interval; }
  /** The chosen expiry, or null for the nearest. */
  get expiry() { return this.#values.expiry || null; }
  get preset() { return this.#values.preset ?? ""; }
  get panels() { return this.#values.panels ?? ""; }
  get legs() { return this.#values.legs ?? ""; }
  get solo() { return this.#values.solo || null; }
  get grouping() { return this.#values.grouping; }
  get zone() { return this.#values.zone; }
  /** UTC seconds of the past moment that is shown, or null for now. */
  get moment() {
    const time = Date.parse(this.#values.at ?? "") / 1000;
    return Number.isFinite(time) ? time : null;
  }

  localeFor(symbol) {
    return { indian: "en-IN", western: "en-US" }[this.grouping] ?? localeOf(symbol ?? this.symbol);
  }

  /** Sets some values; `push` makes a step to go back to. Listeners hear the names that changed. */
  set(values, { push = false, silent = false } = {}) {
    const changed = Object.keys(values).filter((name) => (values[name] ?? "") !== (this.#values[name] ?? ""));
    if (!changed.length) return;
    for (const name of changed) this.#values[name] = values[name];
    // Who changes what an address brought makes all of it this browser's own: an arrangement without its symbol is another page.
    if (!this.solo && changed.some((name) => KEPT.includes(name))) for (const name of KEPT) remember(name, this.#values[name] ?? "");
    if (!silent) this.#write(push);
    this.#notify(new Set(changed));
  }

  setMoment(time) {
    this.set({ at: time === null ? "" : new Date(time * 1000).toISOString().replace(".000Z", "Z") });
  }

  /** `names` of values; the listener gets the set of those that changed. Returns what stops it. */
  on(names, listener) {
    const key = { names: new Set(names), listener };
    this.#listeners.set(key, key);
    return () => this.#listeners.delete(key);
  }

  readAddress({ silent = false }) {
    const query = new URLSearchParams(location.search);
    const values = {};
    for (const name of SHOWN) {
      const value = query.get(name)?.trim();
      if (value) values[name] = name === "symbol" && !value.includes(":") ? value.toUpperCase() : value;
      else if (["expiry", "at", "legs", "solo"].includes(name)) values[name] = "";
    }
    // Panels named in the address override a stored preset; a preset alone clears them.
    if (values.panels && !values.preset) values.preset = "";
    if (values.preset && !values.panels) values.panels = "";
    if (silent) Object.assign(this.#values, values);
    else this.set(values, { silent: true });
  }

  #write(push) {
    const query = SHOWN.filter((name) => this.#values[name])
      .map((name) => `${name}=${encodeURIComponent(this.#values[name]).replace(/%(3A|3B|40|20)/g, (code) => (
        { "%3A": ":", "%3B": ";", "%40": "@", "%20": "+" }[code]
      ))}`);
    const address = `?${query.join("&")}`;
    if (address !== location.search) history[push ? "pushState" : "replaceState"](null, "", address);
  }

  #notify(changed) {
    for (const { names, listener } of [...this.#listeners.values()]) {
      if ([...names].some((name) => changed.has(name))) listener(changed);
    }
  }
}
