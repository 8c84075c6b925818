// Makes elements from plain values; text is always text, never markup.

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
