// Volatility at the money by expiry: one chain per expiry, the nearest six. Live they are fetched again after two minutes; of a
// past moment whenever that moves to another snapshot.

import { dateText, isNumber } from "../math/format.js";
import { element } from "../ui/controls.js";
import { friendly } from "../math/sources.js";
import { get } from "../data/api.js";
import { Plot } from "../ui/plot.js";
import { provenanceOf } from "../data/resource.js";

const MOST = 6;
const EVERY = 120_000;

export const view = {
  title: "Volatility by expiry",
  uses: ["symbol"],
  open(panel) {
    const plot = new Plot(panel.body, "Volatility at the money by expiry");
    const note = element("p", { class: "method", hidden: true });
    panel.body.append(note);
    const show = (words) => {
      note.hidden = !words;
      note.textContent = words;
    };
    let passed = "";
    const loading = new Loading(panel, (points, missing) => {
      draw(panel, plot, points);
      show([missing.length ? `Not known at this moment: ${missing.map(dateText).join(", ")}.` : "", passed].filter(Boolean).join(" "));
    });
    panel.onLeave(() => {
      plot.close();
      loading.stop();
    });
    const listed = panel.market.expiries(panel.symbol);
    if (panel.isPast) {
      const nearest = panel.market.openInterest(panel.symbol, null);
      const follow = () => {
        if (!listed.value?.expiries || !nearest.value) return;
        const { expiry, asOf } = nearest.value;
        passed = listed.value.expiries.includes(expiry) ? "" : "Of the expiries that have passed since, only the nearest is shown.";
        loading.begin([expiry, ...listed.value.expiries.filter((date) => date > expiry)], asOf);
      };
      panel.follow(nearest, follow);
      panel.follow(listed, follow, { isMain: false });
    } else {
      panel.follow(listed, ({ value }) => value?.expiries && loading.begin(value.expiries, null));
    }
    return { state: () => loading.points };
  },
};

/** Fetches the chains of some expiries one after the other; a new beginning ends the one before. */
class Loading {
  #panel;
  #onPoints;
  #abort = new AbortController();
  #timer = 0;
  #key = "";
  points = [];

  constructor(panel, onPoints) {
    this.#panel = panel;
    this.#onPoints = onPoints;
  }

  stop() {
    this.#abort.abort();
    clearTimeout(this.#timer);
  }

  /** `at` is the moment wanted, or null for now. The same twice is fetched once. */
  begin(expiries, at) {
    const wanted = expiries.slice(0, MOST);
    const key = `${at} ${wanted}`;
    if (key === this.#key) return;
    this.stop();
    this.#key = key;
    this.#abort = new AbortController();
    this.#load(wanted, at, this.#abort.signal);
  }

  async #load(expiries, at, signal) {
    const panel = this.#panel;
    const found = [];
    const missing = [];
    let failure = "";
    for (const expiry of expiries) {
      try {
        const chain = await get("v1/option-chain", { symbol: panel.symbol, expiry, ...(at === null ? {} : { at }) }, signal);
        found.push({ expiry, days: chain.model.daysToExpiry, volatility: chain.analysis.atTheMoneyVolatility });
        panel.truth(provenanceOf(chain));
      } catch (error) {
        if (error.name === "AbortError") return;
        // Data that were not recorded do not make the panel fail.
        if (at !== null && !error.retryable) missing.push(expiry);
        else failure ||= `${dateText(expiry)}: ${friendly(error)}`;
      }
    }
    if (signal.aborted) return;
    panel.say(failure ? "error" : "", failure);
    this.points = found;
    this.#onPoints(found, missing);
    if (at === null) this.#timer = setTimeout(() => this.#load(expiries, at, signal), EVERY);
  }
}

function draw(panel, plot, points) {
  const byDays = new Map(points.map((point) => [point.days, point]));
  plot.draw({
    x: { format: (days) => (byDays.has(days) ? `${dateText(byDays.get(days).expiry)}, ${days.toFixed(0)} d` : `${Math.round(days)} d`), width: 60 },
    left: { format: (value) => (isNumber(value) ? `${value.toFixed(1)}` : "–") },
    rest: points[0]?.days,
    series: [{ name: "at the money %", color: "accent", points: points.map(({ days, volatility }) => [days, volatility ?? NaN]) }],
  });
}
