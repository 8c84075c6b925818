// Lines computed from the bars, painted over them. The library would go through all points of a series at each change; here a
// change costs its own points, and painting those in view.

import { Overlay } from "./chart-overlays.js";

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
