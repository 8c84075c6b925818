// The drawings of one symbol: kept in this browser, made by clicks or from the keyboard.

import { remember, remembered } from "../data/preferences.js";

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
