import { SpanKind } from '../otlp/model.ts'
import type { DrivenRequest } from './drive.ts'
import type { LogOfResource, Recorder } from './recorder.ts'
import type { SpanOfResource } from './spans/span-series.ts'

/**
 * What is missing of what requests must have left behind, and what is there twice, in sentences.
 *
 * A request leaves one server span; one span of a statement, when it got as far as the database; and one
 * log record, when a route took it.
 */
export function findLosses(
  recorder: Recorder,
  driven: readonly DrivenRequest[],
): readonly string[] {
  const spans = Map.groupBy(recorder.readSpans(), ({ span }) => span.traceId)
  const logs = Map.groupBy(recorder.readLogs(), ({ record }) => record.traceId)
  return driven.flatMap((request) =>
    findLossesOf(request, spans.get(request.traceId) ?? [], logs.get(request.traceId) ?? []),
  )
}

function findLossesOf(
  { runtime, method, route, status, traceId }: DrivenRequest,
  spans: readonly SpanOfResource[],
  logs: readonly LogOfResource[],
): readonly string[] {
  const found = {
    servers: spans.filter(({ span }) => span.kind === SpanKind.server).length,
    statements: spans.filter(({ span }) => / todos$/.test(span.name)).length,
    logs: logs.length,
    twice: spans.length - new Set(spans.map(({ span }) => span.spanId)).size,
    orphans: countOrphans(spans),
  }
  const hasStatement = route !== undefined && status !== 400
  const expected = {
    servers: 1,
    statements: hasStatement ? 1 : 0,
    logs: route === undefined ? 0 : 1,
    twice: 0,
    orphans: 0,
  }
  const [got, wanted] = [JSON.stringify(found), JSON.stringify(expected)]
  if (got === wanted) return []
  return [
    `${runtime}: ${method} ${route}, ${status}, trace ${traceId}: expected ${wanted}, got ${got}`,
  ]
}

/** Spans whose parent is missing; the client of these requests sends no `traceparent`. */
function countOrphans(spans: readonly SpanOfResource[]): number {
  const ids = new Set(spans.map(({ span }) => span.spanId))
  return spans.filter(({ span: { parentSpanId } }) => parentSpanId !== '' && !ids.has(parentSpanId))
    .length
}
