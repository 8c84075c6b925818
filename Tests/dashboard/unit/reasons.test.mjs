// Every code of the server has plain words on the page.
import assert from "node:assert/strict";
import { test } from "node:test";
import { friendly } from "../../../Sources/MarketServer/Dashboard/scripts/math/sources.js";
import { hasWords, reasonWords } from "../../../Sources/MarketServer/Dashboard/scripts/math/sources.js";

const SHORTFALLS = ["start_of_history", "plan_limit", "more", "recording_ends"];
const GAPS = ["missing", "disconnected", "no_trades", "closed", "before_history", "never_traded", "retention"];
const ERRORS = ["bad_request", "unknown_interval", "symbol_not_found", "never_traded", "not_entitled", "sign_in_refused", "throttled",
  "upstream_unavailable", "upstream_timeout", "upstream_unreadable", "expiry_not_listed", "no_data_for_time", "not_supported",
  "unauthorized", "too_large", "overloaded"];

test("every reason and every error code has words without underscores", () => {
  for (const code of [...SHORTFALLS, ...GAPS, ...ERRORS]) {
    assert.ok(hasWords(code), code);
    assert.doesNotMatch(reasonWords(code), /_/);
  }
});

test("a code that is not known is at least readable", () => {
  assert.equal(reasonWords("source_on_holiday"), "source on holiday");
  assert.equal(reasonWords(undefined), "no reason was given");
  assert.equal(hasWords("toString"), false);
});

test("an error shows its message without HTTP syntax, and words for its code where it has none", () => {
  assert.equal(friendly({ code: "throttled", message: "GET /x/y?z returned HTTP 429" }), "the request returned an error");
  assert.equal(friendly({ code: "throttled", message: "" }), "the source limits the number of requests");
});
