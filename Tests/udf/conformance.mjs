// The UDF protocol as its documentation describes it, checked the way a chart uses it.

import { setTimeout as sleep } from "node:timers/promises";
import { check, equal, expect } from "./checks.mjs";
import { GAP, INSTRUMENTS, bars as feedBars, sessions } from "./feed.mjs";

const DAY = 86_400;
const iso = (time) => new Date(time * 1000).toISOString();
const seconds = { "1D": DAY, "1W": 7 * DAY, "1M": 30 * DAY };
const lengthOf = (resolution) => seconds[resolution] ?? (resolution.endsWith("S") ? parseInt(resolution, 10) : Number(resolution) * 60);

/** Requirements for any server. */
export function protocol(name, chart, known) {
  const say = (words) => `${name}: ${words}`;
  return [
    [say("config has what the library needs"), async () => {
      const config = await chart.config();
      expect(config.supports_search === true || config.supports_group_request === true, "neither search nor group requests");
      expect(Array.isArray(config.supported_resolutions) && config.supported_resolutions.length > 5, "resolutions");
      for (const { value, name: title, desc } of config.exchanges) expect([value, title, desc].every((text) => typeof text === "string"), "an exchange has no value, name or desc");
      for (const { name: title, value } of config.symbols_types) expect([title, value].every((text) => typeof text === "string"), "a type has no name or value");
      for (const flag of ["supports_marks", "supports_timescale_marks", "supports_time"]) equal(typeof config[flag], "boolean", flag);
    }],
    [say("time is plain text of whole seconds"), async () => {
      const { text, type } = await chart.raw("time");
      expect(/^\d{10}$/.test(text), `the body is ${text}`);
      expect(type.startsWith("text/plain"), `the type is ${type}`);
      expect(Math.abs(Number(text) - Date.now() / 1000) < 5, "it is another time");
    }],
    [say("search returns an array, also where nothing is found and for every type and exchange"), async () => {
      for (const query of [known[0].split(":")[1], "zzzznothing", "", "A&B"]) {
        for (const more of [{}, { type: "stock" }, { exchange: "NSE" }, { limit: 2 }]) {
          const found = await chart.search(query, more);
          expect(Array.isArray(found), `search for '${query}' ${JSON.stringify(more)} returned ${JSON.stringify(found).slice(0, 200)}`);
          expect(found.length <= (more.limit ?? 30), "more than the limit");
          for (const item of found) {
            for (const key of ["symbol", "full_name", "description", "exchange", "type"]) expect(typeof item[key] === "string", `an entry has no ${key}`);
            expect(item.s === undefined, "the adapter takes any 's' for an error");
          }
        }
      }
      const names = (await chart.search(known[0])).map(({ ticker, full_name: full }) => ticker ?? full);
      expect(names.includes(known[0]), `${known[0]} is not among ${names}`);
    }],
    ...known.map((symbol) => [say(`${symbol} resolves to one record with all that a chart needs`), async () => {
      const info = await chart.symbol(symbol);
      expect(info.s === undefined, `the adapter takes any 's' for an error: ${info.errmsg}`);
      for (const key of ["name", "ticker", "description", "type", "session", "timezone", "exchange", "listed_exchange"]) {
        expect(typeof info[key] === "string" && info[key] !== "", `${key} is ${JSON.stringify(info[key])}`);
      }
      for (const key of ["minmov", "pricescale"]) expect(Number.isInteger(info[key]) && info[key] > 0, `${key} is ${info[key]}`);
      for (const key of ["has_intraday", "has_daily", "has_weekly_and_monthly"]) equal(typeof info[key], "boolean", key);
      if (info.has_intraday) expect(info.intraday_multipliers.every((text) => /^\d+$/.test(text)), "intraday_multipliers");
      if (info.has_seconds) expect(info.seconds_multipliers.every((text) => /^\d+$/.test(text)), "seconds_multipliers");
      else expect(info.seconds_multipliers === undefined && !info.supported_resolutions.some((text) => text.endsWith("S")), "seconds without has_seconds");
      // The simulator's visitor has no plan.
      equal(info.has_seconds, name !== "simulate", "has_seconds");
      expect(["streaming", "endofday", "delayed_streaming"].includes(info.data_status), `data_status is ${info.data_status}`);
      equal(typeof info.delay, "number", "delay");
      new Intl.DateTimeFormat("en", { timeZone: info.timezone });
      const again = await chart.symbol(info.ticker);
      equal(again.ticker, info.ticker, "what the ticker resolves to");
      const config = await chart.config();
      const resolutions = info.supported_resolutions;
      expect(resolutions.every((resolution) => config.supported_resolutions.includes(resolution)), "a resolution that config does not list");
    }]),
    [say("errors have s, errmsg and no HTML"), async () => {
      const now = Math.floor(Date.now() / 1000);
      const wrong = {
        "an unknown symbol": ["symbols", { symbol: "NSE:NOSUCHTHING" }], "no symbol": ["symbols", {}],
        "history of an unknown symbol": ["history", { symbol: "NSE:NOSUCHTHING", resolution: "1D", from: now - 9 * DAY, to: now }],
        "an unknown resolution": ["history", { symbol: known[0], resolution: "7X", from: now - 9 * DAY, to: now }],
        "a time that is not a number": ["history", { symbol: known[0], resolution: "1D", from: "x", to: now }],
        "a negative countback": ["history", { symbol: known[0], resolution: "1D", from: now - DAY, to: now, countback: -3 }],
        "an unknown parameter": ["history", { symbol: known[0], resolution: "1D", from: now - 9 * DAY, to: now, nonsense: 1 }],
        "an unknown route": ["nothing", {}],
      };
      for (const [what, [path, parameters]] of Object.entries(wrong)) {
        const response = await chart.json(path, parameters);
        equal(response.s, "error", `s for ${what}`);
        expect(typeof response.errmsg === "string" && response.errmsg.length > 3, `errmsg for ${what}`);
      }
    }],
    [say("what the library adds to its requests is tolerated"), async () => {
      const now = Math.floor(Date.now() / 1000);
      const response = await chart.json("history", { symbol: known[0], resolution: "1D", from: now - 30 * DAY, to: now, countback: 5, firstdatarequest: true, _: now });
      equal(response.s, "ok", `the status (${response.errmsg})`);
    }],
    [say("quotes have each symbol's prices, and an error for an unknown one"), async () => {
      const { s, d } = await chart.json("quotes", { symbols: [...known, "NSE:NOSUCHTHING"].join(",") });
      equal(s, "ok", "s");
      const byName = new Map(d.map((item) => [item.n, item]));
      for (const symbol of known) {
        const { s: one, v } = byName.get(symbol) ?? {};
        equal(one, "ok", `s of ${symbol}`);
        for (const key of ["lp", "prev_close_price", "ch", "chp"]) expect(typeof v[key] === "number", `${key} of ${symbol} is ${v[key]}`);
        for (const key of ["short_name", "exchange", "original_name", "description"]) expect(typeof v[key] === "string", `${key} of ${symbol}`);
      }
      equal(byName.get("NSE:NOSUCHTHING")?.s, "error", "s of an unknown symbol");
    }],
    [say("marks are columns of one length, timescale marks a list"), async () => {
      const to = Math.floor(Date.now() / 1000);
      const span = { symbol: known[0], from: to - 300 * DAY, to, resolution: "1D" };
      const marks = await chart.json("marks", span);
      expect(marks.s === undefined && !Array.isArray(marks), `marks are ${JSON.stringify(marks).slice(0, 120)}`);
      for (const key of ["id", "time", "color", "text", "label", "labelFontColor", "minSize"]) equal(marks[key]?.length, marks.id.length, `the length of ${key}`);
      const perBar = new Map();
      for (const time of marks.time) perBar.set(time, (perBar.get(time) ?? 0) + 1);
      expect([...perBar.values()].every((count) => count <= 10), "more than ten marks on a bar");
      const scale = await chart.json("timescale_marks", span);
      expect(Array.isArray(scale), "timescale_marks is not a list");
      for (const mark of scale) for (const key of ["id", "color", "label", "time"]) expect(mark[key] !== undefined, `a mark has no ${key}`);
    }],
  ];
}

