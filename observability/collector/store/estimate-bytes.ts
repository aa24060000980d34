import type { AnyValue, Attribute, LogRecord, Span } from '../../otlp/model.ts'
import type { SourceContent } from './source-pool.ts'

// What an object costs in V8 on a 64-bit machine, without pointer compression: a header
// of three words and a word per field. Rounded up, so that a bound in estimated bytes is
// not passed by the real ones; `benchmarks/collector.ts` measures how near it is.
const spanBytes = 24 + 17 * 8 + 2 * 24 + 40 + 3 * 16 // with two bigints, its status and three lists
const logRecordBytes = 24 + 11 * 8 + 2 * 24 + 16
const eventBytes = 24 + 4 * 8 + 24 + 16
const linkBytes = 24 + 6 * 8 + 16
const attributeBytes = 24 + 2 * 8 + 8
const listBytes = 24 + 8 + 16

/** Bytes that holding a span costs, but for its resource and scope, which spans share. */
export function estimateSpanBytes(span: Span): number {
  let bytes = spanBytes
  bytes += estimateStringBytes(span.traceId) + estimateStringBytes(span.spanId)
  bytes += estimateStringBytes(span.parentSpanId) + estimateStringBytes(span.traceState)
  bytes += estimateStringBytes(span.name) + estimateStringBytes(span.status.message)
  bytes += estimateAttributesBytes(span.attributes)
  for (const event of span.events) {
    bytes +=
      eventBytes + estimateStringBytes(event.name) + estimateAttributesBytes(event.attributes)
  }
  for (const link of span.links) {
    bytes += linkBytes + estimateStringBytes(link.traceId) + estimateStringBytes(link.spanId)
    bytes += estimateStringBytes(link.traceState) + estimateAttributesBytes(link.attributes)
  }
  return bytes
}

export function estimateLogRecordBytes(record: LogRecord): number {
  let bytes = logRecordBytes
  bytes += estimateStringBytes(record.traceId) + estimateStringBytes(record.spanId)
  bytes += estimateStringBytes(record.severityText) + estimateStringBytes(record.eventName)
  return bytes + estimateValueBytes(record.body) + estimateAttributesBytes(record.attributes)
}

export function estimateSourceBytes(source: SourceContent): number {
  const { resource, scope } = source
  let bytes = 4 * listBytes
  bytes += estimateAttributesBytes(resource.attributes) + estimateAttributesBytes(scope.attributes)
  bytes += estimateStringBytes(source.resourceSchemaUrl) + estimateStringBytes(scope.name)
  return bytes + estimateStringBytes(source.scopeSchemaUrl) + estimateStringBytes(scope.version)
}

function estimateAttributesBytes(attributes: readonly Attribute[]): number {
  let bytes = 0
  for (const { key, value } of attributes) {
    bytes += attributeBytes + estimateStringBytes(key) + estimateValueBytes(value)
  }
  return bytes
}

function estimateValueBytes(value: AnyValue): number {
  if (typeof value === 'string') return estimateStringBytes(value)
  if (typeof value === 'bigint') return 24
  if (typeof value === 'number') return 16
  if (value === null || typeof value === 'boolean') return 0
  if (value instanceof Uint8Array) return 160 + value.length
  let bytes = listBytes
  if ('entries' in value) return bytes + estimateAttributesBytes(value.entries)
  for (const item of value.values) bytes += 8 + estimateValueBytes(item)
  return bytes
}

/** One byte a character: text in other scripts takes two, and telemetry is mostly names. */
function estimateStringBytes(text: string): number {
  return text.length === 0 ? 0 : 16 + ((text.length + 7) & ~7)
}
