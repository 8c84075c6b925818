// Open interest, or its change, of several strikes through the session: calls in full lines, puts in broken ones.

import { around } from "./ladder.js";
import { choice } from "../ui/controls.js";
import { columnFormat, isNumber } from "../math/format.js";
import { Plot } from "../ui/plot.js";
import { timeAxis } from "./pcr.js";

const COLORS = ["one", "accent", "two", "three", "muted"];

export const view = {
  title: "OI of strikes",
  uses: ["symbol", "expiry"],
  open(panel) {
    const basis = panel.options.basis ?? "change";
    const side = panel.options.side ?? "both";
    panel.tools.append(
      choice("What is drawn", [["openInterest", "OI"], ["change", "Change"]], basis, (value) => panel.setOption("basis", value)),
      choice("Sides", [["both", "Both"], ["call", "Calls"], ["put", "Puts"]], side, (value) => panel.setOption("side", value)));
    const plot = new Plot(panel.body, "Open interest of strikes around the money");
    panel.onLeave(() => plot.close());
    const now = panel.market.openInterest(panel.symbol, panel.expiry);
    let sources = null;
    const draw = () => panel.draw(() => {
      if (!sources) return;
      const values = sources.map(({ session }) => session.value);
      if (values.some((points) => points?.length)) panel.say("", "");
      else if (values.every((points) => points === null)) panel.say("loading", "Loading …");
      else panel.say("none", "No snapshots of this session are recorded.");
      plot.draw(model(panel, sources, basis, side));
    });
    panel.follow(now, ({ value }) => {
      if (value && !sources) {
        const strikes = panel.options.strikes ? panel.options.strikes.split("_").map(Number).filter(isNumber) : around(value, "2").map(({ strike }) => strike);
        sources = strikes.slice(0, COLORS.length).map((strike) => ({ strike, session: panel.market.session(panel.symbol, panel.expiry, strike) }));
        for (const { session } of sources) panel.follow(session, draw, { isMain: false });
      }
      draw();
    });
    return { state: () => sources?.map(({ strike, session }) => ({ strike, points: session.value })) ?? null };
  },
};

function model(panel, sources, basis, side) {
  const sides = side === "both" ? ["call", "put"] : [side];
  const values = sources.flatMap(({ session }) => (session.value ?? []).flatMap((point) => sides.map((name) => point[name]?.[basis])));
  const column = columnFormat(values, panel.locale, { isSigned: basis === "change" });
  const written = (value) => (isNumber(value) ? `${column.write(value)} ${column.short}`.trim() : "–");
  return {
    x: timeAxis(panel), left: { format: written }, zero: basis === "change",
    series: sources.flatMap(({ strike, session }, index) => sides.map((name) => ({
      name: `${panel.strike(strike)} ${name === "call" ? "C" : "P"}`, color: COLORS[index], dash: name === "put" ? "4 3" : null,
      points: (session.value ?? []).map((point) => [point.time, point[name]?.[basis]]),
    }))),
  };
}
