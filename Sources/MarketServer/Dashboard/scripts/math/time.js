// Times as a trader reads them: intervals, the zone of an exchange, a zone's clock, the axis of the page. Pure.

// Intervals the page offers. The server knows more; any of them may be in the address.

export const OFFERED = ["1m", "3m", "5m", "15m", "30m", "1h", "4h", "1d", "1w", "1M"];
export const USUAL = "5m";

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800, M: 2_592_000 };

/** The usual length in seconds (a month counts 30 days), or null where the text is not an interval. */
export function secondsOf(interval) {
  const match = /^(\d+)([smhdwM])$/.exec(interval);
  return match ? Number(match[1]) * SECONDS[match[2]] : null;
}

export function isIntraday(interval) {
  return /[smh]$/.test(interval) || /^\d+$/.test(interval);
}

// What the page must know of an exchange to print its times and numbers.

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

// Reads UTC seconds on the wall clock of one zone. Offsets are looked up once an hour of data: formatting is slow.

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

// Zones that have had no summer time since 1951, by the seconds they are ahead of UTC. The browser loads its own data of zones
// for longer than the chart takes to draw.
const FIXED = { UTC: 0, "Asia/Kolkata": 19_800, "Asia/Tokyo": 32_400 };

const clocks = new Map();

/** The clock of a zone, one for all; the UTC clock for a zone that the browser does not know. */
export function clockOf(zone) {
  if (!clocks.has(zone)) clocks.set(zone, made(zone));
  return clocks.get(zone);
}

function made(zone) {
  try {
    return new ZonedClock(zone);
  } catch {
    return clockOf("UTC");
  }
}

export class ZonedClock {
  #zone;
  #format;
  #offsets = new Map();

  constructor(zone) {
    this.#zone = zone;
    if (zone in FIXED) return;
    this.#format = new Intl.DateTimeFormat("en-GB", {
      timeZone: zone, hourCycle: "h23",
      year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric",
    });
  }

  get zone() { return this.#zone; }

  /** Seconds the zone is ahead of UTC at this instant. */
  offset(time) {
    if (this.#zone in FIXED) return FIXED[this.#zone];
    const hour = Math.floor(time / 3600);
    let offset = this.#offsets.get(hour);
    if (offset === undefined) {
      offset = this.#lookUp(hour * 3600);
      this.#offsets.set(hour, offset);
    }
    return offset;
  }

  /** A Date whose UTC fields read as the zone's wall clock. */
  wall(time) {
    return new Date((time + this.offset(time)) * 1000);
  }

  time(time) {
    return this.wall(time).toISOString().slice(11, 16);
  }

  timeWithSeconds(time) {
    return this.wall(time).toISOString().slice(11, 19);
  }

  /** The number of the day on the zone's calendar: the same for all times of one day. */
  dayNumber(time) { return Math.floor((time + this.offset(time)) / 86_400); }

  /** Mon 24 Nov '26 */
  day(time) {
    const wall = this.wall(time);
    return `${DAYS[wall.getUTCDay()]} ${this.shortDay(time)} '${String(wall.getUTCFullYear()).slice(2)}`;
  }

  /** 24 Nov */
  shortDay(time) {
    const wall = this.wall(time);
    return `${wall.getUTCDate()} ${MONTHS[wall.getUTCMonth()]}`;
  }

  month(time) { return MONTHS[this.wall(time).getUTCMonth()]; }

  year(time) { return String(this.wall(time).getUTCFullYear()); }

  #lookUp(time) {
    const fields = {};
    for (const part of this.#format.formatToParts(new Date(time * 1000))) fields[part.type] = Number(part.value);
    const wall = Date.UTC(fields.year, fields.month - 1, fields.day, fields.hour, fields.minute, fields.second);
    return wall / 1000 - time;
  }
}

// Which clock the page reads times on: the exchange's, or UTC.

const UTC = clockOf("UTC");
const DAY = 86_400;

export class Axis {
  #exchange = UTC;
  #intraday = true;
  useUTC = false;

  get clock() { return this.useUTC ? UTC : this.#exchange; }
  get exchangeName() { return shortZoneName(this.#exchange.zone); }
  get name() { return this.useUTC ? "UTC" : this.exchangeName; }
  get isIntraday() { return this.#intraday; }

  /** `zone` is the server's word for it, where it says one. */
  set(symbol, interval, zone) {
    const name = zone || zoneOf(symbol);
    if (name !== this.#exchange.zone) this.#exchange = clockOf(name);
    this.#intraday = isIntraday(interval);
  }

  /** A daily bar stamped at midnight UTC means that date in every zone. */
  clockFor(time) {
    return !this.#intraday && time % DAY === 0 ? UTC : this.clock;
  }

  label(time) {
    const clock = this.clockFor(time);
    if (!this.#intraday) return clock.day(time);
    const seconds = time % 60 !== 0;
    return `${clock.day(time)}  ${seconds ? clock.timeWithSeconds(time) : clock.time(time)} ${this.name}`;
  }

  /** A moment (ISO 8601 text or UTC seconds) in the shortest form that is clear today; `short` leaves out seconds that are 0. */
  moment(value, { short = false } = {}) {
    const time = typeof value === "number" ? value : Date.parse(value) / 1000;
    if (!Number.isFinite(time)) return String(value);
    const clock = this.clock;
    const now = Date.now() / 1000;
    const isThisYear = clock.year(time) === clock.year(now);
    const day = clock.day(time) === clock.day(now) ? "" : `${isThisYear ? clock.day(time).slice(0, -4) : clock.day(time)} `;
    return `${day}${short && time % 60 === 0 ? clock.time(time) : clock.timeWithSeconds(time)} ${this.name}`;
  }
}
