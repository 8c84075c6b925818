// Open interest by strike: calls to the left, puts to the right, the whole as a bar and the change within it.

import { ABSENT, columnFormat, isNumber } from "../math/format.js";
import { choice, element } from "../ui/controls.js";

const RANGES = [["fit", "Fit"], ["15", "±15"], ["all", "All"]];

export const view = {
  title: "Open interest",
  uses: ["symbol", "expiry"],
  open(panel) {
    const basis = panel.options.basis ?? "openInterest";
    const range = panel.options.range ?? "fit";
    panel.root.dataset.testid = "open-interest";
    panel.messageLine.dataset.testid = "open-interest-message";
    panel.foot.dataset.testid = "open-interest-provenance";
    panel.tools.append(
      choice("What the bars show", [["openInterest", "OI"], ["change", "Change"]], basis, (value) => panel.setOption("basis", value), "basis"),
      choice("Strikes", RANGES, range, (value) => panel.setOption("range", value)),
    );
    const stats = element("dl", { class: "stats" });
    const scroll = element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Strikes" });
    panel.body.append(stats, scroll);
    let isFirst = true;
    const source = panel.market.openInterest(panel.symbol, panel.expiry);
    const draw = () => panel.draw(() => {
      const { value } = source;
      if (!value) return;
      stats.replaceChildren(...summary(panel, value, basis));
      // As many whole rows as there is room for, so that none is cut.
      const count = range === "fit" ? room() : range;
      if (!count) return;
      scroll.replaceChildren(table(panel, value, basis, count));
      scroll.classList.toggle("fit", range === "fit");
      if (isFirst && range !== "fit") centre(scroll);
      isFirst = false;
    });
    const room = rowRoom(panel, scroll, draw);
    panel.follow(source, draw);
    return { state: () => source.value };
  },
};

/** Puts the money in the middle of what scrolls. */
export function centre(scroll) {
  const row = scroll.querySelector(".spot, .money");
  if (row) scroll.scrollTop = row.offsetTop - scroll.clientHeight / 2;
}

const isNarrow = globalThis.matchMedia?.("(max-width: 700px)");
const HEAD = 42;

/** Watches the room for rows, draws when it changes, and returns a function that says how many strikes on either side of the
    money fit in whole rows, or null while there is no room. To measure at each drawing would make the browser lay out twice. */
export function rowRoom(panel, scroll, draw, hasTallRows = () => isNarrow.matches) {
  let height = 0;
  const observer = new ResizeObserver(([{ contentRect }]) => {
    height = contentRect.height;
    draw();
    panel.hurry();
  });
  observer.observe(scroll);
  panel.onLeave(() => observer.disconnect());
  return () => ((height ||= scroll.clientHeight) ? String(Math.max(2, Math.floor(((height - HEAD) / (hasTallRows() ? 26 : 21) - 1) / 2))) : null);
}

/** The strikes shown: all, or a number on either side of the money. */
export function around({ strikes, atTheMoney, spot }, range) {
  const sorted = [...strikes].sort((a, b) => a.strike - b.strike);
  if (range === "all") return sorted;
  let index = sorted.findIndex((row) => row.strike === atTheMoney);
  if (index < 0 && isNumber(spot)) index = sorted.findIndex((row) => row.strike >= spot);
  const middle = index < 0 ? sorted.length >> 1 : index;
  return sorted.slice(Math.max(0, middle - Number(range)), middle + Number(range) + 1);
}

function summary(panel, snapshot, basis) {
  const { totals = {}, maxPain, analysis = {}, unit } = snapshot;
  const isChange = basis === "change";
  const ratio = isChange ? totals.putCallRatioOfChange : totals.putCallRatio;
  const sums = isChange ? [totals.callChange, totals.putChange] : [totals.call, totals.put];
  const column = columnFormat(sums, panel.locale, { isSigned: isChange });
  const wall = (walls) => (isNumber(walls?.[0]?.strike) ? panel.strike(walls[0].strike) : null);
  return [
    stat("PCR", isNumber(ratio) ? ratio.toFixed(2) : ABSENT, isChange ? "of change" : "", "pcr",
      totals[isChange ? "putCallRatioOfChangeReason" : "putCallRatioReason"]),
    stat("Max pain", panel.strike(maxPain), "", "max-pain", analysis.rules?.maxPain),
    stat("Calls", withUnit(column, sums[0]), unit ?? "", "calls", "", "call"),
    stat("Puts", withUnit(column, sums[1]), unit ?? "", "puts", "", "put"),
    stat("Support", wall(analysis.support) ?? ABSENT, "most puts", "support", analysis.rules?.support ?? analysis.reasons?.support),
    stat("Resistance", wall(analysis.resistance) ?? ABSENT, "most calls", "resistance", analysis.rules?.resistance ?? analysis.reasons?.resistance),
    stat("Straddle", panel.price(analysis.straddle?.price), "at the money", "straddle", analysis.rules?.straddle ?? analysis.reasons?.straddle),
  ];
}

