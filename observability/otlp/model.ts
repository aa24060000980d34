/**
 * OTLP as the watcher holds it: one model, whatever the encoding on the wire was.
 *
 * Field names follow opentelemetry-proto 1.11. Ids are lower-case hex; one of only
 * zeros, which the specification calls invalid, is empty like an absent one. Times are
 * nanoseconds since the Unix epoch as `bigint`, so that no digit is lost.
 */

/**
 * A value of an attribute. The JavaScript type says which OTLP type it was, because
 * "200" and 200 are a difference worth seeing: `bigint` is an int, `number` a double.
 * `null` is a value that was sent empty. Tell bytes apart before looking for a list:
 * `'values' in value` is also true of a `Uint8Array`.
 */
export type AnyValue =
  | string
  | boolean
  | bigint
  | number
  | Uint8Array
  | ArrayValue
  | KeyValueList
  | null

/** A list as the value of an attribute; its elements may have different types. */
export type ArrayValue = { readonly values: readonly AnyValue[] }
/** A map as the value of an attribute. */
export type KeyValueList = { readonly entries: readonly Attribute[] }

/** A list and not an object: order is kept and `__proto__` is a key like any other. */
export type Attribute = { readonly key: string; readonly value: AnyValue }

/** What sent something: a process, a function, a host. */
export type Resource = {
  readonly attributes: readonly Attribute[]
  readonly droppedAttributesCount: number
  /** Which of the attributes describe which entity; absent when none does. */
  readonly entityRefs?: readonly EntityRef[]
}

/** Names the attributes of a resource that together identify and describe one entity. */
export type EntityRef = {
  readonly schemaUrl: string
  /** Such as `service` or `host`. */
  readonly type: string
  /** Keys of the resource's attributes. */
  readonly idKeys: readonly string[]
  readonly descriptionKeys: readonly string[]
}

/** The library that made the spans or records; OpenTelemetry calls it instrumentation scope. */
export type Scope = {
  readonly name: string
  readonly version: string
  readonly attributes: readonly Attribute[]
  readonly droppedAttributesCount: number
}

/** Spans, log records or metrics of one resource, grouped by instrumentation scope. */
export type ResourceGroup<T> = {
  readonly resource: Resource
  readonly schemaUrl: string
  readonly scopes: readonly ScopeGroup<T>[]
}

/** What one scope of a resource sent. */
export type ScopeGroup<T> = {
  readonly scope: Scope
  readonly schemaUrl: string
  readonly items: readonly T[]
}

/** `SPAN_KIND_*` by its number in the .proto; any other number is kept as it came. */
export const SpanKind = {
  unspecified: 0,
  internal: 1,
  server: 2,
  client: 3,
  producer: 4,
  consumer: 5,
} as const

/** `STATUS_CODE_*` by its number in the .proto. */
export const StatusCode = { unset: 0, ok: 1, error: 2 } as const

/** One operation, with its beginning and its end. */
export type Span = {
  /** 32 hex digits; empty when the sender left it out. */
  readonly traceId: string
  /** 16 hex digits; empty when the sender left it out. */
  readonly spanId: string
  /** 16 hex digits; empty for a root. */
  readonly parentSpanId: string
  readonly traceState: string
  readonly flags: number
  readonly name: string
  readonly kind: number
  readonly startNanos: bigint
  readonly endNanos: bigint
  readonly attributes: readonly Attribute[]
  readonly droppedAttributesCount: number
  readonly events: readonly SpanEvent[]
  readonly droppedEventsCount: number
  readonly links: readonly SpanLink[]
  readonly droppedLinksCount: number
  readonly status: { readonly code: number; readonly message: string }
}

/** Something that happened at one moment of a span. */
export type SpanEvent = {
  readonly timeNanos: bigint
  readonly name: string
  readonly attributes: readonly Attribute[]
  readonly droppedAttributesCount: number
}

/** Names a span, mostly of another trace, that led to this one. */
export type SpanLink = {
  readonly traceId: string
  readonly spanId: string
  readonly traceState: string
  readonly flags: number
  readonly attributes: readonly Attribute[]
  readonly droppedAttributesCount: number
}

/** One log record. Its ids are empty if it belongs to no span, its times 0 if the sender left them out. */
export type LogRecord = {
  readonly timeNanos: bigint
  readonly observedTimeNanos: bigint
  readonly severityNumber: number
  readonly severityText: string
  readonly body: AnyValue
  readonly attributes: readonly Attribute[]
  readonly droppedAttributesCount: number
  readonly flags: number
  readonly traceId: string
  readonly spanId: string
  readonly eventName: string
}

/** All points of one instrument. */
export type Metric = {
  readonly name: string
  readonly description: string
  readonly unit: string
  readonly metadata: readonly Attribute[]
  readonly data: MetricData
}

