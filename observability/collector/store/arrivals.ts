/**
 * Numbers arrivals in their order.
 *
 * A collector has one for all its stores, so a number names a moment. A client that asks for new items gives the last
 * number that it saw: items that begin or arrive late count as new.
 */
export type Arrivals = {
  /** The number of what comes now: 1 and up. */
  next(): number
  /** The number of the last arrival; 0 before the first. */
  readonly last: number
}

/** Begins before the first arrival. */
export function createArrivals(): Arrivals {
  let last = 0
  return {
    next() {
      last += 1
      return last
    },
    get last() {
      return last
    },
  }
}
