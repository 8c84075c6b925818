// An option chain from an open-interest snapshot: forward, implied volatilities and greeks by the rules of the server's
// /v1/option-chain, which answers for the present only. Used for past moments; the result has the same fields. Pure.

import { greeks, impliedVolatility } from "./black76.js";

const YEAR = 365 * 86_400;

/** `expiresAt` in UTC seconds. */
export function chainOf(snapshot, expiresAt) {
  const years = (expiresAt - Date.parse(snapshot.asOf) / 1000) / YEAR;
  const implied = impliedForward(snapshot);
  const forward = implied?.forward ?? null;
  const strikes = snapshot.strikes.map((row) => ({
    ...row,
    call: withGreeks(row.call, "call", row.strike, forward, years),
    put: withGreeks(row.put, "put", row.strike, forward, years),
  }));
  return {
    ...snapshot,
    strikes,
    model: {
      name: "Black-76 on the implied forward", rate: 0, forward, forwardStrikes: implied?.strikes ?? null,
      expiresAt: new Date(expiresAt * 1000).toISOString(), yearsToExpiry: years, daysToExpiry: years * 365,
    },
    analysis: { ...snapshot.analysis, ...analysisOf(snapshot, strikes, forward, years) },
  };
}

/** A price that was made today: an option not traded today shows one of an earlier day. */
export function tradedPrice(side) {
  return typeof side?.last === "number" && side.last > 0 && side.volume !== 0 ? side.last : null;
}

/** Median of K + C - P over three to five strikes nearest to the spot whose call and put both traded (rate 0). */
export function impliedForward({ strikes, spot }) {
  if (typeof spot !== "number") return null;
  const both = strikes
    .filter(({ call, put }) => tradedPrice(call) !== null && tradedPrice(put) !== null)
    .sort((a, b) => Math.abs(a.strike - spot) - Math.abs(b.strike - spot) || a.strike - b.strike)
    .slice(0, 5);
  if (both.length < 3) return null;
  const values = both.map(({ strike, call, put }) => strike + call.last - put.last).sort((a, b) => a - b);
  const middle = values.length >> 1;
  const forward = values.length % 2 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
  return { forward, strikes: both.map(({ strike }) => strike).sort((a, b) => a - b) };
}

function withGreeks(side, type, strike, forward, years) {
  if (!side) return side;
  const paid = tradedPrice(side);
  if (paid === null || forward === null) return { ...side, greeks: null };
  const volatility = impliedVolatility({ type, forward, strike, years, price: paid });
  if (volatility === null) return { ...side, greeks: null };
  return { ...side, greeks: { impliedVolatility: volatility, ...greeks({ type, forward, strike, years, volatility }) } };
}

function analysisOf(snapshot, strikes, forward, years) {
  if (forward === null) return { atTheMoneyVolatility: null, expectedMove: null, gammaExposure: null };
  const nearest = strikes.reduce((best, row) => (
    !best || Math.abs(row.strike - forward) < Math.abs(best.strike - forward) ? row : best
  ), null);
  const both = [nearest?.call?.greeks, nearest?.put?.greeks].filter(Boolean).map((known) => known.impliedVolatility);
  const atTheMoney = both.length === 2 ? (both[0] + both[1]) / 2 : null;
  const straddle = snapshot.analysis?.straddle?.price ?? null;
  return {
    atTheMoneyVolatility: atTheMoney,
    expectedMove: {
      straddle,
      volatility: atTheMoney === null ? null : (snapshot.spot * atTheMoney * Math.sqrt(years)) / 100,
    },
    gammaExposure: gammaExposure(snapshot, strikes, forward),
  };
}

/** Gamma times open interest in shares times forward squared, for a move of one percent; calls less puts. */
function gammaExposure(snapshot, strikes, forward) {
  const scale = snapshot.unit === "contracts" ? snapshot.lotSize : 1;
  if (typeof scale !== "number") return null;
  const worth = (side) => (
    side?.greeks && typeof side.openInterest === "number"
      ? side.greeks.gamma * side.openInterest * scale * forward * forward * 0.01 : null
  );
  const rows = strikes.map(({ strike, call, put }) => {
    const [up, down] = [worth(call), worth(put)];
    return { strike, call: up, put: down === null ? null : -down };
  });
  return {
    total: rows.reduce((sum, row) => sum + (row.call ?? 0) + (row.put ?? 0), 0),
    assumption: "dealers are assumed to hold every call and to have written every put; nobody reports who holds what",
    strikes: rows,
  };
}
