// What call and put buyers and writers did since the last close: long and short build-up, covering, unwinding.

import { ABSENT, columnFormat, isNumber, signed } from "../math/format.js";
import { around, centre, rowRoom } from "./ladder.js";
import { choice, element } from "../ui/controls.js";

// With a hyphen at which no line breaks.
const WORDS = {
  long_build_up: "Long build‑up", short_build_up: "Short build‑up",
  short_covering: "Short covering", long_unwinding: "Long unwinding", neutral: "Neutral",
};

export const view = {
  title: "Build-up",
  uses: ["symbol", "expiry"],
  open(panel) {
    const range = panel.options.range ?? "fit";
    panel.tools.append(choice("Strikes", [["fit", "Fit"], ["15", "±15"], ["all", "All"]], range, (value) => panel.setOption("range", value)));
    const scroll = element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Build-up by strike" });
    const note = element("p", { class: "method" });
    panel.body.append(scroll, note);
    let isFirst = true;
    const source = panel.market.openInterest(panel.symbol, panel.expiry);
    const draw = () => panel.draw(() => {
      const { value } = source;
      if (!value) return;
      const count = range === "fit" ? room() : range;
      if (!count) return;
      const rows = around(value, count);
      scroll.classList.toggle("fit", range === "fit");
      scroll.replaceChildren(table(panel, value, rows));
      if (isFirst && range !== "fit") centre(scroll);
      isFirst = false;
      const reason = value.analysis?.reasons?.buildUp ?? rows.map(({ call }) => call?.reasons?.buildUp).find(Boolean);
      const isKnown = rows.some(({ call, put }) => call?.buildUp || put?.buildUp);
      // Why there are dashes is said in a low panel too.
      note.classList.toggle("needed", !isKnown);
      note.textContent = isKnown ? "By the change of price and open interest since the previous session's close."
        : `Not known: ${reason ?? "the source does not give the change of prices"}. The change in open interest is shown alone.`;
    });
    // In a narrow panel its words take two lines.
    const room = rowRoom(panel, scroll, draw, () => scroll.clientWidth < 500);
    panel.follow(source, draw);
    return { state: () => source.value };
  },
};

const CLASSES = [null, "number", "number price-change", null, "number price-change", "number", null];

function table(panel, snapshot, rows) {
  const column = columnFormat(rows.flatMap(({ call, put }) => [call?.change, put?.change]), panel.locale, { isSigned: true });
  const unit = column.short ? ` (${column.short})` : "";
  const heads = ["What", `OI chg${unit}`, "Price chg", "Strike", "Price chg", `OI chg${unit}`, "What"];
  const side = (option) => [
    element("td", { class: "what", "data-build-up": option?.buildUp ?? null }, option?.buildUp ? WORDS[option.buildUp] ?? option.buildUp.replaceAll("_", " ") : ABSENT),
    element("td", { class: "number", "data-sign": Math.sign(option?.change ?? 0) }, column.write(option?.change)),
    element("td", { class: "number price-change" }, isNumber(option?.priceChange) ? signed(option.priceChange, (value) => panel.price(value)) : ABSENT),
  ];
  return element("table", { class: "chain" }, element("caption", { class: "visually-hidden" }, "Build-up by strike; calls left, puts right"),
    element("thead", {}, element("tr", {}, ...heads.map((head, index) => element("th", { scope: "col", class: CLASSES[index] }, head)))),
    element("tbody", {}, ...rows.toReversed().map((row) => element("tr", { class: row.strike === snapshot.atTheMoney ? "money" : null, "data-strike": row.strike },
      ...side(row.call), element("th", { scope: "row" }, panel.strike(row.strike)), ...side(row.put).reverse()))));
}
