// Requests to the server over HTTP, with its key, and modules of the page that are loaded later.

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

// Requests to /v1 over HTTP. Every failure is a ServerError in the server's own words, or says what went wrong on the way.

export class ServerError extends Error {
  constructor({ code, message, source = null, retryable = false, retryAfter = null, suggestions = [] }) {
    super(message);
    this.name = "ServerError";
    this.code = code;
    this.source = source;
    this.retryable = retryable;
    this.retryAfter = retryAfter;
    this.suggestions = suggestions ?? [];
  }
}

export async function get(path, parameters, signal) {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== undefined));
  const response = await request(`${path}?${query}`, signal);
  const body = await response.text();
  const json = parse(body);
  if (response.ok && json) return json;
  if (json?.error?.message) {
    const retryAfter = Number(response.headers.get("Retry-After")) || null;
    throw new ServerError({ ...json.error, retryAfter });
  }
  throw new ServerError({
    code: "unreadable_response",
    message: `The server returned invalid data for ${path} (status ${response.status}).`,
    retryable: response.status >= 500,
  });
}

async function request(url, signal) {
  try {
    const key = accessKey();
    const authorization = key ? { Authorization: `Bearer ${key}` } : {};
    return await fetch(url, { signal, headers: { Accept: "application/json", ...authorization } });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ServerError({
      code: "server_unreachable",
      message: "The Bhav server does not respond: check that it is still running.",
      retryable: true,
    });
  }
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const PAUSES = [300, 1_000, 3_000, 6_000];

/** A module of the page by its path in the folder of scripts. One that does not come is requested again, at another address, as
    a browser keeps a failure. If that is of no use, the page is loaded again, as early.js does with its first files. */
export async function loadModule(path) {
  for (let attempt = 0; ; attempt++) {
    try {
      return await import(`../${path}${attempt ? `?again=${attempt}` : ""}`);
    } catch (error) {
      if (attempt === PAUSES.length) {
        dispatchEvent(new Event("bhav:incomplete"));
        throw error;
      }
      await new Promise((done) => setTimeout(done, PAUSES[attempt]));
    }
  }
}
