// Where a number comes from, in plain words. Pure.

const BADGES = {
  simulated: "SIMULATED",
  delayed: "DELAYED",
  endOfDay: "END OF DAY",
  recorded: "RECORDED",
};

const SOURCES = {
  tradingview: "TradingView", trendlyne: "Trendlyne", nse: "NSE", store: "this server's store", mock: "mock market",
};

/** The badge that must be seen, or null for data that streams without delay. */
export function badgeOf({ mode, delaySeconds, via, source }) {
  if (via && mode !== "simulated") return `NOT ${nameOf(source).toUpperCase()}`;
  if (mode === "streaming" || !mode) return delaySeconds > 0 ? `DELAYED ${span(delaySeconds)}` : null;
  if (mode === "delayed" && delaySeconds > 0) return `DELAYED ${span(delaySeconds)}`;
  return BADGES[mode] ?? mode.toUpperCase();
}

/** Where a source has another address than its own: "from 127.0.0.1:9001, not TradingView". */
export function viaWords({ via, source }) {
  return via ? `from ${via}, not ${nameOf(source)}` : null;
}

/** One sentence: source, feed, mode, delay. */
export function sentence(provenance, symbol) {
  const { source, feed, mode, delaySeconds, via } = provenance;
  const origin = via ? `From ${via}, not ${nameOf(source)}` : `From ${nameOf(source)}`;
  const parts = [mode === "simulated" ? `Invented by ${nameOf(source)}: not real prices` : origin];
  if (feed) parts.push(feed === symbol || mode === "simulated" ? `feed ${feed}` : `served by ${feed}`);
  parts.push(modeWords(mode, delaySeconds));
  return parts.filter(Boolean).join(" · ");
}

export function nameOf(source) {
  return SOURCES[source] ?? source ?? "an unnamed source";
}

export function modeWords(mode, delaySeconds) {
  switch (mode) {
    case "simulated": return delaySeconds > 0 ? `${span(delaySeconds)} late` : null;
    case "streaming": return delaySeconds === null || delaySeconds === undefined ? "delay not known"
      : delaySeconds > 0 ? `${span(delaySeconds)} late` : "no delay";
    case "delayed": return delaySeconds > 0 ? `${span(delaySeconds)} late` : "late by an unknown time";
    case "endOfDay": return "end of day, not live";
    case "recorded": return "from a recording, not live";
    default: return mode ? `mode ${mode}` : "mode not said";
  }
}

function span(seconds) {
  return seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
