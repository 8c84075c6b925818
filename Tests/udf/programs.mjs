// The programs under test, each in its own folder and on a free port of loopback.

import { spawn } from "node:child_process";
import { mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

export class Program {
  #process = null;

  constructor(path, command, port, environment = {}) {
    Object.assign(this, { path, command, port, environment });
    this.folder = mkdtempSync(join(tmpdir(), "bhav-udf-"));
    this.url = `http://127.0.0.1:${port}`;
  }

  async start() {
    const log = openSync(join(this.folder, "log"), "a");
    const kept = Object.fromEntries(["PATH", "HOME", "TZ", "LD_LIBRARY_PATH"].filter((name) => process.env[name]).map((name) => [name, process.env[name]]));
    this.#process = spawn(this.path, [...this.command, "--host", "127.0.0.1", "--port", String(this.port)], {
      cwd: this.folder, env: { ...kept, BHAV_DATA: this.folder, LOG_LEVEL: "warning", ...this.environment }, stdio: ["ignore", log, log],
    });
    const isServer = this.command[0] === "serve";
    for (let tries = 0; tries < 300; tries++) {
      if (this.#process.exitCode !== null) break;
      if (isServer ? await fetch(`${this.url}/health/live`).then(() => true, () => false) : this.log.includes("NSE_URL=")) return this;
      await sleep(100);
    }
    throw new Error(`${this.command[0]} did not start: ${this.log.slice(-800)}`);
  }

  get log() { return readFileSync(join(this.folder, "log"), "utf8"); }

  stop() {
    const running = this.#process;
    if (!running || running.exitCode !== null || running.signalCode !== null) return Promise.resolve();
    return new Promise((resolve) => {
      const kill = setTimeout(() => running.kill("SIGKILL"), 15_000);
      running.once("exit", () => { clearTimeout(kill); resolve(); });
      running.kill("SIGTERM");
    });
  }

  async end() {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The settings that point a server at another address than the sources' own. */
export function pointedAt(port) {
  const web = `http://127.0.0.1:${port}`;
  const names = ["TRADINGVIEW_WEB_URL", "TRADINGVIEW_SEARCH_URL", "TRENDLYNE_URL", "NSE_URL", "NSE_ARCHIVES_URL"];
  return { TRADINGVIEW_URL: `ws://127.0.0.1:${port}`, ...Object.fromEntries(names.map((name) => [name, web])) };
}
