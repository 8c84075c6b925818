// Puts the parts together: one context, one store over one stream, a header, a workspace of panels.

import { Context, rememberSymbol } from "./data/context.js";
import { dateText } from "./math/format.js";
import { Dialogs } from "./ui/dialogs.js";
import { element, openMenu, part, say, testID } from "./ui/controls.js";
import { Frames } from "./ui/panel.js";
import { Header } from "./ui/header.js";
import { Market } from "./data/market.js";
import { OFFERED } from "./math/time.js";
import { PastBar } from "./ui/past-bar.js";
import { PRESETS } from "./views/index.js";
import { Search } from "./ui/search.js";
import { takeKeyFromAddress } from "./data/api.js";
import { Theme } from "./ui/theme.js";
import { viewItems, Workspace } from "./ui/workspace.js";

class Page {
  constructor() {
    this.context = new Context();
    this.market = new Market(this.context);
    this.frames = new Frames();
    this.theme = new Theme(() => this.workspace.redraw());
    this.header = new Header(this);
    this.workspace = new Workspace(this, part("workspace"));
    this.search = new Search((symbol) => this.context.set({ symbol, expiry: "" }, { push: true }));
    this.past = new PastBar(this);
    this.dialogs = new Dialogs(this);
    this.#expiry = testID("expiry");
    this.#listen();
  }

  #expiry;
  #leaveExpiries = null;

  get status() { return this.header; }

  async start() {
    if (this.context.solo) document.body.classList.add("solo");
    this.market.start();
    setInterval(() => {
      this.header.drawStatus();
      for (const panel of this.workspace.panels) panel.tick();
    }, 1000);
    this.header.open();
    this.search.show(this.context.symbol);
    this.#openSymbol();
    await this.workspace.start();
  }

  layoutChanged() {
    const { preset } = this.workspace;
    const list = testID("preset");
    list.value = preset;
    this.#drawWatermark();
  }

  /** Says something to those who hear the page. */
  announce(text) { say(part("announcer"), text); }

  #openSymbol() {
    const { symbol } = this.context;
    rememberSymbol(symbol);
    this.#leaveExpiries?.();
    this.#expiry.hidden = true;
    this.#leaveExpiries = this.market.expiries(symbol).follow(({ value }) => {
      const dates = value?.expiries ?? [];
      const chosen = this.context.expiry;
      const all = chosen && !dates.includes(chosen) ? [chosen, ...dates] : dates;
      this.#expiry.replaceChildren(...all.map((date) => element("option", { value: date }, dateText(date))));
      this.#expiry.hidden = all.length === 0;
      this.#expiry.value = chosen ?? value?.default ?? all[0] ?? "";
    });
  }

  #drawWatermark() {
    document.body.toggleAttribute("data-simulated", this.header.isSimulated);
  }

  #listen() {
    const presets = testID("preset");
    presets.replaceChildren(
      element("option", { value: "", hidden: true }, "Own"),
      ...Object.entries(PRESETS).map(([name, { title }]) => element("option", { value: name }, title)),
    );
    presets.addEventListener("change", () => this.workspace.choosePreset(presets.value));
    this.#expiry.addEventListener("change", () => this.context.set({ expiry: this.#expiry.value }, { push: true }));
    testID("add-panel").addEventListener("click", () => this.#openViews());
    this.context.on(["symbol"], () => {
      this.search.show(this.context.symbol);
      this.#openSymbol();
    });
    this.market.events.addEventListener("status", () => this.#drawWatermark());
    addEventListener("keydown", (event) => this.#key(event));
  }

  #openViews() { openMenu(testID("add-panel"), "Add a panel", viewItems(this.workspace)); }

  #key(event) {
    if (event.defaultPrevented || event.target.closest("input, select, textarea, dialog, [role=menu]")) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const presets = Object.keys(PRESETS);
    const actions = {
      "/": () => this.search.focus(), "?": () => this.dialogs.keys.root.showModal(), "]": () => this.#stepInterval(1),
      "[": () => this.#stepInterval(-1), a: () => this.#openViews(), s: () => this.dialogs.openStatus(), d: () => this.theme.toggle(),
      t: () => (this.context.moment === null ? this.past.enter() : this.past.leave()),
      " ": () => this.context.moment !== null && !event.target.closest("button") && this.past.toggle(),
      ...Object.fromEntries(presets.map((name, index) => [String(index + 1), () => this.workspace.choosePreset(name)])),
    };
    const chart = this.workspace.panels.find(({ spec }) => spec.view === "chart");
    if (actions[event.key]) {
      if (event.key === " " && (this.context.moment === null || event.target.closest("button"))) return;
      event.preventDefault();
      actions[event.key]();
    } else if ("nhlm".includes(event.key) && chart?.key(event)) {
      event.preventDefault();
    }
  }

  #stepInterval(step) {
    const next = OFFERED[OFFERED.indexOf(this.context.interval) + step];
    if (next) this.context.set({ interval: next }, { push: true });
  }

  get probe() {
    const chart = () => this.workspace.panels.find(({ spec }) => spec.view === "chart");
    const page = this;
    return Object.freeze({
      bars: () => (page.market.bars(page.context.symbol, page.context.interval).list.all).map((bar) => ({ ...bar })),
      panel: (name) => page.workspace.panels.find(({ spec }) => spec.view === name)?.state ?? null,
      get state() {
        return {
          symbol: page.context.symbol, interval: page.context.interval, connection: page.header.state, last: page.header.last,
          provenance: page.header.provenance, visibleBars: chart()?.state?.visibleBars ?? 0, zone: page.header.axis.name,
          openInterest: page.market.openInterest(page.context.symbol, page.context.expiry).value, moment: page.context.moment,
          panels: page.workspace.panels.map(({ spec }) => spec.view), preset: page.workspace.preset,
        };
      },
    });
  }
}

takeKeyFromAddress();
const page = new Page();
// The only global of the page: lets a test read what is drawn. It can change nothing.
Object.defineProperty(window, "bhav", { value: page.probe, enumerable: true });
page.start();
