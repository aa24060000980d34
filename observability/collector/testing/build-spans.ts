import type {
  AnyValue,
  Attribute,
  HistogramPoint,
  Metric,
  NumberPoint,
  ResourceMetrics,
  ResourceSpans,
  Span,
} from '../../otlp/model.ts'
import { readAttribute, SpanKind } from '../../otlp/model.ts'
import { createSpanMetrics, type SpanMetrics } from '../span-metrics/span-metrics.ts'
import type { SpanMetricsConfig } from '../span-metrics/span-metrics-config.ts'

/** What tests of the span metrics share: telemetry in few words, and a clock that they set. */

export type TestAttributes = Readonly<Record<string, AnyValue>>

export function toAttributes(attributes: TestAttributes): readonly Attribute[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value }))
}

/** A server span of 11 ms; times are given in nanoseconds. */
export function createSpan(
  part: Partial<Omit<Span, 'attributes' | 'status'>> & {
    readonly attributes?: TestAttributes
    readonly statusCode?: number
    readonly durationNanos?: bigint
  } = {},
): Span {
  const { attributes = {}, statusCode = 0, durationNanos = 11_000_000n, ...rest } = part
  const startNanos = 1_700_000_000_000_000_000n
  return {
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    parentSpanId: '',
    traceState: '',
    flags: 0,
    name: '/ping',
    kind: SpanKind.server,
    startNanos,
    endNanos: startNanos + durationNanos,
    attributes: toAttributes(attributes),
    droppedAttributesCount: 0,
    events: [],
    droppedEventsCount: 0,
    links: [],
    droppedLinksCount: 0,
    status: { code: statusCode, message: '' },
    ...rest,
  }
}

export function createGroup(resource: TestAttributes, spans: readonly Span[]): ResourceSpans {
  const scope = { name: 'test', version: '', attributes: [], droppedAttributesCount: 0 }
  return {
    resource: { attributes: toAttributes(resource), droppedAttributesCount: 0 },
    schemaUrl: '',
    scopes: [{ scope, schemaUrl: '', items: spans }],
  }
}

/** The connector's defaults, without the dimension that is new at every start. */
export const plainConfig: SpanMetricsConfig = {
  namespace: 'traces.span.metrics',
  dimensions: [],
  callsDimensions: [],
  histogramDimensions: [],
  excludeDimensions: ['collector.instance.id'],
  histogram: { unit: 'ms', bounds: [2, 10, 100] },
  exemplarsMax: 0,
  flushIntervalMillis: 60_000,
  metricsExpirationNanos: 0n,
  seriesExpirationNanos: 0n,
  resourcesMax: 1000,
  resourceKeyAttributes: [],
  aggregationCardinalityLimit: 0,
  seriesMax: 1000,
  attributeCharsMax: 1_000_000,
}

/** Span metrics under a clock that stands at second 0 until it is moved. */
export function createTestMetrics(
  config: Partial<SpanMetricsConfig> = {},
): SpanMetrics & { setSeconds(seconds: number): void } {
  let nowNanos = 0n
  const metrics = createSpanMetrics(
    { ...plainConfig, ...config },
    { nowNanos: () => nowNanos },
    'instance-1',
  )
  return {
    ...metrics,
    setSeconds(seconds) {
      nowNanos = toNanos(seconds)
    },
  }
}

export function toNanos(seconds: number): bigint {
  return BigInt(seconds) * 1_000_000_000n
}

export function listMetrics(groups: readonly ResourceMetrics[]): readonly Metric[] {
  return groups.flatMap((group) => group.scopes.flatMap((scope) => scope.items))
}

/** All `calls` points, in the order of export. */
export function listCalls(groups: readonly ResourceMetrics[]): readonly NumberPoint[] {
  return listMetrics(groups).flatMap(({ data }) => (data.type === 'sum' ? data.points : []))
}

/** All `duration` points, in the order of export. */
export function listDurations(groups: readonly ResourceMetrics[]): readonly HistogramPoint[] {
  return listMetrics(groups).flatMap(({ data }) => (data.type === 'histogram' ? data.points : []))
}

/** Values of one attribute over points, in their order. */
export function listValues(
  points: readonly { readonly attributes: readonly Attribute[] }[],
  key: string,
): readonly (AnyValue | undefined)[] {
  return points.map((point) => readAttribute(point.attributes, key))
}
