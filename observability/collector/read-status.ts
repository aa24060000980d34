import type { CollectorBounds } from './bounds.ts'
import type { ReceivedCounts } from './counters.ts'
import type { ForwardStats } from './forward/forwarder.ts'
import type { InFlight } from './receive/in-flight.ts'
import type { SpanMetricsStats } from './span-metrics/span-metrics.ts'
import type { LooseLogs } from './store/loose-logs.ts'
import type { TraceStore } from './store/trace-store.ts'

/** How the collector fares: what `GET /api/status` answers. Counts are since the start. */
export type CollectorStatus = ReceivedCounts & {
  /** What the page is called. */
  readonly title: string
  readonly version: string
  readonly startTime: string
  readonly uptimeSeconds: number
  readonly inFlight: { readonly requests: number; readonly bytes: number }
  /** There now. `looseLogRecords` belong to no trace; `bytes` is an estimate. */
  readonly stored: StoredCounts & { readonly bytes: number }
  /** Gone to make room. */
  readonly evicted: StoredCounts
  /** Never stored, because their trace was full. */
  readonly overTraceMax: { readonly spans: number; readonly logRecords: number }
  /** Spans sent again by a sender that lost our answer, or earlier states of stored spans. */
  readonly duplicateSpans: number
  readonly duplicateLogRecords: number
  /** How often `DELETE /api/traces` was asked. */
  readonly emptied: number
  readonly spanMetrics: SpanMetricsStats
  readonly forward: ForwardStats | null
  readonly bounds: CollectorBounds
  readonly memory: {
    readonly rssBytes: number
    readonly heapUsedBytes: number
    readonly externalBytes: number
  }
}

type StoredCounts = {
  readonly traces: number
  readonly spans: number
  readonly logRecords: number
  readonly looseLogRecords: number
}

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
