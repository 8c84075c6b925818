// The line under the header: badge, provenance in words, state of the connection, age of the last datum.

import { age } from "./format.js";
import { badgeOf, nameOf, sentence } from "./provenance.js";
import { say, testID } from "./dom.js";

const STALE_AFTER = 45;

export class TruthLine {
  #axis;
  #badge = testID("badge");
  #words = testID("provenance");
  #connection = testID("connection");
  #age = testID("age");
  #symbol = "";
  #provenance = null;
  #stream = { state: "connecting" };
  #sources = new Map();
  #heard = null;
  #session = null;
  #isRefused = false;

  constructor(axis) {
    this.#axis = axis;
    setInterval(() => this.draw(), 1000);
  }

  /** Where the page stands: connecting, connected, closed (market), reconnecting or stale. */
  get state() { return this.#judge().state; }
  get provenance() { return this.#provenance; }
  get isSimulated() { return this.#provenance?.mode === "simulated"; }

  open(symbol) {
    this.#symbol = symbol;
    this.#provenance = null;
    this.#isRefused = false;
    this.#heard = null;
    this.#session = null;
    this.draw();
  }

  rename(symbol) { this.#symbol = symbol; }

  /** Nothing came, and the reason stands elsewhere. */
  refused() {
    if (!this.#provenance) say(this.#words, `Nothing came for ${this.#symbol}, so nothing is shown.`);
    this.#isRefused = true;
  }

  setProvenance(provenance) {
    this.#provenance = { ...this.#provenance, ...provenance };
    this.draw();
  }

  /** While a lost connection is being made again, the reason it was lost stays in view. */
  setStream(state) {
    if (state.state === "open") this.#sources.clear();
    this.#stream = state.state === "connecting" ? { ...state, reason: this.#stream.reason } : state;
    this.draw();
  }

  setSource(status) {
    this.#sources.set(status.source, status);
    this.draw();
  }

  setSession(session) { this.#session = session; }

  /** A live datum has just arrived. */
  heard() {
    this.#heard = Date.now();
  }

  draw() {
    this.#drawProvenance();
    const { state, text } = this.#judge();
    this.#connection.dataset.state = state;
    document.body.dataset.connection = state;
    say(this.#connection, text);
    say(this.#age, this.#ageWords());
  }

  // The countdown and the age tick every second, so they stand outside the live region.
  #ageWords() {
    const parts = [];
    const { retryAt } = this.#stream;
    if (retryAt) parts.push(`again in ${Math.max(1, Math.ceil((retryAt - Date.now()) / 1000))} s`);
    if (this.#heard !== null) parts.push(`last datum ${age((Date.now() - this.#heard) / 1000)}`);
    return parts.join(" · ");
  }

  #drawProvenance() {
    const badge = this.#provenance ? badgeOf(this.#provenance) : null;
    this.#badge.hidden = !badge;
    this.#badge.dataset.mode = this.#provenance?.mode ?? "";
    say(this.#badge, badge ?? "");
    if (this.#provenance) say(this.#words, sentence(this.#provenance, this.#axis, this.#symbol));
    else if (!this.#isRefused) say(this.#words, this.#symbol ? `Asking for ${this.#symbol} …` : "");
  }

  #judge() {
    const { state, reason } = this.#stream;
    if (state !== "open") {
      if (!reason) return { state: "connecting", text: "connecting" };
      return { state: "reconnecting", text: `reconnecting: ${reason}` };
    }
    for (const status of this.#sources.values()) {
      if (["reconnecting", "down", "connecting"].includes(status.state) && this.#concerns(status)) {
        const reason = status.reason ? `: ${status.reason}` : "";
        return { state: "reconnecting", text: `${nameOf(status.source)} is ${status.state}${reason}` };
      }
    }
    return this.#judgeAge();
  }

  #judgeAge() {
    const seconds = this.#heard === null ? 0 : (Date.now() - this.#heard) / 1000;
    if (seconds < STALE_AFTER) return { state: "connected", text: "connected" };
    if (this.#session && isClosed(this.#session)) return { state: "closed", text: "connected, market closed" };
    return { state: "stale", text: "stale: connected, but nothing new comes" };
  }

  /** A source that answered nothing on this page is not this page's trouble. */
  #concerns({ source }) {
    return !this.#provenance || this.#provenance.source === source || this.#provenance.source === "store";
  }
}

function isClosed(session) {
  return /close|out_of_session|holiday|post|pre/i.test(session);
}
