// Option data of one underlying and expiry: open interest, the chain with greeks, the session so far, single strikes.

import { get } from "./api.js";
import { provenanceOf, Resource } from "./resource.js";

const MOST_REMEMBERED = 150;
const SHORTEST_PAUSE = 2_000;
const SESSION_PAUSE = 20_000;

function keep(remembered, key, response) {
  remembered.set(key, response);
  if (remembered.size > MOST_REMEMBERED) remembered.delete(remembered.keys().next().value);
}

export class Expiries extends Resource {
  constructor(market, symbol) {
    super(market);
    this.symbol = symbol;
  }

  start() {
    if (this.value) return;
    this.fetching(async (signal) => {
      const response = await get("v1/expiries", { symbol: this.symbol }, signal);
      if (!signal.aborted) this.took(response, provenanceOf(response));
    });
  }

  momentMoved() {}
}

export class OpenInterest extends Resource {
  #subscription = null;
  #remembered = new Map();
  #timer = 0;

  /** `expiry` is a date, or null for the nearest. */
  constructor(market, symbol, expiry) {
    super(market);
    this.symbol = symbol;
    this.expiry = expiry;
  }

  get request() { return { symbol: this.symbol, ...(this.expiry ? { expiry: this.expiry } : {}) }; }

  start() {
    if (this.context.moment !== null) {
      this.#fetch();
      return;
    }
    this.#subscription = this.market.stream.subscribe(
      { channel: "open-interest", ...this.request },
      { onMessage: (message) => this.#received(message), onError: (error, retryAt) => this.failed(error, retryAt) },
    );
  }

  stop() {
    clearTimeout(this.#timer);
    this.#subscription?.close();
    this.#subscription = null;
  }

  momentMoved() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.restart(), 80);
  }

  #received(message) {
    if (message.type !== "snapshot") return;
    this.market.statuses(message);
    this.heard(null);
    this.took(message, provenanceOf(message));
  }

  #fetch() {
    const { moment } = this.context;
    const known = this.#remembered.get(moment);
    if (known) {
      this.took(known, provenanceOf(known));
      return undefined;
    }
    return this.fetching(async (signal) => {
      const at = new Date(moment * 1000).toISOString();
      const response = await get("v1/open-interest", { ...this.request, at }, signal);
      if (signal.aborted) return;
      keep(this.#remembered, moment, response);
      this.took(response, provenanceOf(response));
    });
  }
}

/** Data that follow the open interest of an expiry, and are requested again when it changes. */
class Following extends Resource {
  #leave = null;
  #timer = 0;
  #requested = 0;

  constructor(market, symbol, expiry, pause) {
    super(market);
    this.symbol = symbol;
    this.expiry = expiry;
    this.pause = pause;
  }

  get request() {
    const expiry = this.expiry ?? this.source?.value?.expiry;
    return { symbol: this.symbol, ...(expiry ? { expiry } : {}) };
  }

  start() {
    this.#requested = 0;
    this.source = this.market.openInterest(this.symbol, this.expiry);
    this.#leave = this.source.follow((source) => this.#sourceChanged(source));
  }

  stop() {
    clearTimeout(this.#timer);
    this.#leave?.();
    this.#leave = null;
  }

  momentMoved() {}

  #sourceChanged(source) {
    if (source.error) {
      this.failed(source.error, source.retryAt);
      if (!source.value) return;
    }
    if (!source.value) return;
    if (this.context.moment !== null) {
      this.renew();
      return;
    }
    clearTimeout(this.#timer);
    const wait = Math.max(0, this.#requested + this.pause - Date.now());
    this.#timer = setTimeout(() => {
      this.#requested = Date.now();
      this.renew();
    }, wait);
  }

  renew() {}
}

/** Of a past moment the chain is that of the snapshot which was known then, computed by the server as the present one is. */
export class Chain extends Following {
  #remembered = new Map();

  constructor(market, symbol, expiry) { super(market, symbol, expiry, SHORTEST_PAUSE); }

