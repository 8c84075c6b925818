// The top of the page: last price, change, session and the day's range of the symbol, and what the page says of itself.

import { ABSENT, age, columnFormat, decimalsOf, isNumber, percent, priceFormat, signed, signOf } from "../math/format.js";
import { Axis } from "../math/time.js";
import { badgeOf, FRESH, friendly, isClosed, judge, nameOf, sentence } from "../math/sources.js";
import { dueAt } from "./panel.js";
import { element, part, say, testID } from "./controls.js";

const SESSIONS = {
  market: "Market open", regular: "Market open", open: "Market open",
  out_of_session: "Market closed", closed: "Market closed", holiday: "Holiday",
  pre_market: "Before the open", post_market: "After the close",
};

export class Header {
  #leavings = [];
  #quote = null;
  #bars = null;
  #decimals = 2;
  #shown = null;
  #flashing = 0;
  #sources = [];
  #judged = { state: "connecting", text: "connecting" };
  axis = new Axis();

  constructor(page) {
    this.page = page;
    this.context = page.context;
    this.market = page.market;
    this.context.on(["symbol", "interval", "zone", "grouping", "at"], (changed) => {
      if (changed.has("symbol") || changed.has("interval") || changed.has("at")) this.open();
      else this.draw();
    });
    this.market.events.addEventListener("status", () => this.drawStatus());
  }

