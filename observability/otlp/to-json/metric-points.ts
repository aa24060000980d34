import type {
  Exemplar,
  ExponentialBuckets,
  ExponentialHistogramPoint,
  HistogramPoint,
  NumberPoint,
  SummaryPoint,
} from '../model.ts'
import { renderAttributes } from './any-value.ts'
import {
  type JsonValue,
  nullableDouble,
  optionalBigInt,
  optionalDouble,
  optionalList,
  optionalMessage,
  optionalNumber,
  optionalText,
  renderDouble,
} from './json-value.ts'

/** A `NumberDataPoint`; an int is text, as all 64-bit integers are. */
export function renderNumberPoint(point: NumberPoint): JsonValue {
  return {
    ...renderPoint(point),
    ...renderNumber(point.value),
    exemplars: optionalList(point.exemplars, renderExemplar),
  }
}

/** A `HistogramDataPoint`; `sum`, `min` and `max` are left out if they are `null`. */
export function renderHistogramPoint(point: HistogramPoint): JsonValue {
  return {
    ...renderPoint(point),
    count: optionalBigInt(point.count),
    sum: nullableDouble(point.sum),
    bucketCounts: optionalList(point.bucketCounts, String),
    explicitBounds: optionalList(point.bounds, renderDouble),
    exemplars: optionalList(point.exemplars, renderExemplar),
    min: nullableDouble(point.min),
    max: nullableDouble(point.max),
  }
}

/** An `ExponentialHistogramDataPoint`; `sum`, `min` and `max` are left out if they are `null`. */
export function renderExponentialPoint(point: ExponentialHistogramPoint): JsonValue {
  return {
    ...renderPoint(point),
    count: optionalBigInt(point.count),
    sum: nullableDouble(point.sum),
    scale: optionalNumber(point.scale),
    zeroCount: optionalBigInt(point.zeroCount),
    positive: renderBuckets(point.positive),
    negative: renderBuckets(point.negative),
    exemplars: optionalList(point.exemplars, renderExemplar),
    min: nullableDouble(point.min),
    max: nullableDouble(point.max),
    zeroThreshold: optionalDouble(point.zeroThreshold),
  }
}

/** A `SummaryDataPoint`. */
export function renderSummaryPoint(point: SummaryPoint): JsonValue {
  return {
    ...renderPoint(point),
    count: optionalBigInt(point.count),
    sum: optionalDouble(point.sum),
    quantileValues: optionalList(point.quantiles, ({ quantile, value }) => ({
      quantile: optionalDouble(quantile),
      value: optionalDouble(value),
    })),
  }
}

function renderPoint(
  point: NumberPoint | HistogramPoint | ExponentialHistogramPoint | SummaryPoint,
) {
  return {
    attributes: renderAttributes(point.attributes),
    startTimeUnixNano: optionalBigInt(point.startNanos),
    timeUnixNano: optionalBigInt(point.timeNanos),
    flags: optionalNumber(point.flags),
  }
}

function renderBuckets({ offset, counts }: ExponentialBuckets): JsonValue | undefined {
  return optionalMessage({
    offset: optionalNumber(offset),
    bucketCounts: optionalList(counts, String),
  })
}

function renderExemplar(exemplar: Exemplar): JsonValue {
  return {
    filteredAttributes: renderAttributes(exemplar.filteredAttributes),
    timeUnixNano: optionalBigInt(exemplar.timeNanos),
    ...renderNumber(exemplar.value),
    spanId: optionalText(exemplar.spanId),
    traceId: optionalText(exemplar.traceId),
  }
}

/** The field's name says the type, so a 0 is written too. */
function renderNumber(value: bigint | number | null): { readonly [name: string]: JsonValue } {
  if (value === null) return {}
  return typeof value === 'bigint' ? { asInt: value.toString() } : { asDouble: renderDouble(value) }
}
