// Panels: when they are drawn, and the frame around a view.

import { age, dateText, priceFormat, strikeText } from "../math/format.js";
import { Axis } from "../math/time.js";
import { badgeOf, friendly, nameOf, viaWords } from "../math/sources.js";
import { element, say } from "./controls.js";

// Draws what has changed at the browser's frames, a little in each, so that none is long. What changes together is drawn
// together; what is out of sight is drawn seldom.

// Changes are drawn at multiples of it: the market is not faster than the eye.
const GRID = 200;
const BUDGET = 8;
const PAUSE_OUT_OF_SIGHT = 2_000;

export class Frames {
  #waiting = new Map();
  #timer = 0;
  #frame = 0;

  /** Draws for `key` at `due` (milliseconds of performance.now) or soon after it: the latest action requested, once. */
  request(key, action, due) {
    const before = this.#waiting.get(key);
    this.#waiting.set(key, { action, due: before ? Math.min(before.due, due) : due });
    this.#schedule();
  }

  /** What waits for the key is due now. */
  hurry(key) {
    const waiting = this.#waiting.get(key);
    if (!waiting) return;
    waiting.due = 0;
    this.#schedule();
  }

  drop(key) { this.#waiting.delete(key); }

  #schedule() {
    if (this.#frame || !this.#waiting.size) return;
    clearTimeout(this.#timer);
    const wait = Math.min(...[...this.#waiting.values()].map(({ due }) => due)) - performance.now();
    if (wait > 0) this.#timer = setTimeout(() => this.#request(), wait);
    else this.#request();
  }

  #request() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
      this.#schedule();
    });
  }

  #draw() {
    const begun = performance.now();
    const due = [...this.#waiting].filter(([, waiting]) => waiting.due <= begun).sort(([, a], [, b]) => a.due - b.due);
    let isFull = false;
    for (const [key, { action, due: moment }] of due) {
      // What has never been drawn, or does not fit its room, does not wait.
      if (isFull && moment > 0) return;
      this.#waiting.delete(key);
      // One that fails must not keep the others from being drawn.
      try {
        action();
      } catch (error) {
        reportError(error);
      }
      isFull ||= performance.now() - begun > BUDGET;
    }
  }
}

/** When a panel that changes now is drawn: at once for the first time, then with what else changes, seldom while it is not visible. */
export function dueAt({ now, drawnAt, isInSight, pause = 0 }) {
  if (drawnAt === null) return 0;
  const due = Math.max(now, drawnAt + Math.max(pause, isInSight ? 0 : PAUSE_OUT_OF_SIGHT));
  return Math.ceil(due / GRID) * GRID;
}

// The frame around a view: heading, controls, message, freshness. A view gets its data from the panel and is opened again
// whenever what it depends on changes; leaving and cleaning up is the panel's work.

const ALWAYS = ["grouping", "zone"];
// While what a panel shows arrives piece by piece, it is drawn wherever it stands.
const WHILE_OPENING = 5_000;
const LONGEST_WAIT = 800;
let lastNumber = 0;

export class Panel {
  #leavings = [];
  #view = null;
  #drawnAt = null;
  #openedAt = 0;
  #isInSight = true;
  #hasFailed = false;
  #provenance = null;
  #resource = null;
  #stopListening;
  #onDrawn = () => {};
  #number = ++lastNumber;

  /** `definition` is what a view's file exports; `page` has context, market and workspace; `spec` is its place in the layout. */
  constructor(page, spec, definition) {
    this.page = page;
    this.context = page.context;
    this.market = page.market;
    this.definition = definition;
    this.spec = spec;
    const titleID = `panel-title-${this.#number}`;
    this.title = element("h2", { id: titleID }, definition.title);
    this.tools = element("div", { class: "tools" });
    this.menu = element("button", {
      type: "button", class: "quiet menu-button", "aria-haspopup": "menu", "aria-expanded": "false",
      "aria-label": `Arrange ${definition.title}`, "data-testid": `menu-${spec.view}`,
    }, "⋯");
    this.head = element("header", { class: "panel-head" }, this.title, this.tools, this.menu);
    this.messageLine = element("div", { class: "panel-message", hidden: true, role: "status" });
    this.body = element("div", { class: "panel-body" });
    this.foot = element("p", { class: "panel-truth", "data-testid": `truth-${spec.view}` });
    this.root = element("section", {
      class: `panel panel-${spec.view}`, "aria-labelledby": titleID, "data-view": spec.view,
      "data-testid": `panel-${spec.view}`, tabindex: "-1",
    }, this.head, this.messageLine, this.body, this.foot);
    this.#stopListening = this.context.on([...(definition.uses ?? ["symbol"]), ...ALWAYS], () => this.reopen());
  }

