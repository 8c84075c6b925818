// The option chain as a table, the money in the middle. Clicking a price puts a leg into the strategy.

import { ABSENT, columnFormat, isNumber, signed } from "../math/format.js";
import { addLeg } from "./strategy.js";
import { around, centre, rowRoom, stat } from "./ladder.js";
import { button, choice, element } from "../ui/controls.js";
import { MOST_LEGS } from "../math/payoff.js";

const RANGES = [["fit", "Fit"], ["15", "±15"], ["all", "All"]];

export const view = {
  title: "Option chain",
  uses: ["symbol", "expiry"],
  open(panel) {
    const range = panel.options.range ?? "fit";
    panel.tools.append(choice("Strikes", RANGES, range, (value) => panel.setOption("range", value)));
    const stats = element("dl", { class: "stats" });
    const scroll = element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Prices by strike" });
    panel.body.append(stats, scroll);
    let isFirst = true;
    const chain = panel.market.chain(panel.symbol, panel.expiry);
    const draw = () => panel.draw(() => {
      const { value } = chain;
      if (!value) return;
      stats.replaceChildren(...summary(panel, value));
      const count = range === "fit" ? room() : range;
      if (!count) return;
      const focused = scroll.contains(document.activeElement) ? document.activeElement.dataset.key : null;
      scroll.replaceChildren(table(panel, value, count));
      scroll.classList.toggle("fit", range === "fit");
      if (focused) scroll.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
      if (isFirst && range !== "fit") centre(scroll);
      isFirst = false;
    });
    const room = rowRoom(panel, scroll, draw);
    panel.follow(chain, draw);
    return { state: () => chain.value };
  },
};

function summary(panel, { spot, model, analysis, lotSize }) {
  const days = model.daysToExpiry;
  return [
    stat("Spot", panel.price(spot), "", "chain-spot"),
    stat("Forward", panel.price(model.forward), "implied", "chain-forward", model.rules?.forward ?? ""),
    stat("Volatility", isNumber(analysis.atTheMoneyVolatility) ? `${analysis.atTheMoneyVolatility.toFixed(2)}%` : ABSENT, "at the money", "chain-volatility"),
    stat("Expected move", isNumber(analysis.expectedMove?.volatility) ? `±${panel.price(analysis.expectedMove.volatility)}` : ABSENT, "to expiry", "chain-move"),
    stat("To expiry", isNumber(days) ? `${days.toFixed(2)} d` : ABSENT, "", "chain-days"),
    stat("Lot", isNumber(lotSize) ? String(lotSize) : ABSENT, "", "chain-lot"),
  ];
}

const COLUMNS = [
  { name: "theta", text: "Theta", of: (side) => side?.greeks?.theta, write: (value) => two(value) },
  { name: "delta", text: "Delta", of: (side) => side?.greeks?.delta, write: (value) => two(value) },
  { name: "volatility", text: "IV %", of: (side) => side?.greeks?.impliedVolatility, write: (value) => (isNumber(value) ? value.toFixed(1) : ABSENT) },
  { name: "change", text: "OI chg", of: (side) => side?.change, column: true, isSigned: true },
  { name: "openInterest", text: "OI", of: (side) => side?.openInterest, column: true },
  { name: "volume", text: "Vol", of: (side) => side?.volume, column: true },
  { name: "bid", text: "Bid", of: (side) => side?.bid, price: true },
  { name: "ask", text: "Ask", of: (side) => side?.ask, price: true },
  { name: "last", text: "Last", of: (side) => side?.last, price: true },
];

function two(value) {
  if (!isNumber(value)) return ABSENT;
  // What rounds to nothing has no sign.
  return Math.abs(value) < 0.005 ? "0.00" : signed(value, (number) => number.toFixed(2).replace("-", "\u2212"));
}

function table(panel, chain, range) {
  const rows = around(chain, range);
  const sides = rows.flatMap(({ call, put }) => [call, put]);
  // Bid and ask have no columns where the source gives none at all.
  const columns = COLUMNS.filter(({ name, of }) => !["bid", "ask"].includes(name) || sides.some((side) => isNumber(of(side))))
    .map((column) => ({ ...column, ...writer(panel, column, sides) }));
  const heads = (list) => list.map(({ name, text, unit }) => (
    element("th", { scope: "col", class: "number", "data-column": `head-${name}` }, unit ? `${text} (${unit})` : text)
  ));
  const mirrored = [...columns].reverse();
  const body = element("tbody");
  rows.forEach((row, index) => {
    body.prepend(element("tr", { class: row.strike === chain.atTheMoney ? "money" : null, "data-strike": row.strike },
      ...columns.map((column) => cell(panel, chain, row, "call", column)),
      element("th", { scope: "row" }, panel.strike(row.strike)),
      ...mirrored.map((column) => cell(panel, chain, row, "put", column))));
    const next = rows[index + 1];
    if (isNumber(chain.spot) && next && row.strike <= chain.spot && chain.spot < next.strike) {
      const words = element("span", {}, `spot ${panel.price(chain.spot)}`);
      body.prepend(element("tr", { class: "spot" }, element("td", { colspan: columns.length * 2 + 1 }, words)));
    }
  });
  return element("table", { class: "chain" },
    element("caption", { class: "visually-hidden" }, `Option chain of ${chain.symbol} ${chain.expiry}; calls left, puts right`),
    element("thead", {}, element("tr", {}, ...heads(columns), element("th", { scope: "col" }, "Strike"), ...heads(mirrored))), body);
}

function writer(panel, { column, price, isSigned, of, write }, sides) {
  if (price) return { write: (value) => panel.price(value) };
  if (!column) return { write };
  const format = columnFormat(sides.map(of), panel.locale, { isSigned });
  return { write: format.write, unit: format.short };
}

function isFull(panel) {
  const words = `A strategy has at most ${MOST_LEGS} legs; remove one first.`;
  panel.say("none", words);
  panel.page.announce(words);
}

function cell(panel, chain, row, type, { name, of, write }) {
  const side = row[type];
  const value = of(side);
  const isIn = isNumber(chain.spot) && (type === "call" ? row.strike < chain.spot : row.strike > chain.spot);
  const reason = !isNumber(value) ? side?.reasons?.greeks : null;
  const attributes = { class: `number ${isIn ? "in-the-money" : ""}`, title: reason || null, "data-column": `${type}-${name}` };
  if (name === "last" && isNumber(value)) {
    const leg = { type, strike: row.strike, side: "buy", premium: value, volatility: side?.greeks?.impliedVolatility ?? null };
    const made = button(write(value), () => addLeg(panel.context, leg) || isFull(panel), {
      class: "leg", "data-key": `${type}-${row.strike}`, title: `Buy one lot of the ${row.strike} ${type} in the strategy`,
      "aria-label": `${write(value)}, buy one lot of the ${row.strike} ${type} in the strategy`,
    });
    return element("td", attributes, made);
  }
  return element("td", { ...attributes, "data-sign": name === "change" ? Math.sign(value ?? 0) : null }, write(value));
}
