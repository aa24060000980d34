import { bootstrapInterval, prepareQuantile } from '../statistics/bootstrap.ts'
import { exactQuantiles } from '../statistics/exact-quantile.ts'
import type { SeededRandom } from '../statistics/seeded-random.ts'

/** A number and its 95 % interval; an end is `null` where so few values cannot bound it. */
export type Estimate = {
  readonly value: number
  readonly low: number | null
  readonly high: number | null
}

/** Latencies of one operation on one runtime, in milliseconds. */
export type LatencySummary = {
  /** How many were measured. */
  readonly count: number
  readonly minMillis: number
  readonly meanMillis: number
  readonly maxMillis: number
  readonly p50Millis: Estimate
  readonly p95Millis: Estimate
  readonly p99Millis: Estimate
}

/**
 * Exact quantiles with bootstrap intervals.
 *
 * The bootstrap never draws a value above the largest, so for a high quantile of few values its interval is too narrow.
 * All n values lie below a quantile p with the chance p^n; if that is above 2.5 %, the interval's upper end is left
 * open. So a p95 has an upper end from 72 values on, a p99 from 368.
 *
 * @param millis In order of the rounds; `null` for a round that does not count.
 * @returns `null` if there is no measured value.
 */
export function summarizeLatency(
  millis: readonly (number | null)[],
  random: SeededRandom,
): LatencySummary | null {
  const values = millis.filter((value) => value !== null)
  const [minMillis, p50, p95, p99, maxMillis] = exactQuantiles(values, [0, 0.5, 0.95, 0.99, 1])
  if (minMillis === undefined || maxMillis === undefined) return null
  const quantile = prepareQuantile(values)

  function estimate(value: number | undefined, probability: number): Estimate {
    const interval = bootstrapInterval(
      values.length,
      (weights) => quantile(weights, probability),
      random,
    )
    const reachesBelow = (1 - probability) ** values.length <= 0.025
    const reachesAbove = probability ** values.length <= 0.025
    return {
      value: value ?? Number.NaN,
      low: reachesBelow ? (interval?.low ?? null) : null,
      high: reachesAbove ? (interval?.high ?? null) : null,
    }
  }

  return {
    count: values.length,
    minMillis,
    meanMillis: values.reduce((sum, value) => sum + value, 0) / values.length,
    maxMillis,
    p50Millis: estimate(p50, 0.5),
    p95Millis: estimate(p95, 0.95),
    p99Millis: estimate(p99, 0.99),
  }
}
