// The page names every module that its first chart needs, so that they load side by side.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../../../Sources/MarketServer/Dashboard");

function modules(path, found = new Set()) {
  if (found.has(path)) return found;
  found.add(path);
  const text = readFileSync(path, "utf8");
  for (const [, name] of text.matchAll(/^import [^;]*?"(\.[^"]+)";/gm)) modules(normalize(join(dirname(path), name)), found);
  return found;
}

test("index.html preloads the modules of the first chart, and no others", () => {
  const found = new Set();
  modules(join(ROOT, "scripts/main.js"), found);
  const wanted = [...found].map((path) => relative(ROOT, path)).filter((path) => path !== "scripts/main.js").sort();
  const html = readFileSync(join(ROOT, "index.html"), "utf8");
  assert.deepEqual([...html.matchAll(/rel="modulepreload" href="([^"]+)"/g)].map(([, path]) => path).sort(), wanted);
});
