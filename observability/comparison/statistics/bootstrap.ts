import { exactQuantiles } from './exact-quantile.ts'
import type { SeededRandom } from './seeded-random.ts'

/** Between these the true value lies, 95 times of 100. */
export type Interval = { readonly low: number; readonly high: number }

/** Draws of a bootstrap unless the caller says otherwise. */
const resamplesDefault = 2000

/**
 * The 95 % interval of a statistic by Efron's bootstrap, percentile method: items are drawn again and again with
 * replacement, and the middle 95 % of the resulting values are kept.
 *
 * Items are rounds: the durations of all runtimes in one round are drawn together, so that a busy hour of the machine
 * does not look like a difference between runtimes.
 *
 * @param count Number of items.
 * @param statistic Value of a draw, given how often each item is in it, `count` in all. `null` leaves the draw out.
 * @returns `null` if the statistic had a value for fewer than half of the draws.
 */
export function bootstrapInterval(
  count: number,
  statistic: (weights: Uint32Array) => number | null,
  random: SeededRandom,
  resamples = resamplesDefault,
): Interval | null {
  if (count === 0) return null
  const values: number[] = []
  const weights = new Uint32Array(count)
  for (let draw = 0; draw < resamples; draw += 1) {
    weights.fill(0)
    for (let item = 0; item < count; item += 1) {
      const at = random.nextInt(count)
      weights[at] = (weights[at] ?? 0) + 1
    }
    const value = statistic(weights)
    if (value !== null && Number.isFinite(value)) values.push(value)
  }
  if (values.length < resamples / 2) return null
  const [low, high] = exactQuantiles(values, [0.025, 0.975])
  return low === undefined || high === undefined ? null : { low, high }
}

/**
 * Quantiles of draws without sorting each draw.
 *
 * @param values By item; `null` for an item without a value.
 * @returns The exact quantile of a draw, as in `exactQuantile`; `null` if the draw has no values.
 */
export function prepareQuantile(
  values: readonly (number | null)[],
): (weights: Uint32Array, probability: number) => number | null {
  const sorted = values
    .flatMap((value, item) => (value === null ? [] : [{ value, item }]))
    .sort((a, b) => a.value - b.value)
  return (weights, probability) => {
    let total = 0
    for (const { item } of sorted) total += weights[item] ?? 0
    if (total === 0) return null
    const rank = (total - 1) * probability
    const part = rank - Math.floor(rank)
    let passed = 0
    let below: number | undefined
    for (const { value, item } of sorted) {
      passed += weights[item] ?? 0
      if (below === undefined && passed > Math.floor(rank)) below = value
      if (passed > Math.ceil(rank)) return (below ?? value) * (1 - part) + value * part
    }
    return null
  }
}

/** The mean of draws; `null` of a draw that has no values. */
export function weightedMean(
  values: readonly (number | null)[],
  weights: Uint32Array,
): number | null {
  let total = 0
  let sum = 0
  for (const [item, value] of values.entries()) {
    const weight = weights[item] ?? 0
    if (value === null || weight === 0) continue
    total += weight
    sum += weight * value
  }
  return total === 0 ? null : sum / total
}
