import { isPlausibleTime } from '../../otlp/shared/plausible-time.ts'
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
  /** Its spans by their id, once there are too many to look through. */
  spansById: Map<string, StoredSpan[]> | undefined
  impossibleSpans: Set<StoredSpan> | undefined
}

/** Bytes of a trace without spans: its object, its lists, its id, its entry in the store. */
const emptyTraceBytes = 388

/** Up to here looking through the spans is as quick as a set of their ids, which would cost memory. */
const scannedSpansMax = 16

/** Of all traces without such: `append` makes another list for the first item. */
const none: never[] = []
Object.freeze(none)

/** A trace with nothing in it yet. */
export function createGrowingTrace(traceId: string): GrowingTrace {
  return {
    traceId,
    spans: none,
    logRecords: none,
    startNanos: undefined,
    endNanos: 0n,
    arrival: 0,
    bytes: emptyTraceBytes,
    sourceBytes: 0,
    spansById: undefined,
    impossibleSpans: undefined,
  }
}

/**
 * The newest spans of that id. One is usual, and two where a client's span and its server's share it;
 * a sender that gives all of them one id must not have each compared with all before it.
 */
export function findSpans(trace: GrowingTrace, spanId: string): readonly StoredSpan[] {
  if (trace.spansById !== undefined) return trace.spansById.get(spanId)?.slice(-foundSpansMax) ?? []
  for (const span of trace.spans) {
    if (span.spanId === spanId) return trace.spans.filter((other) => other.spanId === spanId)
  }
  return none
}

const foundSpansMax = 8

/** Whether any span or log record of the trace came from that source. */
export function hasSource({ spans, logRecords }: StoredTrace, source: Source): boolean {
  // From the end, because what comes in one request is mostly of one source.
  for (let at = spans.length - 1; at >= 0; at -= 1) if (spans[at]?.source === source) return true
  return logRecords.some((record) => record.source === source)
}

/** Each source of the trace once. */
export function readSources({ spans, logRecords }: StoredTrace): Iterable<Source> {
  const [first, second, third] = spans
  if (first !== undefined && third === undefined && logRecords.length === 0) {
    // Most traces: a set would cost more than all else that it takes to forget one.
    return second === undefined || second.source === first.source
      ? [first.source]
      : [first.source, second.source]
  }
  const sources = new Set<Source>()
  for (const { source } of spans) sources.add(source)
  for (const { source } of logRecords) sources.add(source)
  return sources
}

/** Appends a span without looking for an earlier state of it, and counts `bytes` for it. */
export function addSpan(trace: GrowingTrace, span: StoredSpan, bytes: number): void {
  trace.spans = append(trace.spans, span)
  trace.bytes += bytes
  extendTimes(trace, span)
  if (trace.spansById !== undefined) indexSpan(trace.spansById, span)
  else if (trace.spans.length > scannedSpansMax) {
    trace.spansById = new Map()
    for (const one of trace.spans) indexSpan(trace.spansById, one)
  }
}

/** Puts a span in the place of an earlier state of it. */
export function replaceSpan(
  trace: GrowingTrace,
  earlier: StoredSpan,
  span: StoredSpan,
  bytes: number,
): void {
  for (const list of [trace.spans, trace.spansById?.get(span.spanId) ?? []]) {
    const at = list.indexOf(earlier)
    if (at >= 0) list[at] = span
  }
  trace.bytes += bytes
  extendTimes(trace, span)
}

function indexSpan(spansById: Map<string, StoredSpan[]>, span: StoredSpan): void {
  const known = spansById.get(span.spanId)
  if (known === undefined) spansById.set(span.spanId, [span])
  else known.push(span)
}

/** A time that cannot be would make a trace of centuries; a trace with no other began when it came. */
function extendTimes(trace: GrowingTrace, span: StoredSpan): void {
  if (!isPlausibleTime(span.startNanos)) {
    trace.startNanos ??= BigInt(span.source.lastSeenMillis) * 1_000_000n
  } else if (trace.startNanos === undefined || span.startNanos < trace.startNanos) {
    trace.startNanos = span.startNanos
  }
  if (isPlausibleTime(span.endNanos) && span.endNanos > trace.endNanos) {
    trace.endNanos = span.endNanos
  }
}

/** @param bytes What the record adds to the memory, estimated by the compactor. */
export function addLogRecord(trace: GrowingTrace, record: StoredLogRecord, bytes: number): void {
  trace.logRecords = append(trace.logRecords, record)
  trace.bytes += bytes
}

/** `push` and a spread make room for 17 at once, which in most traces would stay empty; `concat` for one, but slowly. */
function append<T>(list: T[], item: T): T[] {
  const [first] = list
  if (first === undefined) return [item]
  if (list.length === 1) return [first, item]
  if (list.length < scannedSpansMax) return list.concat(item)
  list.push(item)
  return list
}
