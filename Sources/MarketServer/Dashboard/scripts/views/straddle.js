// A straddle or strangle through the session: its price, the volatility it implies and the move it expects.

import { choice, element, select } from "../ui/controls.js";
import { impliedVolatility } from "../math/black76.js";
import { isNumber } from "../math/format.js";
import { Plot } from "../ui/plot.js";
import { stat } from "./ladder.js";
import { timeAxis } from "./pcr.js";
import { tradedPrice } from "../data/options.js";

const YEAR = 365 * 86_400;

export const view = {
  title: "Straddle",
  uses: ["symbol", "expiry"],
  open(panel) {
    const kind = panel.options.kind ?? "price";
    const width = Number(panel.options.width) || 0;
    const stats = element("dl", { class: "stats" });
    panel.body.append(stats);
    const plot = new Plot(panel.body, "Straddle through the session");
    panel.onLeave(() => plot.close());
    const strikes = element("span", {});
    panel.tools.append(strikes,
      select("Width in strikes", [["0", "Straddle"], ...[1, 2, 3, 4, 6, 8].map((steps) => [steps, `Strangle ±${steps}`])], width,
        (value) => panel.setOption("width", value), "width"),
      choice("What is drawn", [["price", "Price"], ["volatility", "IV"], ["move", "Move"]], kind, (value) => panel.setOption("kind", value)));
    const chain = panel.market.chain(panel.symbol, panel.expiry);
    let sources = null;
    let points = [];
    panel.follow(chain, ({ value }) => {
      if (!value) return;
      sources ??= begin(panel, value, width, strikes, () => panel.draw(draw));
      panel.draw(draw);
    });
    const draw = () => {
      if (!sources || !chain.value) return;
      const expiresAt = Date.parse(chain.value.model.expiresAt) / 1000;
      points = through(sources.call.value, sources.put.value, expiresAt);
      const traded = tradedThrough(sources, expiresAt);
      if (traded.length > points.length) points = traded;
      drawStats(panel, stats, points.at(-1), sources);
      plot.draw(model(panel, points, kind));
    };
    return { state: () => ({ points, call: sources?.callStrike, put: sources?.putStrike }) };
  },
};

function begin(panel, chain, width, node, onChange) {
  const sorted = chain.strikes.map(({ strike }) => strike).sort((a, b) => a - b);
  const own = Number(panel.options.strike) || chain.atTheMoney;
  const middle = Math.max(0, sorted.indexOf(own));
  const callStrike = sorted[Math.min(sorted.length - 1, middle + width)];
  const putStrike = sorted[Math.max(0, middle - width)];
  node.replaceChildren(select("Strike in the middle", [["", `ATM ${panel.strike(chain.atTheMoney)}`], ...sorted.map((strike) => [strike, panel.strike(strike)])],
    panel.options.strike ?? "", (strike) => panel.setOption("strike", strike), "strike"));
  const call = panel.market.session(panel.symbol, panel.expiry, callStrike);
  const put = panel.market.session(panel.symbol, panel.expiry, putStrike);
  // A source has only the present day of a contract.
  const wanted = panel.isPast ? [] : [["call", callStrike], ["put", putStrike]];
  const contracts = wanted.map(([type, strike]) => panel.market.contract(panel.symbol, chain.expiry, strike, type));
  for (const source of [call, put, ...contracts]) panel.follow(source, onChange, { isMain: false });
  return { call, put, callStrike, putStrike, contracts };
}

/** As `through`, from the source's own history of the two contracts: it reaches back where no snapshots were recorded. */
function tradedThrough({ contracts: [call, put], callStrike, putStrike }, expiresAt) {
  if (!call || !put) return [];
  const other = new Map((put.value?.points ?? []).map((point) => [point.time, point.price]));
  return (call.value?.points ?? []).flatMap(({ time, price }) => {
    const opposite = other.get(time);
    if (!isNumber(price) || !isNumber(opposite)) return [];
    const forward = callStrike === putStrike ? callStrike + price - opposite : null;
    return [at({ time, spot: forward, forward, call: price, put: opposite, callStrike, putStrike, expiresAt })];
  });
}

/** Price, volatility and move at each snapshot that has both prices. */
function through(calls, puts, expiresAt) {
  if (!calls || !puts) return [];
  const other = new Map(puts.map((point) => [point.time, point]));
  return calls.flatMap((point) => {
    const opposite = other.get(point.time);
    const [paidCall, paidPut] = [tradedPrice(point.call), tradedPrice(opposite?.put)];
    if (paidCall === null || paidPut === null) return [];
    // The forward by parity where one strike has both prices; the spot where the legs stand apart.
    const both = tradedPrice(point.put);
    const forward = both === null ? point.spot : point.strike + paidCall - both;
    return [at({
      time: point.time, spot: point.spot, forward, call: paidCall, put: paidPut, callStrike: point.strike, putStrike: opposite.strike, expiresAt,
    })];
  });
}

function at({ time, spot, forward, call, put, callStrike, putStrike, expiresAt }) {
  const years = (expiresAt - time) / YEAR;
  const known = forward === null ? [] : [["call", callStrike, call], ["put", putStrike, put]]
    .map(([type, strike, price]) => impliedVolatility({ type, forward, strike, years, price })).filter(isNumber);
  const volatility = known.length === 2 ? (known[0] + known[1]) / 2 : null;
  const move = volatility === null || years <= 0 ? null : (spot * volatility * Math.sqrt(years)) / 100;
  return { time, spot, call, put, price: call + put, volatility, move };
}

function drawStats(panel, node, last, { callStrike, putStrike }) {
  if (!last) {
    node.replaceChildren();
    panel.say("none", "Call and put have no common price in this session yet.");
    return;
  }
  if (panel.messageLine.dataset.kind === "none") panel.say("", "");
  node.replaceChildren(
    stat("Price", panel.price(last.price), `${panel.strike(putStrike)} put, ${panel.strike(callStrike)} call`, "straddle-price"),
    stat("Call", panel.price(last.call), "", "straddle-call", "", "call"), stat("Put", panel.price(last.put), "", "straddle-put", "", "put"),
    stat("Volatility", isNumber(last.volatility) ? `${last.volatility.toFixed(2)}%` : "–", "implied", "straddle-volatility"),
    stat("Expected move", isNumber(last.move) ? `±${panel.price(last.move)}` : "–", "one deviation to expiry", "straddle-move"),
  );
}

function model(panel, points, kind) {
  const two = (value) => panel.price(value);
  const lines = {
    price: [{ name: "price", color: "accent", points: points.map(({ time, price }) => [time, price]) },
      { name: "call", color: "call", points: points.map(({ time, call }) => [time, call]), dash: "2 3" },
      { name: "put", color: "put", points: points.map(({ time, put }) => [time, put]), dash: "2 3" }],
    volatility: [{ name: "implied volatility %", color: "accent", points: points.map(({ time, volatility }) => [time, volatility]) }],
    move: [{ name: "expected move", color: "accent", points: points.map(({ time, move }) => [time, move]) }],
  };
  return {
    x: timeAxis(panel), left: { format: two }, right: { format: (value) => panel.price(value, 0) },
    series: [...lines[kind], { name: "spot", color: "muted", axis: "right", dash: "4 3", points: points.map(({ time, spot }) => [time, spot]), format: two }],
  };
}
