import { SpanKind } from '../../../otlp/model.ts'
import { readHttpStatus } from '../../../wire/spans/read-http-status.ts'
import { readTraceOrder } from '../../../wire/spans/trace-order.ts'
import type { TracePage, TraceSummary } from '../../../wire/traces.ts'
import { recordContains } from '../../../wire/where/query-log-record.ts'
import {
  querySpan,
  readSpanStatus,
  serviceContains,
  spanContains,
} from '../../../wire/where/query-span.ts'
import { createTextSearch, type TextSearch } from '../../../wire/where/text-search.ts'
import { matchesWhere } from '../../../wire/where/where.ts'
import type { StoredSpan, StoredTrace } from '../../store/stored-trace.ts'
import { durationMillis } from '../time.ts'
import type { Steps } from '../turns.ts'
import { readOutcome, readRoute } from './read-span.ts'
import { compareBigints, summarizeTrace } from './summarize-trace.ts'
import { type Cursor, renderCursor, type TraceQuery } from './trace-query.ts'

/**
 * Traces that fulfil every condition, in the order that is asked for.
 *
 * Runtime, service, route, operation, a span's start and a failed or an HTTP status must be true of
 * one and the same span, so that `runtime=deno&status=5xx` is a request that failed on Deno,
 * also in a trace that visits every runtime. Duration, `ok` and `unset` are those of
 * the whole trace, as its summary shows them. Text is looked for everywhere.
 *
 * @param afterArrival Only traces of which something arrived later; see `arrivals.ts`.
 */
export function* searchTraces(
  traces: Iterable<StoredTrace>,
  query: TraceQuery,
  afterArrival = 0,
): Steps<Omit<TracePage, 'arrival'>> {
  const search = query.text === undefined ? undefined : createTextSearch(query.text)
  const found: TraceSummary[] = []
  let last: Cursor | undefined
  for (const { trace, order } of listInOrder(traces, query, afterArrival)) {
    yield
    if (!someSpanMatches(trace, query)) continue
    if (search !== undefined && !traceContains(trace, search)) continue
    const summary = summarizeTrace(trace)
    if (summary === undefined || !statusMatches(summary, query)) continue
    if (found.length === query.limit && last !== undefined) {
      return { traces: found, nextCursor: renderCursor(last) }
    }
    found.push(summary)
    last = { order, traceId: trace.traceId }
  }
  return { traces: found }
}

type StartedTrace = StoredTrace & { readonly startNanos: bigint }
type Candidate = { readonly trace: StartedTrace; readonly order: bigint }

/** Sorts only the candidates: queries for new traces come often and find little. */
function listInOrder(
  traces: Iterable<StoredTrace>,
  query: TraceQuery,
  afterArrival: number,
): readonly Candidate[] {
  const found: Candidate[] = []
  for (const trace of traces) {
    if (trace.arrival <= afterArrival || !hasStarted(trace) || !isInRange(trace, query)) continue
    const order = readTraceOrder(query.sort, {
      startNanos: trace.startNanos,
      durationNanos: trace.endNanos > trace.startNanos ? trace.endNanos - trace.startNanos : 0n,
      spanCount: trace.spans.length,
    })
    if (isBehindCursor(order, trace.traceId, query)) found.push({ trace, order })
  }
  return found.sort(
    (a, b) => compareBigints(b.order, a.order) || compareIds(a.trace.traceId, b.trace.traceId),
  )
}

function hasStarted(trace: StoredTrace): trace is StartedTrace {
  return trace.startNanos !== undefined
}

/** Traces of equal order are told apart by id, so that pages neither repeat nor skip one. */
function compareIds(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? 1 : -1
}

function isInRange({ startNanos, endNanos }: StartedTrace, query: TraceQuery): boolean {
  if (query.startNanos !== undefined && startNanos < query.startNanos) return false
  if (query.endNanos !== undefined && startNanos >= query.endNanos) return false
  return durationMillis(startNanos, endNanos) >= (query.minDurationMillis ?? 0)
}

function isBehindCursor(order: bigint, traceId: string, { after }: TraceQuery): boolean {
  if (after === undefined) return true
  return (compareBigints(after.order, order) || compareIds(traceId, after.traceId)) > 0
}

function someSpanMatches(trace: StoredTrace, query: TraceQuery): boolean {
  return trace.spans.some((span) => spanMatches(span, query))
}

function spanMatches(span: StoredSpan, query: TraceQuery): boolean {
  const { runtime, service, operation, route, status } = query
  if (runtime !== undefined && span.source.runtime !== runtime) return false
  if (service !== undefined && span.source.service !== service) return false
  if (operation !== undefined && span.name !== operation) return false
  if (route !== undefined && readRoute(span) !== route) return false
  if (query.spanStartNanos !== undefined && span.startNanos < query.spanStartNanos) return false
  if (query.spanEndNanos !== undefined && span.startNanos >= query.spanEndNanos) return false
  if (
    query.where.length > 0 &&
    !matchesWhere(query.where, querySpan(span, span.source.resource.attributes))
  )
    return false
  if (status?.kind === 'server-error') return isServerError(span)
  if (status?.kind === 'http') {
    const httpStatus = readHttpStatus(span) ?? 0
    return httpStatus >= status.min && httpStatus <= status.max
  }
  return status?.status !== 'error' || readSpanStatus(span) === 'error'
}

/** As the overview counts it; of other kinds of span only the status tells. */
function isServerError(span: StoredSpan): boolean {
  if (span.kind === SpanKind.server) return readOutcome(span) === '5xx'
  return (readHttpStatus(span) ?? 0) >= 500
}

function statusMatches(summary: TraceSummary, { status }: TraceQuery): boolean {
  return status?.kind !== 'span' || summary.status === status.status
}

function traceContains({ spans, logRecords }: StoredTrace, search: TextSearch): boolean {
  return (
    spans.some(
      (span) =>
        spanContains(span, search) || serviceContains(span.source.resource.attributes, search),
    ) || logRecords.some((record) => recordContains(record, search))
  )
}
