// Black-76: the price of an option on a forward, its greeks and the volatility that a price implies.
// Units as the server's: volatility in percent a year, vega for one point of it, theta for one of 365 days. Pure.

/** The distribution of the standard normal; Graeme West's form of Hart's approximation, good to 1e-15. */
export function cumulativeNormal(x) {
  const size = Math.abs(x);
  if (size > 37) return x > 0 ? 1 : 0;
  const bell = Math.exp((-size * size) / 2);
  let tail;
  if (size < 7.07106781186547) {
    let above = 3.52624965998911e-2 * size + 0.700383064443688;
    for (const c of [6.37396220353165, 33.912866078383, 112.079291497871, 221.213596169931, 220.206867912376]) above = above * size + c;
    let below = 8.83883476483184e-2 * size + 1.75566716318264;
    for (const c of [16.064177579207, 86.7807322029461, 296.564248779674, 637.333633378831, 793.826512519948, 440.413735824752]) below = below * size + c;
    tail = (bell * above) / below;
  } else {
    const steps = [1, 2, 3, 4].reverse().reduce((sum, n) => n / (size + sum), 0.65);
    tail = bell / (size + steps) / 2.506628274631;
  }
  return x > 0 ? 1 - tail : tail;
}

export function density(x) {
  return Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
}

/** What an option is worth: `type` call or put, `years` to its end, `volatility` in percent a year, `rate` continuous. */
export function price({ type, forward, strike, years, volatility, rate = 0 }) {
  const sign = type === "call" ? 1 : -1;
  const discount = Math.exp(-rate * Math.max(years, 0));
  const deviation = (volatility / 100) * Math.sqrt(Math.max(years, 0));
  if (!(deviation > 0)) return discount * Math.max(0, sign * (forward - strike));
  const d1 = Math.log(forward / strike) / deviation + deviation / 2;
  const d2 = d1 - deviation;
  return discount * sign * (forward * cumulativeNormal(sign * d1) - strike * cumulativeNormal(sign * d2));
}

export function greeks({ type, forward, strike, years, volatility, rate = 0 }) {
  const sign = type === "call" ? 1 : -1;
  const discount = Math.exp(-rate * Math.max(years, 0));
  const sigma = volatility / 100;
  const root = Math.sqrt(Math.max(years, 0));
  if (!(sigma * root > 0)) {
    const isIn = sign * (forward - strike) > 0;
    return { delta: isIn ? sign : 0, gamma: 0, vega: 0, theta: 0 };
  }
  const d1 = Math.log(forward / strike) / (sigma * root) + (sigma * root) / 2;
  const worth = price({ type, forward, strike, years, volatility, rate });
  return {
    delta: discount * sign * cumulativeNormal(sign * d1),
    gamma: (discount * density(d1)) / (forward * sigma * root),
    vega: (discount * forward * density(d1) * root) / 100,
    theta: ((-discount * forward * density(d1) * sigma) / (2 * root) + rate * worth) / 365,
  };
}

const HIGHEST = 1000;

/** The volatility in percent that makes the model's price this one; null where no volatility does. */
export function impliedVolatility({ type, forward, strike, years, price: paid, rate = 0 }) {
  const discount = Math.exp(-rate * years);
  const intrinsic = discount * Math.max(0, (type === "call" ? 1 : -1) * (forward - strike));
  const most = discount * (type === "call" ? forward : strike);
  if (!(years > 0) || !(paid > intrinsic) || !(paid < most)) return null;
  let low = 0;
  let high = HIGHEST;
  if (price({ type, forward, strike, years, volatility: high, rate }) < paid) return null;
  for (let step = 0; step < 100 && high - low > 1e-10; step++) {
    const middle = (low + high) / 2;
    if (price({ type, forward, strike, years, volatility: middle, rate }) < paid) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
