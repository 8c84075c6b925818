// Light or dark, and its colours for the canvas.

import { remember, remembered } from "../data/context.js";

/** The system's preference, until one is chosen. */
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

// The style sheet's colours, for the canvas. Reading them makes the browser compute styles, so they are read once a theme.

const NAMES = ["panel", "raised", "text", "muted", "grid", "line", "up", "down", "accent", "simulated", "call", "put", "warn",
  "one", "two", "three"];

let media = null;
let known = { key: null, colors: {} };

export function colors() {
  media ??= ["(prefers-color-scheme: light)", "(prefers-contrast: more)"].map((query) => matchMedia(query));
  const key = [document.documentElement.dataset.theme, ...media.map(({ matches }) => matches)].join(" ");
  if (known.key !== key) {
    const style = getComputedStyle(document.documentElement);
    known = { key, colors: Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()])) };
  }
  return known.colors;
}

/** A `#rrggbb` colour with an opacity of 0 to 1. */
export function faded(color, opacity) {
  return color + Math.round(opacity * 255).toString(16).padStart(2, "0");
}
