// Open, high, low, close and volume of the bar under the pointer, else of the last one.

import { compact, isNumber, percent, signOf, signed } from "./format.js";
import { element } from "./dom.js";

export class Legend {
  #root;
  #axis;
  #bars;
  #hovered = null;
  #heading = { symbol: "", interval: "" };
  #format = String;
  #locale = "en-US";

  constructor(root, axis, bars) {
    this.#root = root;
    this.#axis = axis;
    this.#bars = bars;
  }

  open(heading, format, locale) {
    this.#heading = heading;
    this.#format = format;
    this.#locale = locale;
    this.#hovered = null;
    this.draw();
  }

  setFormat(format) { this.#format = format; }

  hover(time) {
    this.#hovered = time;
    this.draw();
  }

  draw() {
    const bar = this.#hovered === null ? this.#bars.last : this.#bars.at(this.#hovered);
    const { symbol, interval } = this.#heading;
    const parts = [element("b", { class: "name" }, `${symbol} · ${interval}`)];
    if (bar) parts.push(...this.#figures(bar));
    this.#root.replaceChildren(...parts);
  }

  #figures(bar) {
    const before = this.#bars.before(bar.time);
    const change = before ? bar.close - before.close : null;
    const sign = signOf(bar.close - bar.open);
    const parts = [["O", bar.open], ["H", bar.high], ["L", bar.low], ["C", bar.close]]
      .map(([name, value]) => figure(name, this.#format(value), sign));
    if (isNumber(change)) {
      const text = `${signed(change, this.#format)} (${percent((change / before.close) * 100)})`;
      parts.push(element("span", { class: "value", "data-sign": signOf(change) }, text));
    }
    if (isNumber(bar.volume)) parts.push(figure("Vol", compact(bar.volume, this.#locale)));
    parts.push(element("span", {}, this.#axis.label(bar.time)));
    if (bar.final === false) parts.push(element("span", { class: "forming" }, "forming"));
    return parts;
  }
}

function figure(name, text, sign = "flat") {
  return element("span", {}, `${name} `, element("span", { class: "value", "data-sign": sign }, text));
}
