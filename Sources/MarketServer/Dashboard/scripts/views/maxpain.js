// Max pain through the day beside the spot, with the strikes that hold the most calls and puts now.

import { isNumber } from "../math/format.js";
import { Plot } from "../ui/plot.js";
import { timeAxis } from "./pcr.js";

export const view = {
  title: "Max pain",
  uses: ["symbol", "expiry"],
  open(panel) {
    const plot = new Plot(panel.body, "Max pain through the day");
    panel.onLeave(() => plot.close());
    const session = panel.market.session(panel.symbol, panel.expiry);
    const now = panel.market.openInterest(panel.symbol, panel.expiry);
    const draw = () => panel.draw(() => {
      const points = session.value;
      if (!points) return;
      const { analysis = {} } = now.value ?? {};
      const wall = (walls, text, color) => (isNumber(walls?.[0]?.strike) ? [{ y: walls[0].strike, text: `${text} ${panel.strike(walls[0].strike)}`, color }] : []);
      plot.draw({
        x: timeAxis(panel), left: { format: (value) => panel.price(value, 0) },
        series: [
          { name: "max pain", color: "accent", points: points.map(({ time, maxPain }) => [time, maxPain]), format: (value) => panel.strike(value) },
          { name: "spot", color: "muted", points: points.map(({ time, spot }) => [time, spot]), format: (value) => panel.price(value) },
        ],
        marks: [...wall(analysis.resistance, "most calls", "call"), ...wall(analysis.support, "most puts", "put")],
      });
    });
    panel.follow(session, draw);
    panel.follow(now, draw, { isMain: false });
    return { state: () => session.value };
  },
};
