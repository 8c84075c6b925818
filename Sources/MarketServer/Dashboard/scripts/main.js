// Puts the parts together: one symbol, one interval, one stream.

import { Axis } from "./axis.js";
import { Chart } from "./chart.js";
import { Curtain } from "./curtain.js";
import { IntervalBar } from "./interval-bar.js";
import { Legend } from "./legend.js";
import { OpenInterest } from "./open-interest.js";
import { Price } from "./price.js";
import { Quotes } from "./quotes.js";
import { Search } from "./search.js";
import { Series, reasonWords } from "./series.js";
import { Stream } from "./stream.js";
import { TruthLine } from "./truth-line.js";
import { USUAL } from "./interval.js";
import { takeKeyFromAddress } from "./access.js";
import { decimalsOf, priceFormat } from "./format.js";
import { exposeProbe } from "./probe.js";
import { fromAddress, remember, rememberSymbol, remembered, toAddress } from "./preferences.js";
import { localeOf } from "./exchange.js";
import { part, testID } from "./dom.js";
import { watchTheme } from "./theme.js";

const PROVENANCE = ["source", "feed", "mode", "delaySeconds", "asOf"];

class Page {
  #axis = new Axis();
  #truth = new TruthLine(this.#axis);
  #price = new Price();
  #curtain = new Curtain();
  #symbol = "";
  #interval = "";
  #decimals = 2;
  #opened = false;

