// The chart on TradingView's Lightweight Charts: bars in one of three styles, panes below it, lines across it. One new bar is
// one update(). The library goes through every bar it holds at each of them, so it holds the newest ones only, and older ones
// for as long as a person has scrolled back to them.

import { colors, faded } from "./theme.js";
import { columnFormat, priceFormat } from "../math/format.js";
import { heikinAshi } from "../math/indicators.js";
import { tickLabel, zonedTimeScale } from "./chart-words.js";

const NEAR_THE_LEFT = 30;
// Bars' room at the right, so that the names of the levels do not lie on the newest bars.
const RIGHT_OFFSET = 10;
const SHORT = 1_000;
// More than a wide screen shows at the usual spacing. Who looks further back, or at narrower bars, gets twice as many.
const WINDOW = 2_000;
const PAUSE_BEFORE_TRIMMING = 1_500;

export class ChartSurface {
  #library = window.LightweightCharts;
  #axis;
  #locale;
  #style;
  #volume = null;
  #lines = new Map();
  #priceLines = [];
  #paneCount = 1;
  #columnColors = {};
  #forming = {};
  #lastTime = null;
  #all = [];
  #held = [];
  #trimming = 0;
  #levels = [];
  #levelsKey = "";
  #naming = 0;
  #onWindow;

