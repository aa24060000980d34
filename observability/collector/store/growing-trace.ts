import type { LogRecord, Span } from '../../otlp/model.ts'
import type { Source } from './source-pool.ts'
import type { Part, StoredTrace } from './stored-trace.ts'

/** A stored trace as its store sees it: still growing, and knowing what it costs. */
export type GrowingTrace = { -readonly [Key in keyof StoredTrace]: StoredTrace[Key] } & {
  readonly spans: GrowingPart<Span>[]
  readonly logRecords: GrowingPart<LogRecord>[]
  readonly sources: Source[]
  /** Estimated, without its sources, which it may share. */
  bytes: number
  sourceBytes: number
  /** Ids of its spans, once there are too many to look through. */
  spanIds: Set<string> | undefined
}

type GrowingPart<T> = { readonly source: Source; readonly items: T[] }

/** What a trace costs before it has a span: its object, its lists, its place in the store. */
const emptyTraceBytes = 450
const partBytes = 120

/** Up to here looking through the spans is as quick as a set of their ids, which would cost memory. */
const scannedSpansMax = 16

export function createGrowingTrace(traceId: string): GrowingTrace {
  return {
    traceId,
    spans: [],
    logRecords: [],
    spanCount: 0,
    logRecordCount: 0,
    startNanos: undefined,
    endNanos: 0n,
    sources: [],
    bytes: emptyTraceBytes,
    sourceBytes: 0,
    spanIds: undefined,
  }
}

/** True when a span of that id has arrived before: a sender that lost our answer sends again. */
export function hasSpan(trace: GrowingTrace, spanId: string): boolean {
  if (trace.spanIds !== undefined) return trace.spanIds.has(spanId)
  return trace.spans.some((part) => part.items.some((span) => span.spanId === spanId))
}

/** Returns the estimated bytes that the trace has grown by. */
export function addSpan(trace: GrowingTrace, source: Source, span: Span, bytes: number): number {
  const grown = bytes + addToPart(trace.spans, source, span)
  trace.bytes += grown
  trace.spanCount += 1
  if (trace.startNanos === undefined || span.startNanos < trace.startNanos) {
    trace.startNanos = span.startNanos
  }
  if (span.endNanos > trace.endNanos) trace.endNanos = span.endNanos
  if (trace.spanIds !== undefined) trace.spanIds.add(span.spanId)
  else if (trace.spanCount > scannedSpansMax) trace.spanIds = readSpanIds(trace.spans)
  return grown
}

/** Returns the estimated bytes that the trace has grown by. */
export function addLogRecord(
  trace: GrowingTrace,
  source: Source,
  record: LogRecord,
  bytes: number,
): number {
  const grown = bytes + addToPart(trace.logRecords, source, record)
  trace.bytes += grown
  trace.logRecordCount += 1
  return grown
}

function addToPart<T>(parts: GrowingPart<T>[], source: Source, item: T): number {
  const part = parts.find((known) => known.source === source)
  if (part !== undefined) {
    part.items.push(item)
    return 0
  }
  parts.push({ source, items: [item] })
  return partBytes
}

function readSpanIds(parts: readonly Part<Span>[]): Set<string> {
  return new Set(parts.flatMap((part) => part.items.map((span) => span.spanId)))
}
