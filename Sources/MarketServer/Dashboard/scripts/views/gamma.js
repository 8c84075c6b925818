// Gamma exposure by strike, with its assumption: positions are not published.

import { around, stat, withUnit } from "./ladder.js";
import { columnFormat, isNumber } from "../math/format.js";
import { element } from "../ui/controls.js";
import { Plot } from "../ui/plot.js";

export const view = {
  title: "Gamma exposure",
  uses: ["symbol", "expiry"],
  open(panel) {
    const stats = element("dl", { class: "stats" });
    panel.body.append(stats);
    const plot = new Plot(panel.body, "Gamma exposure by strike");
    const note = element("p", { class: "method" });
    panel.body.append(note);
    panel.onLeave(() => plot.close());
    const chain = panel.market.chain(panel.symbol, panel.expiry);
    panel.follow(chain, ({ value }) => value && panel.draw(() => {
      const exposure = value.analysis.gammaExposure;
      if (!exposure) {
        panel.say("none", "Gamma exposure is not known: the chain has no forward or no greeks.");
        return;
      }
      const shown = new Set(around(value, "15").map(({ strike }) => strike));
      const rows = exposure.strikes.filter(({ strike }) => shown.has(strike));
      const net = (row) => (row.call === null && row.put === null ? NaN : (row.call ?? 0) + (row.put ?? 0));
      const column = columnFormat(rows.map(net), panel.locale, { isSigned: true });
      const total = columnFormat([exposure.total], panel.locale, { isSigned: true });
      stats.replaceChildren(
        stat("Total for 1 %", withUnit(total, exposure.total), "", "gamma-total"),
        stat("Changes sign at", isNumber(value.analysis.gammaFlip) ? panel.price(value.analysis.gammaFlip, 0) : "–", "gamma flip", "gamma-flip"),
      );
      plot.draw({
        x: { format: (strike) => panel.strike(Math.round(strike)), width: 70 }, left: { format: column.write }, zero: true, stacked: true, rest: value.spot,
        series: [
          { name: `calls less puts (${column.unit || "units"})`, kind: "bar", color: "accent", points: rows.map((row) => [row.strike, net(row)]) },
        ],
        marks: isNumber(value.spot) ? [{ x: value.spot, text: "spot", color: "warn" }] : [],
      });
      note.textContent = `Estimate: ${exposure.assumption}.`;
    }));
    return { state: () => chain.value?.analysis.gammaExposure ?? null };
  },
};
