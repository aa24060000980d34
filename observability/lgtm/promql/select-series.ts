import { knownLabels, type Labels, type SpanSeries } from '../spans/span-series.ts'
import type { Expression, Matcher } from './parse-promql.ts'

/** One value, and what it was made of where that is known. */
export type Element = {
  readonly labels: Labels
  readonly value: number
  /** Of all spans in it, where it counts them by bucket; a quantile of them is exact. */
  readonly durationsSeconds?: readonly number[]
  /** Where the value is one of several that would do, the least and the greatest of them. */
  readonly limits?: readonly [number, number]
}

export type Vector = readonly Element[]

/** Of `docs/telemetry.md`, in seconds, and without the last one, which is infinite. */
export const boundsSeconds = [
  0.0005, 0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2,
  0.3, 0.5, 0.75, 1, 2.5, 5, 10,
] as const

/**
 * What was added to each series that a selector means, over a window that all of it falls in.
 *
 * @throws Error when the series or a label is not one of the span metrics.
 */
export function selectIncreases(
  { name, matchers }: Extract<Expression, { type: 'matrixSelector' }>,
  spans: readonly SpanSeries[],
): Vector {
  const own = matchers.filter((it) => it.name !== '__name__')
  assertKnown(own.map((it) => it.name))
  const matching = spans.filter(({ labels }) => own.every((it) => matches(it, labels)))
  switch (name) {
    case 'traces_spanmetrics_calls_total':
    case 'traces_spanmetrics_latency_count':
      return matching.map(({ labels, durationsSeconds }) => ({
        labels,
        value: durationsSeconds.length,
      }))
    case 'traces_spanmetrics_latency_sum':
      return matching.map(({ labels, durationsSeconds }) => ({
        labels,
        value: sum(durationsSeconds),
      }))
    case 'traces_spanmetrics_latency_bucket':
      return matching.flatMap((one) => fillBuckets(one))
    default:
      throw new Error(`${name}: expected a series of the span metrics`)
  }
}

/** @throws Error that names the first label that no series has. */
export function assertKnown(labels: readonly string[]): void {
  const unknown = labels.find((name) => !knownLabels.has(name) && name !== 'le')
  if (unknown !== undefined) throw new Error(`${unknown}: expected a label of the span metrics`)
}

/** Whether labels are what a matcher means; an absent label is an empty one. */
export function matches({ name, type, value }: Matcher, labels: Labels): boolean {
  const actual = labels[name] ?? ''
  const isRegex = type.endsWith('~')
  const isMatch = isRegex ? new RegExp(`^(?:${value})$`, 'su').test(actual) : actual === value
  return type.startsWith('!') ? !isMatch : isMatch
}

function fillBuckets({ labels, durationsSeconds }: SpanSeries): Vector {
  const finite = boundsSeconds.map((bound) => ({
    labels: { ...labels, le: String(bound) },
    value: durationsSeconds.filter((it) => it <= bound).length,
  }))
  const infinite = {
    labels: { ...labels, le: '+Inf' },
    value: durationsSeconds.length,
    durationsSeconds,
  }
  return [...finite, infinite]
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
