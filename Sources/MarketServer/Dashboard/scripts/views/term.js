// Volatility at the money by expiry. Asks for one chain per expiry, the nearest six, and not again for two minutes.

import { Plot } from "../ui/plot.js";
import { dateText, isNumber } from "../math/format.js";
import { friendly } from "../math/messages.js";
import { get } from "../data/api.js";
import { provenanceOf } from "../data/resource.js";

const MOST = 6;
const EVERY = 120_000;

export const view = {
  title: "Volatility by expiry",
  uses: ["symbol"],
  open(panel) {
    const plot = new Plot(panel.body, "Volatility at the money by expiry");
    const abort = new AbortController();
    let points = [];
    let timer = 0;
    panel.onLeave(() => {
      plot.close();
      abort.abort();
      clearTimeout(timer);
    });
    const load = async (expiries) => {
      const found = [];
      for (const expiry of expiries.slice(0, MOST)) {
        try {
          const chain = await get("v1/option-chain", { symbol: panel.symbol, expiry }, abort.signal);
          found.push({ expiry, days: chain.model.daysToExpiry, volatility: chain.analysis.atTheMoneyVolatility });
          panel.truth(provenanceOf(chain));
        } catch (error) {
          if (error.name === "AbortError") return;
          panel.say("error", `${dateText(expiry)}: ${friendly(error)}`);
        }
      }
      points = found;
      const byDays = new Map(points.map((point) => [point.days, point]));
      plot.draw({
        x: { format: (days) => (byDays.has(days) ? `${dateText(byDays.get(days).expiry)}, ${days.toFixed(0)} d` : `${Math.round(days)} d`), width: 60 },
        left: { format: (value) => (isNumber(value) ? `${value.toFixed(1)}` : "–") },
        series: [{ name: "at the money %", color: "accent", points: points.map(({ days, volatility }) => [days, volatility ?? NaN]) }],
      });
      timer = setTimeout(() => load(expiries), EVERY);
    };
    if (panel.isPast) {
      panel.say("none", "Volatility by expiry is known for the present only: go back to live to see it.");
      return { state: () => null };
    }
    let isAsked = false;
    panel.follow(panel.market.expiries(panel.symbol), ({ value }) => {
      if (!value?.expiries || isAsked) return;
      isAsked = true;
      load(value.expiries);
    });
    return { state: () => points };
  },
};
