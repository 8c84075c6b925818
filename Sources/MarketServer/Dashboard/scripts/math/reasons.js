// Plain words for the codes of the server: why bars are missing or a response is short, and why a request failed. Pure.

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
