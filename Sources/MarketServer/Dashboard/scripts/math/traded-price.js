/** A price that was made today: an option not traded today shows one of an earlier day. Null without one. Pure. */
export function tradedPrice(side) {
  return typeof side?.last === "number" && side.last > 0 && side.volume !== 0 ? side.last : null;
}
