// Intervals the page offers. The server knows more; any of them may be in the address.

export const OFFERED = ["1m", "3m", "5m", "15m", "30m", "1h", "4h", "1d", "1w", "1M"];
export const USUAL = "5m";

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800, M: 2_592_000 };

/** The usual length in seconds (a month counts 30 days), or null where the text is not an interval. */
export function secondsOf(interval) {
  const match = /^(\d+)([smhdwM])$/.exec(interval);
  return match ? Number(match[1]) * SECONDS[match[2]] : null;
}

export function isIntraday(interval) {
  return /[smh]$/.test(interval) || /^\d+$/.test(interval);
}
