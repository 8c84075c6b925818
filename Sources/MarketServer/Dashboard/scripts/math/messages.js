// Failures in words for a trader: the server's message without codes and HTTP syntax. Pure.

const KNOWN = {
  unreadable_answer: "The server sent something this page cannot read.",
};

export function friendly(error) {
  const text = KNOWN[error.code] ?? error.message ?? "something went wrong";
  return text
    .replace(/\b(?:GET|POST) \/\S+/g, "the request")
    .replace(/\bHTTP (?:status )?\d{3}\b/g, "an error")
    .trim();
}
