// A small window of check boxes under a button, with actions below them.

import { element } from "./dom.js";
import { placeUnder } from "./menu.js";

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
