// The style sheet's colours, for the canvas. They change with the theme, so they are read when needed.

const NAMES = ["panel", "raised", "text", "muted", "grid", "line", "up", "down", "accent", "simulated", "call", "put", "warn",
  "one", "two", "three"];

export function colors() {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}

/** A `#rrggbb` colour with an opacity of 0 to 1. */
export function faded(color, opacity) {
  return color + Math.round(opacity * 255).toString(16).padStart(2, "0");
}
