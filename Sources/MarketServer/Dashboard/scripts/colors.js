// The style sheet's colours, for the canvas. They change with the theme, so they are read when needed.

export function colors() {
  const style = getComputedStyle(document.documentElement);
  const read = (name) => style.getPropertyValue(name).trim();
  return {
    panel: read("--panel"), text: read("--text"), muted: read("--muted"), grid: read("--grid"), line: read("--line"),
    up: read("--up"), down: read("--down"), accent: read("--accent"), simulated: read("--simulated"),
  };
}

/** A `#rrggbb` colour with an opacity of 0 to 1. */
export function faded(color, opacity) {
  return color + Math.round(opacity * 255).toString(16).padStart(2, "0");
}
