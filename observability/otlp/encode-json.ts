import type { ResourceLogs, ResourceMetrics, ResourceSpans } from './model.ts'
import { groupNames } from './shared/group-names.ts'
import { renderGroups } from './to-json/groups.ts'
import { renderLogRecord } from './to-json/log-record.ts'
import { renderMetric } from './to-json/metric.ts'
import { renderSpan } from './to-json/span.ts'

// OTLP/JSON as any receiver reads it: ids in lower-case hex, 64-bit integers as
// strings, enums by number, fields with their default left out. What comes out parses
// to what went in, -0 and NaN included.

/** An `ExportTraceServiceRequest`; `{}` when there are no groups. */
export function encodeTracesJson(groups: readonly ResourceSpans[]): string {
  return JSON.stringify(renderGroups(groups, groupNames.traces, renderSpan))
}

/** An `ExportLogsServiceRequest`; `{}` when there are no groups. */
export function encodeLogsJson(groups: readonly ResourceLogs[]): string {
  return JSON.stringify(renderGroups(groups, groupNames.logs, renderLogRecord))
}

/** An `ExportMetricsServiceRequest`; `{}` when there are no groups. */
export function encodeMetricsJson(groups: readonly ResourceMetrics[]): string {
  return JSON.stringify(renderGroups(groups, groupNames.metrics, renderMetric))
}
