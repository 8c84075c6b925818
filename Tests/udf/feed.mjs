// A small market that speaks TradingView's protocol, so that the UDF checks have instruments of four kinds with a known
// history: a gap of 22 months in it, a known first day, and one bar in progress. Only Bhav's requests are served.

import { createHash } from "node:crypto";
import { createServer } from "node:http";

const MINUTE = 60;
const DAY = 86_400;
const day = (text) => Date.parse(`${text}T00:00:00Z`) / 1000;

/** No instrument trades in this time: it begins in February 2021 and ends 22 months later. */
export const GAP = { from: day("2021-02-01"), to: day("2022-12-01") };
export const INSTRUMENTS = {
  "NSE:NIFTY": { zone: "Asia/Kolkata", session: "0915-1530", opens: 9 * 60 + 15, minutes: 375, type: "index", currency: "INR", scale: 100, minmov: 5, start: "2019-01-01", level: 18_000, country: "IN" },
  "ASX:BHP": { zone: "Australia/Sydney", session: "1000-1600", opens: 600, minutes: 360, type: "stock", currency: "AUD", scale: 100, minmov: 1, start: "2019-01-02", level: 40, country: "AU" },
  "NASDAQ:AAPL": { zone: "America/New_York", session: "0930-1600", opens: 570, minutes: 390, type: "stock", currency: "USD", scale: 100, minmov: 1, start: "2019-01-02", level: 150, country: "US" },
  "BINANCE:BTCUSDT": { zone: "Etc/UTC", session: "24x7", opens: 0, minutes: 1440, type: "crypto", currency: "USDT", scale: 100, minmov: 1, start: "2019-01-01", level: 40_000, country: "" },
};

const SECONDS = { "1S": 1, "5S": 5, "15S": 15, "30S": 30 };

function stepOf(resolution) {
  if (SECONDS[resolution]) return SECONDS[resolution];
  if (/^\d+$/.test(resolution)) return Number(resolution) * MINUTE;
  if (/^\d+H$/.test(resolution)) return parseInt(resolution, 10) * 3600;
  return null;
}

const formats = new Map();

