// What is painted on the chart beside its series: shaded gaps, open interest by strike, indicators, drawings.

import { colors, faded } from "./theme.js";
import { reasonWords } from "../math/sources.js";
import { remember, remembered } from "../data/context.js";

/** Something the library draws with a series: `paint(context, {width, height, ratio, x, y})`, below or above the bars. */
export class Overlay {
  #order;
  #request = () => {};

  constructor(order) { this.#order = order; }

  attached({ series, requestUpdate }) {
    this.series = series;
    this.#request = requestUpdate;
  }

  /** Where a time lies on the scale, and {first, spacing} of the bars on it or null; the chart says both. */
  place = () => null;
  scale = () => null;

  refresh() { this.#request(); }

  paneViews() {
    const draw = (target) => target.useBitmapCoordinateSpace((scope) => {
      const { context, bitmapSize, horizontalPixelRatio: h, verticalPixelRatio: v } = scope;
      context.save();
      context.scale(h, v);
      this.paint(context, {
        width: bitmapSize.width / h, height: bitmapSize.height / v,
        x: (time) => this.place(time), y: (price) => this.series.priceToCoordinate(price),
      });
      context.restore();
    });
    return [{ zOrder: () => this.#order, renderer: () => ({ draw }) }];
  }
}

export class GapShades extends Overlay {
  #gaps = [];

  constructor() { super("bottom"); }

  set(gaps) {
    this.#gaps = gaps;
    this.refresh();
  }

  paint(context, { height, x, width }) {
    const { warn } = colors();
    context.font = "10px sans-serif";
    for (const { from, to, reason } of this.#gaps) {
      const [a, b] = [x(from), x(to)];
      if (a === null || b === null || b < 0 || a > width) continue;
      const size = Math.max(6, b - a);
      context.fillStyle = faded(warn, 0.16);
      context.fillRect(a - 3, 0, size + 6, height);
      context.fillStyle = warn;
      context.save();
      context.translate(a + 8, 14);
      context.rotate(Math.PI / 2);
      context.fillText(`gap: ${reasonWords(reason)}`, 0, 0);
      context.restore();
    }
  }
}

export class StrikeProfile extends Overlay {
  #rows = [];

  constructor() { super("bottom"); }

  /** Rows {price, call, put}. */
  set(rows) {
    this.#rows = rows;
    this.refresh();
  }

  paint(context, { width, height, y }) {
    const { call, put } = colors();
    const seen = this.#rows.map((row) => ({ ...row, place: y(row.price) })).filter(({ place }) => place !== null && place > -10 && place < height + 10);
    if (!seen.length) return;
    const most = Math.max(1, ...seen.flatMap((row) => [row.call ?? 0, row.put ?? 0]));
    const step = seen.length > 1 ? Math.abs(seen[0].place - seen[1].place) : 12;
    const thickness = Math.max(1, Math.min(7, step * 0.36));
    const longest = Math.min(130, width * 0.2);
    for (const { place, call: calls, put: puts } of seen) {
      context.fillStyle = faded(call, 0.55);
      context.fillRect(width - ((calls ?? 0) / most) * longest, place - thickness, longest, thickness);
      context.fillStyle = faded(put, 0.55);
      context.fillRect(width - ((puts ?? 0) / most) * longest, place, longest, thickness);
    }
  }
}

export class Drawings extends Overlay {
  #shapes = [];
  #pending = null;
  #measure = null;
  #format = String;

  constructor() { super("top"); }

  set({ shapes, pending, measure, format }) {
    this.#shapes = shapes;
    this.#pending = pending;
    this.#measure = measure;
    this.#format = format;
    this.refresh();
  }

  paint(context, space) {
    const { accent, warn, text, panel } = colors();
    context.lineWidth = 1.5;
    context.font = "11px sans-serif";
    for (const shape of this.#shapes) {
      context.strokeStyle = accent;
      context.fillStyle = accent;
      if (shape.kind === "horizontal") {
        const place = space.y(shape.price);
        if (place === null) continue;
        line(context, 0, place, space.width, place);
        context.fillText(this.#format(shape.price), 4, place - 4);
      } else {
        const [a, b] = [point(shape.a, space), point(shape.b, space)];
        if (a && b) line(context, a.x, a.y, b.x, b.y);
      }
    }
    if (this.#pending) {
      const at = point(this.#pending, space);
      if (at) {
        context.fillStyle = warn;
        context.beginPath();
        context.arc(at.x, at.y, 4, 0, 7);
        context.fill();
      }
    }
    this.#paintMeasure(context, space, { warn, text, panel });
  }

  #paintMeasure(context, space, { warn, text, panel }) {
    if (!this.#measure) return;
    const [a, b] = [point(this.#measure.a, space), point(this.#measure.b, space)];
    if (!a || !b) return;
    context.fillStyle = faded(warn, 0.15);
    context.fillRect(Math.min(a.x, b.x), Math.min(a.y, b.y), Math.abs(b.x - a.x), Math.abs(b.y - a.y));
    context.strokeStyle = warn;
    line(context, a.x, a.y, b.x, b.y);
    const width = context.measureText(this.#measure.words).width + 10;
    const left = Math.max(2, Math.min(space.width - width - 2, b.x - width / 2));
    const top = Math.max(2, b.y < a.y ? b.y - 22 : b.y + 6);
    context.fillStyle = panel;
    context.fillRect(left, top, width, 17);
    context.fillStyle = text;
    context.fillText(this.#measure.words, left + 5, top + 12);
  }
}

function point(place, space) {
  const [x, y] = [space.x(place.time), space.y(place.price)];
  return x === null || y === null ? null : { x, y };
}

function line(context, ...ends) {
  context.beginPath();
  context.moveTo(ends[0], ends[1]);
  context.lineTo(ends[2], ends[3]);
  context.stroke();
}

// Lines computed from the bars, painted over them. The library would go through all points of a series at each change; here a
// change costs its own points, and painting those in view.

export class IndicatorLines extends Overlay {
  #lines = new Map();

  constructor() { super("normal"); }

  /** Points {time, value, color?}, oldest first, as the line called `name`; none takes it away. `indexOf(time)` gives a bar's
      place, or -1. A tail holds the newest points of a line that is there. A transparent point ends a stretch. */
  set(name, points, { color, width = 2, isTail = false, indexOf }) {
    if (!points.length) {
      if (this.#lines.delete(name)) this.refresh();
      return;
    }
    const known = isTail ? this.#lines.get(name) : null;
    const line = { values: known?.values ?? [], colors: known?.colors ?? [], color, width };
    for (const point of points) {
      const index = indexOf(point.time);
      if (index < 0) continue;
      line.values[index] = point.value;
      line.colors[index] = point.color;
    }
    this.#lines.set(name, line);
    // A tail comes with a change of the bars, which paints the pane anyhow.
    if (!known) this.refresh();
  }

  /** Each line's {name, value, color} at a bar's place. */
  at(index) {
    return [...this.#lines].map(([name, { values, colors, color }]) => (
      { name, value: values[index] ?? null, color: [colors[index], color].find((one) => one && one !== "transparent") }
    ));
  }

  autoscaleInfo(from, to) {
    let [low, high] = [Infinity, -Infinity];
    for (const { values } of this.#lines.values()) {
      for (let index = Math.max(0, Math.floor(from)); index <= to && index < values.length; index++) {
        if (values[index] < low) low = values[index];
        if (values[index] > high) high = values[index];
      }
    }
    return low <= high ? { priceRange: { minValue: low, maxValue: high } } : null;
  }

  paint(context, { width, y }) {
    const scale = this.scale();
    if (!scale) return;
    // The scale of prices is linear, so two prices are enough.
    const [a, b] = [y(0), y(1)];
    if (a === null || b === null) return;
    const first = Math.max(0, Math.floor(-scale.first / scale.spacing) - 1);
    const last = Math.ceil((width - scale.first) / scale.spacing) + 1;
    context.lineJoin = "round";
    for (const { values, colors, color, width: thickness } of this.#lines.values()) {
      context.lineWidth = thickness;
      let isDown = false;
      let stretch = null;
      for (let index = first; index <= last && index < values.length; index++) {
        const value = values[index];
        if (value === undefined) continue;
        const [x, place] = [scale.first + index * scale.spacing, a + value * (b - a)];
        if (!isDown) {
          stretch = colors[index] ?? color;
          context.beginPath();
          context.moveTo(x, place);
          isDown = true;
          if (stretch === "transparent") isDown = false;
          continue;
        }
        context.lineTo(x, place);
        const next = colors[index] ?? color;
        if (next === stretch) continue;
        context.strokeStyle = stretch;
        context.stroke();
        context.beginPath();
        context.moveTo(x, place);
        stretch = next;
        isDown = next !== "transparent";
      }
      if (isDown) {
        context.strokeStyle = stretch;
        context.stroke();
      }
    }
  }
}

// The drawings of one symbol: kept in this browser, made by clicks or from the keyboard.

const MOST = 60;

export class DrawingBook {
  #symbol;
  tool = null;
  pending = null;
  measure = null;

  constructor(symbol) { this.#symbol = symbol; }

  get shapes() {
    try {
      const kept = JSON.parse(remembered(`drawings.${this.#symbol}`) ?? "[]");
      return Array.isArray(kept) ? kept.filter(isShape) : [];
    } catch {
      return [];
    }
  }

  choose(tool) {
    this.tool = this.tool === tool ? null : tool;
    this.pending = null;
    if (this.tool !== "measure") this.measure = null;
  }

  /** A place was chosen with the tool; `words(a, b)` describes a measured distance. Returns whether it was used. */
  place(at, words) {
    if (!this.tool || at.time === null || at.price === null) return false;
    if (this.tool === "horizontal") this.#add({ kind: "horizontal", price: at.price });
    else if (!this.pending) {
      this.pending = at;
      this.measure = null;
      return true;
    } else if (this.tool === "trend") this.#add({ kind: "trend", a: this.pending, b: at });
    else this.measure = { a: this.pending, b: at, words: words(this.pending, at) };
    this.pending = null;
    if (this.tool !== "measure") this.tool = null;
    return true;
  }

  undo() { this.#keep(this.shapes.slice(0, -1)); }

  clear() { this.#keep([]); }

  #add(shape) { this.#keep([...this.shapes, shape].slice(-MOST)); }

  #keep(shapes) { remember(`drawings.${this.#symbol}`, JSON.stringify(shapes)); }
}

function isShape(shape) {
  const isPlace = (place) => Number.isFinite(place?.time) && Number.isFinite(place?.price);
  return shape?.kind === "horizontal" ? Number.isFinite(shape.price) : shape?.kind === "trend" && isPlace(shape.a) && isPlace(shape.b);
}