  get state() { return this.#judged.state; }
  get isClosed() { return !this.context.moment && isClosed(this.#quote?.value?.session); }
  get last() { return this.#shown; }
  get provenance() { return this.#quote?.provenance ?? this.#bars?.provenance ?? null; }
  get isSimulated() { return this.provenance?.mode === "simulated"; }

  open() {
    for (const leave of this.#leavings.splice(0)) leave();
    const { symbol, interval } = this.context;
    if (this.#quote?.symbol !== symbol) {
      this.#decimals = 2;
      this.#shown = null;
    }
    this.#quote = this.market.quote(symbol);
    this.#bars = this.market.bars(symbol, interval);
    this.#leavings = [
      this.#quote.follow(() => this.#drawSoon()),
      this.#bars.follow(() => this.#drawSoon()),
    ];
    this.draw();
  }

  draw() {
    const quote = this.#quote?.value ?? {};
    const { locale } = this;
    this.axis.set(this.context.symbol, this.context.interval, this.#bars?.timeZone);
    this.axis.useUTC = this.context.zone === "utc";
    this.#decimals = Math.max(this.#decimals, decimalsOf([quote.last, quote.open, quote.high, quote.low, quote.previousClose].filter(isNumber)));
    const format = priceFormat(this.#decimals, locale);
    const last = isNumber(quote.last) ? quote.last : this.#bars?.list.last?.close ?? null;
    this.#drawLast(last, format);
    const change = quote.change ?? (isNumber(quote.last) && isNumber(quote.previousClose) ? quote.last - quote.previousClose : null);
    const ratio = quote.changePercent ?? (isNumber(change) && quote.previousClose ? (change / quote.previousClose) * 100 : null);
    say(testID("change"), signed(change, format));
    say(testID("change-percent"), percent(ratio));
    for (const name of ["change", "change-percent"]) testID(name).dataset.sign = signOf(change ?? 0);
    this.#drawSession(quote);
    this.#drawDay(quote, format, locale);
    this.drawStatus();
  }

  #drawSoon() {
    const due = dueAt({ now: performance.now(), drawnAt: this.#hasPrice ? 0 : null, isInSight: true });
    this.page.frames.request(this, () => this.draw(), due);
  }

  get #hasPrice() { return Boolean(this.#quote?.value) && this.#shown !== null; }

  get locale() { return this.context.localeFor(this.context.symbol); }

  #drawLast(last, format) {
    if (this.#shown !== null && isNumber(last) && last !== this.#shown) this.#flash(last > this.#shown ? "up" : "down");
    this.#shown = last;
    say(testID("last-price"), format(last));
    const past = this.context.moment === null ? "" : "PAST · ";
    document.title = isNumber(last) ? `${past}${format(last)} ${this.context.symbol} · Bhav` : `${past}${this.context.symbol} · Bhav`;
  }

  // Two changes of colour: an animation would make the browser draw the page at each frame while it lasts.
  #flash(direction) {
    const node = testID("last-price");
    node.dataset.flash = direction;
    clearTimeout(this.#flashing);
    this.#flashing = setTimeout(() => { delete node.dataset.flash; }, 450);
  }

  #drawSession({ session, isFromBars }) {
    const node = testID("session");
    const words = isFromBars ? "close of the last minute" : session ? SESSIONS[session] ?? session.replaceAll("_", " ") : "";
    node.hidden = !words;
    say(node, words);
  }

  #drawDay(quote, format, locale) {
    const prices = [["Open", quote.open], ["High", quote.high], ["Low", quote.low], ["Prev", quote.previousClose],
      ["Bid", quote.bid], ["Ask", quote.ask]];
    const rows = prices.filter(([, value]) => isNumber(value)).map(([name, value]) => row(name, format(value)));
    for (const [name, value] of [["Vol", quote.volume], ["OI", quote.openInterest]]) {
      if (!isNumber(value)) continue;
      const column = columnFormat([value], locale);
      rows.push(row(name, `${column.write(value)} ${column.short}`.trim()));
    }
    part("day").replaceChildren(...rows);
  }

  drawStatus() {
    const { provenance } = this;
    const { moment } = this.context;
    const badge = provenance ? badgeOf(provenance) : null;
    const node = testID("badge");
    node.hidden = !badge;
    node.dataset.mode = provenance?.mode ?? "";
    say(node, badge ?? "");
    const error = this.#quote?.error ?? this.#bars?.error ?? null;
    const words = this.#words(provenance, error);
    say(testID("provenance"), words);
    testID("provenance").title = words;
    const both = [this.#quote, this.#bars].filter(Boolean);
    const heardAt = Math.max(...both.map((resource) => resource.heardAt ?? 0)) || null;
    const liveAt = Math.max(...both.map((resource) => resource.liveAt ?? 0)) || null;
    const trouble = this.market.sources.trouble(this.#priceSources(both));
    const isEmpty = !this.#bars?.value && !this.#quote?.value;
    this.#judged = judge({
      stream: this.market.state,
      trouble: trouble ? { ...trouble, name: nameOf(trouble.source) } : null,
      condition: this.#bars?.condition ?? null, isCurrent: both.some((resource) => resource.isCurrent), symbol: this.context.symbol,
      session: this.#quote?.isCurrent ? this.#quote.value?.session : null, age: liveAt === null ? null : (Date.now() - liveAt) / 1000,
      failed: isEmpty && error ? friendly(error) : this.#bars?.error?.retryable ? "the source does not respond" : null, moment,
    });
    const connection = testID("connection");
    connection.dataset.state = this.#judged.state;
    document.body.dataset.connection = this.#judged.state;
    document.body.toggleAttribute("data-dimmed", !FRESH.has(this.#judged.state));
    say(connection, this.#judged.text);
    say(testID("age"), this.#ageWords(heardAt));
  }

  /** The sources of the symbol's prices; those of the symbol before, until its own are known. */
  #priceSources(resources) {
    const named = resources.map((resource) => resource.provenance?.source).filter((source) => source && source !== "store");
    if (named.length) this.#sources = named;
    return this.#sources;
  }

  #words(provenance, error) {
    if (!provenance) return error ? `No data for ${this.context.symbol}, so nothing is shown.` : `Loading ${this.context.symbol} …`;
    const words = sentence(provenance, this.context.symbol);
    const time = this.#quote?.value?.lastTime ?? this.#bars?.list.last?.time;
    if (this.context.moment !== null) {
      const last = time ? `, last price of ${this.axis.moment(time)}` : "";
      return `${words} · as of ${this.axis.moment(this.context.moment)}, not live${last}`;
    }
    if (!time) return words;
    return `${words} · last tick ${this.axis.moment(time)}${this.isClosed ? " · market closed" : ""}`;
  }

  // The countdown and the age tick every second, so they stand outside the live region.
  #ageWords(heardAt) {
    const parts = [];
    const { retryAt } = this.market.state;
    if (this.market.state.state !== "open" && retryAt) parts.push(`again in ${Math.max(1, Math.ceil((retryAt - Date.now()) / 1000))} s`);
    if (this.context.moment === null && !this.isClosed && heardAt !== null) parts.push(`updated ${age((Date.now() - heardAt) / 1000)}`);
    return parts.join(" · ");
  }
}

function row(name, text) {
  return element("div", {}, element("dt", {}, name), element("dd", {}, text || ABSENT));
}