  /** `onCrosshair(time or null, point)`, `onClick({time, price})`, `onRange()`; `onLeftEdge()` requests older bars than there
      are, `onWindow()` says that the bars which the library holds begin elsewhere. */
  constructor(container, axis, { locale, style, onCrosshair, onLeftEdge, onClick, onRange, onWindow }) {
    this.#onWindow = onWindow;
    this.#axis = axis;
    this.#locale = locale;
    this.#style = style;
    const scale = zonedTimeScale(this.#library, axis);
    this.chart = this.#library.createChartEx(container, new scale(), this.#options());
    this.chart.timeScale().applyOptions({ barSpacing: 7, minBarSpacing: 0.5, rightOffset: RIGHT_OFFSET });
    this.main = this.#makeMain();
    this.chart.subscribeCrosshairMove((event) => onCrosshair(event.time ?? null, event.point ?? null));
    this.chart.subscribeClick((event) => {
      if (event.point) onClick({ time: this.timeAt(event.point.x), price: this.main.coordinateToPrice(event.point.y) });
    });
    this.chart.timeScale().subscribeVisibleLogicalRangeChange((range) => {
      if (range && range.from < NEAR_THE_LEFT) this.#widen(onLeftEdge);
      else this.#trimLater();
      onRange(this.isAtNow);
      this.#nameLevelsSoon();
    });
  }

  get isAtNow() { return this.chart.timeScale().scrollPosition() > -3; }

  /** Bars now in view. */
  get visibleCount() {
    const range = this.chart.timeScale().getVisibleLogicalRange();
    if (!range) return 0;
    const last = Math.floor(Math.min(range.to, this.#held.length - 1));
    return Math.max(0, last - Math.ceil(Math.max(range.from, 0)) + 1);
  }

  open(bars, { decimals, hasVolume }) {
    this.setDecimals(decimals);
    if (hasVolume) this.#addVolume();
    this.setAll(bars);
    this.chart.timeScale().resetTimeScale();
  }

  /** How many bars the library holds, and when the first of them opened. */
  get heldCount() { return this.#held.length; }
  get heldFrom() { return this.#held[0]?.time ?? -Infinity; }

  setAll(bars) {
    const range = this.#held.length ? this.chart.timeScale().getVisibleLogicalRange() : null;
    const isAtLeft = range !== null && range.from < NEAR_THE_LEFT;
    this.#hold(bars, Math.max(WINDOW, this.#held.length * (isAtLeft ? 2 : 1)));
  }

  #hold(bars, count) {
    this.#all = bars;
    const from = Math.max(0, bars.length - count);
    const shown = this.#style === "heikin" ? heikinAshi(bars).slice(from) : bars.slice(from);
    this.#held = bars.slice(from);
    this.main.setData(shown.map((bar) => this.#item(bar)));
    this.#volume?.setData(this.#held.map((bar) => this.#column(bar)));
    this.#lastTime = bars.at(-1)?.time ?? null;
  }

  #widen(onLeftEdge) {
    if (this.#held.length >= this.#all.length) {
      onLeftEdge();
      return;
    }
    this.#hold(this.#all, this.#held.length * 2);
    this.#onWindow();
  }

  // Back near the newest bars the old ones go; both ways the bars in view stay where they are.
  #trimLater() {
    if (this.#held.length < 2 * WINDOW || this.#trimming) return;
    this.#trimming = setTimeout(() => {
      this.#trimming = 0;
      const range = this.chart.timeScale().getVisibleLogicalRange();
      if (!range) return;
      // Twice what is in view, so that a short way back needs no more.
      const wanted = Math.max(WINDOW, 2 * Math.ceil(this.#held.length - range.from));
      if (this.#held.length < 2 * wanted) return;
      this.#hold(this.#all, wanted);
      this.#onWindow();
    }, PAUSE_BEFORE_TRIMMING);
  }

  /** Bars changed or were added at the end since the last time. */
  updateTail(bars) {
    const from = this.#lastTime ?? -Infinity;
    const shown = this.#style === "heikin" ? heikinAshi(bars.slice(-300)) : bars;
    let index = shown.length - 1;
    while (index > 0 && shown[index - 1].time >= from) index--;
    for (const bar of shown.slice(index)) {
      // A bar that has become final takes its full colour.
      this.main.update(this.#item(bar));
      this.#volume?.update(this.#column(bar));
      const isKnown = this.#held.at(-1)?.time === bar.time;
      this.#held.splice(this.#held.length - (isKnown ? 1 : 0), isKnown ? 1 : 0, bar);
    }
    this.#all = bars;
    this.#trimLater();
    this.#lastTime = bars.at(-1)?.time ?? null;
  }

  toNow() { this.chart.timeScale().scrollToPosition(RIGHT_OFFSET, false); }

  close() {
    clearTimeout(this.#trimming);
    clearTimeout(this.#naming);
    this.chart.remove();
  }

  /** Where the first bar held lies, and how far apart bars are. */
  get barScale() {
    const scale = this.chart.timeScale();
    const [first, later] = [scale.logicalToCoordinate(0), scale.logicalToCoordinate(1_000)];
    return first === null || later === null ? null : { first, spacing: (later - first) / 1_000 };
  }

  /** The place of a bar among those held; -1 where there is none at the time. */
  indexOf(time) {
    const index = this.#indexFrom(time);
    return this.#held[index]?.time === time ? index : -1;
  }

  /** The place of a time on the scale: that of the bar at it, or between the bars around it. */
  placeOf(time) {
    const scale = this.chart.timeScale();
    const exact = scale.timeToCoordinate(time);
    if (exact !== null || !this.#held.length) return exact;
    return scale.logicalToCoordinate(this.#indexFrom(time) - 0.5);
  }

  #indexFrom(time) {
    let [low, high] = [0, this.#held.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#held[middle].time < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  timeAt(x) {
    const time = this.chart.timeScale().coordinateToTime(x);
    return time ?? this.#held.at(-1)?.time ?? null;
  }

  setDecimals(decimals) {
    this.format = priceFormat(decimals, this.#locale);
    this.main.applyOptions({ priceFormat: { type: "custom", minMove: 10 ** -decimals, formatter: this.format } });
  }

  /** A line of points {time, value, color?} in a pane; no points take it away. `pane` 0 is that of the bars. A tail has the
      newest points of a line that is drawn already. */
  line(name, points, { color, pane = 0, width = 2, style = 0, title = "", format = null, isTail = false } = {}) {
    const known = this.#lines.get(name);
    if (!points.length) {
      if (known) this.chart.removeSeries(known.series);
      this.#lines.delete(name);
      return;
    }
    let series = known?.series;
    if (!series) {
      series = this.chart.addSeries(this.#library.LineSeries, {
        color, lineWidth: width, lineStyle: style, title, priceLineVisible: false, lastValueVisible: pane > 0,
        crosshairMarkerVisible: pane > 0, priceFormat: { type: "custom", minMove: 0.01, formatter: format ?? this.format },
      }, pane);
      // Room for half a label: the last price is cut off at the edge otherwise.
      if (pane > 0) series.priceScale().applyOptions({ scaleMargins: { top: 0.18, bottom: 0.18 } });
    }
    const last = known?.last ?? null;
    // Setting a line makes the library sort all series again: not for an unchanged one.
    const text = isTail || points.length > SHORT ? null : JSON.stringify(points);
    if (text !== null && text === known?.text) return;
    if (isTail && last) {
      for (const point of points) if (point.time >= last.time) series.update(point);
    } else {
      series.setData(points);
    }
    this.#lines.set(name, { series, text, last: points.at(-1) });
  }

  /** Lines across the pane of the bars: {price, color, title, style}, the most wanted first. They replace the last. A low pane
      has room for the names of the first ones in view only. */
  levels(lines) {
    const { height } = this.chart.paneSize(0);
    const isInView = ({ price }) => { const place = this.main.priceToCoordinate(price); return place !== null && place > 0 && place < height; };
    const named = new Set(lines.filter(isInView).slice(0, Math.max(1, Math.floor(height / 55))));
    const text = JSON.stringify(lines);
    const key = `${text} ${[...named].map(({ title }) => title)}`;
    this.#levels = lines;
    if (key === this.#levelsKey) return;
    this.levelsText = text;
    this.#levelsKey = key;
    for (const line of this.#priceLines.splice(0)) this.main.removePriceLine(line);
    for (const line of lines) {
      const { price, color, title, style = 2 } = line;
      const isNamed = named.has(line);
      this.#priceLines.push(this.main.createPriceLine({
        price, color, title: isNamed ? title : "", lineStyle: style, lineWidth: 1, axisLabelVisible: isNamed, axisLabelColor: color,
        axisLabelTextColor: colors().panel,
      }));
    }
  }

  /** Which levels have room for their names depends on what is in view and how high the pane is. */
  #nameLevelsSoon() {
    clearTimeout(this.#naming);
    this.#naming = setTimeout(() => this.levels(this.#levels), 250);
  }

  /** A short name in a pane's corner. */
  label(pane, text, color, align = "left") {
    const target = this.chart.panes()[pane];
    if (!target) return;
    this.#library.createTextWatermark(target, {
      horzAlign: align, vertAlign: "top", lines: [{ text, color, fontSize: 11, fontStyle: "" }],
    });
  }

  watermark(text) {
    const fontSize = Math.max(16, Math.min(46, Math.round(this.chart.paneSize(0).width / 12)));
    this.#library.createTextWatermark(this.chart.panes()[0], {
      lines: [{ text, color: faded(colors().simulated, 0.13), fontSize, fontStyle: "bold" }],
    });
  }

  /** Adds a pane of a height and returns its number. */
  addPane(stretch) {
    this.#paneCount += 1;
    const pane = this.chart.panes()[this.#paneCount - 1] ?? this.chart.addPane(true);
    pane.setStretchFactor?.(stretch);
    this.#nameLevelsSoon();
    return this.#paneCount - 1;
  }

  #makeMain() {
    const { up, down, accent } = colors();
    const { CandlestickSeries, LineSeries } = this.#library;
    this.#columnColors = { up: faded(up, 0.5), down: faded(down, 0.5) };
    this.#forming = { up: faded(up, 0.25), down: faded(down, 0.25) };
    if (this.#style === "line") {
      return this.chart.addSeries(LineSeries, { color: accent, lineWidth: 2, priceLineVisible: true, lastValueVisible: true });
    }
    return this.chart.addSeries(CandlestickSeries, {
      upColor: up, downColor: down, wickUpColor: up, wickDownColor: down, borderUpColor: up, borderDownColor: down,
    });
  }

  #item(bar) {
    const { time, open, high, low, close } = bar;
    if (this.#style === "line") return { time, value: close };
    // The forming bar is hollow: what it says is not settled.
    const hollow = bar.final === false ? { color: close < open ? this.#forming.down : this.#forming.up } : {};
    return { time, open, high, low, close, ...hollow };
  }

  #addVolume() {
    const pane = this.addPane(0.36);
    this.#volume = this.chart.addSeries(this.#library.HistogramSeries, {
      priceFormat: { type: "custom", minMove: 1, formatter: (value) => this.#volumeLabel(value) },
      priceLineVisible: false, lastValueVisible: false,
    }, pane);
  }

  #volumeLabel(value) {
    const column = columnFormat([value], this.#locale);
    return `${column.write(value)} ${column.short}`.trim();
  }

  #column(bar) {
    if (bar.volume === null || bar.volume === undefined) return { time: bar.time };
    return { time: bar.time, value: bar.volume, color: bar.close < bar.open ? this.#columnColors.down : this.#columnColors.up };
  }

  #options() {
    const { panel, muted, grid, line, text } = colors();
    return {
      autoSize: true,
      layout: {
        background: { type: "solid", color: panel }, textColor: muted, fontSize: 11,
        fontFamily: getComputedStyle(document.body).fontFamily, attributionLogo: false,
        panes: { separatorColor: line, separatorHoverColor: line, enableResize: true },
      },
      grid: { vertLines: { color: grid }, horzLines: { color: grid } },
      crosshair: {
        mode: this.#library.CrosshairMode.Normal,
        vertLine: { color: muted, labelBackgroundColor: text }, horzLine: { color: muted, labelBackgroundColor: text },
      },
      rightPriceScale: { borderColor: line, entireTextOnly: true, scaleMargins: { top: 0.1, bottom: 0.06 }, minimumWidth: 64 },
      timeScale: {
        borderColor: line, timeVisible: this.#axis.isIntraday, secondsVisible: false,
        tickMarkFormatter: (time, kind) => tickLabel(this.#axis, time, kind),
      },
      localization: { locale: this.#locale, timeFormatter: (time) => this.#axis.label(time) },
    };
  }
}
