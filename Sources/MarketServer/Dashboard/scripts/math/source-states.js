// What is known of the sources behind the page, from status messages, snapshots, /v1/status and the data themselves. Pure.

const ON_THE_WAY = 2_000;
const GOOD = new Set(["connected", "idle", "ready", "ok"]);

export class SourceStates {
  #known = new Map();

  get all() { return [...this.#known.values()]; }

  /** A new connection knows nothing yet. */
  clear() { this.#known.clear(); }

  take(status, now) {
    if (!status?.source) return;
    this.#known.set(status.source, { ...this.#known.get(status.source), ...status, toldAt: now });
  }

  /**
   * A datum that streamed from a source just now shows that it is there, whatever was said of it before; one that comes at
   * once after bad news may have been on its way already.
   */
  heard(source, now) {
    const known = this.#known.get(source);
    if (known && !GOOD.has(known.state) && now - known.toldAt >= ON_THE_WAY) this.#known.set(source, { ...known, state: "connected", reason: null, toldAt: now });
  }

  /** The first source of those named (all, where none are) that is not there. */
  trouble(sources) {
    const wanted = new Set(sources);
    return this.all.find(({ source, state }) => (wanted.size === 0 || wanted.has(source)) && state && !GOOD.has(state)) ?? null;
  }
}

/** Statuses in a snapshot, in whichever form they come. */
export function statusesIn(message) {
  const list = message.sources ?? message.statuses ?? message.status ?? [];
  return Array.isArray(list) ? list.filter((status) => status?.source && status?.state) : [];
}

const STALE_AFTER = 45;
const CONDITIONS = {
  connecting: "opening the bars", signingIn: "signing in", stale: "stale", backingOff: "trying again", refused: "refused",
};

/**
 * The one word for the page and the sentence behind it.
 * `stream` {state, reason}, `trouble` a source's status or null, `condition` {state, reason} of the bars or null, `session` the
 * market's, `age` seconds since the last datum or null.
 */
export function judge({ stream, trouble, condition, session, age, failed, moment }) {
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
  if (session && isClosed(session)) return { state: "closed", text: "connected, market closed" };
  if (age === null) return { state: "waiting", text: "connected, waiting for the first datum" };
  if (age < STALE_AFTER) return { state: "connected", text: "connected" };
  return { state: "stale", text: "stale: connected, but nothing new comes" };
}

export function isClosed(session) {
  return /close|out_of_session|holiday|post|pre/i.test(session ?? "");
}
