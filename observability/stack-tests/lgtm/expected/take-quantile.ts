import type { Element } from '../find-mismatches.ts'

/**
 * A quantile of durations: the nearest rank, of spans and not of buckets. Its neighbours are the accepted limits, since
 * definitions of a quantile differ by one rank.
 *
 * @returns NaN without durations.
 */
export function takeQuantile(
  quantile: number,
  durations: readonly number[],
): Required<Pick<Element, 'value' | 'limits'>> {
  const sorted = durations.toSorted((a, b) => a - b)
  const index = Math.max(Math.ceil(quantile * sorted.length), 1) - 1
  const value = sorted[index] ?? Number.NaN
  const low = sorted[Math.max(index - 1, 0)] ?? value
  const high = sorted[index + 1] ?? value
  return { value, limits: [low, high] }
}