/** Seconds a zone is ahead of UTC at an instant. */
function offset(zone, time) {
  if (!formats.has(zone)) {
    formats.set(zone, new Intl.DateTimeFormat("en-GB", { timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" }));
  }
  const part = Object.fromEntries(formats.get(zone).formatToParts(new Date(time * 1000)).map(({ type, value }) => [type, Number(value)]));
  return Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second) / 1000 - time;
}

/** Sessions {date, open, close} up to now, oldest first; `date` is 00:00 UTC of the trading day. */
const sessionsOf = new Map();
export function sessions(symbol, now) {
  const instrument = INSTRUMENTS[symbol];
  if (!sessionsOf.has(symbol)) {
    const list = [];
    for (let date = day(instrument.start); date < now + DAY; date += DAY) {
      if (date >= GAP.from && date < GAP.to) continue;
      const weekday = new Date(date * 1000).getUTCDay();
      if (symbol !== "BINANCE:BTCUSDT" && !instrument.isDaily && (weekday === 0 || weekday === 6)) continue;
      const wall = date + instrument.opens * MINUTE;
      const open = wall - offset(instrument.zone, wall - offset(instrument.zone, wall));
      list.push({ date, open, close: open + instrument.minutes * MINUTE });
    }
    sessionsOf.set(symbol, list);
  }
  return sessionsOf.get(symbol).filter(({ open }) => open <= now);
}

/** Moves the hours of the exchanges so that each of them trades now, for checks of live bars at any time of day. */
export function openAll(now) {
  const text = (minute) => String(Math.floor(minute / 60) * 100 + (minute % 60)).padStart(4, "0");
  for (const instrument of Object.values(INSTRUMENTS)) {
    if (instrument.session === "24x7") continue;
    const minute = Math.floor(((now + offset(instrument.zone, now)) % DAY) / MINUTE);
    const opens = Math.max(0, minute - 90);
    // So near to midnight the market is open day and night.
    const isWhole = minute > 1440 - 30;
    const minutes = isWhole ? 1440 : Math.min(instrument.minutes, 1440 - opens);
    const session = isWhole ? "0000-0000:1234567" : `${text(opens)}-${text(opens + minutes)}:1234567`;
    Object.assign(instrument, { opens: isWhole ? 0 : opens, minutes, session, isDaily: true });
  }
}

/** A number between 0 and 1 that is always the same for the same time. */
function noise(time, salt) {
  let value = Math.imul(Math.floor(time) ^ (salt * 0x9e3779b9), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return ((value ^ (value >>> 16)) >>> 0) / 4_294_967_296;
}

/** The bar of a span; the one in progress has what was traded so far. */
function bar(symbol, open, close, now) {
  const { level } = INSTRUMENTS[symbol];
  const round = (value) => Math.round(value * 100) / 100;
  const base = level * (1 + 0.2 * Math.sin(open / 4e6));
  const size = base * 0.002 * Math.sqrt((close - open) / 60);
  const [first, last] = [round(base + size * (noise(open, 1) - 0.5)), round(base + size * (noise(open, 2) - 0.5))];
  const isForming = close > now;
  const end = isForming ? round(base + size * (noise(now, 3) - 0.5)) : last;
  const reach = isForming ? 0.5 + (now - open) / (close - open) / 10 : 0.6 + noise(open, 4) / 5;
  const [high, low] = [round(Math.max(first, end, base + size * reach)), round(Math.min(first, end, base - size * reach))];
  const volume = Math.floor(1_000 + noise(open, 5) * 5_000) * (isForming ? Math.max(1, Math.floor(now - open)) : close - open);
  return [open, first, high, low, end, volume];
}

const finished = new Map();

/** All bars that open before `now`, oldest first, as [time, open, high, low, close, volume]. Daily ones open with their session. */
export function bars(symbol, resolution, now) {
  const key = `${symbol} ${resolution} ${Math.floor(now / (stepOf(resolution) ?? MINUTE))}`;
  const known = finished.get(key);
  if (known) {
    const [open, close] = known.last;
    return [...known.list.slice(0, -1), bar(symbol, open, close, now)];
  }
  const list = spans(symbol, resolution, now);
  if (finished.size > 40) finished.clear();
  finished.set(key, { list: list.map(([open, close]) => bar(symbol, open, close, now)), last: list.at(-1) });
  return bars(symbol, resolution, now);
}

/** [open, close] of each bar. */
function spans(symbol, resolution, now) {
  const step = stepOf(resolution);
  const list = sessions(symbol, now);
  if (step !== null) {
    // The feed keeps bars of under an hour for the newest sessions only, as plans do.
    const kept = step < 3600 ? list.slice(-8) : list;
    return kept.flatMap(({ open, close }) => {
      const made = [];
      for (let at = open; at < close && at <= now; at += step) made.push([at, Math.min(at + step, close)]);
      return made;
    });
  }
  const unit = resolution.replace(/^1/, "");
  const key = ({ date }) => (unit === "D" ? date : unit === "W" ? Math.floor((date / DAY + 3) / 7) : new Date(date * 1000).toISOString().slice(0, 7));
  const groups = new Map();
  for (const session of list) {
    const name = key(session);
    groups.set(name, { open: groups.get(name)?.open ?? session.open, close: session.close });
  }
  return [...groups.values()].map(({ open, close }) => [open, close]);
}

/** Starts the feed on a free port of loopback: {port, close(), cut()}. */
export function startFeed() {
  const sockets = new Set();
  const server = createServer((request, response) => {
    const url = new URL(request.url, "http://feed");
    if (url.pathname.includes("symbol_search")) {
      const text = (url.searchParams.get("text") ?? "").toUpperCase();
      const found = Object.entries(INSTRUMENTS).filter(([symbol]) => symbol.includes(text) || symbol.split(":")[1].includes(text.split(":").at(-1)));
      const symbols = found.map(([symbol, { type, currency, country }]) => (
        { symbol: symbol.split(":")[1], description: `Instrument ${symbol}`, type, exchange: symbol.split(":")[0], currency_code: currency, country, provider_id: "feed" }
      ));
      response.setHeader("Content-Type", "application/json");
      response.end(JSON.stringify(url.pathname.includes("v3") ? { symbols_remaining: 0, symbols } : symbols));
      return;
    }
    response.statusCode = 404;
    response.end("{}");
  });
  server.on("upgrade", (request, socket) => {
    const accept = createHash("sha1").update(`${request.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
    sockets.add(socket);
    const connection = new Connection(socket);
    socket.on("data", (data) => connection.received(data));
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      sockets.delete(socket);
      connection.close();
    });
  });
  const cut = () => { for (const socket of sockets) socket.destroy(); };
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve({
    port: server.address().port, cut,
    close() {
      cut();
      server.close();
    },
  })));
}

class Connection {
  #socket;
  #waiting = Buffer.alloc(0);
  #charts = new Map();
  #quotes = new Map();
  #timer;
  #beats = 0;

  constructor(socket) {
    this.#socket = socket;
    this.#send({ session_id: "0.1.0_test-charts-free-1-feed", timestamp: Math.floor(Date.now() / 1000), timestampMs: Date.now(), release: "1", studies_metadata_hash: "", auth_scheme_vsn: 2, protocol: "json", via: "127.0.0.1:1", javastudies: [] });
    this.#timer = setInterval(() => this.#tick(), 1_000);
  }

  close() { clearInterval(this.#timer); }

  received(data) {
    this.#waiting = Buffer.concat([this.#waiting, data]);
    for (;;) {
      const frame = readFrame(this.#waiting);
      if (!frame) return;
      this.#waiting = this.#waiting.subarray(frame.size);
      if (frame.kind === 8) this.#socket.end();
      else if (frame.kind === 9) this.#socket.write(makeFrame(frame.payload, 10));
      else if (frame.kind === 1) for (const packet of packets(frame.payload.toString("utf8"))) this.#packet(packet);
    }
  }

  #packet(text) {
    if (text.startsWith("~h~")) return;
    const { m, p } = JSON.parse(text);
    if (process.env.UDF_FEED_LOG) console.error("feed <-", text.slice(0, 300));
    const [session] = p;
    if (m === "chart_create_session") this.#charts.set(session, { symbols: new Map(), series: new Map() });
    else if (m === "chart_delete_session") this.#charts.delete(session);
    else if (m === "resolve_symbol") this.#resolve(session, p[1], p[2]);
    else if (m === "create_series") this.#createSeries(session, p[1], p[2], p[3], p[4], p[5], p[6]);
    else if (m === "modify_series") this.#createSeries(session, p[1], p[2], p[3], p[4], 300, p[5]);
    else if (m === "remove_series") this.#charts.get(session)?.series.delete(p[1]);
    else if (m === "request_more_data") this.#more(session, p[1], p[2]);
    else if (m === "quote_create_session") this.#quotes.set(session, new Set());
    else if (m === "quote_delete_session") this.#quotes.delete(session);
    else if (m === "quote_add_symbols") for (const name of p.slice(1)) this.#addQuote(session, name);
    else if (m === "quote_remove_symbols") for (const name of p.slice(1)) this.#quotes.get(session)?.delete(name);
  }

  #resolve(session, id, text) {
    const symbol = nameIn(text);
    const instrument = INSTRUMENTS[symbol];
    this.#charts.get(session)?.symbols.set(id, instrument ? symbol : null);
    if (!instrument) {
      this.#call("symbol_error", [session, id, "invalid symbol"]);
      return;
    }
    const [exchange, name] = symbol.split(":");
    this.#call("symbol_resolved", [session, id, {
      name, full_name: symbol, pro_name: symbol, description: `Instrument ${symbol}`, exchange, listed_exchange: exchange, type: instrument.type,
      currency_code: instrument.currency, pricescale: instrument.scale, minmov: instrument.minmov, session: instrument.session,
      timezone: instrument.zone, has_intraday: true, visible_plots_set: "ohlcv", session_holidays: "", corrections: "", provider_id: "feed",
      subsessions: [{ id: "regular", description: "Regular", session: instrument.session, "session-display": instrument.session, private: false }],
    }]);
  }

  #createSeries(session, id, turnaround, symbolID, resolution, count, range) {
    const chart = this.#charts.get(session);
    const symbol = chart?.symbols.get(symbolID);
    this.#call("series_loading", [session, id, turnaround]);
    if (!symbol) {
      this.#call("series_error", [session, id, turnaround, "resolve error"]);
      return;
    }
    const all = bars(symbol, resolution, now());
    let from = Math.max(0, all.length - (Array.isArray(count) ? count[2] : count));
    const wanted = /^r,(\d+):(\d+)$/.exec(range ?? "");
    if (wanted) from = Math.min(from, firstAtOrAfter(all, Number(wanted[1])));
    const series = { symbol, resolution, turnaround, from: all[from]?.[0] ?? Infinity, last: null };
    chart.series.set(id, series);
    this.#update(session, id, series, all.slice(from), all);
    this.#complete(session, id, series, from === 0);
  }

  #more(session, id, count) {
    const series = this.#charts.get(session)?.series.get(id);
    if (!series) return;
    const all = bars(series.symbol, series.resolution, now());
    const end = firstAtOrAfter(all, series.from);
    const begin = Math.max(0, end - count);
    this.#call("series_loading", [session, id, series.turnaround]);
    if (end > begin) {
      series.from = all[begin][0];
      this.#update(session, id, series, all.slice(begin, end), all);
    }
    this.#complete(session, id, series, begin === 0);
  }

  #update(session, id, series, list, all) {
    if (!list.length) return;
    const base = firstAtOrAfter(all, list[0][0]) - all.length;
    this.#call("timescale_update", [session, {
      [id]: { node: "feed", s: list.map((v, index) => ({ i: base + index, v })), ns: { d: "", indexes: [] }, t: series.turnaround, lbs: { bar_close_time: 0 } },
    }, { index: 0, zoffset: 0, changes: list.map(([time]) => time), marks: [], index_diff: [] }]);
  }

  #complete(session, id, series, isAll) {
    this.#call("series_completed", [session, id, "streaming", series.turnaround, { rt_update_period: 0, ...(isAll ? { data_completed: "end" } : {}) }]);
  }

  #addQuote(session, text) {
    const symbol = nameIn(text);
    if (!INSTRUMENTS[symbol]) {
      this.#call("qsd", [session, { n: text, s: "error", errmsg: "no_such_symbol", v: {} }]);
    } else {
      this.#quotes.get(session)?.add(text);
      this.#quote(session, text, true);
    }
    this.#call("quote_completed", [session, text]);
  }

  #quote(session, text, isWhole = false) {
    const symbol = nameIn(text);
    const { type, currency, scale, minmov, zone } = INSTRUMENTS[symbol];
    const [before, today] = bars(symbol, "1D", now()).slice(-2);
    const isOpen = sessions(symbol, now()).at(-1).close > now();
    const rest = isWhole ? {
      short_name: symbol.split(":")[1], description: `Instrument ${symbol}`, exchange: symbol.split(":")[0], type, currency_code: currency, pricescale: scale, minmov, timezone: zone,
      update_mode: "streaming", prev_close_price: before[4], open_price: today[1], current_session: isOpen ? "market" : "out_of_session",
    } : {};
    this.#call("qsd", [session, { n: text, s: "ok", v: {
      lp: today[4], lp_time: Math.floor(isOpen ? now() : sessions(symbol, now()).at(-1).close), ch: today[4] - before[4], chp: (today[4] / before[4] - 1) * 100, volume: today[5], high_price: today[2], low_price: today[3], ...rest,
    } }]);
  }

  // Once a second each open series whose market trades gets its bar in progress, and first the one before it when that ended.
  #tick() {
    this.#beats += 1;
    if (this.#beats % 10 === 0) this.#write(`~h~${this.#beats / 10}`);
    for (const [session, chart] of this.#charts) {
      for (const [id, series] of chart.series) {
        if (sessions(series.symbol, now()).at(-1).close <= now()) continue;
        const all = bars(series.symbol, series.resolution, now());
        const list = series.last === null ? all.slice(-1) : all.filter(([time]) => time >= series.last);
        series.last = all.at(-1)[0];
        const base = -list.length;
        this.#call("du", [session, { [id]: { s: list.map((v, index) => ({ i: base + index, v })), ns: { d: "", indexes: [] }, t: series.turnaround, lbs: { bar_close_time: 0 } } }]);
      }
    }
    for (const [session, names] of this.#quotes) {
      for (const name of names) if (sessions(nameIn(name), now()).at(-1).close > now()) this.#quote(session, name);
    }
  }

  #call(m, p) { this.#send({ m, p }); }

  #send(value) { this.#write(JSON.stringify(value)); }

  #write(text) {
    if (!this.#socket.destroyed) this.#socket.write(makeFrame(Buffer.from(`~m~${text.length}~m~${text}`, "utf8"), 1));
  }
}

const now = () => Date.now() / 1000;

function nameIn(text) {
  if (!text.startsWith("=")) return text;
  const { symbol } = JSON.parse(text.slice(1));
  return typeof symbol === "string" ? symbol : symbol.symbol;
}

function firstAtOrAfter(list, time) {
  const index = list.findIndex(([at]) => at >= time);
  return index < 0 ? list.length : index;
}

function* packets(text) {
  let at = 0;
  while (text.startsWith("~m~", at)) {
    const end = text.indexOf("~m~", at + 3);
    const length = Number(text.slice(at + 3, end));
    yield text.slice(end + 3, end + 3 + length);
    at = end + 3 + length;
  }
}

function readFrame(data) {
  if (data.length < 2) return null;
  let [length, at] = [data[1] & 127, 2];
  if (length === 126) [length, at] = data.length < 4 ? [Infinity, 4] : [data.readUInt16BE(2), 4];
  else if (length === 127) [length, at] = data.length < 10 ? [Infinity, 10] : [Number(data.readBigUInt64BE(2)), 10];
  const isMasked = (data[1] & 128) !== 0;
  const size = at + (isMasked ? 4 : 0) + length;
  if (data.length < size) return null;
  const payload = Buffer.from(data.subarray(size - length, size));
  if (isMasked) for (let index = 0; index < length; index++) payload[index] ^= data[at + (index & 3)];
  return { kind: data[0] & 15, payload, size };
}

function makeFrame(payload, kind) {
  const head = payload.length < 126 ? Buffer.from([128 | kind, payload.length])
    : payload.length < 65_536 ? Buffer.from([128 | kind, 126, payload.length >> 8, payload.length & 255])
      : Buffer.concat([Buffer.from([128 | kind, 127]), (() => { const size = Buffer.alloc(8); size.writeBigUInt64BE(BigInt(payload.length)); return size; })()]);
  return Buffer.concat([head, payload]);
}
