import { readGroups } from './from-protobuf/groups.ts'
import { readLogRecord } from './from-protobuf/log-record.ts'
import { readMetric } from './from-protobuf/metric.ts'
import { readSpan } from './from-protobuf/span.ts'
import type { ReceivedMetric, ResourceGroup, ResourceLogs, ResourceSpans } from './model.ts'
import { groupNames } from './shared/group-names.ts'

// By opentelemetry-proto 1.11 and the rules of the protobuf encoding: fields in any
// order, the last of several scalars wins, several messages in a singular field are
// merged, numbers packed or not, unknown fields of any type skipped. Stricter than
// protobuf asks: a known field of another wire type is an error and not an unknown
// field, for silently lost data is worse than a refused request. More lenient: text
// that is not UTF-8 (see `readText`).

/**
 * Spans of an `ExportTraceServiceRequest`.
 *
 * @throws DecodeError naming the field, by its JSON name, and the byte where reading stopped.
 */
export function parseTracesProtobuf(bytes: Uint8Array): readonly ResourceSpans[] {
  return readGroups(bytes, groupNames.traces, readSpan)
}

/**
 * Log records of an `ExportLogsServiceRequest`.
 *
 * @throws DecodeError naming the field, by its JSON name, and the byte where reading stopped.
 */
export function parseLogsProtobuf(bytes: Uint8Array): readonly ResourceLogs[] {
  return readGroups(bytes, groupNames.logs, readLogRecord)
}

/**
 * Metrics of an `ExportMetricsServiceRequest`, of each what `ReceivedMetric` has.
 *
 * @throws DecodeError naming the field, by its JSON name, and the byte where reading stopped.
 */
export function parseMetricsProtobuf(bytes: Uint8Array): readonly ResourceGroup<ReceivedMetric>[] {
  return readGroups(bytes, groupNames.metrics, readMetric)
}
