// Reads UTC seconds on the wall clock of one zone. Offsets are looked up once an hour of data: formatting is slow.

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

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
    this.#format = new Intl.DateTimeFormat("en-GB", {
      timeZone: zone, hourCycle: "h23",
      year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric",
    });
  }

  get zone() { return this.#zone; }

  /** Seconds the zone is ahead of UTC at this instant. */
  offset(time) {
    if (this.#zone === "UTC") return 0;
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
