import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { findFreePort } from '../collector-parity/free-port.ts'
import type { RunningCollector } from '../collector-parity/run-collector.ts'
import { createTraceSource } from '../driver/trace-source.ts'
import { queryTotals } from './ask-loki.ts'
import { querySamples } from './ask-prometheus.ts'
import { startBlackHole } from './black-hole.ts'
import { readSpanIds } from './check-exemplars.ts'
import { type DrivenRequest, driveHealthy } from './drive.ts'
import { findLosses } from './find-losses.ts'
import { createRecorder } from './recorder.ts'
import { runLgtm } from './run-lgtm.ts'
import { runProductionCollector } from './run-production-collector.ts'
import { runDatabase, runServices } from './run-services.ts'
import { awaitArrival } from './scene.ts'

/** What was driven while something was so, and when. */
type Phase = {
  readonly name: string
  readonly driven: readonly DrivenRequest[]
  readonly startMillis: number
  readonly endMillis: number
}

/** Longer than a runtime keeps a span before it sends it. */
const handoverMillis = 2500
const times = 4

test('LGTM down, black-holed and back: nothing is lost through ends of the Collector, and no runtime notices', async () => {
  await using started = new AsyncDisposableStack()
  const queueFolder = mkdtempSync(join(tmpdir(), 'lgtm-outage-'))
  started.defer(() => rmSync(queueFolder, { recursive: true, force: true }))
  const database = started.use(await runDatabase())
  const lgtm = started.use(await runLgtm())
  const port = await findFreePort()
  const start = () => runProductionCollector({ lgtmUrl: lgtm.otlpUrl, queueFolder, port })
  let collector: RunningCollector = await start()
  started.defer(() => collector.stop('SIGKILL'))
  const services = started.use(await runServices(database, ['--collector', collector.url]))
  const recorder = createRecorder(lgtm.record)
  const phases: Phase[] = []

  const drive = async (name: string) => {
    const startMillis = Date.now()
    const each = [...services.urls].map(([runtime, url]) => driveHealthy(runtime, url, times))
    const driven = (await Promise.all(each)).flat()
    await delay(handoverMillis)
    phases.push({ name, driven, startMillis, endMillis: Date.now() })
  }
  const restart = async (signal: 'SIGTERM' | 'SIGKILL') => {
    await collector.stop(signal)
    collector = await start()
  }

  await lgtm.open()
  await drive('first requests')
  await drive('all is well')
  await lgtm.close()
  await drive('LGTM is down')
  await restart('SIGTERM')
  await drive('the Collector was ended and started')
  await restart('SIGKILL')
  await drive('the Collector was killed and started')
  const before = recorder.readSpans().length
  {
    await using hole = await startBlackHole(lgtm.otlpPort)
    await drive('LGTM takes everything and answers nothing')
    expect(hole.readBytes()).toBeGreaterThan(0)
    await restart('SIGKILL')
    await drive('the Collector was killed while it sent, and started')
  }
  expect(recorder.readSpans().length).toBe(before)
  expect(readdirSync(queueFolder).some((name) => name.includes('traces'))).toBe(true)
  await lgtm.open()
  const driven = phases.flatMap((phase) => phase.driven)
  await awaitArrival(recorder, driven)
  await drive('LGTM is back')
  driven.push(...(phases.at(-1)?.driven ?? []))
  await awaitArrival(recorder, driven)

  expect(findLosses(recorder, driven)).toEqual([])
  expect(new Set(driven.map(({ traceId }) => traceId)).size).toBe(driven.length)
  // In the backends as well: each record, a trace of each phase on each runtime, and points of each phase.
  const range = { startMillis: Date.now() - 3_600_000, endMillis: Date.now() + 60_000 }
  const query = 'sum by (service_name) (count_over_time({service_name="todo-api"} [60000ms]))'
  await expect
    .poll(() => queryTotals(lgtm.lokiUrl, query, range, 60_000), { timeout: 20_000 })
    .toEqual([{ labels: { service_name: 'todo-api' }, value: recorder.readLogs().length }])
  const tempo = createTraceSource({ kind: 'tempo', url: lgtm.tempoUrl })
  const samples = await querySamples(
    lgtm.prometheusUrl,
    'traces_spanmetrics_calls_total{span_kind="SPAN_KIND_SERVER"}[1h]',
    Date.now(),
  )
  const reported = samples.flatMap((one) => one.samples.map(({ timeMillis }) => timeMillis))
  for (const { name, driven: own, startMillis, endMillis } of phases) {
    for (const runtime of services.urls.keys()) {
      const traceId = own.find((it) => it.runtime === runtime)?.traceId ?? ''
      const sent = recorder.readSpans().filter(({ span }) => span.traceId === traceId)
      const stored = await readSpanIds(tempo, traceId)
      expect([...stored].sort(), `${name}, ${runtime}`).toEqual(
        sent.map(({ span }) => span.spanId).sort(),
      )
    }
    const points = reported.filter((it) => it >= startMillis && it <= endMillis)
    expect(points.length, name).toBeGreaterThan(0)
  }
  expect(lgtm.findFailure()).toBeUndefined()
  process.stdout.write(
    renderReport(phases, recorder.readSpans().length, recorder.readLogs().length),
  )
})

/** Told, and not judged: how long an answer takes is the machine's business as much as ours. */
function renderReport(phases: readonly Phase[], spans: number, logs: number): string {
  const healthy = median(phases.find(({ name }) => name === 'all is well')?.driven ?? [])
  const requests = phases.reduce((sum, { driven }) => sum + driven.length, 0)
  return [
    '',
    ...phases.map(({ name, driven }) => {
      const own = median(driven)
      const ratio = (own / healthy).toFixed(2)
      return `${name}: ${driven.length} answers, median ${own.toFixed(2)} ms (x ${ratio}), slowest ${Math.max(...driven.map(({ millis }) => millis)).toFixed(0)} ms`
    }),
    `${requests} requests: ${spans} spans and ${logs} log records arrived, none missing, none twice`,
    '',
  ].join('\n')
}

function median(driven: readonly DrivenRequest[]): number {
  const sorted = driven.map(({ millis }) => millis).sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
