import type { Element } from './select-series.ts'

/** Of what Prometheus adds at the edges of a window; half a report of the few seconds that it saw. */
export const estimateShareMax = 0.08

/**
 * A quantile of durations: the nearest rank, of spans and not of buckets, and the limits of what would do as well.
 *
 * Definitions of a quantile differ by one rank. Besides, Prometheus weighs each series by its estimate, which moves
 * ranks by a share of what lies on either side. Above the highest it may find a part of `unseen`, what the first
 * report held.
 *
 * @returns NaN of none.
 */
export function takeQuantile(
  quantile: number,
  durations: readonly number[],
  unseen: readonly number[] = [],
): Required<Pick<Element, 'value' | 'limits'>> {
  const sorted = durations.toSorted((a, b) => a - b)
  const index = Math.max(Math.ceil(quantile * sorted.length), 1) - 1
  const value = sorted[index] ?? Number.NaN
  const moved = quantile * (1 - quantile) * estimateShareMax * sorted.length
  const slack = Math.max(Math.ceil(moved), 1)
  const low = sorted[Math.max(index - slack, 0)] ?? value
  const high = sorted[index + slack] ?? Math.max(sorted.at(-1) ?? value, ...unseen)
  return { value, limits: [low, high] }
}
