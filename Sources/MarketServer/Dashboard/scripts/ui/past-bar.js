// The past: a date and a time of the recorded session, played at a speed. Everything on the page follows the moment.

import { button, element, part, say, select, testID } from "./controls.js";
import { shortZoneName } from "../math/time.js";

const SPEEDS = [["60", "1 min/s"], ["180", "3 min/s"], ["300", "5 min/s"], ["900", "15 min/s"]];
const OPENING = { "Asia/Kolkata": [33_300, 55_800] };

export class PastBar {
  #root = part("past");
  #timer = 0;
  #speed = 60;
  #slider;
  #day;
  #words;
  #play;

  constructor(page) {
    this.page = page;
    this.context = page.context;
    this.#day = element("input", { type: "date", "aria-label": "Day", "data-testid": "past-day" });
    this.#slider = element("input", {
      type: "range", step: "60", "aria-label": "Time of day", "data-testid": "past-time", class: "past-time",
    });
    this.#words = element("output", { class: "past-words", "data-testid": "past-words" });
    this.#play = button("Play", () => this.toggle(), { "data-testid": "past-play", "data-key": "play" });
    const speed = select("Speed", SPEEDS, "60", (value) => { this.#speed = Number(value); }, "speed");
    this.#root.append(
      element("strong", { class: "past-badge" }, "PAST"), this.#day,
      button("‹", () => this.step(-180), { "aria-label": "Three minutes back" }), this.#slider,
      button("›", () => this.step(180), { "aria-label": "Three minutes on" }), this.#words, this.#play, speed,
      button("Back to live", () => this.leave(), { class: "primary", "data-testid": "past-leave" }),
    );
    this.#slider.addEventListener("input", () => this.#moved());
    this.#day.addEventListener("change", () => this.#dayChosen());
    this.context.on(["at", "symbol", "zone"], () => this.draw());
    this.draw();
  }

  get isPlaying() { return this.#timer !== 0; }

  /** Begins at the newest time that the page has data of. */
  enter() {
    const known = this.page.header.provenance?.asOf;
    const quote = this.page.market.quote(this.context.symbol).value;
    const newest = quote?.lastTime ?? (known ? Date.parse(known) / 1000 : Date.now() / 1000);
    this.context.setMoment(Math.floor(newest / 60) * 60);
    this.#slider.focus();
    this.page.announce("Showing a past moment");
  }

  leave() {
    this.#pause();
    this.context.setMoment(null);
    testID("past-open").focus();
    this.page.announce("Live again");
  }

  toggle() {
    if (this.isPlaying) this.#pause();
    else {
      this.#timer = setInterval(() => this.step(this.#speed), 1000);
      say(this.#play, "Pause");
    }
  }

  step(seconds) {
    const [from, to] = this.#hours();
    const next = this.context.moment + seconds;
    if (next > to) this.#pause();
    this.context.setMoment(Math.min(to, Math.max(from, next)));
  }

  draw() {
    const { moment } = this.context;
    this.#root.hidden = moment === null;
    document.body.toggleAttribute("data-past", moment !== null);
    testID("past-open").setAttribute("aria-pressed", String(moment !== null));
    if (moment === null) {
      this.#pause();
      return;
    }
    const [from, to] = this.#hours();
    Object.assign(this.#slider, { min: from, max: to });
    this.#slider.value = moment;
    const clock = this.#clock;
    this.#day.value = clock.wall(moment).toISOString().slice(0, 10);
    const zone = shortZoneName(clock.zone);
    const words = `${clock.day(moment)} ${clock.timeWithSeconds(moment)} ${zone}`;
    say(this.#words, words);
    this.#slider.setAttribute("aria-valuetext", words);
  }

  get #clock() { return this.page.market.clockOf(this.context.symbol); }

  #pause() {
    clearInterval(this.#timer);
    this.#timer = 0;
    say(this.#play, "Play");
  }

  /** The trading hours of the moment's day so far, or all of the day where the page does not know them. */
  #hours() {
    const clock = this.#clock;
    const { moment } = this.context;
    const offset = clock.offset(moment);
    const midnight = moment + offset - ((moment + offset) % 86_400) - offset;
    const [open, close] = OPENING[clock.zone] ?? [0, 86_400];
    const isInside = moment >= midnight + open && moment <= midnight + close + 900;
    const [from, to] = isInside ? [midnight + open, midnight + close + 900] : [midnight, midnight + 86_400];
    // Today's future is not recorded yet.
    return [from, Math.max(moment, Math.min(to, Math.floor(Date.now() / 60_000) * 60))];
  }

  #moved() { this.context.setMoment(Number(this.#slider.value)); }

  #dayChosen() {
    const wanted = Date.parse(`${this.#day.value}T00:00:00Z`) / 1000;
    if (!Number.isFinite(wanted)) return;
    const { moment } = this.context;
    const offset = this.#clock.offset(moment);
    this.context.setMoment(wanted + ((moment + offset) % 86_400) - offset);
  }
}
