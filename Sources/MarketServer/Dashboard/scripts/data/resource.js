// Something the page knows from the server, shared by every panel that shows it: begun by the first, ended after the last.

const LINGER = 4_000;
const PAUSE_AFTER_FAILURE = 8_000;

export class Resource {
  #listeners = new Set();
  #lingering = 0;
  #retry = 0;
  #isRunning = false;
  #scheduled = false;
  #kinds = new Set();
  #abort = new AbortController();
  value = null;
  error = null;
  retryAt = null;
  provenance = null;
  /** When a datum last streamed in, in milliseconds of this browser's clock; null before the first. */
  heardAt = null;
  #tookOn = null;
  #heardOn = null;

  /** `context` and `api` are the page's. */
  constructor(market) {
    this.market = market;
    this.context = market.context;
  }

  get signal() { return this.#abort.signal; }
  get isInUse() { return this.#isRunning; }
  /** Whether the present connection to the server has delivered the value. */
  get isCurrent() { return this.value !== null && this.#tookOn === this.market.connection; }
  /** When a datum last streamed in on the present connection, or null. */
  get liveAt() { return this.#heardOn === this.market.connection ? this.heardAt : null; }

  /** The listener gets the resource and the set of what happened; returns what ends it. */
  follow(listener) {
    clearTimeout(this.#lingering);
    this.#listeners.add(listener);
    if (!this.#isRunning) this.#run();
    else if (this.value !== null || this.error) queueMicrotask(() => this.#listeners.has(listener) && listener(this, new Set(["reset"])));
    return () => {
      this.#listeners.delete(listener);
      if (!this.#listeners.size) this.#lingering = setTimeout(() => this.#end(), LINGER);
    };
  }

  /** Begins again without data: the moment changed, or the user requested it. */
  restart() {
    if (!this.#isRunning) return;
    this.#cease();
    this.#run();
  }

  /** Notifies the listeners at the browser's next idle time, however often it is called. */
  changed(kind = "changed") {
    this.#kinds.add(kind);
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      const kinds = this.#kinds;
      this.#kinds = new Set();
      for (const listener of [...this.#listeners]) listener(this, kinds);
    });
  }

  heard(provenance) {
    this.heardAt = Date.now();
    this.#heardOn = this.market.connection;
    if (provenance) this.provenance = { ...this.provenance, ...provenance };
  }

  took(value, provenance, kind = "reset") {
    this.value = value;
    this.#tookOn = this.market.connection;
    this.error = null;
    this.retryAt = null;
    if (provenance) this.provenance = provenance;
    this.changed(kind);
  }

  failed(error, retryAt = null) {
    if (error.name === "AbortError") return;
    this.error = error;
    this.retryAt = retryAt;
    this.changed("failed");
  }

  /** Fetches, and tries again by itself where that may help. */
  async fetching(action) {
    const { signal } = this;
    try {
      return await action(signal);
    } catch (error) {
      if (signal.aborted || error.name === "AbortError") return undefined;
      if (error.name !== "ServerError") console.warn(error);
      const pause = error.retryable ? (error.retryAfter ? error.retryAfter * 1000 : PAUSE_AFTER_FAILURE) : null;
      this.failed(error, pause ? Date.now() + pause : null);
      if (pause) {
        clearTimeout(this.#retry);
        this.#retry = setTimeout(() => !signal.aborted && this.restart(), pause);
      }
      return undefined;
    }
  }

  // What a kind of resource does.
  start() {}
  stop() {}
  /** The past moment moved; a resource that can do better than begin again says so. */
  momentMoved() { this.restart(); }

  moved(wasLive, isLive) {
    if (!this.#isRunning) return;
    if (wasLive !== isLive) {
      this.value = null;
      this.heardAt = null;
      this.restart();
    } else {
      this.momentMoved();
    }
  }

  #run() {
    this.#isRunning = true;
    this.#abort = new AbortController();
    this.start();
  }

  #cease() {
    clearTimeout(this.#retry);
    this.#abort.abort();
    this.stop();
  }

  #end() {
    this.#cease();
    this.#isRunning = false;
    this.value = null;
    this.error = null;
    this.heardAt = null;
    this.provenance = null;
  }
}

const PROVENANCE = ["source", "feed", "mode", "delaySeconds", "asOf", "via"];

export function provenanceOf(response) {
  return Object.fromEntries(PROVENANCE.filter((name) => response[name] !== undefined).map((name) => [name, response[name]]));
}
