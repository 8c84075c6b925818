// How long to wait before trying again: doubling, capped, with jitter so that many pages do not come back at once.

const FIRST = 400;
const LARGEST = 15_000;

/** Milliseconds before attempt number `attempt` (from 1). `random` is in 0..<1. */
export function delayBefore(attempt, random = Math.random()) {
  const whole = Math.min(FIRST * 2 ** (attempt - 1), LARGEST);
  return Math.round(whole * (0.6 + 0.4 * random));
}
