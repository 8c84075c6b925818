// One subscription of the stream: checks that no message is missing, and tries again after a refusal that may pass.

import { delayBefore } from "../math/back-off.js";

const SHORTEST_PAUSE = 5_000;
// The server itself tries again; a new request is for one that does not.
const PAUSE_AFTER_REFUSAL = 9_000;

export class Subscription {
  #handlers;
  #owner;
  #lastSeq = null;
  #refusals = 0;
  #timer = 0;
  #begun = 0;

  constructor(request, handlers, owner) {
    this.request = request;
    this.id = null;
    this.#handlers = handlers;
    this.#owner = owner;
  }

  begin(id) {
    clearTimeout(this.#timer);
    this.id = id;
    this.#lastSeq = null;
    this.#begun = Date.now();
  }

  received(message) {
    if (message.type === "subscribed" || message.type === "unsubscribed") return;
    const missed = this.#missed(message.seq);
    if (missed || message.type === "ended") this.#again(Math.max(0, this.#begun + SHORTEST_PAUSE - Date.now()));
    this.#refusals = 0;
    this.#handlers.onMessage(message);
  }

  refused(error, seq) {
    this.#missed(seq);
    this.#refusals += 1;
    let retryAt = null;
    if (error.retryable) {
      const pause = error.retryAfter ? error.retryAfter * 1000 : PAUSE_AFTER_REFUSAL + delayBefore(this.#refusals);
      retryAt = Date.now() + pause;
      this.#again(pause);
    }
    this.#handlers.onError(error, retryAt);
  }

  /** Requests again immediately, for a button. */
  retry() { this.#owner.restart(this); }

  close() {
    clearTimeout(this.#timer);
    this.#owner.close(this);
  }

  #again(pause) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#owner.restart(this), pause);
  }

  #missed(seq) {
    if (!Number.isInteger(seq)) return false;
    const missed = this.#lastSeq !== null && seq > this.#lastSeq + 1;
    this.#lastSeq = seq;
    return missed;
  }
}
