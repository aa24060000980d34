import { type Span, SpanKind } from '../../../otlp/model.ts'
import { readSpanStatus } from '../../../wire/query-span.ts'
import type { TraceSummary } from '../../../wire/traces.ts'
import type { StoredSpan, StoredTrace } from '../../store/stored-trace.ts'
import { durationMillis, renderTime } from '../time.ts'
import { readHttpStatus, readMethod, readRoute } from './read-span.ts'

/** `undefined` for a trace of which only log records have arrived. */
export function summarizeTrace(trace: StoredTrace): TraceSummary | undefined {
  const spans = trace.spans.toSorted((a, b) => compareBigints(a.startNanos, b.startNanos))
  const [first] = spans
  const { startNanos, endNanos } = trace
  if (first === undefined || startNanos === undefined) return undefined
  const root = findRoot(spans) ?? first
  const server = spans.find(({ kind }) => kind === SpanKind.server) ?? root
  const read = <T>(fact: (span: Span) => T | undefined): T | null =>
    fact(root) ?? fact(server) ?? null
  const errorCount = spans.filter((span) => readSpanStatus(span) === 'error').length
  return {
    traceId: trace.traceId,
    rootName: root.name,
    service: root.source.service || null,
    runtime: root.source.runtime || null,
    method: read(readMethod),
    route: read(readRoute),
    httpStatus: read(readHttpStatus),
    status: errorCount > 0 ? 'error' : readSpanStatus(root),
    startTime: renderTime(startNanos),
    startTimeUnixNano: String(startNanos),
    durationMillis: durationMillis(startNanos, endNanos),
    isDurationTrusted: trace.impossibleSpans === undefined,
    spanCount: spans.length,
    errorCount,
    logCount: trace.logRecords.length,
  }
}

/** For `sort`, ascending. A difference as a number would lose digits. */
export function compareBigints(a: bigint, b: bigint): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

/** The earliest span without a parent, or else the earliest whose parent has not arrived. */
function findRoot(spans: readonly StoredSpan[]): StoredSpan | undefined {
  const root = spans.find(({ parentSpanId }) => parentSpanId === '')
  if (root !== undefined) return root
  const ids = new Set(spans.map(({ spanId }) => spanId))
  return spans.find(({ parentSpanId }) => !ids.has(parentSpanId))
}
