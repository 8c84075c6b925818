// Runs before the first paint and before the modules, which load for longer. Not a module itself.

// A chosen theme must not flash.
try {
  const theme = localStorage.getItem("bhav.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage can be forbidden; the system's preference then decides.
}

// A file that does not come, while the server restarts say, would leave the page empty or without its style. Once the server
// has the file again, the page is loaded again, at most five times in five minutes.
(() => {
  const MOST = 5;
  const SPAN = 300_000;
  const LONGEST_START = 15_000;
  const LONGEST_PAUSE = 15_000;
  let isWaiting = false;
  const say = (words) => {
    const line = document.querySelector('[data-testid="provenance"]');
    if (line) line.textContent = words;
  };
  const wait = (pause) => new Promise((done) => setTimeout(done, pause));

  async function loadAgain(address) {
    if (isWaiting) return;
    isWaiting = true;
    const times = JSON.parse(sessionStorage.getItem("bhav.reloads") ?? "[]").filter((time) => Date.now() - time < SPAN);
    let status = times.length < MOST ? 0 : 404;
    for (let pause = 500 * 2 ** times.length; status !== 200 && status !== 404; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
      await wait(pause);
      status = await fetch(address, { method: "HEAD", cache: "no-store" }).then((response) => response.status, () => 0);
      if (status === 0) say("The server does not respond, and files of this page are missing. Trying again …");
    }
    if (status === 404) {
      say("A file of this page cannot be loaded. Check the server and reload the page.");
      return;
    }
    sessionStorage.setItem("bhav.reloads", JSON.stringify([...times, Date.now()]));
    location.reload();
  }

  addEventListener("error", ({ target }) => {
    const isNeeded = target instanceof HTMLScriptElement || (target instanceof HTMLLinkElement && target.rel === "stylesheet");
    if (isNeeded) loadAgain(target.src || target.href);
  }, true);
  addEventListener("bhav:incomplete", () => loadAgain(location.href));
  setTimeout(() => { if (!window.bhav) loadAgain(location.href); }, LONGEST_START);
})();

// The stream opens now and requests the bars of the page's chart. data/stream.js takes over the connection with what has come
// meanwhile; a page that wants other bars ends the subscription.
(() => {
  try {
    const query = new URLSearchParams(location.search);
    // A past moment needs no stream yet, and a key in the address is taken off it first.
    if (query.get("at") || location.hash.includes("key=")) return;
    const kept = (name, usual) => query.get(name)?.trim() || localStorage.getItem(`bhav.${name}`) || usual;
    const symbol = kept("symbol", "NSE:NIFTY");
    const request = {
      channel: "bars", symbol: symbol.includes(":") ? symbol : symbol.toUpperCase(), interval: kept("interval", "5m"), count: 500,
    };
    const address = new URL("v1/stream", location.href);
    address.protocol = address.protocol.replace("http", "ws");
    const key = sessionStorage.getItem("bhav.key");
    address.search = key ? `?key=${encodeURIComponent(key)}` : "";
    address.hash = "";
    const socket = new WebSocket(address);
    const early = { socket, id: "early", request, messages: [] };
    // A listener: data/stream.js sets its own handlers, maybe before the connection is open.
    socket.addEventListener("open", () => socket.send(JSON.stringify({ type: "subscribe", id: early.id, ...request })));
    socket.onmessage = (event) => early.messages.push(event.data);
    window.bhavEarly = early;
  } catch {
    // The modules open another connection.
  }
})();
