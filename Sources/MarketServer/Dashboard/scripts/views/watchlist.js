// Symbols with their prices; Enter or a click opens one on the page.

import { ABSENT, columnFormat, decimalsOf, isNumber, percent, priceFormat, signed, signOf } from "../math/format.js";
import { button, element } from "../ui/controls.js";
import { friendly } from "../math/sources.js";

const USUAL = "NSE:NIFTY_NSE:BANKNIFTY_NSE:FINNIFTY_NSE:INDIAVIX_BSE:SENSEX";
const MOST = 30;

export const view = {
  title: "Watchlist",
  uses: ["symbol"],
  open(panel) {
    const symbols = (panel.options.symbols ?? USUAL).split("_").filter(Boolean).slice(0, MOST);
    const keep = (list) => panel.setOption("symbols", [...new Set(list)].join("_") || "none");
    const input = element("input", {
      type: "text", "aria-label": "Add a symbol", placeholder: "Add", "data-key": "add-symbol", class: "add-symbol", spellcheck: "false",
    });
    const form = element("form", {}, input);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const text = input.value.trim().toUpperCase();
      if (text) keep([...symbols, text.includes(":") ? text : `NSE:${text}`]);
    });
    panel.tools.append(form, button("+ this", () => keep([...symbols, panel.context.symbol]), {
      "aria-label": "Add the page's symbol", "data-key": "add-this",
    }));
    const body = element("tbody");
    const heads = ["Symbol", "Last", "Change", "%", "Volume"].map((head, index) => (
      element("th", { scope: "col", class: index ? "number" : null }, head)
    ));
    const table = element("table", { class: "watch" }, element("caption", { class: "visually-hidden" }, "Watchlist"),
      element("thead", {}, element("tr", {}, ...heads, element("td"))), body);
    const scroll = element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Symbols and prices" }, table);
    panel.body.append(scroll);
    const volumeHead = heads.at(-1);
    let unit = null;
    const drawAll = () => {
      const column = columnFormat(quotes.map(({ value }) => value?.volume), panel.locale);
      // One unit for the whole column: when it changes, so does every row.
      if (column.short !== unit) {
        unit = column.short;
        volumeHead.textContent = unit ? `Vol (${unit})` : "Volume";
        for (const quote of quotes) draw(panel, rowOf(quote), quote, symbols, keep, column);
      }
      return column;
    };
    const rowOf = ({ symbol }) => body.querySelector(`[data-symbol="${CSS.escape(symbol)}"]`);
    const quotes = symbols.filter((symbol) => symbol !== "none").map((symbol) => {
      const row = element("tr", { "data-symbol": symbol });
      body.append(row);
      const quote = panel.market.quote(symbol);
      return quote;
    });
    for (const quote of quotes) {
      panel.follow(quote, () => draw(panel, rowOf(quote), quote, symbols, keep, drawAll()), { isMain: quote.symbol === symbols[0] });
      draw(panel, rowOf(quote), quote, symbols, keep, drawAll());
    }
    panel.say("", "");
    return { state: () => quotes.map(({ symbol, value, error }) => ({ symbol, ...value, error: error?.message ?? null })) };
  },
};

function draw(panel, row, quote, symbols, keep, column) {
  const { symbol, value, error } = quote;
  if (!row.firstChild) {
    const opener = button(symbol, () => panel.context.set({ symbol, expiry: "" }, { push: true }), { class: "symbol", "data-key": `open-${symbol}` });
    const remover = button("✕", () => keep(symbols.filter((other) => other !== symbol)), {
      class: "quiet", "aria-label": `Remove ${symbol}`, "data-key": `remove-${symbol}`,
    });
    row.append(element("th", { scope: "row" }, opener), ...[1, 2, 3, 4].map(() => element("td", { class: "number" })), element("td", {}, remover));
  }
  row.classList.toggle("chosen", symbol === panel.context.symbol);
  const cells = [...row.querySelectorAll("td.number")];
  if (!value) {
    const words = error ? friendly(error) : "…";
    cells[0].textContent = error ? ABSENT : words;
    row.title = error ? words : "";
    return;
  }
  row.title = error ? `Not updated: ${friendly(error)}` : "";
  row.toggleAttribute("data-stale", Boolean(error));
  const format = priceFormat(decimalsOf([value.last, value.previousClose].filter(isNumber)), panel.context.localeFor(symbol));
  const texts = [format(value.last), signed(value.change, format), percent(value.changePercent),
    column.write(value.volume)];
  cells.forEach((cell, index) => {
    if (cell.textContent !== texts[index]) cell.textContent = texts[index];
    if (index === 1 || index === 2) cell.dataset.sign = signOf(value.change ?? 0);
  });
}
