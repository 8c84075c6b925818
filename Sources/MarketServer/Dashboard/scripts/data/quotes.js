// The quote of one symbol. Live, the stream sends changed fields only, so what is known is kept and added to. For a past
// moment it is made from the one-minute bars finished by then, and says so.

import { get, ServerError } from "./api.js";
import { provenanceOf, Resource } from "./resource.js";

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
