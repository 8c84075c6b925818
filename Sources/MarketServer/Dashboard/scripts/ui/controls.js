// Elements from plain values, and the controls made of them: buttons, choices, menus. Text is always text, never markup.

export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

export function part(name) {
  return document.querySelector(`[data-part="${name}"]`);
}

export function testID(name) {
  return document.querySelector(`[data-testid="${name}"]`);
}

/** Sets text only when it differs, so that screen readers do not read the same thing twice. */
export function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** A row of buttons of which one is pressed. */
export function choice(label, values, current, onChoose, prefix = "") {
  const group = element("div", { class: "segmented", role: "group", "aria-label": label });
  for (const [value, text] of values) {
    const made = element("button", {
      type: "button", "aria-pressed": String(value === current), "data-key": `${label}-${value}`,
      "data-testid": prefix ? `${prefix}-${value}` : null,
    }, text);
    made.addEventListener("click", () => {
      for (const other of group.children) other.setAttribute("aria-pressed", String(other === made));
      onChoose(value);
    });
    group.append(made);
  }
  return group;
}

/** A labelled choice from a list. */
export function select(label, values, current, onChoose, key = label) {
  const made = element("select", { "aria-label": label, "data-key": key }, ...values.map(([value, text]) => (
    element("option", { value, selected: String(value) === String(current) }, text)
  )));
  made.value = String(current);
  made.addEventListener("change", () => onChoose(made.value));
  return made;
}

export function button(text, action, attributes = {}) {
  const made = element("button", { type: "button", ...attributes }, text);
  made.addEventListener("click", action);
  return made;
}

// A menu under a button: arrow keys move, Enter takes, Escape leaves.

let openNow = null;

/** `items`: [words, action, hint]. The focus goes back to the button. */
export function openMenu(anchor, label, items) {
  if (openNow?.anchor === anchor) {
    openNow.close();
    return;
  }
  openNow?.close();
  const list = element("div", { class: "menu", role: "menu", "aria-label": label });
  for (const [words, action, hint] of items) {
    const item = element("button", { type: "button", role: "menuitem", tabindex: "-1" },
      element("span", {}, words), ...(hint ? [element("kbd", { "aria-hidden": "true" }, hint)] : []));
    item.addEventListener("click", () => {
      close();
      anchor.focus();
      action();
    });
    list.append(item);
  }
  const close = () => {
    list.remove();
    anchor.setAttribute("aria-expanded", "false");
    removeEventListener("pointerdown", outside, true);
    if (openNow?.list === list) openNow = null;
  };
  const outside = (event) => {
    if (!list.contains(event.target) && !anchor.contains(event.target)) close();
  };
  list.addEventListener("keydown", (event) => {
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    const all = [...list.children];
    const index = all.indexOf(document.activeElement);
    if (event.key in steps) all[(index + steps[event.key] + all.length) % all.length].focus();
    else if (event.key === "Home") all[0].focus();
    else if (event.key === "End") all.at(-1).focus();
    else if (event.key === "Escape" || event.key === "Tab") {
      close();
      anchor.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  document.body.append(list);
  placeUnder(list, anchor);
  anchor.setAttribute("aria-expanded", "true");
  addEventListener("pointerdown", outside, true);
  list.firstElementChild?.focus();
  openNow = { list, anchor, close };
}

/** Puts something that floats under a button, inside the window. */
export function placeUnder(node, anchor) {
  const box = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = node;
  node.style.left = `${Math.max(6, Math.min(box.right - width, innerWidth - width - 6))}px`;
  const below = box.bottom + 4;
  node.style.top = `${below + height > innerHeight ? Math.max(6, box.top - height - 4) : below}px`;
}

// A small window of check boxes under a button, with actions below them.

/** `names` maps a value to its words; `onChange` gets the set of those checked. */
export function openToggles(anchor, label, names, checked, onChange, actions = []) {
  const root = element("dialog", { class: "toggles", "aria-label": label });
  const chosen = new Set(checked);
  for (const [value, words] of Object.entries(names)) {
    const box = element("input", { type: "checkbox", checked: chosen.has(value), "data-value": value });
    box.checked = chosen.has(value);
    box.addEventListener("change", () => {
      if (box.checked) chosen.add(value);
      else chosen.delete(value);
    });
    root.append(element("label", {}, box, element("span", {}, words)));
  }
  const close = () => root.close();
  for (const [words, action] of actions) {
    const made = element("button", { type: "button" }, words);
    made.addEventListener("click", () => { close(); action(); });
    root.append(made);
  }
  const done = element("button", { type: "button", class: "primary" }, "Done");
  done.addEventListener("click", close);
  root.append(done);
  root.addEventListener("click", (event) => { if (event.target === root) close(); });
  root.addEventListener("close", () => {
    root.remove();
    const isSame = chosen.size === checked.size && [...chosen].every((value) => checked.has(value));
    if (!isSame) onChange(chosen);
    anchor.isConnected && anchor.focus();
  });
  document.body.append(root);
  root.showModal();
  placeUnder(root, anchor);
}