/** A number that stands alone has its unit beside it: the small words below are left out of a low panel. */
export function withUnit(column, value) { return isNumber(value) ? `${column.write(value)} ${column.short}`.trim() : ABSENT; }

export function stat(name, value, detail, id, title = "", side = "") {
  return element("div", { class: side ? `side-${side}` : null, title: title || null },
    element("dt", {}, name), element("dd", { "data-testid": id }, value),
    ...(detail.trim() ? [element("dd", { class: "detail" }, detail.trim())] : []));
}

function table(panel, snapshot, basis, range) {
  const rows = around(snapshot, range);
  const all = rows.flatMap(({ call, put }) => [call?.openInterest, put?.openInterest]);
  // What is gone stands outside what is left, so the longest bar is what was there before.
  const whole = rows.flatMap(({ call, put }) => [call, put]).map((side) => (side?.openInterest ?? 0) - Math.min(0, side?.change ?? 0));
  const changes = rows.flatMap(({ call, put }) => [call?.change, put?.change]);
  const write = { openInterest: columnFormat(all, panel.locale), change: columnFormat(changes, panel.locale, { isSigned: true }) };
  const most = Math.max(1, ...(basis === "change" ? changes : whole).filter(isNumber).map(Math.abs));
  const body = element("tbody");
  rows.forEach((row, index) => {
    body.prepend(strikeRow(panel, row, snapshot, basis, most, write));
    const next = rows[index + 1];
    if (isNumber(snapshot.spot) && next && row.strike <= snapshot.spot && snapshot.spot < next.strike) {
      const cell = element("td", { colspan: 5 }, element("span", {}, `spot ${panel.price(snapshot.spot)}`));
      body.prepend(element("tr", { class: "spot" }, element("td", { class: "change-cell" }), cell, element("td", { class: "change-cell" })));
    }
  });
  const unit = (column) => (column.short ? ` (${column.short})` : "");
  const heads = [
    [`Chg${unit(write.change)}`, "number change-cell"], [`Calls${unit(write.openInterest)}`, "number"], ["", "bar-head"], ["Strike", "strike-head"],
    ["", "bar-head"], [`Puts${unit(write.openInterest)}`, "number"], [`Chg${unit(write.change)}`, "number change-cell"],
  ];
  return element("table", { class: "strikes" },
    element("caption", { class: "visually-hidden" }, `Open interest of ${snapshot.symbol} ${snapshot.expiry} by strike`),
    element("thead", {}, element("tr", {}, ...heads.map(([text, kind]) => (
      text ? element("th", { scope: "col", class: kind }, text) : element("td", { class: kind })
    )))), body);
}

function strikeRow(panel, row, { atTheMoney, maxPain }, basis, most, write) {
  const marks = [row.strike === atTheMoney && "money", row.strike === maxPain && "pain"].filter(Boolean);
  const words = [row.strike === atTheMoney && "at the money", row.strike === maxPain && "max pain"].filter(Boolean);
  const number = (side, name) => element("td", {
    class: `number ${name === "change" ? "change-cell" : ""}`, "data-sign": name === "change" ? Math.sign(side?.[name] ?? 0) : null,
  }, write[name].write(side?.[name]));
  return element("tr", { class: marks.join(" ") || null, title: words.join(", ") || null, "data-strike": row.strike },
    number(row.call, "change"), number(row.call, "openInterest"), bars("call", row.call, basis, most),
    element("th", { scope: "row" }, panel.strike(row.strike), element("span", { class: "visually-hidden" }, words.map((word) => `, ${word}`).join(""))),
    bars("put", row.put, basis, most), number(row.put, "openInterest"), number(row.put, "change"));
}

/** A bar for the whole, and within it the part that is new, or behind it what is gone. */
function bars(name, side, basis, most) {
  const cell = element("td", { class: `bar-cell ${name}`, "aria-hidden": "true" });
  const add = (value, kind, from = 0) => {
    const bar = element("span", { class: `bar ${kind}` });
    bar.style.width = `${Math.min(100, (Math.abs(value) / most) * 100)}%`;
    bar.style[name === "call" ? "right" : "left"] = `${(from / most) * 100}%`;
    cell.append(bar);
  };
  const { openInterest, change } = side ?? {};
  if (basis === "change") {
    if (isNumber(change)) add(change, change < 0 ? "gone" : "whole");
  } else if (isNumber(openInterest)) {
    const isNew = isNumber(change) && change > 0;
    add(openInterest, "whole");
    if (isNew) add(Math.min(change, openInterest), "new", Math.max(0, openInterest - change));
    else if (isNumber(change) && change < 0) add(-change, "gone", openInterest);
  }
  return cell;
}
