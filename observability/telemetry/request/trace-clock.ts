/**
 * Tells the time within one trace, in milliseconds since the Unix epoch with a fraction.
 *
 * The SDK starts every span at a whole millisecond, which shuffles the steps of a request that takes less.
 * Here the wall clock is read once, when the trace begins, and everything after it is that plus what the monotonic
 * clock says: offsets within the trace are as fine as the platform allows, and never negative.
 */
export type TraceClock = () => number

/** A clock for a trace that begins now. */
export function createTraceClock(): TraceClock {
  const startMillis = Date.now()
  const origin = performance.now()
  return () => startMillis + (performance.now() - origin)
}
