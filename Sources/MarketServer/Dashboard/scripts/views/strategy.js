// A position of up to eight legs: payoff at expiry and today, break-evens, greatest gain and loss, greeks. The legs are in
// the address. Model: Black-76 on the implied forward, rate 0.

import { ABSENT, isNumber, priceFormat, signed } from "../math/format.js";
import { button, choice, element, select } from "../ui/controls.js";
import { decodeLegs, encodeLegs, extremes, MOST_LEGS, positionGreeks, profitAtExpiry, profitNow } from "../math/payoff.js";
import { Plot } from "../ui/plot.js";
import { stat } from "./ladder.js";

/** Puts another leg into the address; the same contract on the same side gets one lot more. Returns whether there was room. */
export function addLeg(context, leg) {
  const legs = decodeLegs(context.legs);
  const same = legs.find((other) => other.type === leg.type && other.strike === leg.strike && other.side === leg.side);
  if (same) same.lots += 1;
  else if (legs.length < MOST_LEGS) legs.push({ lots: 1, ...leg });
  else return false;
  context.set({ legs: encodeLegs(legs) });
  return true;
}

const READY = {
  straddle: { text: "Long straddle", legs: [["buy", "call", 0], ["buy", "put", 0]] },
  strangle: { text: "Short strangle", legs: [["sell", "call", 4], ["sell", "put", -4]] },
  bull: { text: "Bull call spread", legs: [["buy", "call", 0], ["sell", "call", 4]] },
  bear: { text: "Bear put spread", legs: [["buy", "put", 0], ["sell", "put", -4]] },
  condor: { text: "Iron condor", legs: [["sell", "call", 4], ["buy", "call", 8], ["sell", "put", -4], ["buy", "put", -8]] },
};

export const view = {
  title: "Strategy",
  uses: ["symbol", "expiry", "legs"],
  open(panel) {
    const legs = decodeLegs(panel.context.legs);
    const keep = (next) => panel.context.set({ legs: encodeLegs(next) });
    const stats = element("dl", { class: "stats", "data-testid": "strategy-stats" });
    const table = element("div", { class: "legs" });
    const note = element("p", { class: "method" });
    panel.body.append(table, stats);
    const plot = new Plot(panel.body, "Profit and loss of the strategy");
    panel.body.append(note);
    panel.onLeave(() => plot.close());
    const chain = panel.market.chain(panel.symbol, panel.expiry);
    let drawn = null;
    panel.tools.append(
      select("Ready-made strategies", [["", "Ready-made"], ...Object.entries(READY).map(([name, { text }]) => [name, text])], "",
        (name) => chain.value && keep(readyMade(chain.value, READY[name].legs)), "ready"),
      button("Clear", () => keep([]), { "data-key": "clear-legs" }),
    );
    panel.follow(chain, ({ value }) => value && panel.draw(() => {
      drawn = analyse(value, legs);
      if (!table.contains(document.activeElement)) table.replaceChildren(legTable(panel, value, legs, keep));
      drawStats(panel, stats, drawn);
      drawPlot(panel, plot, value, drawn);
      const lot = isNumber(value.lotSize) ? `${value.lotSize} a lot` : "the lot size is not known, so one unit counts as a lot";
      note.textContent = `Profit in the option's currency, ${lot}. Today by ${value.model.name}, rate ${value.model.rate}, `
        + `each leg at the volatility of its strike; no costs.${isNumber(drawn.now) || !legs.length ? "" : " Not known today: a leg has no volatility."}`;
    }));
    return { state: () => drawn };
  },
};

function readyMade({ strikes, atTheMoney }, wanted) {
  const sorted = [...strikes].sort((a, b) => a.strike - b.strike);
  const middle = sorted.findIndex(({ strike }) => strike === atTheMoney);
  return wanted.flatMap(([side, type, steps]) => {
    const row = sorted[middle + steps];
    const option = row?.[type];
    if (!isNumber(option?.last)) return [];
    return [{ side, lots: 1, type, strike: row.strike, premium: option.last, volatility: option.greeks?.impliedVolatility ?? null }];
  });
}

function analyse(chain, legs) {
  const lotSize = chain.lotSize ?? 1;
  const { forward, yearsToExpiry: years } = chain.model;
  const current = legs.map((leg) => {
    const row = chain.strikes.find(({ strike }) => strike === leg.strike);
    // At one strike call and put have one volatility (put-call parity). A price of intrinsic value alone gives none.
    const [own, opposite] = [row?.[leg.type], row?.[leg.type === "call" ? "put" : "call"]].map((option) => option?.greeks?.impliedVolatility);
    return { ...leg, volatility: own ?? opposite ?? leg.volatility };
  });
  const { breakEvens, gain, loss } = extremes(legs, lotSize);
  const now = isNumber(forward) ? profitNow(current, forward, { years, lotSize }) : null;
  const sums = isNumber(forward) ? positionGreeks(current, forward, { years, lotSize }) : null;
  const premium = legs.reduce((sum, leg) => sum + (leg.side === "buy" ? -1 : 1) * leg.lots * lotSize * leg.premium, 0);
  return { legs: current, lotSize, forward, years, breakEvens, gain, loss, now, greeks: sums, premium };
}