/** The points, by the kind of the metric. `none`: the sender gave no data, or a kind that is not known here. */
export type MetricData =
  | { readonly type: 'none' }
  | { readonly type: 'gauge'; readonly points: readonly NumberPoint[] }
  | {
      readonly type: 'sum'
      readonly points: readonly NumberPoint[]
      readonly temporality: number
      readonly isMonotonic: boolean
    }
  | {
      readonly type: 'histogram'
      readonly points: readonly HistogramPoint[]
      readonly temporality: number
    }
  | {
      readonly type: 'exponentialHistogram'
      readonly points: readonly ExponentialHistogramPoint[]
      readonly temporality: number
    }
  | { readonly type: 'summary'; readonly points: readonly SummaryPoint[] }

/** `AGGREGATION_TEMPORALITY_*` by its number in the .proto. */
export const Temporality = { unspecified: 0, delta: 1, cumulative: 2 } as const

type Point = {
  readonly attributes: readonly Attribute[]
  readonly startNanos: bigint
  readonly timeNanos: bigint
  readonly flags: number
}

/** A point of a gauge or a sum. */
export type NumberPoint = Point & {
  /** `bigint` when sent as int, `number` when sent as double, `null` when sent without a value. */
  readonly value: bigint | number | null
  readonly exemplars: readonly Exemplar[]
}

/** A point of a histogram with fixed buckets. */
export type HistogramPoint = Point & {
  readonly count: bigint
  readonly sum: number | null
  readonly min: number | null
  readonly max: number | null
  /** One longer than `bounds`, or both empty. */
  readonly bucketCounts: readonly bigint[]
  /** Inclusive upper bounds, ascending. */
  readonly bounds: readonly number[]
  readonly exemplars: readonly Exemplar[]
}

/** A point of a histogram whose buckets grow by the factor 2^(2^−scale). */
export type ExponentialHistogramPoint = Point & {
  readonly count: bigint
  readonly sum: number | null
  readonly min: number | null
  readonly max: number | null
  readonly scale: number
  readonly zeroCount: bigint
  readonly zeroThreshold: number
  readonly positive: ExponentialBuckets
  readonly negative: ExponentialBuckets
  readonly exemplars: readonly Exemplar[]
}

/** Counts of consecutive buckets; `offset` is the index of the first. */
export type ExponentialBuckets = { readonly offset: number; readonly counts: readonly bigint[] }

/** A point of a summary: quantiles that the sender computed, 0 to 1. */
export type SummaryPoint = Point & {
  readonly count: bigint
  readonly sum: number
  readonly quantiles: readonly { readonly quantile: number; readonly value: number }[]
}

/** A single measurement behind a point, with the span in which it was made. */
export type Exemplar = {
  readonly filteredAttributes: readonly Attribute[]
  readonly timeNanos: bigint
  readonly value: bigint | number | null
  readonly traceId: string
  readonly spanId: string
}

/**
 * A metric that was sent to us, as far as anybody asks for it: of its points the last values, without
 * buckets, quantiles and exemplars. Every `Metric` is one.
 */
export type ReceivedMetric = Pick<Metric, 'name' | 'description' | 'unit'> & {
  readonly data:
    | { readonly type: 'none' }
    | { readonly type: 'gauge'; readonly points: readonly ReceivedNumberPoint[] }
    | {
        readonly type: 'sum'
        readonly points: readonly ReceivedNumberPoint[]
        readonly temporality: number
        readonly isMonotonic: boolean
      }
    | {
        readonly type: 'histogram'
        readonly points: readonly CountedPoint[]
        readonly temporality: number
      }
    | {
        readonly type: 'exponentialHistogram'
        readonly points: readonly CountedPoint[]
        readonly temporality: number
      }
    | { readonly type: 'summary'; readonly points: readonly CountedPoint[] }
}

/** A point of a gauge or a sum, without what is not kept of received metrics. */
export type ReceivedNumberPoint = Omit<NumberPoint, 'flags' | 'exemplars'>

/** A point of a histogram or a summary. */
export type CountedPoint = Omit<Point, 'flags'> & {
  readonly count: bigint
  readonly sum: number | null
}

/** Spans of one resource, as requests carry them. */
export type ResourceSpans = ResourceGroup<Span>
/** Log records of one resource, as requests carry them. */
export type ResourceLogs = ResourceGroup<LogRecord>
/** Metrics of one resource, as requests carry them. */
export type ResourceMetrics = ResourceGroup<Metric>

/** The value of the first attribute of that key, or `undefined` when there is none. */
export function readAttribute(attributes: readonly Attribute[], key: string): AnyValue | undefined {
  for (const attribute of attributes) if (attribute.key === key) return attribute.value
  return undefined
}
