import { parseGroups } from './from-json/groups.ts'
import { parseJsonText } from './from-json/json-text.ts'
import { parseLogRecord } from './from-json/log-record.ts'
import { parseMetric } from './from-json/metric.ts'
import { parseSpan } from './from-json/span.ts'
import type { ResourceLogs, ResourceMetrics, ResourceSpans } from './model.ts'
import { groupNames } from './shared/group-names.ts'

// OTLP/JSON, by the rules of the OTLP 1.11 specification, section "JSON Protobuf
// Encoding": lowerCamelCase names, ids in hex, enums by number. Beyond it, what the
// JSON mapping of protobuf allows a reader is allowed: enums by name, 64-bit integers
// as numbers, `null` for an absent field, both base64 alphabets, and the .proto's own
// snake_case names, which OTLP/JSON forbids and the Collector takes. Unknown fields are
// ignored.

/**
 * Spans of an `ExportTraceServiceRequest`, as the file exporter writes them or a sender posts them.
 *
 * @throws DecodeError naming the first field that is not what the .proto says.
 */
export function parseTracesJson(text: string): readonly ResourceSpans[] {
  return parseGroups(parseJsonText(text), groupNames.traces, parseSpan)
}

/**
 * Log records of an `ExportLogsServiceRequest`.
 *
 * @throws DecodeError naming the first field that is not what the .proto says.
 */
export function parseLogsJson(text: string): readonly ResourceLogs[] {
  return parseGroups(parseJsonText(text), groupNames.logs, parseLogRecord)
}

/**
 * Metrics of an `ExportMetricsServiceRequest`.
 *
 * @throws DecodeError naming the first field that is not what the .proto says.
 */
export function parseMetricsJson(text: string): readonly ResourceMetrics[] {
  return parseGroups(parseJsonText(text), groupNames.metrics, parseMetric)
}
