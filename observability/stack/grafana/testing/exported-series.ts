import { defaultBounds } from '../../../collector/bounds.ts'
import { createPipeline } from '../../../collector/pipeline.ts'
import { decodeRequest } from '../../../collector/receive/decode-request.ts'
import { renderMetrics } from '../../../collector/span-metrics/exposition/render-metrics.ts'
import { createCounters } from '../../../collector/status/counters.ts'
import { parseExposition } from '../../../collector/testing/parse-exposition.ts'
import { testConfig } from '../../../collector/testing/start-test-collector.ts'
import { recordedCases } from '../../../stack-tests/collector/cases/recorded-cases.ts'

/** Labels, with the values that occurred, by the name of a series. */
export type ExportedSeries = ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>

/** What `/metrics` of the embedded collector has after it was sent what every runtime really sends. */
export function readExportedSeries(): ExportedSeries {
  const pipeline = createPipeline({
    config: testConfig,
    bounds: defaultBounds,
    counters: createCounters(),
    forwarder: undefined,
    nowMillis: Date.now,
  })
  for (const request of recordedCases.flatMap(({ steps }) => steps.flatMap(({ send }) => send))) {
    const body = Buffer.from(JSON.stringify(request))
    pipeline.accept(decodeRequest('traces', 'json', body), {
      signal: 'traces',
      encoding: 'json',
      body,
      gzipped: undefined,
      via: undefined,
    })
  }
  const { samples } = parseExposition(
    renderMetrics(pipeline.readMetrics(), 'prometheus'),
    'prometheus',
  )
  const series = new Map<string, Map<string, Set<string>>>()
  for (const { name, labels } of samples) {
    const known = series.get(name) ?? new Map<string, Set<string>>()
    series.set(name, known)
    for (const [label, value] of Object.entries(labels)) {
      known.set(label, (known.get(label) ?? new Set()).add(value))
    }
  }
  return series
}
