// The key of a server that requires one. It comes in by the form or by the address (#key=...), stays in this tab, and is
// never put where it would be logged but for the WebSocket, which in a browser can carry it nowhere else.

const NAME = "bhav.key";

export function accessKey() {
  try {
    return sessionStorage.getItem(NAME);
  } catch {
    return null;
  }
}

export function rememberKey(key) {
  try {
    sessionStorage.setItem(NAME, key);
  } catch {
    // In a browser that forbids storage the form is shown again.
  }
}

/** Takes `#key=...` off the address before anybody can copy it. */
export function takeKeyFromAddress() {
  const key = new URLSearchParams(location.hash.slice(1)).get("key");
  if (!key) return;
  rememberKey(key);
  history.replaceState(null, "", location.pathname + location.search);
}
