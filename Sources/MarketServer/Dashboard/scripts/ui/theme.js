// Light or dark: the system's preference, until one is chosen.

import { remember, remembered } from "../data/preferences.js";

export class Theme {
  #system = matchMedia("(prefers-color-scheme: light)");
  #onChange;

  constructor(onChange) {
    this.#onChange = onChange;
    this.#system.addEventListener("change", () => onChange());
  }

  get chosen() {
    const kept = remembered("theme");
    return kept === "light" || kept === "dark" ? kept : "system";
  }

  choose(theme) {
    remember("theme", theme);
    if (theme === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    this.#onChange();
  }

  toggle() {
    const now = document.documentElement.dataset.theme ?? (this.#system.matches ? "light" : "dark");
    this.choose(now === "light" ? "dark" : "light");
  }
}
