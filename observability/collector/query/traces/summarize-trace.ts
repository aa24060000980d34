import type { Span } from '../../../otlp/model.ts'
import { findFailures } from '../../../wire/spans/find-failures.ts'
import { findMainSpan } from '../../../wire/spans/find-main-span.ts'
import { readHttpStatus } from '../../../wire/spans/read-http-status.ts'
import type { TraceSummary } from '../../../wire/traces.ts'
import { readSpanStatus } from '../../../wire/where/query-span.ts'
import type { StoredSpan, StoredTrace } from '../../store/stored-trace.ts'
import { durationMillis, renderTime } from '../time.ts'
import { readMethod, readRoute } from './read-span.ts'

/** `undefined` for a trace of which only log records have arrived. */
export function summarizeTrace(trace: StoredTrace): TraceSummary | undefined {
  const spans = trace.spans.toSorted((a, b) => compareBigints(a.startNanos, b.startNanos))
  const { startNanos, endNanos } = trace
  const found = findMainSpan(spans)
  if (found === undefined || startNanos === undefined) return undefined
  const { main, root } = found
  const read = <T>(fact: (span: Span) => T | undefined): T | null =>
    fact(main) ?? fact(root) ?? null
  const errorCount = spans.filter((span) => readSpanStatus(span) === 'error').length
  const failures = findFailures(spans, trace.logRecords)
  return {
    traceId: trace.traceId,
    rootName: root.name,
    name: main.name,
    service: main.source.service || null,
    runtime: main.source.runtime || null,
    method: read(readMethod),
    route: read(readRoute),
    httpStatus: read(readHttpStatus),
    services: listServices(spans),
    status: errorCount > 0 ? 'error' : readSpanStatus(root),
    startTime: renderTime(startNanos),
    startTimeUnixNano: String(startNanos),
    durationMillis: durationMillis(startNanos, endNanos),
    isDurationTrusted: trace.impossibleSpans === undefined,
    spanCount: spans.length,
    errorCount,
    failureCount: failures.spans.size + failures.logRecords.size,
    logCount: trace.logRecords.length,
  }
}

const servicesMax = 8

function listServices(spans: readonly StoredSpan[]): readonly string[] {
  const names = new Set<string>()
  for (const { source } of spans) {
    if (source.service !== '') names.add(source.service)
    if (names.size === servicesMax) break
  }
  return [...names]
}

/** For `sort`, ascending. A difference as a number would lose digits. */
export function compareBigints(a: bigint, b: bigint): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
