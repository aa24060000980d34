import type { AnyValue, Attribute } from '../../../otlp/model.ts'

/** One value of a series' key: text, or `undefined` where the span lacks the dimension. */
export type KeyPart = string | undefined

/** A measured span that a point refers to. */
export type SpanExemplar = {
  readonly traceId: string
  readonly spanId: string
  /** The duration, in the unit of the histogram. */
  readonly value: number
  readonly seenNanos: bigint
}

/**
 * What has been counted for one combination of attributes since `startNanos`.
 *
 * Changed in place: it is the only thing that a span of a known series touches.
 */
export type Series = {
  readonly path: readonly KeyPart[]
  readonly attributes: readonly Attribute[]
  /** Characters that this series holds on to. */
  readonly chars: number
  readonly startNanos: bigint
  lastSeenNanos: bigint
  count: number
  /** In the unit of the histogram. */
  sum: number
  /** Per bucket, not cumulative; `undefined` where no histogram is kept. Doubles count to 2^53. */
  readonly buckets: Float64Array | undefined
  /** Of the current flush interval, in order of arrival. */
  exemplars: SpanExemplar[]
  /** Of the last interval that had any: what a scrape sees between a flush and the next span. */
  previousExemplars: readonly SpanExemplar[]
  /** Whether no flush has shown this series yet. */
  isNew: boolean
}

/**
 * A series without spans.
 *
 * @param bucketCount 0 if no histogram is kept.
 * @param nowNanos Becomes its start.
 */
export function createSeries(
  path: readonly KeyPart[],
  attributes: readonly Attribute[],
  bucketCount: number,
  nowNanos: bigint,
): Series {
  return {
    path,
    attributes,
    chars: countChars(attributes),
    startNanos: nowNanos,
    lastSeenNanos: nowNanos,
    count: 0,
    sum: 0,
    buckets: bucketCount > 0 ? new Float64Array(bucketCount) : undefined,
    exemplars: [],
    previousExemplars: [],
    isNew: true,
  }
}

/** Characters, or bytes, that these attributes keep in memory; what small values weigh is left out. */
export function countChars(attributes: readonly Attribute[]): number {
  let chars = 0
  for (const { key, value } of attributes) chars += key.length + countValueChars(value)
  return chars
}

function countValueChars(value: AnyValue): number {
  if (typeof value === 'string' || value instanceof Uint8Array) return value.length
  if (value === null || typeof value !== 'object') return 8
  if ('entries' in value) return countChars(value.entries)
  let chars = 0
  for (const item of value.values) chars += 8 + countValueChars(item)
  return chars
}

/** The first bucket whose bound is not below the value: bounds are inclusive, as Prometheus' `le`. */
export function findBucket(bounds: Float64Array, value: number): number {
  let low = 0
  let high = bounds.length
  while (low < high) {
    const middle = (low + high) >>> 1
    // Within 0 ≤ middle < length, so never undefined; the fallback only tells the compiler so.
    if ((bounds[middle] ?? Number.POSITIVE_INFINITY) >= value) high = middle
    else low = middle + 1
  }
  return low
}
