// What the page must know of an exchange to print its times and numbers. Pure.

const ZONES = {
  NSE: "Asia/Kolkata", BSE: "Asia/Kolkata", MCX: "Asia/Kolkata", NCDEX: "Asia/Kolkata",
  NASDAQ: "America/New_York", NYSE: "America/New_York", AMEX: "America/New_York", BATS: "America/New_York",
  CBOE: "America/Chicago", CME: "America/Chicago", CME_MINI: "America/Chicago", CBOT: "America/Chicago",
  COMEX: "America/New_York", NYMEX: "America/New_York",
  LSE: "Europe/London", XETR: "Europe/Berlin", EURONEXT: "Europe/Paris", SIX: "Europe/Zurich",
  TSE: "Asia/Tokyo", HKEX: "Asia/Hong_Kong", SSE: "Asia/Shanghai", SZSE: "Asia/Shanghai", ASX: "Australia/Sydney",
};

const SHORT_NAMES = { "Asia/Kolkata": "IST", "Asia/Tokyo": "JST", "Asia/Hong_Kong": "HKT" };

export function exchangeOf(symbol) {
  const colon = symbol.indexOf(":");
  return colon < 0 ? "NSE" : symbol.slice(0, colon).toUpperCase();
}

/** The zone of the symbol's exchange; UTC where the page does not know the exchange. */
export function zoneOf(symbol) {
  return ZONES[exchangeOf(symbol)] ?? "UTC";
}

export function localeOf(symbol) {
  return zoneOf(symbol) === "Asia/Kolkata" ? "en-IN" : "en-US";
}

const zoneNames = new Map();

export function shortZoneName(zone, date = new Date()) {
  if (zone === "UTC") return "UTC";
  if (SHORT_NAMES[zone]) return SHORT_NAMES[zone];
  // A name changes with summer time; within a day it is looked up once.
  const key = `${zone} ${Math.floor(date / 86_400_000)}`;
  if (!zoneNames.has(key)) {
    const locale = zone.startsWith("America/") ? "en-US" : "en-GB";
    const parts = new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName: "short" }).formatToParts(date);
    zoneNames.set(key, parts.find((part) => part.type === "timeZoneName")?.value ?? zone);
  }
  return zoneNames.get(key);
}
