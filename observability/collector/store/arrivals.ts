/**
 * Numbers what comes in, in the order in which it comes.
 *
 * A collector has one for all its stores. A number then names a moment, and whoever asks again for
 * what is new says which number it saw last: what begins late, or is sent late, is new all the same.
 */
export type Arrivals = {
  /** The number of what comes now: 1 and up. */
  next(): number
  /** Of what came last; 0 while nothing has. */
  readonly last: number
}

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
