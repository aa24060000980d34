import type { LogRecord, ResourceLogs, ResourceSpans, Span } from '../../otlp/model.ts'
import type { CollectorBounds } from '../bounds.ts'
import { type Arrivals, createArrivals } from './arrivals.ts'
import { createCompactor } from './compactor.ts'
import { spanBytes } from './estimate-bytes.ts'
import {
  addLogRecord,
  addSpan,
  createGrowingTrace,
  findSpans,
  type GrowingTrace,
  hasSource,
  readSources,
  replaceSpan,
} from './growing-trace.ts'
import { isImpossibleDuration } from './impossible-duration.ts'
import { createKnownRecords } from './known-records.ts'
import { isLaterState, isSameContent } from './same-content.ts'
import { createSourcePool, type Source, visitItems } from './source-pool.ts'
import { createSteadyClock } from './steady-clock.ts'
import type { StoredSpan, StoredTrace } from './stored-trace.ts'

/** Bounds on the whole store, and on each trace in it. */
export type TraceBounds = Pick<
  CollectorBounds,
  | 'storedBytesMax'
  | 'tracesMax'
  | 'spansMax'
  | 'logRecordsMax'
  | 'spansPerTraceMax'
  | 'logRecordsPerTraceMax'
  | 'bytesPerTraceMax'
>

/**
 * Recent traces with their log records, in memory.
 *
 * Past a bound the trace that has been quiet for longest goes, whole. Quiet and not old, because a trace that still
 * grows is probably being watched, and half of it would mislead. A span that comes after its trace has gone starts that
 * trace again.
 */
export type TraceStore = {
  addSpans(groups: readonly ResourceSpans[]): {
    /** How many are not stored, because their trace is full. */
    readonly unstored: number
    /** Those that are stored already, whose sender lost our answer. */
    readonly sentAgain: ReadonlySet<Span>
  }
  /**
   * Takes those that belong to a trace.
   *
   * @returns How many of them are not stored, because their trace is full.
   */
  addLogRecords(groups: readonly ResourceLogs[]): number
  read(traceId: string): StoredTrace | undefined
  /** The longest quiet first. */
  list(): Iterable<StoredTrace>
  /**
   * Forgets everything.
   *
   * @returns Brings it back, beside what has come since. It holds all that was there, so it must be let go soon.
   */
  clear(): () => void
  stats(): TraceStoreStats
}

type TraceStoreStats = {
  readonly traces: number
  readonly spans: number
  readonly logRecords: number
  /** Estimated bytes of all three. */
  readonly bytes: number
  /** Gone to make room, since the start. */
  readonly evicted: { readonly traces: number; readonly spans: number; readonly logRecords: number }
  /** Never stored, because their trace was full. */
  readonly overTraceMax: { readonly spans: number; readonly logRecords: number }
  /** Spans sent again by a sender that lost our answer, or earlier states of stored spans. */
  readonly duplicateSpans: number
  readonly duplicateLogRecords: number
  /** How often a user emptied the store, or brought back what was in it. */
  readonly emptied: number
}

/**
 * @param nowMillis Milliseconds since the Unix epoch.
 * @param arrivals The numbering that it shares with the loose log records.
 * @param monotonicMillis A clock that nobody sets, in milliseconds.
 */
