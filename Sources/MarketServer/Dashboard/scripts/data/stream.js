// The page's one WebSocket to /v1/stream, the subscriptions on it, and how long it waits before trying again.

import { accessKey, ServerError } from "./api.js";

// How long to wait before trying again: doubling, capped, with jitter so that many pages do not come back at once.

const FIRST = 400;
const LARGEST = 15_000;

/** Milliseconds before attempt number `attempt` (from 1). `random` is in 0..<1. */
export function delayBefore(attempt, random = Math.random()) {
  const whole = Math.min(FIRST * 2 ** (attempt - 1), LARGEST);
  return Math.round(whole * (0.6 + 0.4 * random));
}

// One subscription of the stream: checks that no message is missing, and tries again after a refusal that may pass.

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

// Keeps the wanted subscriptions apart from the connection and sends them again, with new ids, on every new one. Notices a
// silent connection by its pings.

const PING_EVERY = 10_000;
const SILENCE = 25_000;
const OPENING = 10_000;
const EARLY = 3_000;

export class Stream {
  #url;
  #onState;
  #onStatus;
  #socket = null;
  #subscriptions = new Map();
  #nextID = 1;
  #attempt = 0;
  #retryTimer = 0;
  #pingTimer = 0;
  #heard = 0;
  #refusal = null;
  #wasOpen = false;
  /** The connection that early.js opened, until it is taken over or lost. */
  #early = null;

  /** `onState({state, reason, retryAt})`: connecting, open or waiting; `onStatus` gets the sources' status messages. */
  constructor(url, { onState, onStatus }) {
    this.#url = url;
    this.#onState = onState;
    this.#onStatus = onStatus;
    addEventListener("online", () => this.retryNow());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.retryNow();
    });
  }

  get isOpen() { return this.#socket?.readyState === WebSocket.OPEN; }

  /** `request` has no type and id; `onMessage(message)` gets all that is said in it, `onError(ServerError)` refusals. */
  subscribe(request, handlers) {
    const subscription = new Subscription(request, handlers, {
      restart: (subscription) => this.#restart(subscription),
      close: (subscription) => this.#close(subscription),
    });
    this.#start(subscription);
    return subscription;
  }

  connect() {
    clearTimeout(this.#retryTimer);
    this.#refusal = null;
    this.#wasOpen = false;
    this.#onState({ state: "connecting" });
    const socket = this.#takeEarly() ?? this.#newSocket();
    this.#socket = socket;
    this.#heard = Date.now();
    const opening = setTimeout(() => socket.close(), OPENING);
    socket.onopen = () => {
      clearTimeout(opening);
      this.#opened();
    };
    socket.onmessage = (event) => this.#received(event.data);
    socket.onclose = (event) => {
      clearTimeout(opening);
      if (socket === this.#socket) this.#closed(event);
    };
    if (socket.readyState === WebSocket.OPEN) {
      socket.onopen();
      // Words of the sources are heeded; what belongs to the early subscription waits for its owner.
      for (const data of this.#early?.messages.splice(0) ?? []) this.#received(data);
    }
  }

  #newSocket() {
    const key = accessKey();
    return new WebSocket(key ? `${this.#url}?key=${encodeURIComponent(key)}` : this.#url);
  }

  /** The connection that was opened before the modules were here, once. */
  #takeEarly() {
    const early = window.bhavEarly;
    delete window.bhavEarly;
    if (!early || early.socket.readyState > WebSocket.OPEN) return null;
    this.#early = early;
    return early.socket;
  }

  /** Skips the rest of a waiting time. */
  retryNow() {
    if (!this.#socket && this.#retryTimer) this.connect();
  }

  #opened() {
    this.#heard = Date.now();
    this.#wasOpen = true;
    this.#onState({ state: "open" });
    const wanted = [...this.#subscriptions.values()];
    this.#subscriptions.clear();
    for (const subscription of wanted) this.#start(subscription);
    this.#endEarly();
    clearInterval(this.#pingTimer);
    this.#pingTimer = setInterval(() => this.#watch(), PING_EVERY);
  }

  #watch() {
    if (Date.now() - this.#heard > SILENCE) {
      const socket = this.#socket;
      this.#closed({ code: 0, reason: `the server has said nothing for ${SILENCE / 1000} s` });
      socket?.close();
    } else {
      this.#send({ type: "ping" });
    }
  }

  #closed({ code, reason }) {
    clearInterval(this.#pingTimer);
    this.#socket = null;
    this.#early = null;
    this.#attempt += 1;
    const delay = delayBefore(this.#attempt);
    this.#onState({
      state: "waiting",
      reason: this.#refusal || reason || wordsFor(code, this.#wasOpen),
      retryAt: Date.now() + delay,
    });
    this.#retryTimer = setTimeout(() => this.connect(), delay);
  }

  #received(data) {
    this.#heard = Date.now();
    let message;
    try {
      message = JSON.parse(data);
    } catch {
      console.warn("a message of the stream is not JSON and was skipped");
      return undefined;
    }
    this.#attempt = 0;
    if (this.#early && message.id === this.#early.id) {
      this.#early.messages.push(data);
      return undefined;
    }
    if (message.type === "status" && message.id === undefined) return this.#onStatus(message);
    if (message.type === "error" && message.id === undefined) {
      this.#refusal = message.error?.message ?? null;
      return undefined;
    }
    const subscription = this.#subscriptions.get(message.id);
    if (!subscription) return undefined;
    if (message.type === "status" && message.source) this.#onStatus(message);
    if (message.type === "error") subscription.refused(new ServerError(message.error ?? {}), message.seq);
    else subscription.received(message);
    return undefined;
  }

  #start(subscription) {
    if (this.#adopt(subscription)) return;
    subscription.begin(`${subscription.request.channel}-${this.#nextID++}`);
    this.#subscriptions.set(subscription.id, subscription);
    this.#send({ type: "subscribe", id: subscription.id, ...subscription.request });
  }

  /** Whether the subscription is the one that early.js opened; it gets what has arrived for it. */
  #adopt(subscription) {
    const early = this.#early;
    if (!early || !this.isOpen || !isSame(early.request, subscription.request)) return false;
    this.#early = null;
    subscription.begin(early.id);
    this.#subscriptions.set(early.id, subscription);
    for (const data of early.messages) this.#received(data);
    return true;
  }

  /** Gives the page a while to subscribe to what was opened early; then that is ended. */
  #endEarly() {
    const early = this.#early;
    if (!early) return;
    setTimeout(() => {
      if (this.#early !== early) return;
      this.#early = null;
      this.#send({ type: "unsubscribe", id: early.id });
    }, EARLY);
  }

  #restart(subscription) {
    this.#close(subscription);
    this.#start(subscription);
  }

  #close(subscription) {
    if (this.#subscriptions.delete(subscription.id)) this.#send({ type: "unsubscribe", id: subscription.id });
  }

  #send(message) {
    if (this.isOpen) this.#socket.send(JSON.stringify(message));
  }
}

function isSame(one, other) {
  return ["channel", "symbol", "interval", "count"].every((name) => one[name] === other[name]);
}

function wordsFor(code, wasOpen) {
  if (!wasOpen) return "the live stream cannot be opened";
  return code === 1006 || !code ? "the connection was lost" : `the server closed it (code ${code})`;
}