  constructor() {
    const address = new URL("v1/stream", location.href);
    address.protocol = address.protocol.replace("http", "ws");
    this.stream = new Stream(address, {
      onState: (state) => this.#truth.setStream(state),
      onStatus: (status) => this.#truth.setSource(status),
    });
    this.series = new Series(this.stream, this.#seriesView());
    this.legend = new Legend(part("legend"), this.#axis, this.series.bars);
    this.chart = new Chart(testID("main-chart"), this.#axis, {
      onCrosshair: (time) => this.legend.hover(time),
      onLeftEdge: () => this.series.extend(),
    });
    this.quotes = new Quotes(this.stream, {
      onQuote: (quote, provenance) => this.#quoted(quote, provenance),
      onError: (error) => this.#curtain.note(`No quote: ${error.message}`),
    });
    this.openInterest = new OpenInterest(this.stream, this.#axis);
    this.search = new Search((symbol) => this.go({ symbol }));
    this.intervals = new IntervalBar((interval) => this.go({ interval }));
    this.#listen();
  }

  get state() {
    return Object.freeze({
      symbol: this.#symbol, interval: this.#interval, connection: this.#truth.state, last: this.#price.shown,
      provenance: this.#truth.provenance, visibleBars: this.chart.visibleCount, zone: this.#axis.name,
      openInterest: this.openInterest.snapshot,
    });
  }

  start() {
    this.stream.connect();
    const { symbol, interval } = fromAddress();
    this.go({
      symbol: symbol ?? remembered("symbol") ?? "NSE:NIFTY",
      interval: interval ?? remembered("interval") ?? USUAL,
    }, { replace: true });
  }

  go({ symbol = this.#symbol, interval = this.#interval }, { replace = false, silent = false } = {}) {
    const isNewSymbol = symbol !== this.#symbol;
    this.#symbol = symbol;
    this.#interval = interval;
    if (!silent) toAddress({ symbol, interval }, { replace });
    this.#opened = false;
    this.#axis.set(symbol, interval);
    this.search.show(symbol);
    this.intervals.show(interval);
    this.chart.clear();
    this.chart.setWatermark("");
    this.#curtain.note("");
    this.#curtain.loading(`Asking for ${symbol}, ${interval} bars …`);
    this.legend.open({ symbol, interval }, String, localeOf(symbol));
    if (isNewSymbol) this.#openSymbol(symbol);
    this.series.open(symbol, interval);
    this.legend.draw();
    this.#drawZone();
  }

  #openSymbol(symbol) {
    this.#decimals = 2;
    this.#truth.open(symbol);
    this.#price.open(symbol, localeOf(symbol));
    this.#price.setFormat(this.#format());
    this.quotes.open(symbol);
    this.openInterest.open(symbol, { locale: localeOf(symbol), format: this.#format() });
  }

  #seriesView() {
    return {
      moment: (value) => this.#axis.moment(value),
      told: (text) => this.#curtain.note(text),
      opened: (answer, isFirst) => this.#barsOpened(answer, isFirst),
      changed: (bar, isHistory) => this.#barChanged(bar, isHistory),
      redrawn: () => this.chart.setAll(this.series.bars.all),
      prepended: () => this.chart.setAll(this.series.bars.all),
      failed: (error, retryAt) => this.#failed(error, retryAt),
    };
  }

  #barsOpened(answer, isFirst) {
    const { bars } = this.series;
    const symbol = answer.symbol ?? this.#symbol;
    const locale = localeOf(symbol);
    this.#axis.set(symbol, answer.interval ?? this.#interval, answer.timeZone);
    this.#setDecimals(bars.all.flatMap(({ open, high, low, close }) => [open, high, low, close]));
    this.legend.open({ symbol, interval: answer.interval ?? this.#interval }, this.#format(), locale);
    if (isFirst) this.chart.open(bars.all, { decimals: this.#decimals, locale });
    else this.chart.setAll(bars.all);
    this.#opened = bars.count > 0;
    this.#adopt(symbol, answer.interval ?? this.#interval);
    this.#truth.setProvenance(pick(answer));
    this.chart.setWatermark(this.#truth.isSimulated ? "SIMULATED" : "");
    this.#drawZone();
    if (!bars.count) return this.#curtain.empty(`The server sent no bars: ${reasonWords(answer.reason)}.`);
    this.#curtain.hide();
    this.#curtain.note(shortcomings(answer, this.#axis));
    this.#price.showClose(bars.last.close);
    this.#remember();
    return undefined;
  }

  /** The address may name things in short (nifty, 60); the server's answer has their full names. */
  #adopt(symbol, interval) {
    if (symbol === this.#symbol && interval === this.#interval) return;
    this.#symbol = symbol;
    this.#interval = interval;
    toAddress({ symbol, interval }, { replace: true });
    this.search.show(symbol);
    this.intervals.show(interval);
    this.#truth.rename(symbol);
    this.#price.rename(symbol);
  }

  #barChanged(bar, isHistory) {
    if (this.#setDecimals([bar.open, bar.high, bar.low, bar.close])) this.chart.setDecimals(this.#decimals);
    this.chart.update(bar, isHistory);
    this.#truth.heard();
    this.#price.showClose(this.series.bars.last.close);
    this.legend.draw();
  }

  #quoted(quote, provenance) {
    this.#setDecimals([quote.last, quote.open, quote.high, quote.low, quote.previousClose]);
    this.#truth.setSession(quote.session ?? null);
    this.#truth.heard();
    if (Object.keys(provenance).length) this.#truth.setProvenance(provenance);
    this.#price.show(quote);
  }

  #failed(error, retryAt) {
    if (!this.#opened) this.#truth.refused();
    this.#curtain.error(error, {
      hasBars: this.#opened,
      retryAt,
      onRetry: () => {
        if (!this.#opened) this.#curtain.loading(`Asking for ${this.#symbol}, ${this.#interval} bars …`);
        else this.#curtain.hide();
        this.series.retry();
      },
      onSymbol: (symbol) => this.go({ symbol }),
    });
  }

  #format() { return priceFormat(this.#decimals, localeOf(this.#symbol)); }

  /** Decimals only grow while a symbol is watched; true when they did. */
  #setDecimals(prices) {
    const decimals = decimalsOf(prices);
    if (decimals <= this.#decimals) return false;
    this.#decimals = decimals;
    this.#price.setFormat(this.#format());
    this.legend.setFormat(this.#format());
    return true;
  }

  #remember() {
    rememberSymbol(this.#symbol);
    remember("symbol", this.#symbol);
    remember("interval", this.#interval);
  }

  #drawZone() {
    const [exchange, utc] = part("zone").children;
    exchange.textContent = this.#axis.exchangeName;
    exchange.hidden = this.#axis.exchangeName === "UTC";
    exchange.setAttribute("aria-pressed", String(!this.#axis.useUTC));
    utc.setAttribute("aria-pressed", String(this.#axis.useUTC || exchange.hidden));
  }

  #setUTC(useUTC) {
    this.#axis.useUTC = useUTC;
    remember("zone", useUTC ? "utc" : "exchange");
    this.chart.readClockAgain(this.series.bars.all);
    this.#drawZone();
    this.legend.draw();
    this.#truth.draw();
    this.openInterest.draw();
  }

  #listen() {
    this.#axis.useUTC = remembered("zone") === "utc";
    part("zone").addEventListener("click", (event) => {
      if (event.target.dataset.zone) this.#setUTC(event.target.dataset.zone === "utc");
    });
    watchTheme(() => {
      this.chart.applyTheme(this.series.bars.all);
      this.chart.setWatermark(this.#truth.isSimulated ? "SIMULATED" : "");
    });
    addEventListener("popstate", () => {
      const { symbol, interval } = fromAddress();
      this.go({ symbol: symbol ?? this.#symbol, interval: interval ?? this.#interval }, { silent: true });
    });
    addEventListener("keydown", (event) => {
      if (event.target.closest("input, select, textarea") || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "/") {
        event.preventDefault();
        this.search.focus();
      }
      if (event.key === "]") this.intervals.step(1);
      if (event.key === "[") this.intervals.step(-1);
    });
  }
}

function pick(answer) {
  return Object.fromEntries(PROVENANCE.filter((name) => answer[name] !== undefined).map((name) => [name, answer[name]]));
}

/** What the bars lack, in one line. */
function shortcomings(answer, axis) {
  const parts = [];
  if (answer.complete === false && answer.reason) parts.push(`No older bars: ${reasonWords(answer.reason)}.`);
  for (const gap of (answer.gaps ?? []).slice(0, 2)) {
    parts.push(`Bars are missing from ${axis.moment(gap.from)} to ${axis.moment(gap.to)}: ${gap.reason}.`);
  }
  if ((answer.gaps ?? []).length > 2) parts.push(`${answer.gaps.length} gaps in all.`);
  return parts.join(" ");
}

takeKeyFromAddress();
if (window.LightweightCharts) {
  const page = new Page();
  exposeProbe(page);
  page.start();
} else {
  new Curtain().empty("The chart library is not installed on this server. Run 'make vendor' and start it again.");
}
