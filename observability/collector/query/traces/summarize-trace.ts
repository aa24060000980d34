import { type Span, SpanKind } from '../../../otlp/model.ts'
import type { TraceSummary } from '../../../wire/traces.ts'
import { readSpanStatus } from '../../../wire/where/query-span.ts'
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
  const main = findOutermostServer(spans) ?? root
  const read = <T>(fact: (span: Span) => T | undefined): T | null =>
    fact(main) ?? fact(root) ?? null
  const failed = spans.filter((span) => readSpanStatus(span) === 'error')
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
    status: failed.length > 0 ? 'error' : readSpanStatus(root),
    startTime: renderTime(startNanos),
    startTimeUnixNano: String(startNanos),
    durationMillis: durationMillis(startNanos, endNanos),
    isDurationTrusted: trace.impossibleSpans === undefined,
    spanCount: spans.length,
    errorCount: failed.length,
    failureCount: failed.filter((span) => !isAnsweredClient(span, spans)).length,
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

/** By the conventions a 4xx is an error of the client's span. The service that gave it did as it should. */
function isAnsweredClient(span: StoredSpan, spans: readonly StoredSpan[]): boolean {
  const status = readHttpStatus(span) ?? 0
  if (span.kind !== SpanKind.client || status < 400 || status > 499) return false
  return spans.some(
    (other) =>
      other.parentSpanId === span.spanId &&
      other.kind === SpanKind.server &&
      readSpanStatus(other) !== 'error',
  )
}

/** By its parents, and not by its time: clocks of two machines may disagree. */
function findOutermostServer(spans: readonly StoredSpan[]): StoredSpan | undefined {
  const servers = spans.filter(({ kind }) => kind === SpanKind.server)
  if (servers.length < 2) return servers[0]
  const byId = new Map(spans.map((span) => [span.spanId, span]))
  return servers.find((server) => !hasServerAbove(server, byId)) ?? servers[0]
}

/** Parents may lead back to where they began. */
const parentsMax = 100

function hasServerAbove(span: StoredSpan, byId: ReadonlyMap<string, StoredSpan>): boolean {
  let parent = byId.get(span.parentSpanId)
  for (let steps = 0; parent !== undefined && steps < parentsMax; steps += 1) {
    if (parent.kind === SpanKind.server) return true
    parent = byId.get(parent.parentSpanId)
  }
  return false
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
