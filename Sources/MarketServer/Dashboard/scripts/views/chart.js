// A chart of any symbol, with the at-the-money call and put in panes below it: one time scale and one crosshair for all three.

import { ABSENT, decimalsOf, isNumber, percent, signed } from "../math/format.js";
import { button, choice, element, openToggles, select } from "../ui/controls.js";
import { ChartSurface } from "../ui/chart-surface.js";
import { colors } from "../ui/theme.js";
import { DrawingBook, Drawings, GapShades, IndicatorLines, StrikeProfile } from "../ui/chart-overlays.js";
import { emaStep, openingRange, previousDay, rsiStep, Running, supertrendStep, vwapStep } from "../math/indicators.js";
import { failureChoices, legendParts } from "../ui/chart-words.js";
import { friendly } from "../math/sources.js";
import { isIntraday, OFFERED } from "../math/time.js";
import { tradedPrice } from "../data/options.js";

const SHOWN = {
  volume: "Volume", options: "At-the-money call and put", prev: "Previous day's high, low, close", vwap: "VWAP",
  opening: "Opening range, 15 min", walls: "Max pain and walls", profile: "Open interest by strike", ema: "EMA 20 and 50",
  rsi: "RSI 14", supertrend: "Supertrend 10, 3", gaps: "Gaps",
};
const MANY = 5_000;
// With this number of bars before the first one drawn every indicator has its value.
const RUN_UP = 1_000;
const PAUSE = 250;
const PAUSE_AWAY_FROM_NOW = 2_000;
const USUAL = "volume,options,prev,walls,gaps";
const STYLES = [["candles", "Candles"], ["line", "Line"], ["heikin", "Heikin-Ashi"]];
const TOOLS = [["horizontal", "―", "Horizontal line (h)"], ["trend", "╱", "Trend line (l)"], ["measure", "⇔", "Measure (m)"]];

export const view = {
  title: "Chart",
  uses: ["symbol", "interval", "expiry"],
  open: (panel) => new ChartView(panel),
};

class ChartView {
  #panel;
  #surface = null;
  #bars;
  #openInterest = null;
  #contracts = { call: null, put: null };
  #contractKey = "";
  #leaveContracts = [];
  #hovered = null;
  #panes = {};
  #opened = false;
  #decimals = 2;
  #gaps = new GapShades();
  #profile = new StrikeProfile();
  #drawings = new Drawings();
  #indicators = new IndicatorLines();
  #cursor = null;
  #isWhole = true;
  #hasNewOptions = false;
  #hasNewBars = false;
  #contractsDrawn = [];
  #gapsDrawn = null;
  #running;