export function createTraceStore(
  bounds: TraceBounds,
  nowMillis: () => number,
  arrivals: Arrivals = createArrivals(),
  monotonicMillis: () => number = () => performance.now(),
): TraceStore {
  /** In order of their last arrival. */
  let traces = new Map<string, GrowingTrace>()
  let pool = createSourcePool(nowMillis)
  const steadyMillis = createSteadyClock(nowMillis, monotonicMillis)
  let arrivedNanos = 0n
  const { compactSpan, compactLogRecord } = createCompactor()
  let knownRecords = createKnownRecords()
  const evicted = { traces: 0, spans: 0, logRecords: 0 }
  const overTraceMax = { spans: 0, logRecords: 0 }
  let newest: GrowingTrace | undefined
  let bytes = 0
  let spans = 0
  let logRecords = 0
  let duplicateSpans = 0
  let duplicateLogRecords = 0
  let emptied = 0

  /** The trace of that id, moved to the end of the order of arrival. */
  const touch = (known: GrowingTrace | undefined, traceId: string, arrival: number) => {
    const trace = known ?? createGrowingTrace(traceId)
    if (known === undefined) bytes += trace.bytes
    else if (known !== newest) traces.delete(traceId)
    if (trace !== newest) traces.set(traceId, trace)
    trace.arrival = arrival
    newest = trace
    return trace
  }

  const noteSource = (trace: GrowingTrace, source: Source) => {
    if (hasSource(trace, source)) return
    trace.sourceBytes += source.bytes
    pool.hold(source)
  }

  const noteDuration = (trace: GrowingTrace, span: StoredSpan, { resource }: Source) => {
    if (!isImpossibleDuration(span, resource, arrivedNanos)) return
    trace.impossibleSpans ??= new Set()
    trace.impossibleSpans.add(span)
  }

  const hasRoom = (trace: GrowingTrace | undefined, cost: number) =>
    (trace === undefined ? 0 : trace.bytes + trace.sourceBytes) + cost <= bounds.bytesPerTraceMax

  /** Whether the trace has the span already, or an earlier or a later state of it; then all is done. */
  const hasState = (
    trace: GrowingTrace,
    span: Span,
    item: StoredSpan,
    cost: number,
    sentAgain: Set<Span>,
  ): boolean => {
    const namesakes = findSpans(trace, item.spanId)
    if (namesakes.length === 0) return false
    if (namesakes.some((other) => isSameContent(item, other))) {
      sentAgain.add(span)
      duplicateSpans += 1
      return true
    }
    if (namesakes.some((other) => other.endNanos !== 0n && isLaterState(other, item))) {
      duplicateSpans += 1
      return true
    }
    const earlier = namesakes.find((other) => isLaterState(item, other))
    if (earlier === undefined) return false
    // The earlier one has paid for the shared parts.
    const extraCost = Math.max(0, cost - spanBytes)
    if (hasRoom(trace, extraCost)) {
      replaceSpan(touch(trace, trace.traceId, arrivals.next()), earlier, item, extraCost)
      noteDuration(trace, item, item.source)
      bytes += extraCost
    } else overTraceMax.spans += 1
    return true
  }

  const addOneSpan = (source: Source, span: Span, sentAgain: Set<Span>) => {
    const known = traces.get(span.traceId)
    const { item, bytes: cost } = compactSpan(source, span, known?.traceId ?? span.traceId)
    if (known !== undefined && hasState(known, span, item, cost, sentAgain)) return
    if ((known?.spans.length ?? 0) >= bounds.spansPerTraceMax || !hasRoom(known, cost)) {
      overTraceMax.spans += 1
      return
    }
    const trace = touch(known, item.traceId, arrivals.next())
    noteSource(trace, source)
    addSpan(trace, item, cost)
    noteDuration(trace, item, source)
    bytes += cost
    spans += 1
  }

  const addOneLogRecord = (source: Source, record: LogRecord, requestArrival: number) => {
    if (record.traceId === '') return
    const known = traces.get(record.traceId)
    const arrival = arrivals.next()
    const traceId = known?.traceId ?? record.traceId
    const { item, bytes: cost } = compactLogRecord(source, record, traceId, arrival)
    if (knownRecords.isSentAgain(item, requestArrival)) {
      duplicateLogRecords += 1
      return
    }
    if ((known?.logRecords.length ?? 0) >= bounds.logRecordsPerTraceMax || !hasRoom(known, cost)) {
      overTraceMax.logRecords += 1
      return
    }
    const trace = touch(known, item.traceId, arrival)
    noteSource(trace, source)
    addLogRecord(trace, item, cost)
    knownRecords.add(item)
    bytes += cost
    logRecords += 1
  }

  const forget = (trace: GrowingTrace) => {
    traces.delete(trace.traceId)
    if (newest === trace) newest = undefined
    bytes -= trace.bytes
    spans -= trace.spans.length
    logRecords -= trace.logRecords.length
    for (const record of trace.logRecords) knownRecords.remove(record)
    for (const source of readSources(trace)) pool.release(source)
  }

  const isOverBounds = () =>
    bytes + pool.bytes > bounds.storedBytesMax ||
    traces.size > bounds.tracesMax ||
    spans > bounds.spansMax ||
    logRecords > bounds.logRecordsMax

  /** After each request, not after each span: a request is small compared with the store. */
  const makeRoom = () => {
    for (const trace of traces.values()) {
      if (!isOverBounds()) return
      forget(trace)
      evicted.traces += 1
      evicted.spans += trace.spans.length
      evicted.logRecords += trace.logRecords.length
    }
  }

  const contain = (contents: {
    traces: typeof traces
    pool: typeof pool
    knownRecords: typeof knownRecords
    newest: typeof newest
    bytes: number
    spans: number
    logRecords: number
  }) => {
    ;({ traces, pool, knownRecords, newest, bytes, spans, logRecords } = contents)
    emptied += 1
  }

  /** What came into one pool comes into another. */
  const addAgain = (trace: StoredTrace) => {
    for (const span of trace.spans) {
      const source = pool.acquire(span.source)
      addOneSpan(source, span, new Set())
      pool.release(source)
    }
    for (const record of trace.logRecords) {
      const source = pool.acquire(record.source)
      addOneLogRecord(source, record, arrivals.last + 1)
      pool.release(source)
    }
  }

  return {
    addSpans(groups) {
      const before = overTraceMax.spans
      const sentAgain = new Set<Span>()
      arrivedNanos = BigInt(Math.round(steadyMillis())) * 1_000_000n
      visitItems(pool, groups, (source, span) => addOneSpan(source, span, sentAgain))
      makeRoom()
      return { unstored: overTraceMax.spans - before, sentAgain }
    },
    addLogRecords(groups) {
      const before = overTraceMax.logRecords
      const requestArrival = arrivals.last + 1
      visitItems(pool, groups, (source, record) => addOneLogRecord(source, record, requestArrival))
      makeRoom()
      return overTraceMax.logRecords - before
    },
    read: (traceId) => traces.get(traceId),
    list: () => traces.values(),
    clear() {
      const before = { traces, pool, knownRecords, newest, bytes, spans, logRecords }
      contain({
        traces: new Map(),
        pool: createSourcePool(nowMillis),
        knownRecords: createKnownRecords(),
        newest: undefined,
        bytes: 0,
        spans: 0,
        logRecords: 0,
      })
      return () => {
        const since = [...traces.values()]
        contain(before)
        for (const trace of since) addAgain(trace)
        makeRoom()
      }
    },
    stats: () => ({
      traces: traces.size,
      spans,
      logRecords,
      bytes: bytes + pool.bytes,
      evicted: { ...evicted },
      overTraceMax: { ...overTraceMax },
      duplicateSpans,
      duplicateLogRecords,
      emptied,
    }),
  }
}
