import { SpanKind } from '../../../otlp/model.ts'
import { querySpan, readSpanStatus, spanContains } from '../../../wire/query-span.ts'
import { createTextSearch, type TextSearch } from '../../../wire/text-search.ts'
import type { TracePage, TraceSummary } from '../../../wire/traces.ts'
import { matchesWhere } from '../../../wire/where.ts'
import type { StoredSpan, StoredTrace } from '../../store/stored-trace.ts'
import { recordContains } from '../query-log-record.ts'
import { durationMillis } from '../time.ts'
import type { Steps } from '../turns.ts'
import { readHttpStatus, readOutcome, readRoute } from './read-span.ts'
import { compareBigints, summarizeTrace } from './summarize-trace.ts'
import { renderCursor, type TraceQuery } from './trace-query.ts'

/**
 * The newest traces, by their start, that fulfil every condition.
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
  for (const trace of newestFirst(traces, query, afterArrival)) {
    yield
    if (!someSpanMatches(trace, query)) continue
    if (search !== undefined && !traceContains(trace, search)) continue
    const summary = summarizeTrace(trace)
    if (summary === undefined || !statusMatches(summary, query)) continue
    const last = found.at(-1)
    if (found.length === query.limit && last !== undefined) {
      const nextCursor = renderCursor({
        startNanos: BigInt(last.startTimeUnixNano),
        traceId: last.traceId,
      })
      return { traces: found, nextCursor }
    }
    found.push(summary)
  }
  return { traces: found }
}

type StartedTrace = StoredTrace & { readonly startNanos: bigint }

/** Sorts only the candidates: queries for new traces come often and find little. */
function newestFirst(
  traces: Iterable<StoredTrace>,
  query: TraceQuery,
  afterArrival: number,
): readonly StartedTrace[] {
  const started: StartedTrace[] = []
  for (const trace of traces) {
    if (trace.arrival <= afterArrival || !hasStarted(trace)) continue
    if (isInRange(trace, query) && isBehindCursor(trace, query)) started.push(trace)
  }
  return started.sort(compareNewestFirst)
}

function hasStarted(trace: StoredTrace): trace is StartedTrace {
  return trace.startNanos !== undefined
}

/** Traces of equal start are told apart by id, so that pages neither repeat nor skip one. */
function compareNewestFirst(
  a: { readonly startNanos: bigint; readonly traceId: string },
  b: { readonly startNanos: bigint; readonly traceId: string },
): number {
  return compareBigints(b.startNanos, a.startNanos) || (a.traceId < b.traceId ? 1 : -1)
}

function isInRange({ startNanos, endNanos }: StartedTrace, query: TraceQuery): boolean {
  if (query.startNanos !== undefined && startNanos < query.startNanos) return false
  if (query.endNanos !== undefined && startNanos >= query.endNanos) return false
  return durationMillis(startNanos, endNanos) >= (query.minDurationMillis ?? 0)
}

function isBehindCursor(trace: StartedTrace, { after }: TraceQuery): boolean {
  if (after === undefined) return true
  return trace.traceId !== after.traceId && compareNewestFirst(after, trace) < 0
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
    spans.some((span) => spanContains(span, search)) ||
    logRecords.some((record) => recordContains(record, search))
  )
}
