// Last price, change, session and the day's range in the header, from the quote.

import { ABSENT, compact, isNumber, percent, signOf, signed } from "./format.js";
import { element, part, say, testID } from "./dom.js";

const SESSIONS = {
  market: "Market open", regular: "Market open", open: "Market open",
  out_of_session: "Market closed", closed: "Market closed", holiday: "Holiday",
  pre_market: "Before the open", post_market: "After the close",
};

export class Price {
  #last = testID("last-price");
  #change = testID("change");
  #percent = testID("change-percent");
  #session = testID("session");
  #day = part("day");
  #format = String;
  #locale = "en-US";
  #name = "";
  #shown = null;
  #quote = {};

  open(name, locale) {
    this.#name = name;
    this.#locale = locale;
    this.#shown = null;
    this.#quote = {};
    for (const node of [this.#last, this.#change, this.#percent]) {
      say(node, ABSENT);
      delete node.dataset.sign;
    }
    this.#session.hidden = true;
    this.#day.replaceChildren();
    document.title = `${name} · Bhav`;
  }

  rename(name) { this.#name = name; }

  get shown() { return this.#shown; }

  setFormat(format) {
    this.#format = format;
    this.#draw();
  }

  /** Takes the whole quote as known so far. */
  show(quote) {
    this.#quote = quote;
    this.#draw();
  }

  /** Before any quote came: the close of the last bar. */
  showClose(close) {
    if (!isNumber(this.#quote.last)) this.#drawLast(close);
  }

  #draw() {
    const { last, previousClose } = this.#quote;
    if (isNumber(last)) this.#drawLast(last);
    const change = this.#quote.change ?? (isNumber(last) && isNumber(previousClose) ? last - previousClose : null);
    const ratio = this.#quote.changePercent ?? (isNumber(change) && previousClose ? (change / previousClose) * 100 : null);
    say(this.#change, signed(change, this.#format));
    say(this.#percent, percent(ratio));
    for (const node of [this.#change, this.#percent]) node.dataset.sign = signOf(change ?? 0);
    this.#drawSession();
    this.#drawDay();
  }

  #drawLast(price) {
    if (this.#shown !== null && price !== this.#shown) this.#flash(price > this.#shown ? "--up" : "--down");
    this.#shown = price;
    say(this.#last, this.#format(price));
    document.title = `${this.#format(price)} ${this.#name} · Bhav`;
  }

  #flash(color) {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    const from = getComputedStyle(document.documentElement).getPropertyValue(color);
    this.#last.animate([{ color: from }, { color: from, offset: 0.4 }, {}], { duration: 700 });
  }

  #drawSession() {
    const { session } = this.#quote;
    this.#session.hidden = !session;
    if (session) say(this.#session, SESSIONS[session] ?? session.replaceAll("_", " "));
  }

  #drawDay() {
    const { open, high, low, previousClose, volume, openInterest, bid, ask } = this.#quote;
    const prices = [["Open", open], ["High", high], ["Low", low], ["Prev", previousClose], ["Bid", bid], ["Ask", ask]];
    const rows = prices.filter(([, value]) => isNumber(value)).map(([name, value]) => row(name, this.#format(value)));
    if (isNumber(volume)) rows.push(row("Vol", compact(volume, this.#locale)));
    if (isNumber(openInterest)) rows.push(row("OI", compact(openInterest, this.#locale)));
    this.#day.replaceChildren(...rows);
  }
}

function row(name, text) {
  return element("div", {}, element("dt", {}, name), element("dd", {}, text));
}
