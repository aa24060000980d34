import type { Source } from './source-pool.ts'
import type { StoredLogRecord, StoredSpan, StoredTrace } from './stored-trace.ts'

/** A stored trace as its store sees it: still growing, and knowing what it costs. */
export type GrowingTrace = {
  readonly traceId: string
  spans: StoredSpan[]
  logRecords: StoredLogRecord[]
  startNanos: bigint | undefined
  endNanos: bigint
  arrival: number
  /** Estimated, without its sources, which it may share. */
  bytes: number
  sourceBytes: number
  impossibleSpans: Set<StoredSpan> | undefined
  /** Ids of its spans, once there are too many to look through. */
  spanIds: Set<string> | undefined
}

/** What a trace costs before it has a span: its object, its lists, its id, its place in the store. */
const emptyTraceBytes = 388

/** Up to here looking through the spans is as quick as a set of their ids, which would cost memory. */
const scannedSpansMax = 16

export function createGrowingTrace(traceId: string): GrowingTrace {
  return {
    traceId,
    spans: [],
    logRecords: [],
    startNanos: undefined,
    endNanos: 0n,
    arrival: 0,
    bytes: emptyTraceBytes,
    sourceBytes: 0,
    impossibleSpans: undefined,
    spanIds: undefined,
  }
}

/** True when a span of that id has arrived before: a sender that lost our answer sends again. */
export function hasSpan(trace: GrowingTrace, spanId: string): boolean {
  if (trace.spanIds !== undefined) return trace.spanIds.has(spanId)
  for (const span of trace.spans) if (span.spanId === spanId) return true
  return false
}

export function hasSource({ spans, logRecords }: StoredTrace, source: Source): boolean {
  // From the end, because what comes in one request is mostly of one source.
  for (let at = spans.length - 1; at >= 0; at -= 1) if (spans[at]?.source === source) return true
  return logRecords.some((record) => record.source === source)
}

/** Each source of the trace once. */
export function readSources({ spans, logRecords }: StoredTrace): ReadonlySet<Source> {
  const sources = new Set<Source>()
  for (const { source } of spans) sources.add(source)
  for (const { source } of logRecords) sources.add(source)
  return sources
}

export function addSpan(trace: GrowingTrace, span: StoredSpan, bytes: number): void {
  trace.spans = append(trace.spans, span)
  trace.bytes += bytes
  if (trace.startNanos === undefined || span.startNanos < trace.startNanos) {
    trace.startNanos = span.startNanos
  }
  if (span.endNanos > trace.endNanos) trace.endNanos = span.endNanos
  if (trace.spanIds !== undefined) trace.spanIds.add(span.spanId)
  else if (trace.spans.length > scannedSpansMax) {
    trace.spanIds = new Set(trace.spans.map(({ spanId }) => spanId))
  }
}

export function addLogRecord(trace: GrowingTrace, record: StoredLogRecord, bytes: number): void {
  trace.logRecords = append(trace.logRecords, record)
  trace.bytes += bytes
}

/** `push` makes room for 17 at once, which in most traces would stay empty; `concat` for one. */
function append<T>(list: T[], item: T): T[] {
  if (list.length < scannedSpansMax) return list.concat(item)
  list.push(item)
  return list
}
