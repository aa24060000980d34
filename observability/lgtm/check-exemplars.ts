import { createTraceSource, type TraceSource } from '../driver/trace-source.ts'
import { queryExemplars } from './ask-prometheus.ts'
import type { Scene } from './scene.ts'

export type CheckedExemplars = {
  readonly count: number
  /** Of traces that Tempo was asked for. */
  readonly traces: number
  readonly mismatches: readonly string[]
}

/** As many traces are looked up for one query; the exemplars of a query are of few. */
const tracesMax = 20

/** Asks for a query's exemplars, as a panel does, and for the traces that they lead to. */
export async function checkExemplars(scene: Scene, expr: string): Promise<CheckedExemplars> {
  const { lgtm, spans, firstMillis } = scene
  const range = { startMillis: firstMillis, endMillis: Date.now() }
  const exemplars = await queryExemplars(lgtm.prometheusUrl, expr, range)
  const bySpanId = new Map(spans.map(({ span }) => [span.spanId, span]))
  const wrong = exemplars.flatMap(({ traceId, spanId, value }) => {
    const span = bySpanId.get(spanId)
    const seconds = span === undefined ? 0 : Number(span.endNanos - span.startNanos) / 1e9
    if (span?.traceId === traceId && Math.abs(seconds - value) < 1e-9) return []
    return [`span ${spanId} of trace ${traceId}: expected ${seconds} s, got ${value}`]
  })
  const tempo = createTraceSource({ kind: 'tempo', url: lgtm.tempoUrl })
  const byTrace = Map.groupBy(exemplars, ({ traceId }) => traceId)
  const lookedUp = [...byTrace].slice(0, tracesMax)
  const lost: string[] = []
  // One after the other: Tempo makes twenty jobs of each question, and takes no more than a hundred.
  for (const [traceId, own] of lookedUp) {
    const found = await readSpanIds(tempo, traceId)
    lost.push(...own.map(({ spanId }) => spanId).filter((spanId) => !found.has(spanId)))
  }
  return {
    count: exemplars.length,
    traces: lookedUp.length,
    mismatches: [...wrong, ...lost.map((spanId) => `span ${spanId}: not in Tempo`)],
  }
}

/** The ids of the spans of a trace, as Tempo has it. */
export async function readSpanIds(
  tempo: TraceSource,
  traceId: string,
): Promise<ReadonlySet<string>> {
  const trace = await tempo.fetchTrace(traceId)
  const spans = (trace?.spans ?? []).flatMap(({ scopes }) => scopes.flatMap(({ items }) => items))
  return new Set(spans.map(({ spanId }) => spanId))
}
