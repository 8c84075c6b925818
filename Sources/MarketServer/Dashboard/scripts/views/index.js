// The views and the arrangements that the page offers.

import { loadModule } from "../data/api.js";
import { view as chart } from "./chart.js";

// The views that the panel menu offers, in its order. A view is one file here, loaded when a panel first shows it.

export const VIEWS = {
  chart: "Chart",
  ladder: "Open interest by strike",
  chain: "Option chain",
  pcr: "Put-call ratio",
  straddle: "Straddle and volatility",
  multistrike: "Open interest of several strikes",
  skew: "Volatility by strike",
  term: "Volatility by expiry",
  gamma: "Gamma exposure",
  maxpain: "Max pain through the day",
  buildup: "Build-up",
  strategy: "Strategy",
  watchlist: "Watchlist",
  flow: "Volume delta and profile",
  log: "Log",
};

// The chart's file comes with the page, so that the first one need not wait.
const loaded = new Map([["chart", chart]]);

/** The definition that a view's file exports: {title, uses, open(panel)}; one that says so where the file cannot be loaded. */
export async function loadView(name) {
  if (!Object.hasOwn(VIEWS, name)) throw new Error(`no view is named ${name}`);
  if (!loaded.has(name)) loaded.set(name, loadModule(`views/${name}.js`).then((module) => module.view));
  try {
    return await loaded.get(name);
  } catch (error) {
    loaded.delete(name);
    console.warn(error);
    return { title: VIEWS[name], open: (panel) => panel.say("error", "The files of this panel could not be loaded; reload the page.") };
  }
}

// The arrangement of panels as text, for the address and the browser's memory.
// chart-8x7!symbol~NSE:BANKNIFTY;ladder-4x7 is a chart eight columns wide and seven rows high, then a ladder.

const COLUMNS = 12;
const ROWS = 24;
export const MOST_PANELS = 24;

export const PRESETS = {
  index: { title: "Index", panels: "chart-8x8;ladder-4x8;pcr-3x4;straddle-3x4;flow-3x4;watchlist-3x4" },
  options: { title: "Options", panels: "chain-8x7;ladder-4x7;skew-4x5;multistrike-4x5;strategy-4x5" },
  expiry: { title: "Expiry day", panels: "chart-6x7!interval~1m;ladder-3x7;gamma-3x7;straddle-3x5;maxpain-3x5;pcr-3x5;buildup-3x5" },
  phone: { title: "Phone", panels: "chart-12x6;ladder-12x7;watchlist-12x4;pcr-12x4" },
};

/** Panels {view, width, height, options}; what cannot be read is left out. */
export function decodeLayout(text) {
  const panels = [];
  for (const word of (text ?? "").split(";").slice(0, MOST_PANELS)) {
    const [head, ...rest] = word.split("!");
    const match = /^([a-z][a-z-]{0,30})-(\d{1,2})x(\d{1,2})$/.exec(head.trim());
    if (!match) continue;
    const options = {};
    for (const option of rest) {
      const at = option.indexOf("~");
      if (at > 0) options[option.slice(0, at)] = option.slice(at + 1);
    }
    panels.push({
      view: match[1], width: clamp(Number(match[2]), 2, COLUMNS), height: clamp(Number(match[3]), 2, ROWS), options,
    });
  }
  return panels;
}

export function encodeLayout(panels) {
  return panels.map(({ view, width, height, options }) => {
    const rest = Object.entries(options ?? {}).filter(([, value]) => value !== null && value !== undefined && value !== "");
    return [`${view}-${width}x${height}`, ...rest.map(([name, value]) => `${name}~${String(value).replace(/[;!]/g, "")}`)].join("!");
  }).join(";");
}

export function resized(panel, wider, taller) {
  return {
    ...panel, width: clamp(panel.width + wider, 2, COLUMNS), height: clamp(panel.height + taller, 2, ROWS),
  };
}

/** The list with one panel at another place. */
export function moved(panels, from, to) {
  const rest = [...panels];
  const [panel] = rest.splice(from, 1);
  rest.splice(clamp(to, 0, rest.length), 0, panel);
  return rest;
}

function clamp(value, low, high) {
  return Math.min(high, Math.max(low, value));
}
