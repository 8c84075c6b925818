// The quote of one symbol: the stream sends changed fields only, so what is known is kept and added to.

const PROVENANCE = ["source", "feed", "mode", "delaySeconds", "asOf"];

export class Quotes {
  #stream;
  #onQuote;
  #onError;
  #subscription = null;
  #known = {};

  /** `onQuote(quote, provenance)` gets the whole quote as known and the provenance said with it. */
  constructor(stream, { onQuote, onError }) {
    this.#stream = stream;
    this.#onQuote = onQuote;
    this.#onError = onError;
  }

  open(symbol) {
    this.#subscription?.close();
    this.#known = {};
    this.#subscription = this.#stream.subscribe(
      { channel: "quotes", symbols: [symbol] },
      { onMessage: (message) => this.#received(message), onError: (error) => this.#onError(error) },
    );
  }

  #received(message) {
    if (message.type === "quote") this.#take(message.quote, message);
    if (message.type === "snapshot") {
      for (const quote of message.quotes ?? []) this.#take(quote, message);
      for (const error of message.errors ?? []) this.#onError(error.error ?? error);
    }
  }

  #take(quote, message) {
    this.#known = { ...this.#known, ...quote };
    // A change is told without `asOf`; the time of the last price then says as of when.
    const provenance = quote.lastTime && quote.asOf === undefined ? { asOf: quote.lastTime } : {};
    for (const name of PROVENANCE) {
      const value = quote[name] ?? message[name];
      if (value !== undefined) provenance[name] = value;
    }
    this.#onQuote(this.#known, provenance);
  }
}
