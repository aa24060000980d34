/** Two clocks that drift do not come apart so far between two looks; one that was set does. */
const stepMillisMin = 1000
/** For so long after a step the old time counts: what was under way began by it. */
const settleMillis = 60_000

/**
 * Tells the time of day as if nobody set it: by how much the wall clock was ahead of the monotonic one is kept, a
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
