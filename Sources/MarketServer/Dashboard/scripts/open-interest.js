// Open interest per strike of one expiry. Its subscription and its failures are its own: the chart never waits for it.

import { ABSENT, compact, isNumber } from "./format.js";
import { badgeOf, sentence } from "./provenance.js";
import { element, part, say } from "./dom.js";
import { get } from "./api.js";
import { strikeTable } from "./strike-table.js";

export class OpenInterest {
  #stream;
  #axis;
  #message = part("oi-message");
  #figures = part("oi-figures");
  #strikes = part("oi-strikes");
  #truth = part("oi-truth");
  #select = document.getElementById("expiry");
  #subscription = null;
  #abort = null;
  #symbol = "";
  #basis = "openInterest";
  #view = { locale: "en-US", format: String };
  snapshot = null;

  constructor(stream, axis) {
    this.#stream = stream;
    this.#axis = axis;
    this.#select.addEventListener("change", () => this.#watch(this.#select.value));
    part("oi-basis").addEventListener("click", (event) => this.#chooseBasis(event.target.dataset.basis));
  }

  /** `view`: locale and the format of prices. */
  async open(symbol, view) {
    this.#subscription?.close();
    this.#subscription = null;
    this.#abort?.abort();
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    this.#symbol = symbol;
    this.#view = view;
    this.#clear();
    this.#offer([], null);
    this.#say("loading", "Asking for the expiries …");
    try {
      const answer = await get("v1/expiries", { symbol }, signal);
      this.#offer(answer.expiries, answer.default);
      if (answer.expiries.length) this.#watch(answer.default ?? answer.expiries[0]);
      else this.#say("error", `No option expiries are listed for ${symbol}.`);
    } catch (error) {
      if (error.name === "AbortError") return;
      this.#say(error.code === "not_supported" ? "none" : "error", error.message);
      if (error.retryable) this.#retryLater(symbol, view, signal);
    }
  }

  draw() {
    if (this.snapshot) this.#draw();
  }

  #retryLater(symbol, view, signal) {
    const timer = setTimeout(() => this.open(symbol, view), 15_000);
    signal.addEventListener("abort", () => clearTimeout(timer));
  }

  #watch(expiry) {
    this.#subscription?.close();
    this.#select.value = expiry;
    this.#clear();
    this.#say("loading", "Asking for the open interest …");
    this.#subscription = this.#stream.subscribe(
      { channel: "open-interest", symbol: this.#symbol, expiry },
      { onMessage: (message) => this.#received(message), onError: (error) => this.#failed(error) },
    );
  }

  #received(message) {
    if (message.type !== "snapshot") return;
    this.snapshot = message;
    this.#say("", "");
    this.#draw();
  }

  /** What was there stays, with its as-of; the reason stands above it. */
  #failed(error) {
    this.#say("error", this.snapshot ? `Not renewed: ${error.message}` : error.message);
  }

  #draw() {
    this.#drawFigures();
    this.#drawTruth();
    const isFirst = !this.#strikes.hasChildNodes();
    this.#strikes.replaceChildren(strikeTable(this.snapshot, this.#basis, this.#view));
    if (isFirst) this.#centreTheMoney();
  }

  #centreTheMoney() {
    const row = this.#strikes.querySelector(".spot, .money");
    if (row) this.#strikes.scrollTop = row.offsetTop - this.#strikes.clientHeight / 2;
  }

  #drawFigures() {
    const { totals = {}, maxPain, unit, strikeRange, strikes, analysis = {} } = this.snapshot;
    const { locale } = this.#view;
    const isChange = this.#basis === "change";
    const ratio = isChange ? totals.putCallRatioOfChange : totals.putCallRatio;
    const from = strikeRange?.from ?? strikes[0]?.strike;
    const to = strikeRange?.to ?? strikes.at(-1)?.strike;
    const range = isNumber(from) ? `${strike(from, locale)}${"\u2013"}${strike(to, locale)}` : "";
    this.#figures.replaceChildren(
      figure("", isChange ? "P/C of change" : "Put-call ratio", ratioWords(ratio), range, "pcr"),
      figure("", "Max pain", isNumber(maxPain) ? strike(maxPain, locale) : ABSENT, "", "max-pain"),
      figure("side-call", "Calls", compact(isChange ? totals.callChange : totals.call, locale), unit ?? "", "calls"),
      figure("side-put", "Puts", compact(isChange ? totals.putChange : totals.put, locale), unit ?? "", "puts"),
      explained(analysis, "support", wall(analysis.support, locale), "most puts"),
      explained(analysis, "resistance", wall(analysis.resistance, locale), "most calls"),
      explained(analysis, "straddle", priceOf(analysis.straddle, this.#view), "at the money"),
    );
    this.#figures.hidden = false;
  }

  #drawTruth() {
    const badge = badgeOf(this.snapshot);
    this.#truth.replaceChildren(
      ...(badge ? [element("b", { "data-mode": this.snapshot.mode }, badge), " "] : []),
      [sentence(this.snapshot, this.#axis, this.#symbol), coverage(this.snapshot.strikeRange)].filter(Boolean).join(" · "),
    );
  }

  #chooseBasis(basis) {
    if (!basis) return;
    this.#basis = basis;
    for (const button of part("oi-basis").children) {
      button.setAttribute("aria-pressed", String(button.dataset.basis === basis));
    }
    this.draw();
  }

  #offer(expiries, standard) {
    this.#select.replaceChildren(...expiries.map((date) => element("option", { value: date }, dateWords(date))));
    this.#select.hidden = expiries.length === 0;
    if (standard) this.#select.value = standard;
  }

  #say(kind, text) {
    this.#message.dataset.kind = kind;
    say(this.#message, text);
  }

  #clear() {
    this.snapshot = null;
    this.#figures.hidden = true;
    this.#strikes.replaceChildren();
    this.#truth.replaceChildren();
  }
}

function figure(side, name, value, detail, id) {
  const shown = element("dd", { "data-testid": id }, value);
  return element("div", { class: side }, element("dt", {}, name), shown, element("dd", {}, element("small", {}, detail)));
}

/** A figure of the analysis; where there is none, the reason shows on pointing at it, and to whoever hears the page. */
function explained(analysis, name, value, detail) {
  const shown = figure("", name[0].toUpperCase() + name.slice(1), value ?? ABSENT, detail, name);
  const reason = value ? analysis.rules?.[name] : analysis.reasons?.[name];
  if (reason) shown.title = reason;
  if (reason && !value) shown.querySelector("dd").setAttribute("aria-label", `none: ${reason}`);
  return shown;
}

function wall(walls, locale) {
  return isNumber(walls?.[0]?.strike) ? strike(walls[0].strike, locale) : null;
}

function priceOf(straddle, view) {
  return isNumber(straddle?.price) ? view.format(straddle.price) : null;
}

function ratioWords(ratio) {
  return isNumber(ratio) ? ratio.toFixed(2) : ABSENT;
}

function coverage(range) {
  return isNumber(range?.listed) && range.listed !== range.covered ? `${range.covered} of ${range.listed} listed strikes` : "";
}

function strike(value, locale) {
  return value.toLocaleString(locale, { maximumFractionDigits: 2 });
}

function dateWords(text) {
  const [year, month, day] = text.split("-").map(Number);
  const date = new Date(Date.UTC(year, month - 1, day));
  const style = { timeZone: "UTC", weekday: "short", day: "numeric", month: "short", year: "2-digit" };
  return date.toLocaleDateString("en-GB", style);
}
