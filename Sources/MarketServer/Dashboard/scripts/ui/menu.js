// A menu under a button: arrow keys move, Enter takes, Escape leaves.

import { element } from "./dom.js";

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