  get options() { return this.spec.options; }
  /** A panel may keep its own symbol. */
  get symbol() { return this.options.symbol || this.context.symbol; }
  get expiry() { return this.options.symbol && this.options.symbol !== this.context.symbol ? null : this.context.expiry; }
  get locale() { return this.context.localeFor(this.symbol); }
  get axis() {
    const axis = new Axis();
    axis.set(this.symbol, this.options.interval || this.context.interval);
    axis.useUTC = this.context.zone === "utc";
    return axis;
  }
  get clock() { return this.axis.clock; }
  get isPast() { return this.context.moment !== null; }
  get isOpen() { return this.#view !== null; }
  /** What a test may read of it. */
  get state() { return this.#view?.state?.() ?? null; }
  get bars() { return this.#view?.bars?.() ?? null; }

  price(value, decimals = 2) { return priceFormat(decimals, this.locale)(value); }
  strike(value) { return strikeText(value, this.locale); }
  date(text) { return dateText(text); }
  time(value) { return this.clock.time(value); }

  setOption(name, value, { quiet = false } = {}) {
    this.spec.options = { ...this.spec.options, [name]: value };
    this.page.workspace.keep();
    if (!quiet) this.reopen();
  }

  reopen() {
    const focused = this.root.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    // To read or set how far something is scrolled makes the browser lay out the page at once.
    const scroll = this.isOpen ? this.body.scrollTop : 0;
    this.#leave();
    this.fault = null;
    this.#hasFailed = false;
    this.say("", "");
    this.tools.replaceChildren();
    this.body.replaceChildren();
    this.#provenance = null;
    this.#resource = null;
    this.foot.replaceChildren();
    delete this.foot.dataset.words;
    this.title.replaceChildren(this.definition.title);
    this.#openedAt = performance.now();
    this.#view = this.definition.open(this) ?? {};
    if (scroll) this.body.scrollTop = scroll;
    if (focused) this.root.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
  }

  close() {
    this.#stopListening();
    this.#leave();
    this.root.remove();
  }

  /** A key pressed while the panel has the focus. */
  key(event) { return this.#view?.key?.(event) ?? false; }

  /** Follows something of the market while the view is open; its failures are shown, the first one's freshness too. */
  follow(resource, handler, { isMain = true } = {}) {
    if (isMain && !this.#resource) this.#resource = resource;
    this.#leavings.push(resource.follow((now, kinds) => {
      if (isMain) this.#report(now);
      if (now.value !== null || now.error) handler(now, kinds);
    }));
    if (isMain && resource.value === null && !resource.error) this.say("loading", "Loading …");
    return resource;
  }

  /** Draws at one of the browser's next frames, once however often it is called; `pause` is the least time between two drawings
      in milliseconds. Of a past moment everything is drawn as it moves, wherever it stands. */
  draw(action, { pause = 0 } = {}) {
    const now = performance.now();
    const isInSight = this.#isInSight || this.isPast || now - this.#openedAt < WHILE_OPENING;
    const due = dueAt({ now, drawnAt: this.#drawnAt, isInSight, pause });
    this.page.frames.request(this, () => {
      this.#drawnAt = performance.now();
      action();
      this.#onDrawn();
    }, due);
  }

  /** Waits until it has been drawn and painted, or has said why not; not for long, and not where a hidden window paints nothing. */
  async shown() {
    const drawn = new Promise((done) => { this.#onDrawn = done; });
    const painted = drawn.then(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0))));
    await Promise.race([painted, new Promise((done) => setTimeout(done, LONGEST_WAIT))]);
  }

  /** Whether a person can see it; what waits is drawn as it comes into sight. */
  set isInSight(value) {
    this.#isInSight = value;
    if (value) this.hurry();
  }

  /** Draws what waits in the next frame: its room has changed, say. */
  hurry() { this.page.frames.hurry(this); }

  onLeave(action) { this.#leavings.push(action); }

  /** What a view says of itself: kind is loading, error or none; empty text takes it away. A failure stays in view. */
  say(kind, text, action = null) {
    if (!this.#hasFailed) this.#write(kind, text, action);
  }

  /** The view shows the failure itself, in its own place. */
  sayElsewhere() { this.#write("", ""); }

  #write(kind, text, action = null) {
    const { dataset } = this.messageLine;
    // Each update says that there is no message: an attribute that is set again makes the browser compute styles again.
    if (dataset.text === text && dataset.kind === kind) return;
    this.messageLine.hidden = !text;
    dataset.kind = kind;
    if (dataset.text === text) return;
    dataset.text = text;
    this.messageLine.replaceChildren(...(text ? [element("span", {}, text)] : []));
    if (text && action) this.messageLine.append(action);
  }

  /** The first words are written at once, later ones with what else is drawn. */
  truth(provenance) {
    const isFirst = this.#provenance === null;
    this.#provenance = provenance;
    if (isFirst) this.#drawTruth();
    else this.page.frames.request(this.foot, () => this.#drawTruth(), dueAt({ now: performance.now(), drawnAt: 0, isInSight: this.#isInSight || this.isPast }));
  }

  #report(resource) {
    this.#hasFailed = Boolean(resource.error);
    if (resource.error) {
      this.#onDrawn();
      const words = friendly(resource.error);
      const isEmpty = resource.value === null;
      // What one panel says at length the others need not repeat.
      const other = this.page.workspace.panels.find((panel) => panel !== this && panel.fault === words);
      this.fault = other ? null : words;
      if (other) {
        this.#write("none", isEmpty ? `No data, for the reason given in “${other.definition.title}”.` : `Not updated, for the reason given in “${other.definition.title}”.`);
        return;
      }
      this.#write(resource.error.code === "not_supported" ? "none" : "error", isEmpty ? words : `Not updated: ${words}`);
    } else {
      this.fault = null;
      this.say("", "");
    }
    if (resource === this.#resource && resource.provenance) this.truth(resource.provenance);
    const isStale = Boolean(resource.error && resource.value !== null);
    if (this.root.hasAttribute("data-stale") !== isStale) this.root.toggleAttribute("data-stale", isStale);
  }

  /** Ages grow by themselves: the page says so every second, to all panels at once. */
  tick() { this.#drawTruth(); }

  #drawTruth() {
    const provenance = this.#provenance;
    if (!provenance) return;
    const badge = badgeOf(provenance);
    const parts = [viaWords(provenance) ?? nameOf(provenance.source)];
    const time = this.#resource?.marketTime ?? provenance.asOf;
    if (time) parts.push(`${this.isPast ? "as of " : ""}${this.axis.moment(time, { short: true })}`);
    const heard = this.#resource?.heardAt ?? null;
    const closed = this.page.status?.isClosed;
    if (!this.isPast && !closed && heard !== null) parts.push(`${age((Date.now() - heard) / 1000)}`);
    const words = parts.join(" · ");
    if (this.foot.dataset.words === `${badge} ${words}`) return;
    this.foot.dataset.words = `${badge} ${words}`;
    this.foot.title = words;
    this.foot.replaceChildren(
      ...(badge ? [element("b", { "data-mode": provenance.mode }, badge), " "] : []), element("span", {}, words),
    );
  }

  #leave() {
    this.page.frames.drop(this);
    this.page.frames.drop(this.foot);
    this.#drawnAt = null;
    this.#view?.close?.();
    this.#view = null;
    for (const leave of this.#leavings.splice(0)) leave();
  }
}
