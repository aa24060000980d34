import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises'

/** A timer may be a millisecond late; this much before the moment it is left to watching the clock. */
const watchMillis = 2

/**
 * Resolves at a moment of `performance.now()`, to a few hundredths of a millisecond when this
 * process has nothing else to do. Answers that arrive meanwhile are read.
 */
export async function waitUntil(at: number): Promise<void> {
  const left = at - performance.now()
  if (left > watchMillis) await delay(left - watchMillis)
  while (performance.now() < at) await nextTurn()
}
