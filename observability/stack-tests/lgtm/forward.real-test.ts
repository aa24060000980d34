import { expect, test } from 'vitest'
import { parseExposition } from '../../collector/testing/parse-exposition.ts'
import { post } from '../../collector/testing/send.ts'
import { startTestCollector, testConfig } from '../../collector/testing/start-test-collector.ts'
import { recordedCases } from '../collector/cases/recorded-cases.ts'
import { group } from './expected/expected-numbers.ts'
import { findMismatches, type Vector } from './find-mismatches.ts'
import { queryAt } from './query-prometheus.ts'
import { runPrometheus } from './run-prometheus.ts'

const flushIntervalMillis = 200
const labelNames = [
  ...['service_name', 'span_name', 'span_kind', 'status_code', 'le'],
  ...testConfig.spanMetrics.dimensions.map(({ name }) => name.replaceAll('.', '_')),
]

test('what the embedded collector forwards arrives in Prometheus as its own /metrics has it', async () => {
  await using prometheus = await runPrometheus()
  await using collector = await startTestCollector({
    config: { ...testConfig, spanMetrics: { ...testConfig.spanMetrics, flushIntervalMillis } },
    forward: { endpoint: `${prometheus.url}/api/v1/otlp` },
  })
  for (const request of recordedCases.flatMap(({ steps }) => steps.flatMap(({ send }) => send)))
    await post(collector, JSON.stringify(request))
  const exposed = await (await fetch(`${collector.url}/metrics`)).text()
  const { samples } = parseExposition(exposed, 'prometheus')

  for (const series of ['calls_total', 'latency_count', 'latency_sum', 'latency_bucket']) {
    const name = `traces_spanmetrics_${series}`
    const expected = sumByLabels(samples.filter((it) => it.name === name))
    expect(expected.length).toBeGreaterThan(10)
    const compare = async () => {
      const stored = await queryAt(prometheus.url, name, Date.now())
      return findMismatches(expected, sumByLabels(stored), 'exact')
    }
    await expect.poll(compare, { timeout: 20_000 }).toEqual([])
  }
})

/** Prometheus has labels of the resource besides, by which one of these series may be several. */
function sumByLabels(vector: Vector): Vector {
  return group(
    vector,
    ({ labels }) => Object.fromEntries(labelNames.map((name) => [name, labels[name]])),
    (own) => ({ value: own.reduce((sum, { value }) => sum + value, 0) }),
  )
}
