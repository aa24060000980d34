import { quantileOfSorted } from '../../plumbing/quantile-of-sorted.ts'

/**
 * The quantile of raw values by linear interpolation between closest ranks: type 7 of
 * Hyndman and Fan, the default of R, NumPy and Excel's PERCENTILE.INC.
 *
 * Exact: of the values themselves, not of buckets. With few values a high quantile is
 * little more than the maximum: of 20 values the 99th percentile lies between the two
 * largest.
 *
 * @param probability 0 to 1; 0.5 is the median.
 * @returns Between the smallest and the largest value; `null` without values, because nothing measured is not zero.
 * @throws If a value is not finite, or the probability is not between 0 and 1.
 */
export function exactQuantile(values: readonly number[], probability: number): number | null {
  return exactQuantiles(values, [probability])[0] ?? null
}

/** Several quantiles for one sort; see `exactQuantile`. Empty when there are no values. */
export function exactQuantiles(
  values: readonly number[],
  probabilities: readonly number[],
): readonly number[] {
  for (const probability of probabilities) {
    if (!(probability >= 0 && probability <= 1)) {
      throw new Error(`probability: expected a number from 0 to 1, got ${probability}`)
    }
  }
  for (const [index, value] of values.entries()) {
    if (!Number.isFinite(value)) {
      throw new Error(`values[${index}]: expected a finite number, got ${value}`)
    }
  }
  if (values.length === 0) return []
  const sorted = Float64Array.from(values).sort()
  return probabilities.map((probability) => quantileOfSorted(sorted, probability))
}

/** The middle value, or the mean of the two in the middle; `null` without values. */
export function exactMedian(values: readonly number[]): number | null {
  return exactQuantile(values, 0.5)
}
