// The candlestick chart and its volume pane, on TradingView's Lightweight Charts. One bar message is one update();
// the whole series is set only when a series is opened, extended to the left, repaired, or read on another clock.

import { colors, faded } from "./colors.js";
import { compact, priceFormat } from "./format.js";
import { tickLabel, zonedTimeScale } from "./time-scale.js";

const VOLUME_HEIGHT = 84;
const NEAR_THE_LEFT = 30;

export class Chart {
  #library;
  #chart;
  #candles;
  #volume = null;
  #columnColors = { up: "", down: "" };
  #watermark;
  #axis;
  #locale = "en-US";

  /** `onCrosshair(time or null)` follows the pointer; `onLeftEdge()` says that older bars would be seen. */
  constructor(container, axis, { onCrosshair, onLeftEdge }) {
    this.#library = window.LightweightCharts;
    this.#axis = axis;
    const scale = zonedTimeScale(this.#library, axis);
    this.#chart = this.#library.createChartEx(container, new scale(), this.#options());
    this.#chart.timeScale().applyOptions({ barSpacing: 7, minBarSpacing: 0.6, rightOffset: 5 });
    this.#candles = this.#chart.addSeries(this.#library.CandlestickSeries, {});
    this.#watermark = this.#library.createTextWatermark(this.#chart.panes()[0], { visible: false, lines: [] });
    this.applyTheme();
    this.#chart.subscribeCrosshairMove((event) => onCrosshair(event.time ?? null));
    this.#chart.timeScale().subscribeVisibleLogicalRangeChange((range) => {
      if (range && range.from < NEAR_THE_LEFT) onLeftEdge();
    });
  }

  /** Bars now in view. */
  get visibleCount() {
    const range = this.#chart.timeScale().getVisibleLogicalRange();
    if (!range) return 0;
    const last = Math.floor(Math.min(range.to, this.#candles.data().length - 1));
    return Math.max(0, last - Math.ceil(Math.max(range.from, 0)) + 1);
  }

  open(bars, { decimals, locale }) {
    this.#locale = locale;
    this.setDecimals(decimals);
    this.#chart.applyOptions(this.#options());
    this.#setAll(bars);
    this.#chart.priceScale("right").applyOptions({ autoScale: true });
    this.#chart.timeScale().resetTimeScale();
  }

  setAll(bars) { this.#setAll(bars); }

  update(bar, isHistory) {
    this.#candles.update(candle(bar), isHistory);
    if (bar.volume !== null && bar.volume !== undefined && !this.#volume) this.#addVolume();
    this.#volume?.update(this.#column(bar), isHistory);
  }

  clear() { this.#setAll([]); }

  /** The library keeps the weights and labels of times it knows: it must forget them before it reads another clock. */
  readClockAgain(bars) {
    const range = this.#chart.timeScale().getVisibleLogicalRange();
    this.#setAll([]);
    this.#chart.applyOptions(this.#options());
    this.#setAll(bars);
    if (range) this.#chart.timeScale().setVisibleLogicalRange(range);
  }

  setDecimals(decimals) {
    const format = priceFormat(decimals, this.#locale);
    this.#candles.applyOptions({ priceFormat: { type: "custom", minMove: 10 ** -decimals, formatter: format } });
  }

  setWatermark(text) {
    const fontSize = Math.min(46, Math.round(this.#chart.paneSize(0).width / 12));
    const color = faded(colors().simulated, 0.13);
    this.#watermark.applyOptions({
      visible: Boolean(text),
      lines: text ? [{ text, color, fontSize, fontStyle: "bold" }] : [],
    });
  }

  applyTheme(bars) {
    const { up, down } = colors();
    this.#columnColors = { up: faded(up, 0.5), down: faded(down, 0.5) };
    this.#chart.applyOptions(this.#options());
    this.#candles.applyOptions({
      upColor: up, downColor: down, wickUpColor: up, wickDownColor: down, borderVisible: false,
    });
    if (bars && this.#volume) this.#volume.setData(bars.map((bar) => this.#column(bar)));
  }

  #options() {
    const { panel, muted, grid, line, text } = colors();
    return {
      autoSize: true,
      layout: {
        background: { type: "solid", color: panel }, textColor: muted, fontSize: 11,
        fontFamily: getComputedStyle(document.body).fontFamily,
        attributionLogo: false,
        panes: { separatorColor: line, separatorHoverColor: line, enableResize: true },
      },
      grid: { vertLines: { color: grid }, horzLines: { color: grid } },
      crosshair: {
        mode: this.#library.CrosshairMode.Normal,
        vertLine: { color: muted, labelBackgroundColor: text },
        horzLine: { color: muted, labelBackgroundColor: text },
      },
      rightPriceScale: { borderColor: line, entireTextOnly: true, scaleMargins: { top: 0.08, bottom: 0.06 } },
      timeScale: {
        borderColor: line, timeVisible: this.#axis.isIntraday, secondsVisible: false,
        tickMarkFormatter: (time, kind) => tickLabel(this.#axis, time, kind),
      },
      localization: { locale: this.#locale, timeFormatter: (time) => this.#axis.label(time) },
    };
  }

  #setAll(bars) {
    this.#candles.setData(bars.map(candle));
    const hasVolume = bars.some((bar) => bar.volume !== null && bar.volume !== undefined);
    if (hasVolume && !this.#volume) this.#addVolume();
    if (bars.length && !hasVolume && this.#volume) {
      this.#chart.removeSeries(this.#volume);
      this.#volume = null;
    }
    this.#volume?.setData(bars.map((bar) => this.#column(bar)));
  }

  #addVolume() {
    this.#volume = this.#chart.addSeries(this.#library.HistogramSeries, {
      priceFormat: { type: "custom", minMove: 1, formatter: (value) => this.#volumeLabel(value) },
      priceLineVisible: false, lastValueVisible: false,
    }, 1);
    this.#chart.panes()[1]?.setHeight(VOLUME_HEIGHT);
  }

  #volumeLabel(value) {
    return compact(value, this.#locale, { decimals: value >= 1e5 ? 1 : 0 });
  }

  #column(bar) {
    if (bar.volume === null || bar.volume === undefined) return { time: bar.time };
    const { up, down } = this.#columnColors;
    return { time: bar.time, value: bar.volume, color: bar.close < bar.open ? down : up };
  }
}

function candle({ time, open, high, low, close }) {
  return { time, open, high, low, close };
}
