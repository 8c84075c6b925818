// Where a number comes from, in plain words.

const BADGES = {
  simulated: "SIMULATED",
  delayed: "DELAYED",
  endOfDay: "END OF DAY",
  recorded: "RECORDED",
};

const SOURCES = {
  tradingview: "TradingView", trendlyne: "Trendlyne", nse: "NSE", store: "this server's store", mock: "the mock market",
};

/** The badge that must be seen, or null for data that streams without delay. */
export function badgeOf({ mode, delaySeconds }) {
  if (mode === "streaming" || !mode) return delaySeconds > 0 ? `DELAYED ${span(delaySeconds)}` : null;
  if (mode === "delayed" && delaySeconds > 0) return `DELAYED ${span(delaySeconds)}`;
  return BADGES[mode] ?? mode.toUpperCase();
}

/** One sentence: source, feed, mode, delay, as of. */
export function sentence(provenance, axis, symbol) {
  const { source, feed, mode, delaySeconds, asOf } = provenance;
  const parts = [mode === "simulated" ? `Invented by ${nameOf(source)}: not real prices` : `From ${nameOf(source)}`];
  if (feed) parts.push(feed === symbol || mode === "simulated" ? `feed ${feed}` : `answered by ${feed}`);
  parts.push(modeWords(mode, delaySeconds));
  if (asOf) parts.push(`as of ${axis.moment(asOf)}`);
  return parts.filter(Boolean).join(" · ");
}

export function nameOf(source) {
  return SOURCES[source] ?? source ?? "an unnamed source";
}

function modeWords(mode, delaySeconds) {
  switch (mode) {
    case "simulated": return delaySeconds > 0 ? `${span(delaySeconds)} late` : null;
    case "streaming": return delaySeconds === null || delaySeconds === undefined ? "streaming, delay not known"
      : delaySeconds > 0 ? `streaming, ${span(delaySeconds)} late` : "streaming, no delay";
    case "delayed": return delaySeconds > 0 ? `${span(delaySeconds)} late` : "late by an unknown time";
    case "endOfDay": return "end of day, not live";
    case "recorded": return "from a recording, not live";
    default: return mode ? `mode ${mode}` : "mode not said";
  }
}

function span(seconds) {
  return seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
