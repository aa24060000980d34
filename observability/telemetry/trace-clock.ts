import { type Context, createContextKey } from '@opentelemetry/api'

/**
 * Tells the time within one trace, in milliseconds since the Unix epoch with a fraction.
 *
 * The SDK starts every span at a whole millisecond, which shuffles the steps of a request that takes less.
 * Here the server span's start is the one reading of the wall clock, and everything after it is that plus what
 * the monotonic clock says: offsets within the trace are as fine as the platform allows, and never negative.
 */
export type TraceClock = () => number

const key = createContextKey('hono trace clock')

export function createTraceClock(startMillis: number): TraceClock {
  const origin = performance.now()
  return () => startMillis + (performance.now() - origin)
}

export function setTraceClock(context: Context, clock: TraceClock): Context {
  return context.setValue(key, clock)
}

/** The clock of the trace that `context` belongs to, or the wall clock outside of one. */
export function readTraceClock(context: Context): TraceClock {
  const clock = context.getValue(key)
  return typeof clock === 'function' ? () => clock() : Date.now
}
