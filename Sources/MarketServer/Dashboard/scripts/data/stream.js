// The page's one WebSocket to /v1/stream. Keeps the wanted subscriptions apart from the connection and sends them
// again, with new ids, on every new one. Notices a silent connection by its pings.

import { accessKey } from "./access.js";
import { delayBefore } from "../math/back-off.js";
import { ServerError } from "./api.js";
import { Subscription } from "./subscription.js";

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
