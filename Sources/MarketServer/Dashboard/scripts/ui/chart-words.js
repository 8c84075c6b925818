// The words on a chart: under its time axis, in its legend, and about a chart without data.

import { button, element } from "./controls.js";
import { columnFormat, isNumber, percent, signed, signOf } from "../math/format.js";
import { rememberKey } from "../data/api.js";

// The chart's time axis in a chosen zone: days begin at the zone's midnight, and labels read its clock.
// Bars keep their UTC seconds as keys, so a clock that is set back never makes two bars collide.

// Weights as the chart library's own time scale gives them (its TickMarkWeight).
const WEIGHT = {
  second: 0, tenSeconds: 10, minute: 20, fiveMinutes: 21, halfHour: 22,
  hour: 30, threeHours: 31, sixHours: 32, twelveHours: 33, day: 50, month: 60, year: 70,
};

/** Returns the library's scale class, made aware of the axis' clock. */
export function zonedTimeScale(library, axis) {
  return class extends library.defaultHorzScaleBehavior() {
    fillWeightsForPoints(points, start) {
      let before = start > 0 ? wallSeconds(axis, points[start - 1]) : null;
      for (let index = start; index < points.length; index++) {
        const now = wallSeconds(axis, points[index]);
        points[index].timeWeight = before === null ? WEIGHT.second : weight(before, now);
        before = now;
      }
      if (start === 0 && points.length > 1) {
        const first = wallSeconds(axis, points[0]);
        const spacing = wallSeconds(axis, points[1]) - first;
        points[0].timeWeight = weight(first - spacing, first);
      }
    }
  };
}

/** Text under the axis; the kinds are the library's TickMarkType: year, month, day, time, time with seconds. */
export function tickLabel(axis, time, kind) {
  const clock = axis.clockFor(time);
  // Between hours a month or a year alone does not say which day begins.
  if (axis.isIntraday && kind < 2) return clock.shortDay(time);
  return [clock.year, clock.month, clock.shortDay, clock.time, clock.timeWithSeconds][kind].call(clock, time);
}

function wallSeconds(axis, point) {
  return point.originalTime + axis.clockFor(point.originalTime).offset(point.originalTime);
}

function weight(before, now) {
  const a = new Date(before * 1000);
  const b = new Date(now * 1000);
  if (a.getUTCFullYear() !== b.getUTCFullYear()) return WEIGHT.year;
  if (a.getUTCMonth() !== b.getUTCMonth()) return WEIGHT.month;
  if (a.getUTCDate() !== b.getUTCDate()) return WEIGHT.day;
  const crossed = (seconds) => Math.floor(before / seconds) !== Math.floor(now / seconds);
  if (crossed(43_200)) return WEIGHT.twelveHours;
  if (crossed(21_600)) return WEIGHT.sixHours;
  if (crossed(10_800)) return WEIGHT.threeHours;
  if (crossed(3_600)) return WEIGHT.hour;
  if (crossed(1_800)) return WEIGHT.halfHour;
  if (crossed(300)) return WEIGHT.fiveMinutes;
  if (crossed(60)) return WEIGHT.minute;
  if (crossed(10)) return WEIGHT.tenSeconds;
  return WEIGHT.second;
}

// The legend of one bar, and what to do about a chart without data.

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
