// The strikes around the money as bars, calls to the left and puts to the right. Missing figures are shown as missing.

import { ABSENT, compact, isNumber } from "./format.js";
import { element } from "./dom.js";

const AROUND = 12;

/** `basis` is openInterest or change. */
export function strikeTable(snapshot, basis, { locale, format }) {
  const rows = aroundTheMoney(snapshot);
  const largest = Math.max(1, ...rows.flatMap(({ call, put }) => [call, put]).map((side) => Math.abs(side?.[basis] ?? 0)));
  const body = element("tbody");
  rows.forEach((row, index) => {
    body.prepend(strikeRow(row, snapshot, basis, largest, locale));
    const next = rows[index + 1];
    if (isNumber(snapshot.spot) && next && row.strike <= snapshot.spot && snapshot.spot < next.strike) {
      const cell = element("td", { colspan: 3 }, element("span", {}, `spot ${format(snapshot.spot)}`));
      body.prepend(element("tr", { class: "spot" }, cell));
    }
  });
  const title = basis === "change" ? "Change in open interest" : "Open interest";
  const caption = element("caption", { class: "visually-hidden" }, title);
  return element("table", { class: "strikes" }, caption, heading(), body);
}

/** Up to 12 strikes on either side of the money; the middle of the list where the spot is not known. */
function aroundTheMoney({ strikes, atTheMoney }) {
  const sorted = [...strikes].sort((a, b) => a.strike - b.strike);
  const index = sorted.findIndex((row) => row.strike === atTheMoney);
  const middle = index < 0 ? sorted.length >> 1 : index;
  return sorted.slice(Math.max(0, middle - AROUND), middle + AROUND + 1);
}

function heading() {
  return element("thead", {}, element(
    "tr", {},
    element("th", { scope: "col", class: "call" }, "Calls"),
    element("th", { scope: "col" }, "Strike"),
    element("th", { scope: "col", class: "put" }, "Puts"),
  ));
}

function strikeRow(row, { atTheMoney, maxPain }, basis, largest, locale) {
  const marks = [row.strike === atTheMoney && "money", row.strike === maxPain && "pain"].filter(Boolean);
  const titles = [row.strike === atTheMoney && "at the money", row.strike === maxPain && "max pain"].filter(Boolean);
  return element(
    "tr", { class: marks.join(" ") || null, title: titles.join(", ") || null },
    side("call", row.call, basis, largest, locale),
    element("th", { scope: "row" }, row.strike.toLocaleString(locale), hidden(titles)),
    side("put", row.put, basis, largest, locale),
  );
}

/** Marks that are seen as a frame or a shade, in words for those who hear the page. */
function hidden(titles) {
  return element("span", { class: "visually-hidden" }, titles.map((title) => `, ${title}`).join(""));
}

function side(name, figures, basis, largest, locale) {
  const value = figures?.[basis];
  const cell = element("td", { class: name });
  if (isNumber(value)) {
    const bar = element("span", { class: "bar", "data-sign": value < 0 ? "down" : "up", "aria-hidden": "true" });
    bar.style.width = `${(Math.abs(value) / largest) * 100}%`;
    cell.append(element("span", { class: "track" }, bar));
  }
  const text = isNumber(value) ? `${basis === "change" && value > 0 ? "+" : ""}${compact(value, locale)}` : ABSENT;
  cell.append(element("span", { class: "figure" }, text));
  return cell;
}
