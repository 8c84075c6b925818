// Runs before the first paint and before the modules, which load for longer. Not a module itself.

// A chosen theme must not flash.
try {
  const theme = localStorage.getItem("bhav.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage can be forbidden; the system's preference then decides.
}

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
    socket.addEventListener("open", () => {
      socket.send(JSON.stringify({ type: "subscribe", id: early.id, ...request }));
      // The first use of a zone's clock and of a number format loads their data, for longer than a chart takes to draw. That is
      // done while the modules are on their way.
      new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Kolkata", hour: "numeric" }).formatToParts(0);
      new Intl.NumberFormat("en-IN", { minimumFractionDigits: 2 }).format(0);
    });
    socket.onmessage = (event) => early.messages.push(event.data);
    window.bhavEarly = early;
  } catch {
    // The modules open another connection.
  }
})();
