import { encodeMetricsJson } from '../otlp/encode-json.ts'
import type { ResourceMetrics, ResourceSpans, Span } from '../otlp/model.ts'
import type { PartialSuccess } from '../otlp/response/encode-response.ts'
import type { CollectorBounds } from './bounds.ts'
import type { CollectorConfig } from './config/collector-config.ts'
import type { Forwarder } from './forward/forwarder.ts'
import type { ExportRequest } from './receive/decode-request.ts'
import { describeEmpty } from './receive/describe-empty.ts'
import { dropIncompleteSpans } from './receive/drop-incomplete.ts'
import type { WireRequest } from './receive/receiver.ts'
import type { RunCounts } from './runs/run-writer.ts'
import { renameMetrics } from './span-metrics/rename-metrics.ts'
import { createSpanMetrics, type SpanMetrics } from './span-metrics/span-metrics.ts'
import { type Counters, countItems } from './status/counters.ts'
import { type Arrivals, createArrivals } from './store/arrivals.ts'
import { createLastMetrics, type LastMetrics } from './store/last-metrics.ts'
import { createLooseLogs, type LooseLogs } from './store/loose-logs.ts'
import { createTraceStore, type TraceStore } from './store/trace-store.ts'

/** The way of a decoded request: into the store, the span metrics, and the forwarder. */
export type Pipeline = {
  accept(request: ExportRequest, wire: WireRequest): PartialSuccess | undefined
  /** The span metrics as they are now, renamed. */
  readMetrics(): readonly ResourceMetrics[]
  /** Ends an interval of the span metrics, and forwards them. */
  flush(): void
  readonly traces: TraceStore
  readonly looseLogs: LooseLogs
  /** Arrival numbers that both stores share. */
  readonly arrivals: Arrivals
  /** Those that services send. */
  readonly metrics: LastMetrics
  readonly spanMetrics: SpanMetrics
}

/** Builds the stores and the span metrics, all empty, with one numbering of arrivals. */
export function createPipeline(options: {
  readonly config: CollectorConfig
  readonly bounds: CollectorBounds
  readonly counters: Counters
  readonly forwarder: Forwarder | undefined
  readonly nowMillis: () => number
  /** Told of each request with spans or log records that was taken. Defaults to nobody. */
  readonly keep?: (wire: WireRequest, counts: RunCounts) => void
  /** Whether the span metrics count a span once for each time it was sent, as the Collector's do. Defaults to no. */
  readonly countsResends?: boolean
}): Pipeline {
  const { config, bounds, counters, forwarder, nowMillis, keep, countsResends = false } = options
  const arrivals = createArrivals()
  const traces = createTraceStore(bounds, nowMillis, arrivals)
  const looseLogs = createLooseLogs(bounds, nowMillis, arrivals)
  const metrics = createLastMetrics(bounds, nowMillis)
  const spanMetrics = createSpanMetrics(config.spanMetrics, {
    nowNanos: () => BigInt(nowMillis()) * 1_000_000n,
  })

  const acceptSpans = (
    request: ExportRequest & { signal: 'traces' },
    wire: WireRequest,
  ): readonly PartialSuccess[] => {
    const { groups, rejected } = dropIncompleteSpans(request.groups)
    const { unstored, sentAgain } = traces.addSpans(groups)
    spanMetrics.consume(countsResends ? groups : leaveOut(groups, sentAgain))
    counters.received(request, rejected)
    keep?.(wire, { spans: countItems(groups), logRecords: 0 })
    const { spansPerTraceMax, bytesPerTraceMax } = bounds
    const full = `a trace holds at most ${spansPerTraceMax} spans and ${bytesPerTraceMax} bytes`
    return [
      { rejected, message: `${rejected} spans have no trace id or no span id` },
      { rejected: unstored, message: `${unstored} spans are counted but not stored: ${full}` },
    ]
  }

  const acceptLogRecords = (
    request: ExportRequest & { signal: 'logs' },
    wire: WireRequest,
  ): readonly PartialSuccess[] => {
    const rejected = traces.addLogRecords(request.groups)
    looseLogs.addLogRecords(request.groups)
    counters.received(request, 0)
    keep?.(wire, { spans: 0, logRecords: countItems(request.groups) })
    const { logRecordsPerTraceMax, bytesPerTraceMax } = bounds
    const full = `a trace holds at most ${logRecordsPerTraceMax} log records and ${bytesPerTraceMax} bytes`
    return [{ rejected, message: `${rejected} log records are not stored: ${full}` }]
  }

  const acceptAny = (request: ExportRequest, wire: WireRequest): readonly PartialSuccess[] => {
    if (request.signal === 'traces') return acceptSpans(request, wire)
    if (request.signal === 'logs') return acceptLogRecords(request, wire)
    metrics.add(request.groups)
    counters.received(request, 0)
    return []
  }

  return {
    traces,
    looseLogs,
    arrivals,
    metrics,
    spanMetrics,
    accept(request, wire) {
      const losses = acceptAny(request, wire).filter(({ rejected }) => rejected > 0)
      forwarder?.add(wire)
      if (losses.length === 0) return describeEmpty(request, wire)
      return {
        rejected: losses.reduce((sum, { rejected }) => sum + rejected, 0),
        message: losses.map(({ message }) => message).join('; '),
      }
    },
    readMetrics: () => renameMetrics(spanMetrics.collect(), config.metricRenames),
    flush() {
      const groups = renameMetrics(spanMetrics.flush(), config.metricRenames)
      if (forwarder === undefined || groups.length === 0) return
      forwarder.add({
        signal: 'metrics',
        encoding: 'json',
        body: Buffer.from(encodeMetricsJson(groups)),
        gzipped: undefined,
        via: undefined,
      })
    },
  }
}

/** A span that was sent again is one span, on the page and in its metrics. */
function leaveOut(
  groups: readonly ResourceSpans[],
  spans: ReadonlySet<Span>,
): readonly ResourceSpans[] {
  if (spans.size === 0) return groups
  return groups.map((group) => ({
    ...group,
    scopes: group.scopes.map((scope) => ({
      ...scope,
      items: scope.items.filter((span) => !spans.has(span)),
    })),
  }))
}
