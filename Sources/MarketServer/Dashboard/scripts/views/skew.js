// Implied volatility by strike: calls and puts apart, as Black-76 reads them from the last prices.

import { around, stat } from "./ladder.js";
import { element } from "../ui/controls.js";
import { isNumber } from "../math/format.js";
import { Plot } from "../ui/plot.js";

export const view = {
  title: "Volatility by strike",
  uses: ["symbol", "expiry"],
  open(panel) {
    const stats = element("dl", { class: "stats" });
    panel.body.append(stats);
    const plot = new Plot(panel.body, "Implied volatility by strike");
    panel.body.append(element("p", { class: "method", "data-testid": "skew-method" },
      "Strikes with a delta between 0.02 and 0.98 only: prices further out say little about volatility."));
    panel.onLeave(() => plot.close());
    const chain = panel.market.chain(panel.symbol, panel.expiry);
    panel.follow(chain, ({ value }) => value && panel.draw(() => {
      const { analysis } = value;
      const points = (value_) => (isNumber(value_) ? `${value_.toFixed(2)}` : "–");
      stats.replaceChildren(
        stat("At the money", isNumber(analysis.atTheMoneyVolatility) ? `${analysis.atTheMoneyVolatility.toFixed(2)}%` : "–", "", "skew-atm"),
        stat("25 delta skew", points(analysis.skew?.quarterDelta?.value), "points, put less call", "skew-quarter"),
        stat("5 % skew", points(analysis.skew?.fivePercent?.value), "points, put less call", "skew-five"),
      );
      const rows = around(value, "22").filter(({ call, put }) => says(call) || says(put));
      const line = (type) => rows.map((row) => [row.strike, says(row[type]) ? row[type].greeks.impliedVolatility : NaN]);
      plot.draw({
        x: { format: (strike) => panel.strike(Math.round(strike)), width: 70 }, left: { format: (number) => (isNumber(number) ? number.toFixed(2) : "–") },
        rest: value.spot,
        series: [{ name: "calls %", color: "call", points: line("call") }, { name: "puts %", color: "put", points: line("put") }],
        marks: isNumber(value.spot) ? [{ x: value.spot, text: "spot", color: "muted" }] : [],
      });
    }));
    return { state: () => chain.value };
  },
};

/** Whether an option says something of volatility: a price that is nearly all intrinsic value, or hardly any, does not. */
function says(option) {
  const size = Math.abs(option?.greeks?.delta ?? 0);
  return size >= 0.02 && size <= 0.98 && isNumber(option.greeks.impliedVolatility);
}
