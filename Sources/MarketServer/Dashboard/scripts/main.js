// Puts the parts together: one context, one store over one stream, a header, a workspace of panels.

import { Context, rememberSymbol } from "./data/context.js";
import { dateText } from "./math/format.js";
import { element, openMenu, part, say, testID } from "./ui/controls.js";
import { Frames } from "./ui/panel.js";
import { Header } from "./ui/header.js";
import { Market } from "./data/market.js";
import { OFFERED } from "./math/time.js";
import { PRESETS } from "./views/index.js";
import { loadModule, takeKeyFromAddress } from "./data/api.js";
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
    this.#expiry = testID("expiry");
    this.#listen();
  }

  #expiry;
  #leaveExpiries = null;
  #rest = null;
  #symbol = document.getElementById("symbol");

  get status() { return this.header; }

  async start() {
    if (this.context.solo) document.body.classList.add("solo");
    this.#symbol.value = this.context.symbol;
    this.market.start();
    this.header.open();
    if (this.context.moment !== null) {
      document.body.toggleAttribute("data-past", true);
      this.#withRest(() => {});
    }
    // What the first panel does not need comes after it.
    await this.workspace.start(() => {
      this.#openSymbol();
      this.#withRest(() => {});
    });
    setInterval(() => {
      this.header.drawStatus();
      for (const panel of this.workspace.panels) panel.tick();
    }, 1000);
  }

  openStatus() { this.#withRest(({ dialogs }) => dialogs.openStatus()); }

  /** Acts with the dialogs, the bar of the past and the search, once their files are there. */
  async #withRest(action) {
    this.#rest ??= this.#loadRest();
    try {
      action(await this.#rest);
    } catch (error) {
      this.#rest = null;
      this.market.log("warning", `a part of the page could not be loaded: ${error.message}`);
    }
  }

  async #loadRest() {
    const names = ["dialogs", "past-bar", "search"];
    const [{ Dialogs }, { PastBar }, { Search }] = await Promise.all(names.map((name) => loadModule(`ui/${name}.js`)));
    const search = new Search((symbol) => this.context.set({ symbol, expiry: "" }, { push: true }));
    search.show(this.context.symbol);
    return { dialogs: new Dialogs(this), past: new PastBar(this), search };
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
    const actions = {
      "add-panel": () => this.#openViews(), "past-open": () => this.#togglePast(), "connection-button": () => this.openStatus(),
      "keys-open": () => this.#withRest(({ dialogs }) => dialogs.openKeys()), "settings-open": () => this.#withRest(({ dialogs }) => dialogs.openSettings()),
    };
    for (const [name, action] of Object.entries(actions)) testID(name).addEventListener("click", action);
    this.context.on(["symbol"], () => {
      this.#withRest(({ search }) => search.show(this.context.symbol));
      this.#openSymbol();
    });
    this.#symbol.addEventListener("focus", () => this.#symbol.select());
    part("search").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#withRest(({ search }) => search.enter());
    });
    this.market.events.addEventListener("status", () => this.#drawWatermark());
    addEventListener("keydown", (event) => this.#key(event));
  }

  #togglePast() { this.#withRest(({ past }) => (this.context.moment === null ? past.enter() : past.leave())); }

  #openViews() { openMenu(testID("add-panel"), "Add a panel", viewItems(this.workspace)); }

  #key(event) {
    if (event.defaultPrevented || event.target.closest("input, select, textarea, dialog, [role=menu]")) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const presets = Object.keys(PRESETS);
    const actions = {
      "/": () => this.#symbol.focus(), "?": () => this.#withRest(({ dialogs }) => dialogs.openKeys()),
      "]": () => this.#stepInterval(1), "[": () => this.#stepInterval(-1), a: () => this.#openViews(), s: () => this.openStatus(),
      d: () => this.theme.toggle(), t: () => this.#togglePast(), " ": () => this.#withRest(({ past }) => past.toggle()),
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
