// The status drawer, the settings and the list of keys.

import { age } from "../math/format.js";
import { choice, element, part } from "./controls.js";
import { nameOf } from "../math/sources.js";

const KEYS = [
  ["/", "find a symbol"], ["[  ]", "shorter or longer interval"], ["1 … 4", "preset: Index, Options, Expiry day, Phone"],
  ["a", "add a panel"], ["t", "the past, and back to live"], ["space", "play or pause the past"], ["n", "chart: back to now"],
  ["h  l  m", "chart: horizontal line, trend line, measure"], ["Alt ← →", "move the panel"], ["Alt Shift ← → ↑ ↓", "size the panel"],
  ["p", "panel in its own window"], ["Delete", "close the panel"], ["s", "status"], ["d", "light or dark"], ["?", "these keys"],
];

export class Dialogs {
  constructor(page) {
    this.page = page;
    this.status = dialog("Status", "status-drawer");
    this.keys = dialog("Keys", "keys-dialog");
    this.settings = dialog("Settings", "settings-dialog");
    this.keys.body.append(element("dl", { class: "keys" }, ...KEYS.map(([key, words]) => (
      element("div", {}, element("dt", {}, element("kbd", {}, key)), element("dd", {}, words))
    ))));
    this.#fillSettings();
    page.market.events.addEventListener("status", () => this.status.root.open && this.#drawStatus());
    setInterval(() => this.status.root.open && this.#drawStatus(), 1000);
  }

  openKeys() { this.keys.root.showModal(); }

  openSettings() { this.settings.root.showModal(); }

  openStatus() {
    this.page.market.renewStatus();
    this.#drawStatus();
    this.status.root.showModal();
  }

  #fillSettings() {
    const { page } = this;
    const own = page.context;
    this.settings.body.append(
      setting("Times", choice("Time zone of times", [["exchange", "Exchange"], ["utc", "UTC"]], own.zone, (zone) => own.set({ zone }), "zone")),
      setting("Numbers", choice("Grouping of numbers", [["exchange", "As the exchange"], ["indian", "12,34,567"], ["western", "1,234,567"]],
        own.grouping, (grouping) => own.set({ grouping }), "grouping")),
      setting("Colours", choice("Light or dark", [["system", "System"], ["dark", "Dark"], ["light", "Light"]],
        page.theme.chosen, (theme) => page.theme.choose(theme), "theme")),
      setting("Arrangement", element("p", {}, "The panels are part of the address: copy it to keep or share them.")),
    );
  }

  #drawStatus() {
    const { market } = this.page;
    const rows = market.sources.all.map((status) => element("tr", {},
      element("th", { scope: "row" }, nameOf(status.source)),
      element("td", {}, [status.state, status.via ? `at ${status.via}` : "", status.reason].filter(Boolean).join(": ")),
      element("td", {}, status.lastData ? age((Date.now() - Date.parse(status.lastData)) / 1000) : "–"),
      element("td", {}, String(status.reconnects ?? "–")), element("td", {}, status.budgetLeft === null || status.budgetLeft === undefined ? "–" : String(status.budgetLeft)),
    ));
    const followed = market.inUse.filter(([, resource]) => resource.isInUse).map(([key, resource]) => element("tr", {},
      element("th", { scope: "row" }, key.replace(/ null/g, "")),
      element("td", {}, resource.error ? "failed" : resource.value === null ? "loading" : "ready"),
      element("td", {}, resource.heardAt === null ? "–" : age((Date.now() - resource.heardAt) / 1000)),
      element("td", {}, resource.gaps?.length ? `${resource.gaps.length} gaps` : ""),
    ));
    this.status.body.replaceChildren(
      element("p", { "data-testid": "status-stream" }, `Connection to the server: ${market.state.state}${market.state.reason ? ` (${market.state.reason})` : ""}`),
      table("Sources", ["Source", "State", "Last data", "Reconnects", "Quota left"], rows),
      table("On this page", ["What", "State", "Last live update", ""], followed),
    );
  }
}

function dialog(title, id) {
  const heading = element("h2", { id: `${id}-title` }, title);
  const close = element("button", { type: "button", class: "quiet", "aria-label": `Close ${title}` }, "✕");
  const body = element("div", { class: "dialog-body" });
  const root = element("dialog", { "aria-labelledby": `${id}-title`, "data-testid": id }, element("header", {}, heading, close), body);
  close.addEventListener("click", () => root.close());
  root.addEventListener("click", (event) => { if (event.target === root) root.close(); });
  part("dialogs").append(root);
  return { root, body };
}

function setting(name, control) {
  return element("div", { class: "setting" }, element("span", {}, name), control);
}

function table(caption, heads, rows) {
  return element("table", { class: "plain" }, element("caption", {}, caption),
    element("thead", {}, element("tr", {}, ...heads.map((head) => element("th", { scope: "col" }, head)))),
    element("tbody", {}, ...(rows.length ? rows : [element("tr", {}, element("td", { colspan: heads.length }, "none"))])));
}
