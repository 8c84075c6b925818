// The words on a chart: the legend of one bar, and what to do about a chart without data.

import { button } from "./panel.js";
import { columnFormat, isNumber, percent, signOf, signed } from "../math/format.js";
import { element } from "./dom.js";
import { rememberKey } from "../data/access.js";

/** Name, open, high, low, close, change, volume and time of a bar; the name alone where there is none. */
export function legendParts({ symbol, interval, bar, before, axis, locale, format }) {
  const parts = [element("b", { class: "name" }, `${symbol} · ${interval}`)];
  if (!bar) return parts;
  const sign = signOf(bar.close - bar.open);
  for (const [name, value] of [["O", bar.open], ["H", bar.high], ["L", bar.low], ["C", bar.close]]) {
    parts.push(stat(name, format(value), sign));
  }
  const change = before ? bar.close - before.close : null;
  if (isNumber(change)) {
    const words = `${signed(change, format)} (${percent((change / before.close) * 100)})`;
    parts.push(element("span", { class: "value", "data-sign": signOf(change) }, words));
  }
  if (isNumber(bar.volume)) {
    const column = columnFormat([bar.volume], locale);
    parts.push(stat("Vol", `${column.write(bar.volume)} ${column.short}`.trim()));
  }
  parts.push(element("span", {}, axis.label(bar.time)));
  if (bar.final === false) parts.push(element("span", { class: "forming" }, "forming"));
  return parts;
}

/** Buttons for the symbols that the server suggests, and to try again or give a key. */
export function failureChoices(error, { onSymbol, onRetry }) {
  const choices = element("div", { class: "choices" });
  for (const suggestion of error.suggestions ?? []) choices.append(button(suggestion, () => onSymbol(suggestion)));
  choices.append(error.code === "unauthorized" ? keyForm() : button("Try again", onRetry));
  return choices;
}

function stat(name, text, sign = "flat") {
  return element("span", {}, `${name} `, element("span", { class: "value", "data-sign": sign }, text));
}

function keyForm() {
  const label = "Key of this server";
  const input = element("input", { type: "password", "aria-label": label, placeholder: label, autocomplete: "off" });
  const form = element("form", {}, input, element("button", { type: "submit" }, "Sign in"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    rememberKey(input.value.trim());
    location.reload();
  });
  return form;
}
