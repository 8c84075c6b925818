// Which clock the page reads times on: the exchange's, or UTC.

import { clockOf } from "../math/zoned-clock.js";
import { shortZoneName, zoneOf } from "../math/exchange.js";
import { isIntraday } from "../math/interval.js";

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
