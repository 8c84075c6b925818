#!/usr/bin/env node
// Checks /udf as a chart would use it, and /v1/events as an EventSource would, against a server on the mock market, one on
// `bhav simulate`, and one on a feed of known bars (feed.mjs).
//
//     node check.mjs --bhav PATH [--only mock,simulate,feed,live,events]
//
// The last line says how many checks passed and failed.

import { parseArgs } from "node:util";
import { Chart } from "./chart.mjs";
import { results } from "./checks.mjs";
import { barEvents, gaps, history, polling, protocol, provenance, runAll, scroll } from "./conformance.mjs";
import { events } from "./events.mjs";
import { INSTRUMENTS, startFeed } from "./feed.mjs";
import { Program, freePort, pointedAt } from "./programs.mjs";

const { values } = parseArgs({ options: { bhav: { type: "string" }, only: { type: "string", default: "mock,simulate,feed,live,events" } } });
if (!values.bhav) {
  console.error("usage: node check.mjs --bhav PATH [--only mock,simulate,feed,live,events]");
  process.exit(64);
}
const wanted = values.only.split(",");
const KNOWN = ["NSE:NIFTY", "ASX:BHP", "NASDAQ:AAPL", "BINANCE:BTCUSDT"];

async function withServer(environment, isMock, action) {
  const server = await new Program(values.bhav, isMock ? ["serve", "--mock"] : ["serve"], await freePort(), environment).start();
  try {
    await action(new Chart(server.url), server);
  } finally {
    await server.end();
  }
}

const parts = {
  mock: () => withServer({}, true, (chart) => runAll([
    ...protocol("mock", chart, KNOWN), ...barEvents("mock", chart), ...provenance("mock", chart, KNOWN[0], "simulated"),
    ...KNOWN.flatMap((symbol) => history("mock", chart, symbol, ["1", "5", "60", "1D", "1W", "1M"])),
  ], KNOWN.flatMap((symbol) => polling("mock", chart, symbol, "5S", 1_000)))),
  async simulate() {
    const simulator = await new Program(values.bhav, ["simulate"], await freePort()).start();
    try {
      await withServer(pointedAt(simulator.port), false, (chart) => runAll([
        ...protocol("simulate", chart, KNOWN), ...barEvents("simulate", chart), ...provenance("simulate", chart, KNOWN[0], "via"),
        ...KNOWN.flatMap((symbol) => history("simulate", chart, symbol, ["1", "5", "60", "1D", "1W", "1M"])),
      ], polling("simulate", chart, KNOWN[0], "1")));
    } finally {
      await simulator.end();
    }
  },
  async feed() {
    const feed = await startFeed();
    const symbols = Object.keys(INSTRUMENTS);
    try {
      await withServer(pointedAt(feed.port), false, (chart) => runAll([
        ...protocol("feed", chart, symbols), ...provenance("feed", chart, symbols[0], "via"),
        ...symbols.flatMap((symbol) => [
          ...history("feed", chart, symbol, ["1", "5", "60", "1D"]),
          ...gaps("feed", chart, symbol),
          ...scroll("feed", chart, symbol, [["1D", 300], ["1W", 100], ["1M", 20], ["60", 5_000]]),
        ]),
      ]));
      // A server that begins with the oldest pages finds the same bars.
      await withServer(pointedAt(feed.port), false, (chart) => runAll(symbols.flatMap((symbol) => [
        ...gaps("feed, other order", chart, symbol), ...scroll("feed, other order", chart, symbol, [["60", 5_000], ["1D", 300]]),
      ])));
    } finally {
      feed.close();
    }
  },
  // A separate feed, whose exchanges all trade at this hour.
  async live() {
    const { startFeed: start, openAll } = await import("./feed.mjs?live");
    openAll(Date.now() / 1000);
    const feed = await start();
    try {
      await withServer(pointedAt(feed.port), false, (chart) => runAll([], KNOWN.flatMap((symbol) => polling("live", chart, symbol, "1"))));
    } finally {
      feed.close();
    }
  },
  events: () => events(values.bhav),
};

await Promise.all(wanted.map((name) => parts[name]()));
console.log(`udf: ${results.passed} passed, ${results.failed} failed`);
process.exit(results.failed ? 1 : 0);
