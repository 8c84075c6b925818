// What this browser remembers, and what the address says. A browser that forbids storage only forgets.

const USUAL_SYMBOLS = ["NSE:NIFTY", "NSE:BANKNIFTY", "NSE:FINNIFTY", "BSE:SENSEX"];
const MOST_RECENT = 8;

export function remembered(name) {
  try {
    return localStorage.getItem(`bhav.${name}`);
  } catch {
    return null;
  }
}

export function remember(name, value) {
  try {
    localStorage.setItem(`bhav.${name}`, value);
  } catch {
    // Nothing depends on it.
  }
}

export function recentSymbols() {
  const recent = (remembered("recent") ?? "").split(",").filter(Boolean);
  return [...new Set([...recent, ...USUAL_SYMBOLS])].slice(0, MOST_RECENT);
}

export function rememberSymbol(symbol) {
  remember("recent", [symbol, ...recentSymbols().filter((other) => other !== symbol)].join(","));
}
