import { quantileOfSorted } from '../../../plumbing/quantile-of-sorted.ts'
import type { RequestNumbers } from '../../../wire/overview.ts'

/** Requests that are being counted. */
export type RequestTally = {
  readonly count: number
  readonly errors4xx: number
  readonly errors5xx: number
  readonly durationsMillis: readonly number[]
  add(request: {
    readonly durationMillis: number | null
    readonly outcome: 'ok' | '4xx' | '5xx'
  }): void
}

/** An empty tally of requests. */
export function tally(): RequestTally {
  const durationsMillis: number[] = []
  let count = 0
  let errors4xx = 0
  let errors5xx = 0
  return {
    durationsMillis,
    get count() {
      return count
    },
    get errors4xx() {
      return errors4xx
    },
    get errors5xx() {
      return errors5xx
    },
    add({ durationMillis, outcome }) {
      count += 1
      if (durationMillis !== null) durationsMillis.push(durationMillis)
      if (outcome === '4xx') errors4xx += 1
      if (outcome === '5xx') errors5xx += 1
    },
  }
}

/** Counts and exact quantiles of one tally; quantiles are in milliseconds, and `null` if no duration can be trusted. */
export function summarizeRequests(counted: RequestTally): RequestNumbers {
  const sorted = Float64Array.from(counted.durationsMillis).sort()
  return {
    calls: counted.count,
    errors4xx: counted.errors4xx,
    errors5xx: counted.errors5xx,
    p50Millis: quantile(sorted, 0.5),
    p95Millis: quantile(sorted, 0.95),
    p99Millis: quantile(sorted, 0.99),
  }
}

function quantile(sorted: Float64Array, probability: number): number | null {
  if (sorted.length === 0) return null
  // To the nanosecond, which is what a span's times have.
  return Math.round(quantileOfSorted(sorted, probability) * 1e6) / 1e6
}
