import { createTraceSource } from '../driver/trace-source.ts'
import { queryRecords } from './ask-loki.ts'
import { queryRange } from './ask-prometheus.ts'
import { readSpanIds } from './check-exemplars.ts'
import type { DataSources } from './grafana/read-data-sources.ts'
import { renderTraceQuery } from './grafana/render-trace-query.ts'
import type { Scene } from './scene.ts'
import type { SpanOfResource } from './spans/span-series.ts'

const recordsMax = 1000
const metricsStepMillis = 15_000

/** What a span's links lead to, and what they must. */
export type CheckedLinks = {
  readonly name: string
  /** Log records of its trace, in Loki and as they were sent. */
  readonly records: number
  readonly recordsSent: number
  /** The traces that these records lead back to; only its own is right. */
  readonly tracesOfRecords: readonly string[]
  /** Whether Tempo has the span. */
  readonly isStored: boolean
  /** The queries of its link to metrics that say nothing of spans of its name. */
  readonly silentQueries: readonly string[]
}

/** Follows the links from a span to its trace, its log records and back, and to the series of its kind. */
export async function followLinks(
  scene: Scene,
  dataSources: DataSources,
  one: SpanOfResource,
): Promise<CheckedLinks> {
  const { lgtm, logs } = scene
  const { traceId, spanId, name } = one.span
  const range = { startMillis: scene.firstMillis - 60_000, endMillis: Date.now() }
  const { query, tags } = dataSources.traceToLogs
  const records = await queryRecords(
    lgtm.lokiUrl,
    renderTraceQuery(query, tags, one),
    range,
    recordsMax,
  )
  const tempo = createTraceSource({ kind: 'tempo', url: lgtm.tempoUrl })
  return {
    name,
    records: records.length,
    recordsSent: logs.filter(({ record }) => record.traceId === traceId).length,
    tracesOfRecords: [
      ...new Set(records.map(({ labels }) => labels[dataSources.derivedField.label] ?? '')),
    ],
    isStored: (await readSpanIds(tempo, traceId)).has(spanId),
    silentQueries: await findSilent(scene, dataSources, one),
  }
}

async function findSilent(
  { lgtm, lastMillis }: Scene,
  { traceToMetrics }: DataSources,
  one: SpanOfResource,
): Promise<readonly string[]> {
  const silent: string[] = []
  for (const { name, query } of traceToMetrics.queries) {
    const expr = renderTraceQuery(query, traceToMetrics.tags, one)
    const series = await queryRange(lgtm.prometheusUrl, expr, {
      startMillis: lastMillis - metricsStepMillis,
      endMillis: lastMillis,
      stepMillis: metricsStepMillis,
    })
    const own = series.find(({ labels }) => labels.span_name === one.span.name)
    const says = own?.samples.some(({ value }) => Number.isFinite(value)) ?? false
    if (!says) silent.push(`${name}: ${expr}`)
  }
  return silent
}
