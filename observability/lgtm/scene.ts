import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { SpanKind } from '../otlp/model.ts'
import { querySamples } from './ask-prometheus.ts'
import { type DrivenRequest, driveBroken, driveHealthy } from './drive.ts'
import { createRecorder, type LogOfResource, type Recorder } from './recorder.ts'
import { type Lgtm, runLgtm } from './run-lgtm.ts'
import { flushMillis, runProductionCollector } from './run-production-collector.ts'
import { type Database, runDatabase, runServices, type Services } from './run-services.ts'
import {
  countSpans,
  readSpanLabels,
  type SpanOfResource,
  type SpanSeries,
} from './spans/span-series.ts'

/** All runtimes were asked for a known number of answers, and LGTM has what they left behind. */
export type Scene = AsyncDisposable & {
  readonly lgtm: Lgtm
  readonly runtimes: readonly string[]
  readonly driven: readonly DrivenRequest[]
  /** What nobody here drove: `npm start` asks whether a runtime is ready. */
  readonly probes: readonly DrivenRequest[]
  readonly spans: readonly SpanOfResource[]
  readonly logs: readonly LogOfResource[]
  readonly series: readonly SpanSeries[]
  /** When the span metrics were reported first, and last. */
  readonly firstMillis: number
  readonly lastMillis: number
}

const arrivalMillisMax = 30_000
/** Longer than a runtime keeps a span before it sends it. */
const quietMillis = 2500

/**
 * Plays it once, on everything that is real: five runtimes, PostgreSQL, the Collector with
 * `observability/collector.yaml`, and LGTM.
 */
export async function playScene(): Promise<Scene> {
  await using started = new AsyncDisposableStack()
  const queueFolder = mkdtempSync(join(tmpdir(), 'lgtm-queue-'))
  started.defer(() => rmSync(queueFolder, { recursive: true, force: true }))
  const database = started.use(await runDatabase())
  const lgtm = started.use(await runLgtm())
  await lgtm.open()
  const collector = started.use(
    await runProductionCollector({ lgtmUrl: lgtm.otlpUrl, queueFolder }),
  )
  const services = started.use(await runServices(database, ['--collector', collector.url]))
  const recorder = createRecorder(lgtm.record)

  const driven = await driveAll(services, database, (index) => 10 + 2 * index)
  await awaitArrival(recorder, driven)
  // A new counter is reported as 0 first, and what it counted only then.
  await delay(4 * flushMillis)

  const failure = lgtm.findFailure()
  if (failure !== undefined) throw new Error(failure)
  const spans = recorder.readSpans()
  const reported = await readReported(lgtm.prometheusUrl)
  const all = started.move()
  return {
    lgtm,
    runtimes: [...services.urls.keys()],
    driven,
    probes: listProbes(spans, driven),
    spans,
    logs: recorder.readLogs(),
    series: countSpans(spans),
    ...reported,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  }
}

/** Every runtime another number of times, or a mix-up of runtimes would count the same. */
async function driveAll(
  { urls }: Services,
  database: Database,
  timesOf: (index: number) => number,
): Promise<readonly DrivenRequest[]> {
  const each = (play: typeof driveHealthy) =>
    Promise.all([...urls].map(([name, url], index) => play(name, url, timesOf(index))))
  const healthy = await each(driveHealthy)
  await database.stop()
  const broken = await each(driveBroken)
  await database.start()
  return [...healthy, ...broken].flat()
}

/** Waits for the server span of each request, and then until nothing comes any more. */
export async function awaitArrival(
  recorder: Recorder,
  driven: readonly DrivenRequest[],
): Promise<void> {
  const countMissing = () => {
    const arrived = new Set(recorder.readSpans().map(({ span }) => span.traceId))
    return driven.filter(({ traceId }) => !arrived.has(traceId)).length
  }
  for (const deadline = Date.now() + arrivalMillisMax; countMissing() > 0; await delay(100)) {
    if (Date.now() > deadline)
      throw new Error(`${countMissing()} of ${driven.length} traces have not arrived`)
  }
  const countAll = () => recorder.readSpans().length + recorder.readLogs().length
  for (let count = -1; count !== countAll(); await delay(quietMillis)) count = countAll()
}

function listProbes(
  spans: readonly SpanOfResource[],
  driven: readonly DrivenRequest[],
): readonly DrivenRequest[] {
  const ids = new Set(driven.map(({ traceId }) => traceId))
  const others = spans.filter(({ span }) => span.kind === SpanKind.server && !ids.has(span.traceId))
  return others.map((one) => {
    const labels = readSpanLabels(one)
    if (labels.http_route !== '/ready')
      throw new Error(`expected only requests that were driven, got ${one.span.name}`)
    return {
      runtime: labels.hono_runtime_name ?? '',
      method: labels.http_request_method ?? '',
      route: labels.http_route,
      status: Number(labels.http_response_status_code),
      traceId: one.span.traceId,
      millis: 0,
    }
  })
}

/** When the first span was counted, and when the last report was made that all series are part of. */
async function readReported(prometheusUrl: string) {
  const calls = await querySamples(prometheusUrl, 'traces_spanmetrics_calls_total[10m]', Date.now())
  if (calls.length === 0) throw new Error('expected series of the span metrics, got none')
  const times = calls.map(({ samples }) => samples.map(({ timeMillis }) => timeMillis))
  return {
    firstMillis: Math.min(...times.flat()),
    lastMillis: Math.min(...times.map((one) => Math.max(...one))),
  }
}
