// Draws what has changed at the browser's frames, a little in each, so that none is long. What changes together is drawn
// together; what is out of sight is drawn seldom.

// Changes are drawn at multiples of it: the market is not faster than the eye.
const GRID = 200;
const BUDGET = 8;
const PAUSE_OUT_OF_SIGHT = 2_000;

export class Frames {
  #waiting = new Map();
  #timer = 0;
  #frame = 0;

  /** Draws for `key` at `due` (milliseconds of performance.now) or soon after it: the latest action requested, once. */
  request(key, action, due) {
    const before = this.#waiting.get(key);
    this.#waiting.set(key, { action, due: before ? Math.min(before.due, due) : due });
    this.#schedule();
  }

  /** What waits for the key is due now. */
  hurry(key) {
    const waiting = this.#waiting.get(key);
    if (!waiting) return;
    waiting.due = 0;
    this.#schedule();
  }

  drop(key) { this.#waiting.delete(key); }

  #schedule() {
    if (this.#frame || !this.#waiting.size) return;
    clearTimeout(this.#timer);
    const wait = Math.min(...[...this.#waiting.values()].map(({ due }) => due)) - performance.now();
    if (wait > 0) this.#timer = setTimeout(() => this.#request(), wait);
    else this.#request();
  }

  #request() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
      this.#schedule();
    });
  }

  #draw() {
    const begun = performance.now();
    const due = [...this.#waiting].filter(([, waiting]) => waiting.due <= begun).sort(([, a], [, b]) => a.due - b.due);
    let isFull = false;
    for (const [key, { action, due: moment }] of due) {
      // What has never been drawn, or does not fit its room, does not wait.
      if (isFull && moment > 0) return;
      this.#waiting.delete(key);
      // One that fails must not keep the others from being drawn.
      try {
        action();
      } catch (error) {
        reportError(error);
      }
      isFull ||= performance.now() - begun > BUDGET;
    }
  }
}

/** When a panel that changes now is drawn: at once for the first time, then with what else changes, seldom while it is not visible. */
export function dueAt({ now, drawnAt, isInSight, pause = 0 }) {
  if (drawnAt === null) return 0;
  const due = Math.max(now, drawnAt + Math.max(pause, isInSight ? 0 : PAUSE_OUT_OF_SIGHT));
  return Math.ceil(due / GRID) * GRID;
}
