import protobuf from 'protobufjs'
import type {
  AnyValue,
  Attribute,
  Exemplar,
  LogRecord,
  Metric,
  MetricData,
  ResourceGroup,
  Span,
} from '../model.ts'

// The model written with protobufjs and the field names of the .proto, so that the
// decoders are checked against an encoder that shares nothing with them.

const root = protobuf.loadSync(new URL('./fixtures/otlp.proto', import.meta.url).pathname)

export const tracesType = root.lookupType('otlp.ExportTraceServiceRequest')
export const logsType = root.lookupType('otlp.ExportLogsServiceRequest')
export const metricsType = root.lookupType('otlp.ExportMetricsServiceRequest')

type Message = { readonly [field: string]: unknown }

export function encodeTracesByProtobufjs(groups: readonly ResourceGroup<Span>[]): Uint8Array {
  return encode(tracesType, { resourceSpans: toGroups(groups, 'scopeSpans', 'spans', toSpan) })
}

export function encodeLogsByProtobufjs(groups: readonly ResourceGroup<LogRecord>[]): Uint8Array {
  const resourceLogs = toGroups(groups, 'scopeLogs', 'logRecords', toLogRecord)
  return encode(logsType, { resourceLogs })
}

export function encodeMetricsByProtobufjs(groups: readonly ResourceGroup<Metric>[]): Uint8Array {
  const resourceMetrics = toGroups(groups, 'scopeMetrics', 'metrics', toMetric)
  return encode(metricsType, { resourceMetrics })
}

function encode(type: protobuf.Type, message: Message): Uint8Array {
  return type.encode(type.fromObject(message)).finish()
}

function toGroups<T>(
  groups: readonly ResourceGroup<T>[],
  scopes: string,
  items: string,
  toItem: (item: T) => Message,
): readonly Message[] {
  return groups.map((group) => ({
    resource: { ...group.resource, attributes: group.resource.attributes.map(toAttribute) },
    [scopes]: group.scopes.map((scopeGroup) => ({
      scope: { ...scopeGroup.scope, attributes: scopeGroup.scope.attributes.map(toAttribute) },
      [items]: scopeGroup.items.map(toItem),
      schemaUrl: scopeGroup.schemaUrl,
    })),
    schemaUrl: group.schemaUrl,
  }))
}

function toAttribute({ key, value }: Attribute): Message {
  return { key, value: toAnyValue(value) }
}

function toAnyValue(value: AnyValue): Message {
  if (value === null) return {}
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  if (typeof value === 'bigint') return { intValue: String(value) }
  if (typeof value === 'number') return { doubleValue: value }
  if (value instanceof Uint8Array) return { bytesValue: value }
  if ('values' in value) return { arrayValue: { values: value.values.map(toAnyValue) } }
  return { kvlistValue: { values: value.entries.map(toAttribute) } }
}

function toId(hex: string): Uint8Array {
  return Buffer.from(hex, 'hex')
}

function toSpan(span: Span): Message {
  return {
    ...span,
    traceId: toId(span.traceId),
    spanId: toId(span.spanId),
    parentSpanId: toId(span.parentSpanId),
    startTimeUnixNano: String(span.startNanos),
    endTimeUnixNano: String(span.endNanos),
    attributes: span.attributes.map(toAttribute),
    events: span.events.map((event) => ({
      ...event,
      timeUnixNano: String(event.timeNanos),
      attributes: event.attributes.map(toAttribute),
    })),
    links: span.links.map((link) => ({
      ...link,
      traceId: toId(link.traceId),
      spanId: toId(link.spanId),
      attributes: link.attributes.map(toAttribute),
    })),
  }
}

function toLogRecord(record: LogRecord): Message {
  return {
    ...record,
    timeUnixNano: String(record.timeNanos),
    observedTimeUnixNano: String(record.observedTimeNanos),
    body: toAnyValue(record.body),
    attributes: record.attributes.map(toAttribute),
    traceId: toId(record.traceId),
    spanId: toId(record.spanId),
  }
}

function toMetric(metric: Metric): Message {
  const { name, description, unit } = metric
  const metadata = metric.metadata.map(toAttribute)
  return { name, description, unit, metadata, ...toData(metric.data) }
}

function toData(data: MetricData): Message {
  if (data.type === 'none') return {}
  return {
    [data.type]: {
      dataPoints: data.points.map(toPoint),
      ...('temporality' in data && { aggregationTemporality: data.temporality }),
      ...('isMonotonic' in data && { isMonotonic: data.isMonotonic }),
    },
  }
}

type AnyPoint = Exclude<MetricData, { type: 'none' }>['points'][number]

function toPoint(point: AnyPoint): Message {
  return {
    attributes: point.attributes.map(toAttribute),
    startTimeUnixNano: String(point.startNanos),
    timeUnixNano: String(point.timeNanos),
    flags: point.flags,
    ...('exemplars' in point && { exemplars: point.exemplars.map(toExemplar) }),
    ...('value' in point && toNumber(point.value)),
    ...('count' in point && { count: String(point.count), sum: point.sum }),
    ...('min' in point && { min: point.min, max: point.max }),
    ...('bounds' in point && {
      bucketCounts: point.bucketCounts.map(String),
      explicitBounds: point.bounds,
    }),
    ...('scale' in point && {
      scale: point.scale,
      zeroCount: String(point.zeroCount),
      zeroThreshold: point.zeroThreshold,
      positive: { ...point.positive, bucketCounts: point.positive.counts.map(String) },
      negative: { ...point.negative, bucketCounts: point.negative.counts.map(String) },
    }),
    ...('quantiles' in point && { quantileValues: point.quantiles }),
  }
}

function toExemplar(exemplar: Exemplar): Message {
  return {
    filteredAttributes: exemplar.filteredAttributes.map(toAttribute),
    timeUnixNano: String(exemplar.timeNanos),
    ...toNumber(exemplar.value),
    traceId: toId(exemplar.traceId),
    spanId: toId(exemplar.spanId),
  }
}

function toNumber(value: bigint | number | null): Message {
  if (value === null) return {}
  return typeof value === 'bigint' ? { asInt: String(value) } : { asDouble: value }
}
