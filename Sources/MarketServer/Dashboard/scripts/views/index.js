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

const loaded = new Map();

/** The definition that a view's file exports: {title, uses, open(panel)}. */
export async function loadView(name) {
  if (!/^[a-z-]+$/.test(name)) throw new Error(`no view is named ${name}`);
  if (!loaded.has(name)) loaded.set(name, import(`./${name}.js`).then((module) => module.view));
  return loaded.get(name);
}