/** Splits of the mock market's SPLITCO and rolls of its future, as marks on the bars of every resolution. */
export function barEvents(name, chart) {
  return ["1D", "60", "1W"].map((resolution) => [`${name}: splits and rolls are marks on bars of ${resolution}`, async () => {
    const to = Math.floor(Date.now() / 1000);
    const span = { from: Date.parse("2024-01-01") / 1000, to, resolution };
    const splits = await chart.json("marks", { symbol: "NSE:SPLITCO", ...span });
    equal(splits.text, ["Split 5:1", "Split 2:1"], "the splits");
    const days = splits.time.map((time) => new Date((time + 19_800) * 1000).toISOString().slice(0, 10));
    equal(days, ["2024-03-11", "2026-06-15"], "their days");
    const rolls = await chart.json("marks", { symbol: "NSE:NIFTY1!", ...span });
    expect(rolls.text.length > 30 && rolls.text.every((text) => text.startsWith("Roll")), `the rolls are ${rolls.text?.slice(0, 3)}`);
    // Again, and of a part: what is stored by now has them too.
    const again = await chart.json("marks", { symbol: "NSE:NIFTY1!", ...span, from: rolls.time[10] });
    equal(again.time, rolls.time.slice(10), "the rolls of a part");
    if (resolution !== "60") for (const time of [...splits.time, ...rolls.time]) equal(time % DAY, 0, "the time of a mark within its day");
    equal((await chart.json("marks", { symbol: "NSE:NIFTY", ...span })).id, [], "the marks of an index");
  }]);
}

