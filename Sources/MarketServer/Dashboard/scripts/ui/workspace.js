// The grid of panels: presets, adding and removing, moving and sizing by pointer or keyboard, one in its own window.

import { decodeLayout, encodeLayout, loadView, MOST_PANELS, moved, PRESETS, resized, VIEWS } from "../views/index.js";
import { element, openMenu } from "./controls.js";
import { Panel } from "./panel.js";

export class Workspace {
  #root;
  #panels = [];
  #dragged = null;
  #ownChange = false;
  #turn = 0;
  // While the panels of an arrangement load: the promise of their end.
  #building = null;
  // A little beyond the window, so that what is scrolled into it is there already.
  #sight = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      const panel = this.#panels.find(({ root }) => root === target);
      if (panel) panel.isInSight = isIntersecting;
    }
  }, { rootMargin: "120px" });

  constructor(page, root) {
    this.page = page;
    this.context = page.context;
    this.#root = root;
    this.context.on(["preset", "panels", "solo"], () => {
      if (!this.#ownChange) this.#rebuild();
    });
    root.addEventListener("keydown", (event) => this.#key(event));
  }

  get panels() { return this.#panels; }
  /** The preset that is shown: none once it was changed. */
  get preset() {
    if (this.context.panels) return "";
    return PRESETS[this.context.preset] ? this.context.preset : this.#usualPreset();
  }

  /** `onFirst()` is called when the first panel is painted. */
  start(onFirst) { return this.#rebuild(onFirst); }

  choosePreset(name) { this.context.set({ preset: name, panels: "" }); }

  async add(view) {
    // After those that are still loading, also where another arrangement is chosen meanwhile.
    while (this.#building) await this.#building;
    if (this.#panels.length >= MOST_PANELS) {
      this.page.announce(`There is room for ${MOST_PANELS} panels; close one first.`);
      return;
    }
    const spec = { view, width: 4, height: 5, options: {} };
    const panel = await this.#make(spec);
    this.#add(panel);
    panel.reopen();
    this.keep();
    panel.root.scrollIntoView({ block: "nearest" });
    panel.root.focus();
    this.page.announce(`${panel.definition.title} added`);
  }

  remove(panel) {
    const index = this.#panels.indexOf(panel);
    this.#close(panel);
    this.#panels = this.#panels.filter((other) => other !== panel);
    this.keep();
    (this.#panels[Math.min(index, this.#panels.length - 1)]?.root ?? this.#root).focus();
    this.page.announce(`${panel.definition.title} closed`);
  }

  move(panel, steps) { this.#place(panel, this.#panels.indexOf(panel) + steps); }

  resize(panel, wider, taller) {
    panel.spec = resized(panel.spec, wider, taller);
    fitted(panel.root, panel.spec);
    this.keep();
  }

  popOut(panel) {
    const query = new URLSearchParams(location.search);
    query.set("solo", "1");
    query.set("panels", encodeLayout([{ ...panel.spec, width: 12, height: 12 }]));
    query.delete("preset");
    open(`${location.pathname}?${query}`, "_blank", "popup,width=900,height=640");
  }

  /** The arrangement goes into the address and the browser's memory. */
  keep() {
    // Not before all panels are there: the others would be lost.
    if (this.#building) {
      const turn = this.#turn;
      this.#building.then(() => { if (turn === this.#turn) this.keep(); });
      return;
    }
    this.#ownChange = true;
    this.context.set({ panels: encodeLayout(this.#panels.map(({ spec }) => spec)), preset: "" });
    this.#ownChange = false;
    this.page.layoutChanged();
  }

  /** Opens views again that are drawn in colours of the old theme. */
  redraw() { for (const panel of this.#panels) panel.reopen(); }

  #rebuild(onFirst = () => {}) {
    this.#building = this.#build(onFirst);
    return this.#building;
  }

  async #build(onFirst) {
    const turn = ++this.#turn;
    for (const panel of this.#panels) this.#close(panel);
    this.#panels = [];
    this.#root.replaceChildren();
    this.#root.classList.toggle("solo", Boolean(this.context.solo));
    const text = this.context.panels || PRESETS[this.preset]?.panels || PRESETS.index.panels;
    const specs = decodeLayout(text);
    // A view that is not here any more is left out; the rest stays.
    const make = (spec) => this.#make(spec).catch((error) => {
      this.page.market.log("warning", `no view '${spec.view}': ${error.message}`);
      return null;
    });
    // Empty places first: nothing moves when the panels come.
    const places = specs.map((spec) => fitted(element("div", { class: "panel" }), spec));
    this.#root.append(...places);
    this.page.layoutChanged();
    // The first panel, mostly the chart, is painted before the others and their files are loaded.
    const first = specs.length ? await make(specs[0]) : null;
    if (turn === this.#turn && first) {
      this.#add(first, places[0]);
      first.reopen();
      await first.shown();
    }
    if (turn === this.#turn) onFirst();
    const panels = [first, ...await Promise.all(specs.slice(1).map(make))];
    // Another arrangement was chosen meanwhile.
    if (turn !== this.#turn) {
      for (const panel of panels) if (panel && !this.#panels.includes(panel)) panel.close();
      return;
    }
    panels.forEach((panel, index) => {
      if (panel && panel !== first) this.#add(panel, places[index]);
      else places[index].remove();
    });
    this.#building = null;
    this.page.layoutChanged();
    for (const panel of this.#panels) if (!panel.isOpen) panel.reopen();
  }

  #add(panel, place = null) {
    this.#panels.push(panel);
    if (place) place.replaceWith(panel.root);
    else this.#root.append(panel.root);
    this.#sight.observe(panel.root);
  }

  #close(panel) {
    this.#sight.unobserve(panel.root);
    panel.close();
  }

  async #make(spec) {
    const panel = new Panel(this.page, spec, await loadView(spec.view));
    fitted(panel.root, spec);
    panel.menu.addEventListener("click", () => this.#openMenu(panel));
    panel.head.draggable = true;
    panel.head.addEventListener("dragstart", (event) => this.#dragBegan(event, panel));
    panel.head.addEventListener("dragend", () => this.#dragEnded());
    panel.root.addEventListener("dragover", (event) => this.#draggedOver(event, panel));
    panel.root.addEventListener("drop", (event) => this.#dropped(event, panel));
    return panel;
  }

  #openMenu(panel) {
    const items = [
      ["Move earlier", () => this.move(panel, -1), "Alt ←"],
      ["Move later", () => this.move(panel, 1), "Alt →"],
      ["Wider", () => this.resize(panel, 1, 0), "Alt Shift →"],
      ["Narrower", () => this.resize(panel, -1, 0), "Alt Shift ←"],
      ["Taller", () => this.resize(panel, 0, 1), "Alt Shift ↓"],
      ["Shorter", () => this.resize(panel, 0, -1), "Alt Shift ↑"],
      ["Open in a window", () => this.popOut(panel), "p"],
      ["Close", () => this.remove(panel), "Delete"],
    ];
    openMenu(panel.menu, `Arrange ${panel.definition.title}`, items);
  }

  #key(event) {
    const panel = this.#panels.find(({ root }) => root.contains(event.target));
    if (!panel || event.target.closest("input, select, textarea")) return;
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (steps && event.altKey) {
      event.preventDefault();
      if (event.shiftKey) this.resize(panel, ...steps);
      else this.move(panel, steps[0] + steps[1]);
    } else if (event.target === panel.root && event.key === "Delete") {
      this.remove(panel);
    } else if (event.target === panel.root && event.key === "p") {
      this.popOut(panel);
    } else if (!event.altKey && panel.key(event)) {
      event.preventDefault();
    }
  }

  #place(panel, to) {
    const from = this.#panels.indexOf(panel);
    if (to < 0 || to >= this.#panels.length || to === from) return;
    this.#panels = moved(this.#panels, from, to);
    const focused = document.activeElement;
    const next = this.#panels[to + 1]?.root ?? null;
    this.#root.insertBefore(panel.root, next);
    if (panel.root.contains(focused)) focused.focus();
    this.keep();
    this.page.announce(`${panel.definition.title} is now number ${to + 1} of ${this.#panels.length}`);
  }

  #dragBegan(event, panel) {
    if (event.target.closest("button, select, input")) return;
    this.#dragged = panel;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", panel.definition.title);
    panel.root.classList.add("dragged");
  }

  #dragEnded() {
    this.#dragged?.root.classList.remove("dragged");
    for (const { root } of this.#panels) root.classList.remove("target");
    this.#dragged = null;
  }

  #draggedOver(event, panel) {
    if (!this.#dragged || panel === this.#dragged) return;
    event.preventDefault();
    for (const { root } of this.#panels) root.classList.toggle("target", root === panel.root);
  }

  #dropped(event, panel) {
    if (!this.#dragged || panel === this.#dragged) return;
    event.preventDefault();
    this.#place(this.#dragged, this.#panels.indexOf(panel));
    this.#dragEnded();
  }

  #usualPreset() { return matchMedia("(max-width: 700px)").matches ? "phone" : "index"; }
}

/** The menu of views that can be added. */
export function viewItems(workspace) {
  return Object.entries(VIEWS).map(([name, title]) => [title, () => workspace.add(name)]);
}

/** Gives an element the place of a panel. */
function fitted(node, { width, height }) {
  node.style.setProperty("--w", width);
  node.style.setProperty("--wm", width > 6 ? 6 : 3);
  node.style.setProperty("--h", height);
  return node;
}
