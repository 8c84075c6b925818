// A position of up to eight option legs: what it pays at expiry, what it is worth before, where it breaks even. Pure.

import { greeks, price } from "./black76.js";

export const MOST_LEGS = 8;

/** A leg: {side: buy or sell, lots, type, strike, premium, volatility (percent or null)}. */
export function direction(leg) {
  return leg.side === "sell" ? -leg.lots : leg.lots;
}

/** Profit at expiry, in currency, with `lotSize` units a lot. */
export function profitAtExpiry(legs, settlement, lotSize) {
  return legs.reduce((sum, leg) => {
    const worth = Math.max(0, (leg.type === "call" ? 1 : -1) * (settlement - leg.strike));
    return sum + direction(leg) * lotSize * (worth - leg.premium);
  }, 0);
}

/** Profit if closed with `years` left, by Black-76 with each leg's own volatility; null where a leg has none. */
export function profitNow(legs, forward, { years, rate = 0, lotSize }) {
  let sum = 0;
  for (const leg of legs) {
    if (typeof leg.volatility !== "number") return null;
    const { type, strike, volatility } = leg;
    sum += direction(leg) * lotSize * (price({ type, forward, strike, years, volatility, rate }) - leg.premium);
  }
  return sum;
}

/** Greeks of the whole position, in currency: delta for one of the forward, theta for a day, vega for a point. */
export function positionGreeks(legs, forward, { years, rate = 0, lotSize }) {
  const sum = { delta: 0, gamma: 0, theta: 0, vega: 0 };
  for (const leg of legs) {
    if (typeof leg.volatility !== "number") return null;
    const { type, strike, volatility } = leg;
    const own = greeks({ type, forward, strike, years, volatility, rate });
    for (const name of Object.keys(sum)) sum[name] += direction(leg) * lotSize * own[name];
  }
  return sum;
}

/** Break-evens, highest gain and greatest loss at expiry; `Infinity` where there is no end to it upwards. */
export function extremes(legs, lotSize) {
  const strikes = [...new Set(legs.map((leg) => leg.strike))].sort((a, b) => a - b);
  if (!strikes.length) return { breakEvens: [], gain: 0, loss: 0 };
  const corners = [0, ...strikes];
  const values = corners.map((corner) => profitAtExpiry(legs, corner, lotSize));
  const slope = legs.reduce((sum, leg) => sum + (leg.type === "call" ? direction(leg) * lotSize : 0), 0);
  const breakEvens = [];
  corners.forEach((corner, index) => {
    const next = corners[index + 1];
    if (values[index] === 0 && corner > 0) breakEvens.push(corner);
    if (next === undefined) {
      const beyond = slope === 0 ? null : corner - values[index] / slope;
      if (beyond !== null && beyond > corner) breakEvens.push(beyond);
    } else if (values[index] * values[index + 1] < 0) {
      breakEvens.push(corner + ((next - corner) * values[index]) / (values[index] - values[index + 1]));
    }
  });
  return {
    breakEvens,
    gain: slope > 0 ? Infinity : Math.max(...values),
    loss: slope < 0 ? -Infinity : Math.min(...values),
  };
}

/** Legs in the address: b1c24350@104.95 is one call bought at 24350 for 104.95; s2p24000@31.5v15.2 has its volatility. */
export function encodeLegs(legs) {
  return legs.map((leg) => {
    const volatility = typeof leg.volatility === "number" ? `v${Number(leg.volatility.toFixed(4))}` : "";
    return `${leg.side[0]}${leg.lots}${leg.type[0]}${leg.strike}@${leg.premium}${volatility}`;
  }).join(" ");
}

export function decodeLegs(text) {
  const legs = [];
  for (const word of (text ?? "").split(/[ ,]+/).filter(Boolean).slice(0, MOST_LEGS)) {
    const match = /^([bs])(\d{1,4})([cp])(\d+(?:\.\d+)?)@(\d+(?:\.\d+)?)(?:v(\d+(?:\.\d+)?))?$/.exec(word);
    if (!match || Number(match[2]) === 0) continue;
    legs.push({
      side: match[1] === "b" ? "buy" : "sell", lots: Number(match[2]), type: match[3] === "c" ? "call" : "put",
      strike: Number(match[4]), premium: Number(match[5]), volatility: match[6] ? Number(match[6]) : null,
    });
  }
  return legs;
}
