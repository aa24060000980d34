/** Bounds of the wait between tries, in milliseconds. */
export type Backoff = {
  readonly initialMillis: number
  readonly maxMillis: number
}

/**
 * Milliseconds before try number `attempt` (1 is the first repetition): doubling, up to
 * `maxMillis`, and somewhere in the upper half of that, so that many senders that failed
 * together do not come back together.
 *
 * @param random As `Math.random`: at least 0, below 1.
 */
export function backoffMillis(attempt: number, random: () => number, backoff: Backoff): number {
  const ceiling = Math.min(backoff.maxMillis, backoff.initialMillis * 2 ** (attempt - 1))
  return Math.round(ceiling * (0.5 + random() / 2))
}
