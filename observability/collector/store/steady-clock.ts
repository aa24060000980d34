/** Two drifting clocks differ by less between two looks; a clock that was set differs by more. */
const stepMillisMin = 1000
/** For so long after a step the old time counts: what was under way began by it. */
const settleMillis = 60_000

/**
 * Tells the time of day as if it had never been set: it keeps the lead of the wall clock over the monotonic one for a
 * minute longer than it is true.
 */
export function createSteadyClock(
  wallMillis: () => number,
  monotonicMillis: () => number,
): () => number {
  let offset = wallMillis() - monotonicMillis()
  let steppedAt: number | undefined
  return () => {
    const monotonic = monotonicMillis()
    const current = wallMillis() - monotonic
    const isStepped = Math.abs(current - offset) >= stepMillisMin
    steppedAt = isStepped ? (steppedAt ?? monotonic) : undefined
    if (steppedAt === undefined || monotonic - steppedAt >= settleMillis) {
      offset = current
      steppedAt = undefined
    }
    return monotonic + offset
  }
}
