import fc from 'fast-check'
import type {
  AnyValue,
  Attribute,
  EntityRef,
  Exemplar,
  LogRecord,
  Metric,
  MetricData,
  ResourceGroup,
  ResourceLogs,
  ResourceMetrics,
  ResourceSpans,
  Span,
} from '../model.ts'

// Anything the model can hold, the corners of every type more often than chance would.

const text = fc.oneof(
  { weight: 6, arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', minLength: 60, maxLength: 70 }) },
  { weight: 1, arbitrary: fc.constantFrom('__proto__', 'constructor', 'toString', 'NaN', '0') },
)
const uint32 = fc.oneof(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.constantFrom(0, 2 ** 32 - 1))
const int32 = fc.oneof(fc.integer(), fc.integer({ min: 0, max: 5 }))
const int64 = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.constantFrom(0n, -1n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n)),
)
const uint64 = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  fc.constantFrom(0n, 2n ** 53n + 1n, 2n ** 64n - 1n),
)
const double = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(0, -0, NaN, Infinity, -Infinity))
const nullableDouble = fc.option(double)
const number = fc.option(fc.oneof(int64, double))
const traceId = idOf(16)
const spanId = idOf(8)

function idOf(bytes: number): fc.Arbitrary<string> {
  const digits = fc
    .uint8Array({ minLength: bytes, maxLength: bytes })
    .map((id) => Buffer.from(id).toString('hex'))
  return fc.oneof(digits, fc.constant('')).map((id) => (/^0+$/.test(id) ? '' : id))
}

function listOf<T>(element: fc.Arbitrary<T>, maxLength = 3): fc.Arbitrary<T[]> {
  return fc.array(element, { maxLength })
}

const { attribute } = fc.letrec<{ value: AnyValue; attribute: Attribute }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.oneof(text, fc.boolean(), int64, double, fc.uint8Array({ maxLength: 9 }), fc.constant(null)),
    listOf(tie('value')).map((values) => ({ values })),
    listOf(tie('attribute')).map((entries) => ({ entries })),
  ),
  attribute: fc.record({ key: text, value: tie('value') }),
}))

const attributes = listOf(attribute)
const value = attribute.map((one) => one.value)

const span: fc.Arbitrary<Span> = fc.record({
  traceId,
  spanId,
  parentSpanId: spanId,
  traceState: text,
  flags: uint32,
  name: text,
  kind: int32,
  startNanos: uint64,
  endNanos: uint64,
  attributes,
  droppedAttributesCount: uint32,
  events: listOf(
    fc.record({ timeNanos: uint64, name: text, attributes, droppedAttributesCount: uint32 }),
  ),
  droppedEventsCount: uint32,
  links: listOf(
    fc.record({
      traceId,
      spanId,
      traceState: text,
      flags: uint32,
      attributes,
      droppedAttributesCount: uint32,
    }),
  ),
  droppedLinksCount: uint32,
  status: fc.record({ code: int32, message: text }),
})

const logRecord: fc.Arbitrary<LogRecord> = fc.record({
  timeNanos: uint64,
  observedTimeNanos: uint64,
  severityNumber: int32,
  severityText: text,
  body: value,
  attributes,
  droppedAttributesCount: uint32,
  flags: uint32,
  traceId,
  spanId,
  eventName: text,
})

const exemplar: fc.Arbitrary<Exemplar> = fc.record({
  filteredAttributes: attributes,
  timeNanos: uint64,
  value: number,
  traceId,
  spanId,
})

const point = { attributes, startNanos: uint64, timeNanos: uint64, flags: uint32 }
const numberPoint = fc.record({ ...point, value: number, exemplars: listOf(exemplar) })
const histogramPoint = fc.record({
  ...point,
  count: uint64,
  sum: nullableDouble,
  min: nullableDouble,
  max: nullableDouble,
  bucketCounts: listOf(uint64, 5),
  bounds: listOf(double, 5),
  exemplars: listOf(exemplar),
})
const buckets = fc.record({ offset: int32, counts: listOf(uint64, 5) })
const exponentialPoint = fc.record({
  ...point,
  count: uint64,
  sum: nullableDouble,
  min: nullableDouble,
  max: nullableDouble,
  scale: int32,
  zeroCount: uint64,
  zeroThreshold: double,
  positive: buckets,
  negative: buckets,
  exemplars: listOf(exemplar),
})
const summaryPoint = fc.record({
  ...point,
  count: uint64,
  sum: double,
  quantiles: listOf(fc.record({ quantile: double, value: double })),
})

const data: fc.Arbitrary<MetricData> = fc.oneof(
  fc.record({ type: fc.constant('none' as const) }),
  fc.record({ type: fc.constant('gauge' as const), points: listOf(numberPoint) }),
  fc.record({
    type: fc.constant('sum' as const),
    points: listOf(numberPoint),
    temporality: int32,
    isMonotonic: fc.boolean(),
  }),
  fc.record({
    type: fc.constant('histogram' as const),
    points: listOf(histogramPoint),
    temporality: int32,
  }),
  fc.record({
    type: fc.constant('exponentialHistogram' as const),
    points: listOf(exponentialPoint),
    temporality: int32,
  }),
  fc.record({ type: fc.constant('summary' as const), points: listOf(summaryPoint) }),
)

const metric: fc.Arbitrary<Metric> = fc.record({
  name: text,
  description: text,
  unit: text,
  metadata: attributes,
  data,
})

const entityRef: fc.Arbitrary<EntityRef> = fc.record({
  schemaUrl: text,
  type: text,
  idKeys: listOf(text),
  descriptionKeys: listOf(text),
})

function groupsOf<T>(item: fc.Arbitrary<T>): fc.Arbitrary<ResourceGroup<T>[]> {
  return listOf(
    fc.record({
      resource: fc.record(
        {
          attributes,
          droppedAttributesCount: uint32,
          entityRefs: fc.array(entityRef, { minLength: 1, maxLength: 3 }),
        },
        { requiredKeys: ['attributes', 'droppedAttributesCount'] },
      ),
      schemaUrl: text,
      scopes: listOf(
        fc.record({
          scope: fc.record({
            name: text,
            version: text,
            attributes,
            droppedAttributesCount: uint32,
          }),
          schemaUrl: text,
          items: listOf(item),
        }),
      ),
    }),
  )
}

export const arbitraryTraces: fc.Arbitrary<readonly ResourceSpans[]> = groupsOf(span)
export const arbitraryLogs: fc.Arbitrary<readonly ResourceLogs[]> = groupsOf(logRecord)
export const arbitraryMetrics: fc.Arbitrary<readonly ResourceMetrics[]> = groupsOf(metric)