  renew() {
    return this.fetching(async (signal) => {
      const snapshot = this.source.value;
      const isPast = this.context.moment !== null;
      const key = `${snapshot.expiry} ${snapshot.asOf}`;
      const known = isPast ? this.#remembered.get(key) : undefined;
      const response = known ?? await get("v1/option-chain", { ...this.request, ...(isPast ? { at: snapshot.asOf } : {}) }, signal);
      if (signal.aborted) return;
      if (isPast && !known) keep(this.#remembered, key, response);
      // The moment may have moved on meanwhile; then the chain of the later one is on its way.
      if (isPast && this.source.value !== snapshot) return;
      if (!isPast) this.heardAt = this.source.heardAt;
      this.took(response, provenanceOf(response));
    });
  }
}

/** The snapshots of the day so far, oldest first: totals, or one strike's. */
export class Session extends Following {
  #all = [];
  #day = null;

  constructor(market, symbol, expiry, strike = null) {
    super(market, symbol, expiry, SESSION_PAUSE);
    this.strike = strike;
  }

  renew() {
    const snapshot = this.source.value;
    const newest = Date.parse(snapshot.asOf) / 1000;
    const clock = this.market.clockOf(this.symbol);
    const wall = newest + clock.offset(newest);
    const begin = wall - (wall % 86_400) - clock.offset(newest);
    const key = `${snapshot.expiry} ${begin}`;
    if (this.#day !== key) [this.#day, this.#all] = [key, []];
    const last = this.#all.at(-1)?.time ?? null;
    // After a past moment the source shows that moment's snapshot until the present one is there.
    if (last !== null && last >= (this.context.moment ?? newest)) {
      this.#show();
      return undefined;
    }
    return this.fetching(async (signal) => {
      const response = await get("v1/open-interest/history", {
        symbol: this.symbol, expiry: snapshot.expiry, from: last === null ? begin : last,
        to: this.context.moment === null ? Math.max(newest + 1, begin + 1) : Math.min(begin + 86_400, Math.floor(Date.now() / 1000)),
        ...(this.strike === null ? {} : { strike: this.strike }),
      }, signal);
      if (signal.aborted) return;
      const fresh = (response.snapshots ?? []).filter(({ time }) => last === null || time > last);
      this.#all = [...this.#all, ...fresh];
      this.#show();
    });
  }

  #show() {
    const { moment } = this.context;
    const shown = moment === null ? this.#all : this.#all.filter(({ time }) => time <= moment);
    const last = shown.at(-1);
    this.heardAt = this.source.heardAt;
    this.took(shown, last ? provenanceOf(last) : this.source.provenance);
  }
}

/** The price of one option through its session, from the source's own history; of the present day only. */
export class Contract extends Resource {
  #timer = 0;
  #all = null;

  constructor(market, symbol, expiry, strike, type) {
    super(market);
    Object.assign(this, { symbol, expiry, strike, type });
  }

  start() {
    this.fetching(async (signal) => {
      const response = await get("v1/contract-history", {
        symbol: this.symbol, ...(this.expiry ? { expiry: this.expiry } : {}), strike: this.strike, type: this.type,
      }, signal);
      if (signal.aborted) return;
      this.#all = response;
      this.#show();
      if (this.context.moment === null) this.#timer = setTimeout(() => this.restart(), 60_000);
    });
  }

  stop() { clearTimeout(this.#timer); }

  momentMoved() { if (this.#all) this.#show(); }

  #show() {
    const { moment } = this.context;
    const points = moment === null ? this.#all.points : this.#all.points.filter(({ time }) => time <= moment);
    this.took({ ...this.#all, points }, provenanceOf(this.#all));
  }
}

/** A price that was made today: an option not traded today shows one of an earlier day. Null without one. Pure. */
export function tradedPrice(side) {
  return typeof side?.last === "number" && side.last > 0 && side.volume !== 0 ? side.last : null;
}
