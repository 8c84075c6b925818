// What stands over the chart when there is nothing to draw, and beside it when something failed: the server's own words.

import { element, part, say } from "./dom.js";
import { rememberKey } from "./access.js";

export class Curtain {
  #root = part("curtain");
  #note = part("chart-note");

  loading(text) {
    this.#show("loading", element("p", {}, text));
  }

  /** Covers the chart only where it is empty; `onRetry` and `onSymbol` become buttons. */
  error(error, { hasBars, onRetry, onSymbol, retryAt }) {
    const choices = element("div", { class: "choices" });
    for (const suggestion of error.suggestions) choices.append(button(suggestion, () => onSymbol(suggestion)));
    choices.append(error.code === "unauthorized" ? keyForm() : button("Try again", onRetry));
    const when = retryAt ? `Tried again by itself in ${Math.round((retryAt - Date.now()) / 1000)} s. ` : "";
    const origin = [error.code, error.source].filter(Boolean).join(" · ");
    const lines = [element("p", {}, error.message), element("small", {}, when + origin), choices];
    this.#show(hasBars ? "banner" : "error", ...(hasBars ? [] : [element("h3", {}, "No chart")]), ...lines);
  }

  empty(reason) {
    this.#show("error", element("h3", {}, "No bars"), element("p", {}, reason));
  }

  hide() { this.#root.hidden = true; }

  /** A quiet line under the chart. */
  note(text) { say(this.#note, text); }

  #show(kind, ...children) {
    this.#root.dataset.kind = kind;
    this.#root.replaceChildren(...children);
    this.#root.hidden = false;
  }
}

function button(text, action) {
  const made = element("button", { type: "button" }, text);
  made.addEventListener("click", action);
  return made;
}

function keyForm() {
  const label = "Key of this server";
  const input = element("input", { type: "password", "aria-label": label, placeholder: label, autocomplete: "off" });
  const form = element("form", {}, input, element("button", { type: "submit" }, "Sign in"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    rememberKey(input.value.trim());
    location.reload();
  });
  return form;
}
