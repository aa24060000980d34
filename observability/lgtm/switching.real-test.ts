import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as v from 'valibot'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseDocument } from 'yaml'
import { repositoryFolder } from '../collector-parity/collector-binary.ts'
import { findFreePort } from '../collector-parity/free-port.ts'
import { createTraceSource } from '../driver/trace-source.ts'
import { queryRecords } from './ask-loki.ts'
import { queryAt } from './ask-prometheus.ts'
import { readSpanIds } from './check-exemplars.ts'
import { type DrivenRequest, driveHealthy } from './drive.ts'
import { nameSpan } from './expected/request-numbers.ts'
import { findLosses } from './find-losses.ts'
import { parseExposition } from './parse-exposition.ts'
import { findMismatches } from './promql/find-mismatches.ts'
import type { Vector } from './promql/select-series.ts'
import { createRecorder } from './recorder.ts'
import { type Lgtm, runLgtm } from './run-lgtm.ts'
import { flushMillis, runProductionCollector } from './run-production-collector.ts'
import {
  type Database,
  runCompare,
  runDatabase,
  runServices,
  type Services,
} from './run-services.ts'
import { awaitArrival } from './scene.ts'
import { knownLabels, type Labels } from './spans/span-series.ts'

let folder: string
let database: Database
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lgtm-switching-'))
  database = await runDatabase()
})
afterAll(async () => {
  await database[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

describe('npm start', () => {
  test('with --forward fills the embedded collector and LGTM alike', async () => {
    await using lgtm = await runLgtm()
    await lgtm.open()
    const port = await findFreePort()
    await using services = await runServices(database, [
      ...['--forward', lgtm.otlpUrl, '--collector-port', String(port)],
      ...['--collector-config', writeQuickConfig()],
    ])
    const recorder = createRecorder(lgtm.record)
    const driven = await driveEach(services)
    await awaitArrival(recorder, driven)
    const embeddedUrl = `http://127.0.0.1:${port}`

    await expect.poll(() => readCalls(lgtm), { timeout: 10_000 }).toEqual(countDriven(driven))
    expect(findLosses(recorder, driven)).toEqual([])
    for (const series of ['calls_total', 'latency_count', 'latency_sum', 'latency_bucket']) {
      const name = `traces_spanmetrics_${series}`
      const text = await (await fetch(`${embeddedUrl}/metrics`)).text()
      const embedded = parseExposition(text, name).map(keepKnown)
      const stored = await queryAt(lgtm.prometheusUrl, name, Date.now())
      expect(embedded.length).toBeGreaterThan(0)
      expect(findMismatches(embedded, stored.map(keepKnown), 'exact'), name).toEqual([])
    }
    const embedded = createTraceSource({ kind: 'collector', url: embeddedUrl })
    const tempo = createTraceSource({ kind: 'tempo', url: lgtm.tempoUrl })
    for (const { traceId } of driven.slice(0, 20)) {
      const spanIds = await readSpanIds(embedded, traceId)
      expect(spanIds.size).toBeGreaterThan(0)
      expect(await readSpanIds(tempo, traceId)).toEqual(spanIds)
      const records = await countRecords(embeddedUrl, traceId)
      expect(await countStoredRecords(lgtm, traceId)).toBe(records)
    }
  })

  test('with --collector fills LGTM by way of the real Collector, with the same counts, and npm run compare finds its traces there', async () => {
    await using lgtm = await runLgtm()
    await lgtm.open()
    const queueFolder = mkdtempSync(join(folder, 'queue-'))
    await using collector = await runProductionCollector({ lgtmUrl: lgtm.otlpUrl, queueFolder })
    await using services = await runServices(database, ['--collector', collector.url])
    const recorder = createRecorder(lgtm.record)
    const driven = await driveEach(services)
    await awaitArrival(recorder, driven)

    await expect.poll(() => readCalls(lgtm), { timeout: 10_000 }).toEqual(countDriven(driven))
    expect(findLosses(recorder, driven)).toEqual([])
    expect(services.lines.join('\n')).not.toMatch(/^collector +ready/m)
    for (const { traceId, route } of driven.slice(0, 20))
      expect(await countStoredRecords(lgtm, traceId)).toBe(route === undefined ? 0 : 1)

    const compared = await runCompare(services, {
      collectorUrl: collector.url,
      tempoUrl: lgtm.tempoUrl,
      folder: join(folder, 'compare'),
    })
    expect(compared.exitCode, compared.text).toBe(0)
    expect(compared.text).toMatch(/^get +reference +known \(\d+\) +same +same +known \(\d+\)$/m)
  })
})

/** observability/collector.yaml, but that the span metrics come at once. */
function writeQuickConfig(): string {
  const text = readFileSync(join(repositoryFolder, 'observability', 'collector.yaml'), 'utf8')
  const document = parseDocument(text)
  document.setIn(['connectors', 'span_metrics', 'metrics_flush_interval'], `${flushMillis}ms`)
  const path = join(folder, 'collector.yaml')
  writeFileSync(path, document.toString())
  return path
}

async function driveEach({ urls }: Services): Promise<readonly DrivenRequest[]> {
  const each = [...urls].map(([name, url], index) => driveHealthy(name, url, 2 + index))
  return (await Promise.all(each)).flat()
}

/** Answers by runtime, span and status, such as `node GET /api/v1/todos 200`. */
type Calls = Readonly<Record<string, number>>

function countDriven(driven: readonly DrivenRequest[]): Calls {
  const groups = Map.groupBy(driven, (it) => `${it.runtime} ${nameSpan(it)} ${it.status}`)
  return Object.fromEntries([...groups].map(([name, requests]) => [name, requests.length]))
}

/** The same of Prometheus, without what `npm start` asks to learn whether a runtime is ready. */
async function readCalls({ prometheusUrl }: Lgtm): Promise<Calls> {
  const calls = await queryAt(
    prometheusUrl,
    'sum by (hono_runtime_name, span_name, http_response_status_code) (traces_spanmetrics_calls_total{span_kind="SPAN_KIND_SERVER",http_route!="/ready"})',
    Date.now(),
  )
  return Object.fromEntries(
    calls.map(({ labels, value }) => [
      `${labels.hono_runtime_name} ${labels.span_name} ${labels.http_response_status_code}`,
      value,
    ]),
  )
}

function keepKnown({ labels, value }: Vector[number]): Vector[number] {
  const isKnown = ([name]: readonly [string, unknown]) => knownLabels.has(name) || name === 'le'
  const known: Labels = Object.fromEntries(Object.entries(labels).filter(isKnown))
  return { labels: known, value }
}

async function countStoredRecords({ lokiUrl }: Lgtm, traceId: string): Promise<number> {
  const range = { startMillis: Date.now() - 600_000, endMillis: Date.now() + 60_000 }
  const query = `{service_name="todo-api"} | trace_id="${traceId}"`
  return (await queryRecords(lokiUrl, query, range, 100)).length
}

const logsAnswer = v.object({ logs: v.array(v.unknown()) })

async function countRecords(embeddedUrl: string, traceId: string): Promise<number> {
  const response = await fetch(`${embeddedUrl}/api/logs?traceId=${traceId}`)
  return v.parse(logsAnswer, await response.json()).logs.length
}
