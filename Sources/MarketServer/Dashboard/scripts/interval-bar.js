// The interval buttons; one that only the address names gets a button too.

import { OFFERED } from "./interval.js";
import { element, part } from "./dom.js";

export class IntervalBar {
  #root = part("intervals");
  #onChoose;
  #current = "";

  constructor(onChoose) {
    this.#onChoose = onChoose;
  }

  show(interval) {
    this.#current = interval;
    const offered = OFFERED.includes(interval) ? OFFERED : [...OFFERED, interval];
    this.#root.replaceChildren(...offered.map((name) => this.#button(name)));
  }

  /** The next longer (1) or shorter (-1) one. */
  step(direction) {
    const index = OFFERED.indexOf(this.#current) + direction;
    if (OFFERED[index]) this.#onChoose(OFFERED[index]);
  }

  #button(name) {
    const pressed = String(name === this.#current);
    const made = element("button", { type: "button", "data-testid": `interval-${name}`, "aria-pressed": pressed }, name);
    made.addEventListener("click", () => {
      this.#onChoose(name);
      this.#root.querySelector(`[data-testid="interval-${CSS.escape(name)}"]`)?.focus();
    });
    return made;
  }
}