/** Bars of a symbol: the first request, exactness of countback, repeatability, times. */
export function history(name, chart, symbol, resolutions) {
  return resolutions.map((resolution) => [`${name}: ${symbol} ${resolution}: the first request, countback, order, repeatability and the end at 'to'`, async () => {
    const length = lengthOf(resolution);
    const to = Math.ceil(Date.now() / 1000) + length;
    const first = (await chart.bars(symbol, resolution, { from: to - 300 * length, to, countback: 300 })).bars;
    const times = first.map(([time]) => time);
    if (first.length < 300) {
      const { bars: older, nextTime } = await chart.bars(symbol, resolution, { from: times[0] - 300 * length, to: times[0], countback: 300 });
      equal([older.length, nextTime], [0, undefined], `${first.length} bars came for countback=300; what lies before them`);
      expect(first.length > 200, `only ${first.length} bars`);
    }
    expect(times.every((time, index) => Number.isInteger(time) && (index === 0 || time > times[index - 1])), "times do not ascend");
    expect(times.at(-1) < to, "a bar at or after 'to'");
    for (const [time, open, high, low, close] of first) expect(low <= Math.min(open, close) && high >= Math.max(open, close), `an impossible bar at ${iso(time)}`);
    if (seconds[resolution]) {
      expect(times.every((time) => time % DAY === 0), `a time that is not 00:00 UTC: ${iso(times.find((time) => time % DAY !== 0) ?? 0)}`);
      const weekdays = new Set(times.map((time) => new Date(time * 1000).getUTCDay()));
      if (symbol !== "BINANCE:BTCUSDT" && resolution === "1D" && name.startsWith("feed")) expect(!weekdays.has(0) && !weekdays.has(6), "a trading day on a weekend");
    }
    // 'to' is exclusive; with countback 'from' does not matter.
    const edge = times[200];
    const page = (await chart.bars(symbol, resolution, { from: edge - 5, to: edge, countback: 50 })).bars;
    equal(page, first.slice(150, 200), "50 bars before the 200th");
    const after = (await chart.bars(symbol, resolution, { from: edge - 5, to: edge + 1, countback: 1 })).bars;
    equal(after, first.slice(200, 201), "the one bar before a second after the 200th");
    // Without countback the range counts: [from, to).
    const range = (await chart.bars(symbol, resolution, { from: times[100], to: times[120] })).bars;
    equal(range, first.slice(100, 120), "the bars of a range");
    const repeated = (await chart.bars(symbol, resolution, { from: times[0], to: times.at(-1), countback: times.length - 1 })).bars;
    equal(repeated, first.slice(0, -1), "the same bars requested again");
  }]);
}

/** Scrolling back to the start, across a gap of 22 months, gives every bar of the feed once. */
export function scroll(name, chart, symbol, resolutions) {
  const wanted = (resolution) => {
    const now = Date.now() / 1000;
    const all = feedBars(symbol, resolution === "1D" ? "1D" : resolution === "1W" ? "1W" : resolution === "1M" ? "1M" : resolution, now);
    if (!seconds[resolution]) return all;
    // 00:00 UTC of the (first) trading day.
    const byOpen = new Map(sessions(symbol, now).map(({ date, open }) => [open, date]));
    return all.map(([open, ...rest]) => [byOpen.get(open), ...rest]);
  };
  return resolutions.map(([resolution, countback]) => [`${name}: ${symbol} ${resolution}: scrolling back through 22 months without trading reaches the start, each bar once`, async () => {
    const { pages, jumps, isEnded } = await chart.scrollBack(symbol, resolution, { countback, barSeconds: lengthOf(resolution) });
    expect(isEnded, "the start was never reached");
    for (const { to, bars } of pages) {
      expect(bars.at(-1)[0] < to, `a bar at or after 'to' ${iso(to)}`);
      expect(bars.length === countback || bars === pages.at(-1).bars, `${bars.length} bars for countback=${countback} before ${iso(to)}`);
    }
    const all = pages.reverse().flatMap(({ bars }) => bars);
    const truth = wanted(resolution);
    equal(all.length, truth.length, "the number of bars");
    const off = all.findIndex((bar, index) => JSON.stringify(bar) !== JSON.stringify(truth[index]));
    // The newest bar may be in progress.
    expect(off < 0 || off === all.length - 1, `bar ${off} is ${JSON.stringify(all[off])}, not ${JSON.stringify(truth[off])}`);
    expect(jumps.every((time) => all.some(([at]) => at === time)), "nextTime is not the time of a bar");
  }]);
}

