// A small plot of lines and bars over time or numbers, as SVG: axes, marks, a cursor for pointer and arrow keys, a readout.

import { element, say } from "./controls.js";

const SPACE = "http://www.w3.org/2000/svg";
const MARGIN = { top: 6, bottom: 20, bare: 10 };

export class Plot {
  #host;
  #svg;
  #readout;
  #model = null;
  #cursor = null;
  #xs = [];
  #observer;
  #size = { width: 0, height: 0 };

  /** `label` names the plot to those who hear the page. */
  constructor(host, label) {
    this.#readout = element("p", { class: "plot-readout", "aria-live": "polite" });
    this.#svg = document.createElementNS(SPACE, "svg");
    this.#svg.setAttribute("role", "img");
    this.#svg.setAttribute("tabindex", "0");
    this.#svg.classList.add("plot-svg");
    this.label = label;
    this.#svg.setAttribute("aria-label", `${label}. Nothing to show yet.`);
    this.#host = element("div", { class: "plot" }, this.#readout, this.#svg);
    host.append(this.#host);
    // The observer reports the size: reading it while drawing would make the browser lay out the page each time.
    this.#observer = new ResizeObserver(([{ contentRect }]) => {
      this.#size = { width: contentRect.width, height: contentRect.height };
      this.#render();
    });
    this.#observer.observe(this.#svg);
    this.#svg.addEventListener("pointermove", (event) => this.#point(event.offsetX));
    this.#svg.addEventListener("pointerleave", () => this.#setCursor(null));
    this.#svg.addEventListener("blur", () => this.#setCursor(null));
    this.#svg.addEventListener("keydown", (event) => this.#key(event));
  }

  get root() { return this.#host; }

  close() { this.#observer.disconnect(); }

  /**
   * `model`: {x: {format}, left: {format}, right: {format}?, series: [{name, color, kind, axis, points: [[x, y]], format}],
   * marks: [{x or y, text, color}], zero, rest}. A kind is line, bar or area; a color names a variable of the style sheet.
   * Without a cursor the readout is of the latest values, or of those at `rest` where the places are not times.
   */
  draw(model) {
    this.#model = model;
    this.#xs = [...new Set(model.series.flatMap(({ points }) => points.map(([x]) => x)))].sort((a, b) => a - b);
    this.#render();
  }

  #render() {
    const { width, height } = this.#size;
    if (!this.#model || width < 40 || height < 30) return;
    this.#svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    if (!this.#xs.length) {
      this.#svg.replaceChildren();
      this.#readout.replaceChildren();
      this.#svg.setAttribute("aria-label", `${this.label}. Nothing to show.`);
      return;
    }
    this.#scale(width, height);
    const parts = [...this.#axes(), ...this.#model.series.flatMap((series) => this.#shapes(series)), ...this.#marks()];
    this.#cursorLine = svg("line", { class: "plot-cursor", y1: MARGIN.top, y2: height - MARGIN.bottom });
    this.#svg.replaceChildren(...parts, this.#cursorLine);
    this.#setCursor(this.#cursor);
    const rest = this.#restPlace;
    const values = this.#model.series.map((series) => `${series.name} ${this.#format(series)(valueAt(series, rest))}`);
    const place = rest === null ? "Latest" : `At ${this.#model.x.format(rest)}`;
    this.#svg.setAttribute("aria-label", `${this.label}. ${place}: ${values.join(", ")}. Arrow keys move the cursor.`);
  }

  #cursorLine = null;

  #scale(width, height) {
    const { series, zero, marks = [], xRange } = this.#model;
    const hasRight = series.some(({ axis }) => axis === "right");
    const extent = (axis) => {
      const values = series.filter((one) => (one.axis ?? "left") === axis).flatMap(({ points }) => points.map(([, y]) => y))
        .concat(axis === "left" ? marks.filter(({ y }) => y !== undefined).map(({ y }) => y) : []).filter(Number.isFinite);
      if (!values.length) return [0, 1];
      let [low, high] = [Math.min(...values), Math.max(...values)];
      if (zero && axis === "left") [low, high] = [Math.min(low, 0), Math.max(high, 0)];
      const margin = (high - low || Math.abs(high) * 0.01 || 1) * 0.06;
      return [zero && low === 0 && axis === "left" ? 0 : low - margin, high + margin];
    };
    this.y = { left: linear(extent("left"), [height - MARGIN.bottom, MARGIN.top]),
      right: linear(extent("right"), [height - MARGIN.bottom, MARGIN.top]) };
    const room = (axis) => 12 + 6.3 * Math.max(2, ...ticks(this.y[axis].domain, 4).map((value) => this.#model[axis].format(value).length));
    const [left, right] = [room("left"), hasRight ? room("right") : MARGIN.bare];
    const [first, last] = xRange ?? [this.#xs[0] ?? 0, this.#xs.at(-1) ?? 1];
    const isBars = series.some(({ kind }) => kind === "bar");
    const pad = isBars ? this.#step() / 2 : 0;
    this.x = linear([first - pad, last + pad], [left, width - right]);
    this.box = { left, right: width - right, top: MARGIN.top, bottom: height - MARGIN.bottom, hasRight };
  }

  /** The least distance between two places, which a bar may fill. */
  #step() {
    let least = Infinity;
    for (let index = 1; index < this.#xs.length; index++) least = Math.min(least, this.#xs[index] - this.#xs[index - 1]);
    return Number.isFinite(least) ? least : 1;
  }

  #axes() {
    const { left, right, top, bottom, hasRight } = this.box;
    const parts = [];
    const rows = Math.max(2, Math.min(6, Math.floor((bottom - top) / 34)));
    for (const value of ticks(this.y.left.domain, rows)) {
      const y = this.y.left(value);
      parts.push(svg("line", { class: "plot-grid", x1: left, x2: right, y1: y, y2: y }));
      parts.push(text(left - 5, y + 3.5, this.#model.left.format(value), "end"));
    }
    if (hasRight) {
      // One number alone does not make a scale.
      const few = ticks(this.y.right.domain, rows);
      for (const value of few.length > 1 ? few : ticks(this.y.right.domain, rows * 2)) parts.push(text(right + 5, this.y.right(value) + 3.5, this.#model.right.format(value), "start"));
    }
    const columns = Math.max(2, Math.floor((right - left) / (this.#model.x.width ?? 64)));
    for (const value of this.#model.x.ticks?.(this.x.domain, columns) ?? ticks(this.x.domain, columns)) {
      const x = this.x(value);
      if (x < left - 1 || x > right + 1) continue;
      const anchor = x > right - 18 ? "end" : x < left + 18 ? "start" : "middle";
      parts.push(text(anchor === "end" ? right : x, bottom + 14, this.#model.x.format(value), anchor));
    }
    if (this.y.left.domain[0] < 0 && this.y.left.domain[1] > 0) {
      parts.push(svg("line", { class: "plot-zero", x1: left, x2: right, y1: this.y.left(0), y2: this.y.left(0) }));
    }
    return parts;
  }

  #shapes(series) {
    const y = this.y[series.axis ?? "left"];
    const known = series.points.filter(([, value]) => Number.isFinite(value));
    if (series.kind === "bar") return this.#bars(series, known, y);
    const path = series.points.map(([x, value]) => (Number.isFinite(value) ? [this.x(x), y(value)] : null));
    let d = "";
    let isDown = false;
    for (const place of path) {
      if (!place) { isDown = false; continue; }
      d += `${isDown ? "L" : "M"}${place[0].toFixed(1)} ${place[1].toFixed(1)}`;
      isDown = true;
    }
    const line = svg("path", { class: "plot-line", d, "stroke-dasharray": series.dash ?? null });
    line.style.stroke = `var(--${series.color})`;
    const dots = known.length === 1 ? [svg("circle", { cx: this.x(known[0][0]), cy: y(known[0][1]), r: 3 })] : [];
    for (const dot of dots) dot.style.fill = `var(--${series.color})`;
    return [line, ...dots];
  }

  #bars(series, known, y) {
    const kinds = this.#model.series.filter(({ kind }) => kind === "bar");
    const count = this.#model.stacked ? 1 : kinds.length;
    const place = this.#model.stacked ? 0 : kinds.indexOf(series);
    const whole = Math.max(1, (this.x(this.#xs[0] + this.#step()) - this.x(this.#xs[0])) * 0.78);
    const width = Math.max(0.8, whole / count);
    const zero = y(Math.max(y.domain[0], Math.min(0, y.domain[1])));
    return known.map(([x, value]) => {
      const top = y(value);
      const bar = svg("rect", {
        x: this.x(x) - whole / 2 + place * width, y: Math.min(top, zero), width, height: Math.max(0.5, Math.abs(zero - top)),
      });
      bar.style.fill = `var(--${series.color})`;
      return bar;
    });
  }

  #marks() {
    const { left, right, top, bottom } = this.box;
    return (this.#model.marks ?? []).flatMap(({ x, y, text: words, color = "muted" }, index) => {
      const line = x !== undefined
        ? svg("line", { class: "plot-mark", x1: this.x(x), x2: this.x(x), y1: top, y2: bottom })
        : svg("line", { class: "plot-mark", x1: left, x2: right, y1: this.y.left(y), y2: this.y.left(y) });
      if (x !== undefined && (this.x(x) < left || this.x(x) > right)) return [];
      line.style.stroke = `var(--${color})`;
      const isLate = x !== undefined && this.x(x) > (left + right) / 2;
      const label = x !== undefined ? text(this.x(x) + (isLate ? -4 : 4), top + 10 + (index % 3) * 12, words, isLate ? "end" : "start")
        : text(right - 4, this.y.left(y) - 3, words, "end");
      label.style.fill = `var(--${color})`;
      return [line, label];
    });
  }

  #format(series) { return series.format ?? this.#model[series.axis ?? "left"].format; }

  #point(offset) {
    if (!this.#model || !this.#xs.length) return;
    this.#setCursor(this.#nearest(this.x.invert(offset)));
  }

  #nearest(at) { return this.#xs.reduce((best, x) => (Math.abs(x - at) < Math.abs(best - at) ? x : best)); }

  /** The place whose values are shown without a cursor; null for the latest. */
  get #restPlace() {
    const { rest } = this.#model;
    return Number.isFinite(rest) && this.#xs.length ? this.#nearest(rest) : null;
  }

  #key(event) {
    const steps = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };
    if (!(event.key in steps) || event.altKey || !this.#xs.length) return;
    event.preventDefault();
    event.stopPropagation();
    const index = this.#cursor === null ? this.#xs.length - 1 : this.#xs.indexOf(this.#cursor) + steps[event.key];
    this.#setCursor(this.#xs[Math.max(0, Math.min(this.#xs.length - 1, index))]);
  }

  #setCursor(x) {
    this.#cursor = x;
    if (!this.#model || !this.#cursorLine) return;
    this.#cursorLine.toggleAttribute("hidden", x === null);
    if (x !== null) for (const name of ["x1", "x2"]) this.#cursorLine.setAttribute(name, this.x(x));
    const at = x ?? this.#restPlace;
    const shown = at ?? this.#xs.at(-1);
    const words = this.#model.series.map((series) => {
      const swatch = element("i", { class: "swatch", "aria-hidden": "true" });
      swatch.style.background = `var(--${series.color})`;
      if (series.dash) swatch.classList.add("dashed");
      return element("span", {}, swatch, `${series.name} `, element("b", {}, this.#format(series)(valueAt(series, at))));
    });
    const place = shown === undefined ? "" : this.#model.x.format(shown);
    this.#readout.replaceChildren(element("span", { class: "plot-x" }, at === null ? "latest" : place), ...words);
    if (shown === undefined) say(this.#readout, "");
  }
}

/** The value of a series at a place, or its latest. */
function valueAt({ points }, at) {
  return (at === null ? points.findLast(([, y]) => Number.isFinite(y)) : points.find(([x]) => x === at))?.[1];
}

function svg(name, attributes) {
  const made = document.createElementNS(SPACE, name);
  for (const [key, value] of Object.entries(attributes)) if (value !== null) made.setAttribute(key, value);
  return made;
}

function text(x, y, words, anchor) {
  const made = svg("text", { x, y, "text-anchor": anchor, class: "plot-text" });
  made.textContent = words;
  return made;
}

function linear(domain, range) {
  const factor = (range[1] - range[0]) / (domain[1] - domain[0] || 1);
  const scale = (value) => range[0] + (value - domain[0]) * factor;
  scale.invert = (place) => domain[0] + (place - range[0]) / factor;
  scale.domain = domain;
  return scale;
}

/** Round values inside a domain, about `count` of them. */
export function ticks([low, high], count) {
  const raw = (high - low) / Math.max(1, count);
  if (!(raw > 0)) return [low];
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((size) => size >= raw * 0.999);
  const values = [];
  for (let value = Math.ceil(low / step) * step; value <= high + step * 1e-9; value += step) values.push(Math.abs(value) < step * 1e-9 ? 0 : value);
  return values;
}

/** Places on round quarter hours, hours or more of an exchange's clock. */
export function timeTicks(clock) {
  return ([low, high], count) => {
    const step = [300, 900, 1800, 3600, 7200, 10_800, 21_600, 86_400].find((size) => (high - low) / size <= count) ?? 86_400;
    const offset = clock.offset(low);
    const values = [];
    for (let value = Math.ceil((low + offset) / step) * step - offset; value <= high; value += step) values.push(value);
    return values;
  };
}
