// The only global of the page: lets a test read what is drawn. It can change nothing.

export function exposeProbe(page) {
  const probe = {
    bars: () => page.series.bars.all.map((bar) => ({ ...bar })),
    get state() { return page.state; },
  };
  Object.defineProperty(window, "bhav", { value: Object.freeze(probe), enumerable: true });
}
