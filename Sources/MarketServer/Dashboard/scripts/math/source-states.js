// What is known of the sources behind the page, from status messages, snapshots and /v1/status. Pure.

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