/** Ranges inside the gap, and before the start. */
export function gaps(name, chart, symbol) {
  return [[`${name}: ${symbol}: a range without bars names the nearest earlier bar, and before the start none`, async () => {
    const middle = GAP.from + 300 * DAY;
    const now = Date.now() / 1000;
    const dates = sessions(symbol, now).map(({ date }) => date);
    const last = dates.filter((date) => date < GAP.from).at(-1);
    for (const [from, to] of [[middle, middle + 20 * DAY], [GAP.to - 3 * DAY, GAP.to - DAY], [GAP.from + 3 * DAY, GAP.from + 9 * DAY]]) {
      const { bars, nextTime } = await chart.bars(symbol, "1D", { from, to });
      equal(bars.length, 0, "the bars in the gap");
      equal(nextTime, last, `nextTime of ${iso(from)} to ${iso(to)}`);
    }
    const hours = feedBars(symbol, "60", now).filter(([time]) => time < GAP.from).at(-1)[0];
    equal((await chart.bars(symbol, "60", { from: middle, to: middle + 2 * DAY })).nextTime, hours, "nextTime of hours");
    const before = await chart.bars(symbol, "1D", { from: dates[0] - 90 * DAY, to: dates[0] - DAY });
    equal([before.bars.length, before.nextTime], [0, undefined], "what comes before the start");
    equal((await chart.bars(symbol, "1D", { from: dates[0] - 90 * DAY, to: dates[0], countback: 10 })).bars.length, 0, "bars before the first");
  }]];
}

/** Polls as the adapter does, with countback 2, over the change from one bar to the next. */
export function polling(name, chart, symbol, resolution, every = 1_500) {
  return [[`${name}: ${symbol} ${resolution}: polling over a rollover gives the finished bar and the new one, and loses none`, async () => {
    const length = lengthOf(resolution);
    const seen = new Map();
    const deadline = Date.now() + (length * 3 + 20) * 1000;
    let newest = null;
    let rollovers = 0;
    let moves = 0;
    while (rollovers < 2 && Date.now() < deadline) {
      const to = Math.ceil(Date.now() / 1000) + length;
      const { bars } = await chart.bars(symbol, resolution, { from: to - 10 * length, to, countback: 2 });
      equal(bars.length, 2, "the bars of a poll");
      const [before, last] = bars;
      if (newest !== null) {
        expect(last[0] >= newest[0], "the newest bar went back in time");
        if (last[0] > newest[0]) {
          expect(before[0] === newest[0], `after the bar of ${iso(newest[0])} the one of ${iso(before[0])} came`);
          rollovers += 1;
        } else {
          equal(before, seen.get(before[0]) ?? before, `the finished bar of ${iso(before[0])}`);
          if (last[4] !== newest[4] || last[5] !== newest[5]) moves += 1;
          expect(last[1] === newest[1] && last[2] >= newest[2] && last[3] <= newest[3], `the bar in progress shrank: ${JSON.stringify([newest, last])}`);
        }
      }
      // What a finished bar is when it is first polled a while after its end.
      if (Date.now() / 1000 > before[0] + length + 3) seen.set(before[0], seen.get(before[0]) ?? before);
      newest = last;
      await sleep(every);
    }
    equal(rollovers, 2, "the rollovers seen");
    expect(moves > 0, "the bar in progress never moved");
  }]];
}

/** What a server reports for numbers that are not the source's own. */
export function provenance(name, chart, symbol, mode) {
  return [[`${name}: simulated and redirected numbers are never unmarked`, async () => {
    const to = Math.ceil(Date.now() / 1000);
    const response = await chart.history(symbol, "1D", { from: to - 30 * DAY, to, countback: 3 });
    const info = await chart.symbol(symbol);
    for (const [what, body] of [["history", response], ["symbols", info]]) {
      if (mode === "simulated") equal(body.mode, "simulated", `the mode in ${what}`);
      else expect(typeof body.via === "string", `no 'via' in ${what}`);
    }
  }]];
}

/** Runs checks one after the other, and beside them those that mostly wait. */
export async function runAll(list, waiting = []) {
  const beside = Promise.all(waiting.map(([name, action]) => check(name, action)));
  for (const [name, action] of list) await check(name, action);
  await beside;
}
