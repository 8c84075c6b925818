// When panels are drawn: together, a little in each frame, and seldom while they are not visible.
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { Frames, dueAt } from "../../../Sources/MarketServer/Dashboard/scripts/ui/panel.js";

test("the first drawing is due at once, later ones with what else changes, out of sight seldom", () => {
  assert.equal(dueAt({ now: 1000, drawnAt: null, isInSight: false }), 0);
  assert.equal(dueAt({ now: 1000, drawnAt: 900, isInSight: true }), 1000);
  assert.equal(dueAt({ now: 1000, drawnAt: 900, isInSight: true, pause: 250 }), 1200);
  assert.equal(dueAt({ now: 1000, drawnAt: 900, isInSight: false }), 3000);
});

test("each key is drawn once with the latest action, long work goes on in the next frame, and one failure stops no other", () => {
  const frames = [];
  const reported = [];
  globalThis.requestAnimationFrame = (callback) => frames.push(callback);
  globalThis.reportError = (error) => reported.push(error.message);
  let now = 0;
  mock.method(performance, "now", () => now);
  const drawn = [];
  const queue = new Frames();
  const work = (name, takes) => () => { now += takes; drawn.push(name); };
  queue.request("a", work("a old", 1), 1);
  queue.request("a", work("a", 1), 1);
  queue.request("b", () => { throw new Error("b"); }, 1);
  queue.request("c", work("c", 20), 1);
  queue.request("d", work("d", 1), 1);
  queue.request("e", work("e", 1), 1);
  queue.drop("e");
  queue.request("f", work("f", 1), 1);
  queue.hurry("f");
  now = 1;
  assert.equal(frames.length, 1);
  frames.shift()();
  assert.deepEqual(drawn, ["f", "a", "c"]);
  assert.deepEqual(reported, ["b"]);
  assert.equal(frames.length, 1);
  frames.shift()();
  assert.deepEqual(drawn, ["f", "a", "c", "d"]);
  assert.equal(frames.length, 0);
  queue.request("late", work("late", 1), now + 1e6);
  assert.equal(frames.length, 0);
  queue.hurry("late");
  assert.equal(frames.length, 1);
  frames.shift()();
  assert.equal(drawn.at(-1), "late");
  mock.restoreAll();
});
