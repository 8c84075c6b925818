// Failures in words for a trader: the server's message without codes and HTTP syntax. Pure.

import { reasonWords } from "./reasons.js";

// A list of five and more names or dates is cut short.
const LONG_LIST = /(?:[\w:.-]+, ){4,}[\w:.-]+/g;

export function friendly(error) {
  const text = error.code === "unreadable_response" ? "The server returned invalid data." : error.message || reasonWords(error.code);
  return text
    .replace(/\b(?:GET|POST) \/\S+/g, "the request")
    .replace(/\bHTTP (?:status )?\d{3}\b/g, "an error")
    .replace(LONG_LIST, (list) => { const items = list.split(", "); return `${items.slice(0, 3).join(", ")} and ${items.length - 3} more`; })
    .trim();
}
