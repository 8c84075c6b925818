// What the page says of the sources behind it: codes and failures in words, where a number comes from, and states. Pure.

// Plain words for the codes of the server: why bars are missing or a response is short, and why a request failed.

const WORDS = {
  // Why there are fewer bars than requested.
  start_of_history: "the history starts here",
  plan_limit: "the source's plan gives no more",
  more: "there is more than one request may fetch; scroll on to load it",
  recording_ends: "the recording ends here",
  // Why bars are missing inside the range.
  missing: "the source has no bars here",
  disconnected: "the connection was lost",
  fetching: "being fetched",
  no_trades: "nothing was traded",
  closed: "the market was closed",
  before_history: "the history starts later",
  retention: "removed from the store because of their age",
  outdated: "from before a price adjustment",
  // Why a request failed; these are reasons of gaps too.
  bad_request: "the request was invalid",
  unknown_interval: "the interval is not available",
  symbol_not_found: "the symbol is unknown",
  never_traded: "the instrument has never traded",
  not_entitled: "the source's plan does not include this",
  sign_in_refused: "the source rejected the sign-in",
  throttled: "the source limits the number of requests",
  upstream_unavailable: "the source was unavailable",
  upstream_timeout: "the source did not respond in time",
  upstream_unreadable: "the source returned invalid data",
  expiry_not_listed: "the expiry is not listed",
  no_data_for_time: "there is no data for this time",
  not_supported: "not supported",
  unauthorized: "this server needs a key",
  too_large: "the request is too large",
  overloaded: "the server is too busy",
};

/** Words for a code; a code that is not known is at least readable. */
export function reasonWords(code) {
  return WORDS[code] ?? (code ? String(code).replaceAll("_", " ") : "no reason was given");
}

export function hasWords(code) { return Object.hasOwn(WORDS, code); }

// Failures in words for a trader: the server's message without codes and HTTP syntax.

// A list of five and more names or dates is cut short.
const LONG_LIST = /(?:[\w:.-]+, ){4,}[\w:.-]+/g;

export function friendly(error) {
  const text = error.code === "unreadable_response" ? "The server returned invalid data." : error.message || reasonWords(error.code);
  return text
    .replace(/\b(?:GET|POST) \/\S+/g, "the request")
    .replace(/\bHTTP (?:status )?\d{3}\b/g, "an error")
    .replace(LONG_LIST, (list) => { const items = list.split(", "); return `${items.slice(0, 3).join(", ")} and ${items.length - 3} more`; })
    .trim();
}

// Where a number comes from, in plain words.

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

// What is known of the sources behind the page, from status messages, snapshots and /v1/status.

const GOOD = new Set(["connected", "idle", "ready", "ok"]);

export class SourceStates {
  #known = new Map();

  get all() { return [...this.#known.values()]; }

  /** A new connection knows nothing yet. */
  clear() { this.#known.clear(); }

  /** Messages and responses can overtake each other: the status that has held since the later time is the newer one. */
  take(status) {
    if (!status?.source) return;
    const known = this.#known.get(status.source);
    if (known && Date.parse(status.since) < Date.parse(known.since)) return;
    this.#known.set(status.source, { ...known, ...status });
  }

  /** The first of these sources that is not available. */
  trouble(sources) { return this.#firstBad(({ source }) => sources.includes(source)); }

  get anyTrouble() { return this.#firstBad(() => true); }

  #firstBad(isWanted) { return this.all.find((status) => isWanted(status) && status.state && !GOOD.has(status.state)) ?? null; }
}

/** Statuses in a snapshot, in whichever form they come. */
export function statusesIn(message) {
  const list = message.sources ?? message.statuses ?? message.status ?? [];
  return Array.isArray(list) ? list.filter((status) => status?.source && status?.state) : [];
}

const STALE_AFTER = 45;
const CONDITIONS = {
  connecting: "opening the bars", signingIn: "signing in", stale: "stale", backingOff: "trying again", refused: "refused",
  stopped: "stopped",
};

/** States in which what is shown is as new as it can be; in all others the page dims it. */
export const FRESH = new Set(["connected", "closed", "past"]);

/**
 * The one word for the page and the sentence behind it.
 * `stream` {state, reason}, `trouble` a source's status or null, `condition` {state, reason} of the bars or null, `isCurrent`
 * whether this connection has delivered the symbol's data, `session` the market's, `age` seconds since the last live datum of
 * this connection or null, `symbol` its name.
 */
export function judge({ stream, trouble, condition, isCurrent, session, age, failed, moment, symbol = "data" }) {
  if (moment) return { state: "past", text: "a past moment, not live" };
  if (stream.state !== "open") {
    if (!stream.reason) return { state: "connecting", text: "connecting" };
    return { state: "reconnecting", text: `reconnecting: ${stream.reason}` };
  }
  if (trouble) {
    const reason = trouble.reason ? `: ${trouble.reason}` : "";
    return { state: "reconnecting", text: `${trouble.name ?? trouble.source} is ${trouble.state}${reason}` };
  }
  if (condition) {
    const isStale = condition.state === "stale";
    const words = CONDITIONS[condition.state] ?? `the bars are ${condition.state}`;
    return { state: isStale ? "stale" : "reconnecting", text: condition.reason ? `${words}: ${condition.reason}` : words };
  }
  if (failed) return { state: "stale", text: `no data: ${failed}` };
  if (!isCurrent) return { state: "connecting", text: `waiting for ${symbol}` };
  if (session && isClosed(session)) return { state: "closed", text: "connected, market closed" };
  if (age === null) return { state: "waiting", text: "waiting for a live price" };
  if (age < STALE_AFTER) return { state: "connected", text: "connected" };
  return { state: "stale", text: "stale: connected, but nothing new comes" };
}

export function isClosed(session) {
  return /close|out_of_session|holiday|post|pre/i.test(session ?? "");
}
