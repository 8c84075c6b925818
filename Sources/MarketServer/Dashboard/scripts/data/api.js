// Requests to /v1 over HTTP. Every failure is a ServerError in the server's own words, or says what went wrong on the way.

import { accessKey } from "./access.js";

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
