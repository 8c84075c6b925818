// A chart that requests data like the library's UDF adapter: the same addresses and parameters, and its rules for what comes back.

export class Chart {
  constructor(url) { this.url = url; }

  async raw(path, parameters = {}) {
    const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== undefined).map(([name, value]) => [name, String(value)]));
    const response = await fetch(`${this.url}/udf/${path}?${query}`);
    return { status: response.status, type: response.headers.get("content-type") ?? "", text: await response.text() };
  }

  /** The body as JSON; the adapter ignores the HTTP status. */
  async json(path, parameters) {
    const { text } = await this.raw(path, parameters);
    return JSON.parse(text);
  }

  config() { return this.json("config"); }
  symbol(symbol) { return this.json("symbols", { symbol }); }
  search(query, more = {}) { return this.json("search", { query, type: "", exchange: "", limit: 30, ...more }); }
  history(symbol, resolution, { from, to, countback, currencyCode }) {
    return this.json("history", { symbol, resolution, from, to, countback, currencyCode });
  }

  /** Bars of one request, or {bars: [], nextTime} where there are none. */
  async bars(symbol, resolution, span) {
    const response = await this.history(symbol, resolution, span);
    if (response.s === "no_data") return { bars: [], nextTime: response.nextTime };
    if (response.s !== "ok") throw new Error(`${symbol} ${resolution} ${JSON.stringify(span)}: ${response.s}: ${response.errmsg}`);
    const columns = ["t", "o", "h", "l", "c", ...(response.v ? ["v"] : [])];
    for (const name of columns) {
      if (!Array.isArray(response[name]) || response[name].length !== response.t.length) throw new Error(`${name} has another length than t`);
      const isNumbers = response[name].every((value) => typeof value === "number" || (name === "v" && value === null));
      if (!isNumbers) throw new Error(`${name} holds something that is not a number`);
    }
    return { bars: response.t.map((time, index) => columns.map((name) => response[name][index])), raw: response };
  }

  /** Scrolls back from now to the start of history as a chart does, `countback` bars at a time: {pages, jumps}. */
  async scrollBack(symbol, resolution, { countback, barSeconds, mostPages = 400 }) {
    const pages = [];
    const jumps = [];
    let to = Math.ceil(Date.now() / 1000 / barSeconds) * barSeconds + barSeconds;
    for (let number = 0; number < mostPages; number++) {
      const span = { from: to - countback * barSeconds, to, countback };
      const { bars, nextTime } = await this.bars(symbol, resolution, span);
      if (bars.length) {
        pages.push({ to, bars });
        to = bars[0][0];
      } else if (nextTime !== undefined) {
        jumps.push(nextTime);
        to = nextTime + 1;
      } else {
        return { pages, jumps, isEnded: true };
      }
    }
    return { pages, jumps, isEnded: false };
  }
}
