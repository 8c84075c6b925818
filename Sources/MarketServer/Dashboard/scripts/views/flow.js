// Two estimates of who traded, each with its method: volume delta by the tick rule from quotes, volume by price from bars.

import { choice, element } from "../ui/controls.js";
import { columnFormat, isNumber } from "../math/format.js";
import { isClosed } from "../math/sources.js";
import { Plot } from "../ui/plot.js";
import { TickRule, volumeProfile } from "../math/indicators.js";
import { timeAxis } from "./pcr.js";

const MOST = 4_000;

export const view = {
  title: "Volume estimates",
  uses: ["symbol", "interval"],
  open(panel) {
    // Quotes of the past are not kept; bars are.
    const kind = panel.isPast ? "profile" : panel.options.kind ?? "delta";
    panel.tools.append(choice("What is drawn", [["delta", "Delta"], ["profile", "By price"]], kind, (value) => panel.setOption("kind", value)));
    const host = element("div", { class: "plot-host", "data-testid": "cvd-panel" });
    const note = element("p", { class: "method" });
    panel.body.append(element("strong", { class: "estimate" }, "ESTIMATE"), host, note);
    const plot = new Plot(host, kind === "delta" ? "Cumulative volume delta, an estimate" : "Volume by price, an estimate");
    panel.onLeave(() => plot.close());
    return kind === "delta" ? delta(panel, plot, note) : profile(panel, plot, note);
  },
};

function delta(panel, plot, note) {
  note.textContent = "Method: tick rule on the quotes since this panel was opened. A rise's volume counts as bought, a fall's as sold, "
    + "an unchanged price goes with the last. Trades themselves are not seen.";
  const waiting = () => panel.say("none", isClosed(panel.market.quote(panel.symbol).value?.session)
    ? "The market is closed. The volume delta counts while it trades." : "Waiting for trades.");
  waiting();
  const rule = new TickRule();
  const points = [];
  panel.follow(panel.market.quote(panel.symbol), ({ value, error }) => {
    // The panel says what is wrong; other panels refer to it.
    if (!value || error) return;
    const sum = rule.take(value);
    const time = value.lastTime ?? Math.floor(Date.now() / 1000);
    if (sum === null) waiting();
    if (sum === null || points.at(-1)?.[0] > time) return;
    if (points.at(-1)?.[0] === time) points.pop();
    points.push([time, sum]);
    if (points.length > MOST) points.shift();
    panel.draw(() => {
      const column = columnFormat(points.map(([, sum_]) => sum_), panel.locale, { isSigned: true });
      plot.draw({
        x: { ...timeAxis(panel), format: (at) => panel.clock.timeWithSeconds(at), width: 76 }, left: { format: column.write }, zero: true,
        series: [{ name: `delta (${column.unit || "units"})`, color: "accent", points }],
      });
    });
  });
  return { state: () => points };
}

function newestDay(bars, clock) {
  if (!bars.length) return bars;
  const today = clock.dayNumber(bars.at(-1).time);
  let first = bars.length - 1;
  while (first > 0 && clock.dayNumber(bars[first - 1].time) === today) first--;
  return bars.slice(first);
}

function profile(panel, plot, note) {
  note.textContent = `${panel.isPast ? "Volume delta of the past is not known: quotes are not kept. " : ""}Method: each bar's volume `
    + "spread evenly from its low to its high, over the bars of the newest day. Where in a bar it was traded is not known.";
  const bars = panel.market.bars(panel.symbol, panel.context.interval);
  let found = null;
  panel.follow(bars, ({ list }) => panel.draw(() => {
    const { clock } = panel;
    found = volumeProfile(newestDay(list.all, clock));
    if (!found) {
      panel.say("none", "These bars have no volume.");
      return;
    }
    const column = columnFormat(found.levels.map(({ volume }) => volume), panel.locale);
    plot.draw({
      x: { format: (price) => panel.price(price, 0), width: 70 }, left: { format: (value) => (isNumber(value) ? column.write(value) : "–") }, zero: true,
      rest: list.last?.close,
      series: [{
        name: `volume (${column.unit || "units"})`, kind: "bar", color: "accent",
        points: found.levels.map(({ low, high, volume }) => [(low + high) / 2, volume]),
      }],
      marks: [{ x: found.valueArea.low, text: "70 % from", color: "warn" }, { x: found.valueArea.high, text: "70 % to", color: "warn" }],
    });
  }));
  return { state: () => found };
}