  constructor(panel) {
    this.#panel = panel;
    const isFirst = !document.querySelector('[data-testid="main-chart"]');
    this.symbol = panel.symbol;
    this.interval = panel.options.interval || panel.context.interval;
    this.shown = new Set((panel.options.show ?? USUAL).split(",").filter(Boolean));
    this.axis = panel.axis;
    this.book = new DrawingBook(this.symbol);
    const dayOf = (time) => this.axis.clock.dayNumber(time);
    this.#running = Object.fromEntries(Object.entries({
      vwap: vwapStep(dayOf), emaShort: emaStep(20), emaLong: emaStep(50), supertrend: supertrendStep(), rsi: rsiStep(),
    }).map(([name, step]) => [name, new Running(step)]));
    this.#build(isFirst);
    if (!window.LightweightCharts) {
      this.#cover("error", "The chart library is not installed on this server. Run 'make vendor' and start it again.");
      return;
    }
    this.#surface = new ChartSurface(this.host, this.axis, {
      locale: panel.locale, style: panel.options.style ?? "candles",
      onCrosshair: (time) => this.#hover(time), onLeftEdge: () => this.#bars?.extend(),
      onClick: (place) => this.#place(place), onRange: (isAtNow) => { this.now.hidden = isAtNow || panel.isPast; },
      onWindow: () => this.#windowMoved(),
    });
    for (const overlay of [this.#gaps, this.#profile, this.#indicators, this.#drawings]) {
      overlay.scale = () => this.#surface.barScale;
      overlay.place = (time) => this.#surface.placeOf(time);
      this.#surface.main.attachPrimitive(overlay);
    }
    this.#cover("loading", `Loading ${this.symbol}, ${this.interval} bars …`);
    this.#bars = panel.market.bars(this.symbol, this.interval);
    panel.follow(this.#bars, (bars, kinds) => this.#changed(kinds), { isMain: true });
    panel.say("", "");
    if (["options", "walls", "profile"].some((name) => this.shown.has(name))) {
      this.#openInterest = panel.market.openInterest(this.symbol, panel.expiry);
      panel.follow(this.#openInterest, () => this.#optionsChanged(), { isMain: false });
    }
    this.#drawDrawings();
  }

  get state() {
    return () => ({
      visibleBars: this.#surface?.visibleCount ?? 0, count: this.#bars?.list.count ?? 0, contracts: this.#contractKey,
      shown: [...this.shown], levels: JSON.parse(this.#surface?.levelsText ?? "[]"), last: this.#bars?.list.last ?? null,
      call: this.#pointsOf("call").at(-1) ?? null, put: this.#pointsOf("put").at(-1) ?? null,
      drawings: this.book.shapes.length,
    });
  }

  close() {
    for (const leave of this.#leaveContracts) leave();
    this.#surface?.close();
  }

  key(event) {
    const actions = {
      n: () => this.#surface?.toNow(), h: () => this.#choose("horizontal"), l: () => this.#choose("trend"), m: () => this.#choose("measure"),
    };
    if (event.target === this.host) {
      const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
      if (steps[event.key]) return this.#moveCursor(...steps[event.key]);
      if (event.key === "Enter" && this.#cursor) {
        this.#place(this.#cursor);
        return true;
      }
    }
    if (!actions[event.key]) return false;
    actions[event.key]();
    return true;
  }

  #build(isFirst) {
    const panel = this.#panel;
    panel.title.replaceChildren(panel.options.symbol ? this.symbol : "Chart");
    const offered = OFFERED.includes(this.interval) ? OFFERED : [...OFFERED, this.interval];
    const intervals = choice("Interval", offered.map((name) => [name, name]), this.interval, (interval) => {
      if (panel.options.interval) panel.setOption("interval", interval);
      else panel.context.set({ interval }, { push: true });
    }, isFirst ? "interval" : "");
    intervals.classList.add("intervals");
    const tools = TOOLS.map(([name, text, words]) => button(text, () => this.#choose(name), {
      class: "tool", "aria-label": words, title: words, "aria-pressed": "false", "data-tool": name, "data-key": `tool-${name}`,
    }));
    this.toolButtons = tools;
    panel.tools.append(
      intervals,
      select("Style of the bars", STYLES, panel.options.style ?? "candles", (style) => panel.setOption("style", style), "style"),
      button("Show", (event) => this.#openShown(event.currentTarget), { "aria-haspopup": "dialog", "data-key": "show", "data-testid": isFirst ? "chart-show" : null }),
      ...tools,
    );
    this.legend = element("div", { class: "legend", "data-testid": isFirst ? "legend" : null });
    // Its place is kept from the start, lest the chart changes its height when the prices come.
    this.optionLegend = element("div", {
      class: "legend option-legend", hidden: !this.#hasOptions, "data-testid": isFirst ? "options-chart" : null,
    });
    this.indicatorLegend = element("div", { class: "legend indicator-legend", hidden: true, "data-testid": isFirst ? "indicators" : null });
    this.host = element("div", {
      class: "chart", "data-testid": isFirst ? "main-chart" : null, role: "img", tabindex: "0", "data-key": "chart",
      "aria-label": `Chart of ${this.symbol}, ${this.interval} bars. Arrow keys move the crosshair.`,
    });
    this.cover = element("div", { class: "cover", "data-testid": isFirst ? "chart-message" : null, role: "status" });
    this.now = button("Now ⇥", () => this.#surface?.toNow(), { class: "now", hidden: true, "data-testid": isFirst ? "chart-now" : null });
    this.note = element("p", { class: "chart-note", role: "status" });
    panel.body.append(element("div", { class: "chart-box" }, this.legend, this.indicatorLegend, this.optionLegend, this.host, this.cover, this.now), this.note);
  }

  #openShown(anchor) {
    openToggles(anchor, "Show on the chart", SHOWN, this.shown, (shown) => (
      this.#panel.setOption("show", [...shown].join(",") || "none")
    ), [
      ["Own symbol", () => this.#pin()],
      ["Undo drawing", () => { this.book.undo(); this.#drawDrawings(); }],
      ["Clear drawings", () => { this.book.clear(); this.#drawDrawings(); }],
    ]);
  }

  /** This chart keeps its symbol and interval while the page goes on to others, or follows the page again. */
  #pin() {
    const panel = this.#panel;
    const isPinned = Boolean(panel.options.symbol);
    panel.setOption("symbol", isPinned ? null : this.symbol, { quiet: true });
    panel.setOption("interval", isPinned ? null : this.interval);
    panel.page.announce(isPinned ? "The chart follows the page" : `The chart stays at ${this.symbol}`);
  }

  #changed(kinds) {
    const bars = this.#bars;
    this.note.textContent = bars.note;
    if (bars.error && !bars.list.count) {
      this.#failed(bars.error);
      return;
    }
    if (bars.value === null) return;
    if (!bars.list.count) {
      this.#cover("error", `No bars${bars.emptyReason ? `: ${bars.emptyReason}` : " in this time"}.`);
      if (this.#opened) this.#surface.setAll([]);
      return;
    }
    this.#cover("", "");
    const all = bars.list.all;
    if (!this.#opened) this.#openAll(all);
    else if (kinds.has("reset")) this.#surface.setAll(all);
    this.#isWhole ||= kinds.has("reset");
    this.#hasNewBars = !kinds.has("reset") && (this.#hasNewBars || kinds.has("bars"));
    if (kinds.has("reset") || kinds.has("bars")) this.#drawSoon();
  }

  #windowMoved() {
    this.#isWhole = true;
    this.#drawSoon();
  }

  // The library goes through all bars it holds at each change: with very many of them four changes a second are enough, and
  // fewer while the newest bar is out of sight.
  #drawSoon() {
    const pause = this.#surface.heldCount <= MANY ? 0 : this.#surface.isAtNow ? PAUSE : PAUSE_AWAY_FROM_NOW;
    this.#panel.draw(() => {
      // The bars may have been emptied since: the moment or the symbol changed.
      if (!this.#bars.list.count) return;
      this.#takeOptions();
      if (this.#hasNewBars) this.#surface.updateTail(this.#bars.list.all);
      this.#hasNewBars = false;
      this.#drawRest(this.#bars.list.all);
    }, { pause: this.#isWhole ? 0 : pause });
  }

  #openAll(all) {
    this.#opened = true;
    const panel = this.#panel;
    this.#adopt();
    this.axis.set(this.symbol, this.interval, this.#bars.timeZone);
    this.#decimals = decimalsOf(all.flatMap(({ open, high, low, close }) => [open, high, low, close]));
    const hasVolume = this.shown.has("volume") && all.some((bar) => isNumber(bar.volume));
    this.#surface.open(all, { decimals: this.#decimals, hasVolume });
    if (this.#bars.provenance?.mode === "simulated") this.#surface.watermark("SIMULATED");
    else if (panel.isPast) this.#surface.watermark("PAST");
    if (this.shown.has("rsi")) {
      this.#panes.rsi = this.#surface.addPane(0.5);
    }
  }

  /** The address may name things in short (nifty, 60); the server's response has their full names. */
  #adopt() {
    const { named } = this.#bars;
    const { context } = this.#panel;
    if (!named || this.#panel.options.symbol) return;
    if (named.symbol !== context.symbol && this.symbol === context.symbol) context.set({ symbol: named.symbol });
    if (named.interval !== context.interval && this.interval === context.interval) context.set({ interval: named.interval });
  }

  #drawRest(all) {
    const dayOf = (time) => this.axis.clock.dayNumber(time);
    const { one, two, three, accent, muted, warn, up, down, call, put } = colors();
    const surface = this.#surface;
    const intraday = isIntraday(this.interval);
    // While bars arrive the newest points are enough: what is older no longer moves these lines.
    const isTail = !this.#isWhole;
    this.#isWhole = false;
    const first = Math.max(0, all.length - surface.heldCount - RUN_UP);
    const points = (name) => (isTail ? this.#running[name].tail(all) : this.#running[name].whole(all, first));
    const indexOf = (time) => surface.indexOf(time);
    const line = (name, isShown, make, options) => this.#indicators.set(name, isShown ? make() : [], { isTail, indexOf, ...options });
    line("VWAP", this.shown.has("vwap") && intraday, () => broken(points("vwap"), ({ time }) => dayOf(time)), { color: one });
    line("EMA 20", this.shown.has("ema"), () => points("emaShort"), { color: two, width: 1 });
    line("EMA 50", this.shown.has("ema"), () => points("emaLong"), { color: three, width: 1 });
    line("Supertrend", this.shown.has("supertrend"), () => broken(points("supertrend").map((point) => (
      { ...point, color: point.isUp ? up : down }
    )), ({ isUp }) => isUp), { color: accent });
    if (this.#panes.rsi) {
      surface.line("rsi", points("rsi").filter(({ time }) => time >= surface.heldFrom), {
        isTail, color: two, width: 1, pane: this.#panes.rsi, title: "RSI", format: (value) => value.toFixed(1),
      });
    }
    const levels = this.#walls({ call, put, accent });
    const before = this.shown.has("prev") && intraday ? previousDay(all, dayOf) : null;
    if (before) {
      levels.push({ price: before.close, color: muted, title: "prev close", style: 1 }, { price: before.high, color: muted, title: "prev high" },
        { price: before.low, color: muted, title: "prev low" });
    }
    const range = this.shown.has("opening") && intraday ? openingRange(all, dayOf, this.#bars.seconds) : null;
    if (range) levels.push({ price: range.high, color: warn, title: "opening high" }, { price: range.low, color: warn, title: "opening low" });
    surface.levels(levels);
    if (!isTail) this.#drawDrawings();
    this.#drawGaps();
    this.#drawLegend();
    this.#drawContracts();
  }

  #walls({ call, put, accent }) {
    const snapshot = this.#openInterest?.value;
    if (!snapshot || !this.shown.has("walls")) return [];
    const { maxPain, analysis = {} } = snapshot;
    const lines = [];
    if (isNumber(maxPain)) lines.push({ price: maxPain, color: accent, title: "max pain", style: 3 });
    for (const [walls, color, name] of [[analysis.resistance, call, "call wall"], [analysis.support, put, "put wall"]]) {
      (walls ?? []).slice(0, 2).forEach(({ strike }, index) => (
        lines.push({ price: strike, color, title: index ? `${name} 2` : name, style: index ? 1 : 0 })
      ));
    }
    return lines;
  }

  // A panel draws one thing a frame, the latest request: option data wait for the next drawing.
  #optionsChanged() {
    this.#hasNewOptions = true;
    const { value, error } = this.#openInterest;
    this.optionLegend.hidden = !this.#hasOptions || (value === null && error !== null);
    if (this.#opened) this.#drawSoon();
  }

  #takeOptions() {
    const snapshot = this.#openInterest?.value;
    if (!snapshot || !this.#hasNewOptions) return;
    this.#hasNewOptions = false;
    if (this.shown.has("profile")) {
      this.#profile.set(snapshot.strikes.map(({ strike, call, put }) => ({ price: strike, call: call?.openInterest, put: put?.openInterest })));
    }
    if (this.#hasOptions) this.#followContracts(snapshot);
  }

  get #hasOptions() { return this.shown.has("options") && isIntraday(this.interval); }

  /** The strike changes only when the spot is clearly nearer to another, lest the panes flicker. */
  #followContracts(snapshot) {
    const { expiry, spot, atTheMoney } = snapshot;
    const own = Number(this.#panel.options.strike) || null;
    const sorted = snapshot.strikes.map(({ strike }) => strike);
    const step = Math.min(...sorted.slice(1).map((strike, index) => strike - sorted[index]));
    const stays = this.strike && this.contractExpiry === expiry && isNumber(spot) && Math.abs(spot - this.strike) < step * 0.75;
    const strike = own ?? (stays ? this.strike : atTheMoney);
    const key = `${expiry} ${strike}`;
    if (!isNumber(strike) || key === this.#contractKey) return;
    [this.strike, this.contractExpiry, this.#contractKey] = [strike, expiry, key];
    for (const leave of this.#leaveContracts.splice(0)) leave();
    const { market, isPast } = this.#panel;
    for (const type of ["call", "put"]) {
      // The source has the present day's prices; those of the past are in the snapshots.
      const source = isPast ? market.session(this.symbol, this.#panel.expiry, strike) : market.contract(this.symbol, expiry, strike, type);
      this.#contracts[type] = source;
      this.#leaveContracts.push(source.follow(() => this.#opened && this.#drawSoon()));
    }
  }

  /** Prices {time, price} of the call or the put. */
  #pointsOf(type) {
    const { value } = this.#contracts[type] ?? {};
    if (!value) return [];
    return Array.isArray(value) ? value.map((point) => ({ time: point.time, price: tradedPrice(point[type]) })) : value.points;
  }

  #drawContracts() {
    if (!this.#contractKey) {
      this.optionLegend.replaceChildren();
      return;
    }
    // Nothing to draw while neither the prices nor the places of the bars have changed.
    const drawn = [...["call", "put"].flatMap((type) => [this.#contracts[type]?.value, this.#contracts[type]?.error]), this.#bars.list.last.time, this.#surface.heldFrom];
    if (drawn.every((value, index) => value === this.#contractsDrawn[index])) return;
    this.#contractsDrawn = drawn;
    const palette = colors();
    const isKnown = ["call", "put"].some((type) => this.#pointsOf(type).length);
    if (isKnown && this.#panes.call === undefined) {
      for (const type of ["call", "put"]) this.#panes[type] = this.#surface.addPane(0.62);
    }
    for (const type of isKnown ? ["call", "put"] : []) {
      const points = this.#pointsOf(type);
      this.#surface.line(type, this.#alignedToBars(points), {
        color: palette[type], pane: this.#panes[type], title: type,
      });
    }
    this.#drawOptionLegend();
  }

  /** Each price at the bar it falls in, so that both scales have the same places. */
  #alignedToBars(points) {
    const { list } = this.#bars;
    const first = this.#surface.heldFrom;
    const aligned = new Map();
    for (const { time, price } of points) {
      if (!isNumber(price) || time < first) continue;
      // A point is the price at its time, which ends the bar before it.
      const place = list.before(time)?.time;
      if (place !== undefined && place >= first) aligned.set(place, price);
    }
    return [...aligned].map(([time, value]) => ({ time, value }));
  }

  #drawOptionLegend() {
    const parts = ["call", "put"].map((type) => {
      const points = this.#pointsOf(type);
      const point = this.#hovered === null ? points.at(-1) : points.findLast(({ time }) => time <= this.#hovered) ?? null;
      const words = point ? this.#panel.price(point.price) : ABSENT;
      const { error } = this.#contracts[type] ?? {};
      const name = `${this.#panel.strike(this.strike)} ${type} `;
      return element("span", { class: `side-${type}`, title: error ? friendly(error) : null }, name, element("b", {}, words));
    });
    this.optionLegend.replaceChildren(...parts);
  }

  #hover(time) {
    this.#hovered = time;
    this.#drawLegend();
    if (this.#contractKey) this.#drawOptionLegend();
  }

  #drawLegend() {
    const { list } = this.#bars;
    const bar = this.#hovered === null ? list.last : list.at(this.#hovered);
    const before = bar ? list.before(bar.time) : null;
    const { symbol, interval, axis } = this;
    const { locale } = this.#panel;
    this.legend.replaceChildren(...legendParts({ symbol, interval, bar, before, axis, locale, format: this.#surface.format }));
    if (bar) this.#indicatorLegend(bar.time);
  }

  #indicatorLegend(time) {
    const lines = this.#indicators.at(this.#surface.indexOf(time));
    this.indicatorLegend.hidden = !lines.length;
    this.indicatorLegend.replaceChildren(...lines.map(({ name, value, color }) => {
      const swatch = element("i", { class: "swatch" });
      swatch.style.background = color;
      return element("span", {}, swatch, `${name} `, element("b", {}, isNumber(value) ? this.#surface.format(value) : ABSENT));
    }));
  }

  #choose(tool) {
    this.book.choose(tool);
    for (const made of this.toolButtons) made.setAttribute("aria-pressed", String(made.dataset.tool === this.book.tool));
    this.host.classList.toggle("drawing", Boolean(this.book.tool));
    this.#drawDrawings();
    if (this.book.tool) this.#panel.page.announce("Choose a place on the chart: click, or arrow keys and Enter");
  }

  #place(place) {
    const used = this.book.place(place, (a, b) => {
      const bars = Math.abs(this.#indexOf(b.time) - this.#indexOf(a.time));
      return `${signed(b.price - a.price, this.#surface.format)} (${percent(((b.price - a.price) / a.price) * 100)}) · ${bars} bars`;
    });
    if (!used) return;
    for (const made of this.toolButtons) made.setAttribute("aria-pressed", String(made.dataset.tool === this.book.tool));
    this.host.classList.toggle("drawing", Boolean(this.book.tool));
    this.#drawDrawings();
  }

  #indexOf(time) { return this.#bars.list.all.findIndex((bar) => bar.time >= time); }

  #drawGaps() {
    const gaps = this.shown.has("gaps") ? this.#bars.gaps : [];
    if (gaps === this.#gapsDrawn) return;
    this.#gapsDrawn = gaps;
    this.#gaps.set(gaps);
  }

  #drawDrawings() {
    this.#drawings.set({
      shapes: this.book.shapes, pending: this.book.pending, measure: this.book.measure, format: this.#surface?.format ?? String,
    });
  }

  #moveCursor(bars, steps) {
    const all = this.#bars.list.all;
    if (!all.length) return true;
    const index = this.#cursor ? this.#indexOf(this.#cursor.time) : all.length - 1;
    const bar = all[Math.max(0, Math.min(all.length - 1, index + bars))];
    const range = all.slice(-100);
    const unit = (Math.max(...range.map(({ high }) => high)) - Math.min(...range.map(({ low }) => low))) / 50;
    const price = bars || !this.#cursor ? bar.close : this.#cursor.price + steps * unit;
    this.#cursor = { time: bar.time, price };
    this.#surface.chart.setCrosshairPosition(price, bar.time, this.#surface.main);
    this.#hover(bar.time);
    this.#panel.page.announce(this.legend.textContent);
    return true;
  }

  #failed(error) {
    this.#cover("error", friendly(error), failureChoices(error, {
      onSymbol: (symbol) => this.#panel.context.set({ symbol }, { push: true }), onRetry: () => this.#bars.retry(),
    }));
    this.#panel.sayElsewhere();
  }

  #cover(kind, text, ...more) {
    this.cover.hidden = !text;
    this.cover.dataset.kind = kind;
    this.cover.replaceChildren(...(text ? [element("p", {}, text), ...more] : []));
  }
}

/** A line that starts again, as each day or with each turn, is not drawn from one stretch to the next. */
function broken(points, stretchOf) {
  return points.map((point, index) => (
    points[index + 1] && stretchOf(point) !== stretchOf(points[index + 1]) ? { ...point, color: "transparent" } : point
  ));
}
