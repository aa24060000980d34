import type { CollectorStatus, ForwardStats, ReceivedCounts } from '../../wire/status.ts'
import type { CollectorBounds } from '../bounds.ts'
import type { InFlight } from '../receive/in-flight.ts'
import type { SpanMetricsStats } from '../span-metrics/span-metrics.ts'
import type { LooseLogs } from '../store/loose-logs.ts'
import type { TraceStore } from '../store/trace-store.ts'

/** Puts together what `GET /api/status` answers. */
export function readStatus(parts: {
  readonly title: string
  readonly version: string
  readonly startedMillis: number
  readonly nowMillis: number
  readonly received: ReceivedCounts
  readonly inFlight: InFlight
  readonly traces: TraceStore
  readonly looseLogs: LooseLogs
  readonly spanMetrics: SpanMetricsStats
  readonly forward: ForwardStats | undefined
  readonly bounds: CollectorBounds
}): CollectorStatus {
  const { evicted, overTraceMax, duplicateSpans, duplicateLogRecords, emptied, ...stored } =
    parts.traces.stats()
  const loose = parts.looseLogs.stats()
  const { rss, heapUsed, external } = process.memoryUsage()
  return {
    title: parts.title,
    version: parts.version,
    startTime: new Date(parts.startedMillis).toISOString(),
    uptimeSeconds: (parts.nowMillis - parts.startedMillis) / 1_000,
    ...parts.received,
    inFlight: { requests: parts.inFlight.requests, bytes: parts.inFlight.bytes },
    stored: {
      ...stored,
      looseLogRecords: loose.logRecords,
      bytes: stored.bytes + loose.bytes,
    },
    evicted: { ...evicted, looseLogRecords: loose.evicted },
    overTraceMax,
    duplicateSpans,
    duplicateLogRecords: duplicateLogRecords + loose.duplicates,
    emptied,
    spanMetrics: parts.spanMetrics,
    forward: parts.forward ?? null,
    bounds: parts.bounds,
    memory: { rssBytes: rss, heapUsedBytes: heapUsed, externalBytes: external },
  }
}
