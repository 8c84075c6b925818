// Light or dark: the system's preference, until the switch is used.

import { part } from "./dom.js";
import { remember } from "./preferences.js";

export function watchTheme(onChange) {
  const system = matchMedia("(prefers-color-scheme: light)");
  const root = document.documentElement;
  system.addEventListener("change", onChange);
  part("theme").addEventListener("click", () => {
    const now = root.dataset.theme ?? (system.matches ? "light" : "dark");
    root.dataset.theme = now === "light" ? "dark" : "light";
    remember("theme", root.dataset.theme);
    onChange();
  });
}
