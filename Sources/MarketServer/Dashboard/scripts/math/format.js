// Numbers as a trader reads them. Pure.

const MINUS = "\u2212";
export const ABSENT = "\u2013";

/** How many decimals these prices need, so that none is rounded: at least 2, at most 6. */
export function decimalsOf(prices) {
  let most = 2;
  for (const price of prices) {
    if (typeof price !== "number" || isWhole(price * 100)) continue;
    const text = String(price);
    const exponent = text.indexOf("e-");
    const point = text.indexOf(".");
    const decimals = exponent > 0 ? Number(text.slice(exponent + 2)) : point < 0 ? 0 : text.length - point - 1;
    if (decimals > most) most = decimals;
  }
  return Math.min(most, 6);
}

/** Whether a product is an integer but for its rounding: writing each price as text takes longer than drawing it. */
function isWhole(product) { return Math.abs(product - Math.round(product)) <= Math.abs(product) * 1e-14; }

// The browser's own number format loads its data first, for longer than the chart takes to draw.
const GROUPS = { "en-IN": /\B(?=(?:\d\d)*\d{3}$)/g, other: /\B(?=(?:\d{3})+$)/g };

/** A number with `least` to `most` decimals, grouped in lakh and crore for India, else in thousands. */
function grouped(value, locale, least, most = least) {
  const [whole, rest = ""] = Math.abs(value).toFixed(most).split(".");
  let length = rest.length;
  while (length > least && rest[length - 1] === "0") length--;
  const decimals = length ? `.${rest.slice(0, length)}` : "";
  return `${value < 0 ? MINUS : ""}${whole.replace(GROUPS[locale] ?? GROUPS.other, ",")}${decimals}`;
}

/** Formats prices with a fixed count of decimals, grouped as the exchange's country groups them. */
export function priceFormat(decimals, locale) {
  return (price) => (isNumber(price) ? grouped(price, locale, decimals) : ABSENT);
}

/** With its sign always shown: +12.50, −3.05. */
export function signed(value, format) {
  if (!isNumber(value)) return ABSENT;
  return value > 0 ? `+${format(value)}` : format(value);
}

export function percent(value) {
  if (!isNumber(value)) return ABSENT;
  const sign = value > 0 ? "+" : value < 0 ? MINUS : "";
  return `${sign}${Math.abs(value).toFixed(2)}%`;
}

/** The age of a datum in plain words, from seconds. */
export function age(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 2) return "just now";
  if (whole < 60) return `${whole} s ago`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s ago`;
  if (whole < 86_400) return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min ago`;
  return `${Math.floor(whole / 86_400)} d ago`;
}

export function signOf(value) {
  return value > 0 ? "up" : value < 0 ? "down" : "flat";
}

export function isNumber(value) {
  return typeof value === "number" && Number.isFinite(value);
}

const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const LARGE = {
  "en-IN": [[1e7, "crore", "Cr"], [1e5, "lakh", "L"], [1e3, "thousand", "K"]],
  other: [[1e9, "billion", "B"], [1e6, "million", "M"], [1e3, "thousand", "K"]],
};

/** One unit for a whole column: how its numbers are written, and the unit's name for its heading. */
export function columnFormat(values, locale, { isSigned = false } = {}) {
  const most = Math.max(0, ...values.filter(isNumber).map(Math.abs));
  const [step, name, short] = (LARGE[locale] ?? LARGE.other).find(([size]) => most >= size * 1.5) ?? [1, "", ""];
  const places = step === 1 ? 0 : most / step >= 1000 ? 1 : 2;
  const write = (value) => {
    if (!isNumber(value)) return ABSENT;
    const text = grouped(value / step, locale, places);
    return isSigned && value > 0 ? `+${text}` : text;
  };
  return { write, unit: name, short, step };
}

/** A plain number with a fixed count of decimals, grouped. */
export function fixed(value, decimals, locale) {
  return priceFormat(decimals, locale)(value);
}

export function strikeText(value, locale) {
  return isNumber(value) ? grouped(value, locale, 0, 2) : ABSENT;
}

/** 2026-12-01 as Tue 1 Dec '26. */
export function dateText(text) {
  const [year, month, day] = String(text).split("-").map(Number);
  const date = new Date(Date.UTC(year, month - 1, day));
  if (!Number.isFinite(date.getTime())) return String(text);
  return `${WEEKDAYS[date.getUTCDay()]} ${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} '${String(year).slice(2)}`;
}
