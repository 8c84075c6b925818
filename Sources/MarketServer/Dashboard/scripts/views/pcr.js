// The put-call ratio through the session, and how much open interest calls and puts gained, against the spot.

import { choice } from "../ui/controls.js";
import { columnFormat, isNumber } from "../math/format.js";
import { Plot, timeTicks } from "../ui/plot.js";

export const view = {
  title: "Put-call ratio",
  uses: ["symbol", "expiry"],
  open(panel) {
    const kind = panel.options.kind ?? "ratio";
    panel.tools.append(choice("What is drawn", [["ratio", "Ratio"], ["change", "Change of OI"]], kind, (value) => panel.setOption("kind", value)));
    const plot = new Plot(panel.body, kind === "ratio" ? "Put-call ratio through the session" : "Change of open interest through the session");
    panel.onLeave(() => plot.close());
    const session = panel.market.session(panel.symbol, panel.expiry);
    panel.follow(session, ({ value }) => value && panel.draw(() => {
      if (!value.length) panel.say("none", "No snapshots of this session are recorded.");
      plot.draw(kind === "ratio" ? ratio(panel, value) : change(panel, value));
    }));
    return { state: () => session.value };
  },
};

export function timeAxis(panel) {
  const { clock } = panel;
  return { format: (time) => clock.time(time), ticks: timeTicks(clock), width: 56 };
}

const spotLine = (panel, points) => ({
  name: "spot", color: "muted", axis: "right", dash: "4 3", points: points.map(({ time, spot }) => [time, spot]), format: (value) => panel.price(value),
});

function ratio(panel, points) {
  const ratios = points.map(({ totals }) => totals.putCallRatio).filter(isNumber);
  const places = Math.max(...ratios) - Math.min(...ratios) < 0.1 ? 3 : 2;
  const two = (value) => (isNumber(value) ? value.toFixed(places) : "–");
  return {
    x: timeAxis(panel), left: { format: two }, right: { format: (value) => panel.price(value, 0) },
    series: [
      { name: "by OI", color: "accent", points: points.map(({ time, totals }) => [time, totals.putCallRatio]) },
      { name: "by change", color: "one", points: points.map(({ time, totals }) => [time, totals.putCallRatioOfChange]), dash: "2 3" },
      spotLine(panel, points),
    ],
  };
}

function change(panel, points) {
  const column = columnFormat(points.flatMap(({ totals }) => [totals.callChange, totals.putChange]), panel.locale, { isSigned: true });
  const write = (value) => (isNumber(value) ? `${column.write(value)}` : "–");
  return {
    x: timeAxis(panel), left: { format: write }, right: { format: (value) => panel.price(value, 0) }, zero: true,
    series: [
      { name: `calls (${column.unit || "units"})`, color: "call", points: points.map(({ time, totals }) => [time, totals.callChange]) },
      { name: `puts (${column.unit || "units"})`, color: "put", points: points.map(({ time, totals }) => [time, totals.putChange]) },
      spotLine(panel, points),
    ],
  };
}
