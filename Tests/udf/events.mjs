// /v1/events as a browser's EventSource reads it: reconnection, Last-Event-ID, and permanent errors.

import { setTimeout as sleep } from "node:timers/promises";
import { check, equal, expect } from "./checks.mjs";
import { Program, freePort } from "./programs.mjs";

/** An EventSource by the HTML standard: it reconnects after a lost connection or an end, not after another status or type. */
class EventSource {
  #abort = new AbortController();
  messages = [];
  requests = 0;
  isFailed = false;
  status = null;
  lastEventID = "";
  #pause = 1_000;

  constructor(url) {
    this.url = url;
    this.done = this.#run();
  }

  close() { this.#abort.abort(); }

  async until(condition, seconds, what) {
    const deadline = Date.now() + seconds * 1000;
    while (!condition(this)) {
      if (Date.now() > deadline) throw new Error(`waited ${seconds} s for ${what}; ${this.messages.length} messages came`);
      await sleep(50);
    }
  }

  async #run() {
    const { signal } = this.#abort;
    while (!signal.aborted && !this.isFailed) {
      this.requests += 1;
      try {
        await this.#connect(signal);
      } catch {
        // A lost connection is made again.
      }
      if (!signal.aborted && !this.isFailed) await sleep(this.#pause);
    }
  }

  async #connect(signal) {
    const headers = { Accept: "text/event-stream", "Cache-Control": "no-store", ...(this.lastEventID ? { "Last-Event-ID": this.lastEventID } : {}) };
    const response = await fetch(this.url, { signal, headers });
    this.status = response.status;
    if (response.status !== 200 || !(response.headers.get("content-type") ?? "").startsWith("text/event-stream")) {
      this.isFailed = true;
      this.body = await response.text();
      return;
    }
    let text = "";
    let event = { type: "message", data: [], id: null };
    const decoder = new TextDecoder();
    for await (const chunk of response.body) {
      text += decoder.decode(chunk, { stream: true });
      const lines = text.split(/\r\n|\n|\r/);
      text = lines.pop();
      for (const line of lines) {
        if (line === "") {
          if (event.id !== null) this.lastEventID = event.id;
          if (event.data.length) this.messages.push({ type: event.type, ...JSON.parse(event.data.join("\n")), eventID: event.id });
          event = { type: "message", data: [], id: null };
          continue;
        }
        const at = line.indexOf(":");
        const [field, value] = at < 0 ? [line, ""] : [line.slice(0, at), line.slice(at + 1).replace(/^ /, "")];
        if (field === "data") event.data.push(value);
        else if (field === "event") event.type = value;
        else if (field === "id" && !value.includes("\0")) event.id = value;
        else if (field === "retry" && /^\d+$/.test(value)) this.#pause = Number(value);
      }
    }
  }
}

/** The bars that the messages amount to, by their time. */
function barsOf(messages) {
  const bars = new Map();
  for (const message of messages) {
    for (const bar of message.type === "bar" ? [message.bar] : message.bars ?? []) bars.set(bar.time, bar);
  }
  return bars;
}

export async function events(bhav) {
  const server = await new Program(bhav, ["serve", "--mock"], await freePort()).start();
  try {
    const wrong = {
      "an unknown symbol": "channel=bars&symbol=NSE:NOSUCHTHING&interval=1m", "quotes of unknown symbols alone": "channel=quotes&symbols=NSE:NOSUCHTHING,NSE:NOSUCHEITHER",
      "an unknown interval": "channel=bars&symbol=NSE:NIFTY&interval=7x",
      "an unknown channel": "channel=nothing&symbol=NSE:NIFTY", "no symbol": "channel=bars&interval=1m",
      "an unknown parameter": "channel=bars&symbol=NSE:NIFTY&interval=1m&nonsense=1", "an expiry that is not listed": "channel=open-interest&symbol=NSE:NIFTY&expiry=2020-01-01",
    };
    const refused = async (query) => {
      const source = new EventSource(`${server.url}/v1/events?${query}`);
      try {
        await source.until(({ isFailed }) => isFailed, 10, "the refusal");
        expect(source.status >= 400 && source.status < 500, `the status is ${source.status}`);
        equal(source.requests, 1, "the requests");
        expect(typeof JSON.parse(source.body).error.code === "string", `the body is ${source.body.slice(0, 200)}`);
      } finally {
        source.close();
      }
    };
    for (const [what, query] of Object.entries(wrong)) {
      await check(`events: ${what} is a status that ends an EventSource, not a stream that reconnects forever`, () => refused(query));
    }
    await check("events: over a restart of the server no bar is lost, and what came before is not sent for new", async () => {
      const source = new EventSource(`${server.url}/v1/events?channel=bars&symbol=NSE:NIFTY&interval=5s&count=3`);
      try {
        await source.until(({ messages }) => messages.filter(({ type }) => type === "bar").length > 4, 30, "bars");
        const [snapshot] = source.messages;
        equal([snapshot.type, snapshot.bars.length], ["snapshot", 3], "the first message");
        expect(source.lastEventID !== "", "no event has an id");
        await server.stop();
        const before = source.messages.length;
        const last = Math.max(...barsOf(source.messages).keys());
        // Long enough that bars begin and end while no client is connected.
        await sleep(17_000);
        await server.start();
        await source.until(({ messages }) => messages.slice(before).some(({ type }) => type === "bar"), 40, "bars after the restart");
        const times = [...barsOf(source.messages).keys()].sort((a, b) => a - b);
        const missing = times.slice(1).filter((time, index) => time - times[index] !== 5);
        equal(missing, [], "times after a missing bar");
        expect(times.at(-1) > last + 10, "the restart did not span a bar");
        const again = source.messages[before];
        equal(again.type, "snapshot", "the first message after the restart");
        expect(again.bars[0].time <= last, "the snapshot does not reach back to the last bar received");
        // The bar that was in progress is there as it ended.
        const after = barsOf(source.messages.slice(before)).get(last);
        expect(after?.final === true, `the bar that was in progress is ${JSON.stringify(after)}`);
      } finally {
        source.close();
        await source.done;
      }
    });
    await check("events: quotes go on after a restart", async () => {
      const source = new EventSource(`${server.url}/v1/events?channel=quotes&symbols=NSE:NIFTY`);
      try {
        await source.until(({ messages }) => messages.some(({ type }) => type === "quote"), 20, "a quote");
        await server.stop();
        const before = source.messages.length;
        await server.start();
        await source.until(({ messages }) => messages.slice(before).some(({ type }) => type === "quote"), 40, "a quote after the restart");
        expect(source.requests >= 2 && source.requests < 12, `${source.requests} requests`);
      } finally {
        source.close();
        await source.done;
      }
    });
  } finally {
    await server.end();
  }
}