function drawStats(panel, node, { legs, breakEvens, gain, loss, now, greeks, premium }) {
  if (!legs.length) {
    const words = "No legs yet: choose a ready-made strategy, or a price in the option chain.";
    node.replaceChildren(element("div", { class: "hint" }, element("dd", {}, words)));
    return;
  }
  const whole = priceFormat(0, panel.locale);
  const money = (value) => (value === Infinity || value === -Infinity ? "unlimited" : isNumber(value) ? signed(Math.round(value), whole) : ABSENT);
  const two = (value) => (isNumber(value) ? signed(Number(value.toFixed(2)), priceFormat(2, panel.locale)) : ABSENT);
  node.replaceChildren(
    stat("Now", money(now), "", "strategy-now"), stat("Most gain", money(gain), "at expiry", "strategy-gain"),
    stat("Most loss", money(loss), "at expiry", "strategy-loss"),
    stat("Break-even", breakEvens.length ? breakEvens.map((value) => panel.price(value)).join(" · ") : ABSENT, "", "strategy-break-even"),
    stat(premium < 0 ? "Paid" : "Received", whole(Math.abs(premium)), "", "strategy-premium"),
    stat("Delta", two(greeks?.delta), "", "strategy-delta"), stat("Gamma", two(greeks?.gamma), "", "strategy-gamma"),
    stat("Theta", two(greeks?.theta), "a day", "strategy-theta"), stat("Vega", two(greeks?.vega), "a point", "strategy-vega"),
  );
}

function drawPlot(panel, plot, chain, { legs, lotSize, forward, years, breakEvens }) {
  plot.root.hidden = !legs.length;
  if (!legs.length) return;
  const strikes = legs.map(({ strike }) => strike);
  const centre = forward ?? chain.spot;
  const move = chain.analysis.expectedMove?.volatility ?? 0;
  const reach = Math.max(centre * 0.03, move * 1.6, ...strikes.map((strike) => Math.abs(strike - centre) * 1.35));
  const places = Array.from({ length: 161 }, (_, index) => centre - reach + (index * reach) / 80);
  const whole = priceFormat(0, panel.locale);
  plot.draw({
    x: { format: (value) => panel.price(value, 0) }, left: { format: (value) => (isNumber(value) ? signed(Math.round(value), whole) : ABSENT) }, rest: centre,
    series: [
      { name: "at expiry", color: "accent", points: places.map((x) => [x, profitAtExpiry(legs, x, lotSize)]) },
      { name: "today", color: "one", dash: "5 3", points: places.map((x) => [x, profitNow(legs, x, { years, lotSize })]) },
    ],
    marks: [
      ...(isNumber(centre) ? [{ x: centre, text: "forward", color: "muted" }] : []),
      ...breakEvens.map((x) => ({ x, text: panel.price(x, 0), color: "warn" })),
    ],
  });
}

function legTable(panel, chain, legs, keep) {
  if (!legs.length) return element("p", { hidden: true });
  const strikes = [...new Set([...chain.strikes.map(({ strike }) => strike), ...legs.map(({ strike }) => strike)])].sort((a, b) => a - b);
  const change = (index, values) => keep(legs.map((leg, at) => (at === index ? { ...leg, ...values } : leg)));
  const priced = (type, strike) => {
    const option = chain.strikes.find((row) => row.strike === strike)?.[type];
    return { type, strike, premium: option?.last ?? 0, volatility: option?.greeks?.impliedVolatility ?? null };
  };
  const rows = legs.map((leg, index) => element("tr", {},
    element("td", {}, choice(`Side of leg ${index + 1}`, [["buy", "Buy"], ["sell", "Sell"]], leg.side, (side) => change(index, { side }))),
    element("td", {}, number(leg.lots, `Lots of leg ${index + 1}`, (lots) => change(index, { lots: Math.max(1, Math.min(9999, Math.round(lots))) }), 1)),
    element("td", {}, select(`Strike of leg ${index + 1}`, strikes.map((strike) => [strike, panel.strike(strike)]), leg.strike,
      (strike) => change(index, priced(leg.type, Number(strike))))),
    element("td", {}, choice(`Kind of leg ${index + 1}`, [["call", "Call"], ["put", "Put"]], leg.type,
      (type) => change(index, priced(type, leg.strike)))),
    element("td", {}, number(leg.premium, `Price of leg ${index + 1}`, (premium) => change(index, { premium: Math.max(0, premium) }), 0.05)),
    element("td", {}, button("✕", () => keep(legs.filter((_, at) => at !== index)), {
      class: "quiet", "aria-label": `Remove leg ${index + 1}`, "data-key": `remove-${index}`,
    })),
  ));
  return element("table", { class: "plain leg-table" }, element("caption", { class: "visually-hidden" }, "Legs"),
    element("thead", {}, element("tr", {}, ...["Side", "Lots", "Strike", "Kind", "Price"].map((text) => element("th", { scope: "col" }, text)), element("td"))),
    element("tbody", {}, ...rows));
}

function number(value, label, onChange, step) {
  const made = element("input", { type: "number", value, step, min: 0, "aria-label": label, "data-key": label });
  made.addEventListener("change", () => {
    const next = Number(made.value);
    made.blur();
    if (Number.isFinite(next)) onChange(next);
  });
  return made;
}
