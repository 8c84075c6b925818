// The symbol box: suggestions from /v1/search while typing, recent symbols before it; all of it works from the keyboard.

import { element, part } from "./controls.js";
import { friendly } from "../math/sources.js";
import { get } from "../data/api.js";
import { recentSymbols } from "../data/context.js";

const PAUSE = 160;
const MOST = 12;

export class Search {
  #input = document.getElementById("symbol");
  #list = document.getElementById("suggestions");
  #onChoose;
  #current = "";
  #items = [];
  #active = -1;
  #timer = 0;
  #requested = null;
  #abort = null;

  constructor(onChoose) {
    this.#onChoose = onChoose;
    this.#input.addEventListener("input", () => this.#typed());
    this.#input.addEventListener("focus", () => this.#offerRecent());
    this.#input.addEventListener("blur", () => this.#leave());
    this.#input.addEventListener("keydown", (event) => this.#key(event));
    this.#list.addEventListener("pointerdown", (event) => this.#pointed(event));
    // Someone may have begun to type before this was here.
    if (document.activeElement === this.#input) this.#typed();
  }

  show(symbol) {
    this.#current = symbol;
    if (document.activeElement !== this.#input) this.#input.value = symbol;
  }

  /** Enter takes the marked suggestion, else the first one, once the search has come back. A full name is taken as typed. */
  async enter() {
    const typed = this.#input.value.trim();
    const marked = this.#items[this.#active]?.symbol;
    if (marked || typed.includes(":")) return this.#choose(marked ?? typed);
    clearTimeout(this.#timer);
    if (typed && this.#requested !== typed) await this.#fetch(typed);
    const same = this.#items.find(({ symbol }) => symbol.split(":")[1] === typed.toUpperCase());
    return this.#choose(same?.symbol ?? (typed && this.#items[0]?.symbol) ?? typed);
  }

  #typed() {
    clearTimeout(this.#timer);
    const text = this.#input.value.trim();
    if (!text) return this.#offerRecent();
    this.#timer = setTimeout(() => this.#fetch(text), PAUSE);
  }

  async #fetch(query) {
    this.#requested = query;
    this.#abort?.abort();
    this.#abort = new AbortController();
    try {
      const { symbols } = await get("v1/search", { query }, this.#abort.signal);
      this.#offer(symbols.slice(0, MOST), `No symbol found for “${query}”.`);
    } catch (error) {
      if (error.name !== "AbortError") this.#offer([], `Search failed: ${friendly(error)}`);
    }
  }

  #offerRecent() {
    this.#requested = null;
    this.#offer(recentSymbols().map((symbol) => ({ symbol, description: "" })), "");
  }

  #offer(items, message) {
    if (document.activeElement !== this.#input) return;
    this.#items = items;
    this.#active = -1;
    const rows = items.map((item, index) => suggestion(item, index));
    if (!rows.length && message) rows.push(element("li", { class: "message", role: "presentation" }, message));
    this.#list.replaceChildren(...rows);
    this.#setOpen(rows.length > 0);
  }

  #key(event) {
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (steps[event.key] && this.#items.length) {
      event.preventDefault();
      const count = this.#items.length;
      this.#mark((this.#active + steps[event.key] + (this.#active < 0 && steps[event.key] < 0 ? 1 : 0) + count) % count);
    } else if (event.key === "Escape") {
      this.#input.value = this.#current;
      this.#input.blur();
    }
  }

  #mark(index) {
    this.#active = index;
    [...this.#list.children].forEach((row, at) => row.setAttribute("aria-selected", String(at === index)));
    this.#list.children[index]?.scrollIntoView({ block: "nearest" });
    this.#input.setAttribute("aria-activedescendant", `suggestion-${index}`);
  }

  #pointed(event) {
    event.preventDefault();
    const row = event.target.closest("[data-symbol]");
    if (row) this.#choose(row.dataset.symbol);
  }

  #choose(text) {
    const symbol = text.trim().toUpperCase();
    if (!symbol) return;
    this.#current = symbol;
    this.#input.value = symbol;
    this.#input.blur();
    this.#onChoose(symbol);
  }

  #leave() {
    clearTimeout(this.#timer);
    this.#abort?.abort();
    this.#items = [];
    this.#active = -1;
    this.#input.value = this.#current;
    this.#setOpen(false);
  }

  #setOpen(isOpen) {
    this.#list.hidden = !isOpen;
    this.#input.setAttribute("aria-expanded", String(isOpen));
    this.#input.removeAttribute("aria-activedescendant");
  }
}

function suggestion({ symbol, description, type }, index) {
  return element(
    "li", { role: "option", id: `suggestion-${index}`, "data-symbol": symbol, "aria-selected": "false" },
    element("b", {}, symbol), element("span", {}, description ?? ""), element("small", {}, type ?? ""),
  );
}
