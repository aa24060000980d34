import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { readAttribute, SpanKind } from '../../otlp/model.ts'
import { pollUntil } from '../../plumbing/poll-until.ts'
import { type OtlpSink, startSink } from '../collector/otlp-sink.ts'
import { runCollector } from '../collector/program/run-collector.ts'
import { type DrivenRequest, driveBroken, driveHealthy } from './drive.ts'
import { querySamples } from './query-prometheus.ts'
import { readSpans, type SpanOfResource } from './read-spans.ts'
import { runPrometheus } from './run-prometheus.ts'
import { type Database, runDatabase, runServices, type Services } from './run-services.ts'

/** All runtimes gave a known number of answers, and Prometheus has what the Collector counted. */
export type Scene = AsyncDisposable & {
  readonly prometheusUrl: string
  readonly runtimes: readonly string[]
  /** All that were answered: those driven here, and those by which `npm start` learns that a runtime is ready. */
  readonly requests: readonly DrivenRequest[]
  readonly spans: readonly SpanOfResource[]
  /** When the span metrics were reported first, and last. */
  readonly firstMillis: number
  readonly lastMillis: number
}

/** How often the span metrics come here, which is every 15 s in production. */
const flushMillis = 500
const arrivalMillisMax = 60_000
/** Longer than a runtime keeps a span before it sends it. */
const quietMillis = 2500

const triesMax = 3

/**
 * Plays it, and again when a series began in the very millisecond of a report: Prometheus then puts no 0 before what
 * that report counted, so that it is in no rate. In production that is one of 15,000 milliseconds, here one of 500.
 */
export async function playScene(): Promise<Scene> {
  for (let tries = 1; ; tries++) {
    const scene = await playOnce()
    if (tries === triesMax || (await beginsAtZero(scene))) return scene
    await scene[Symbol.asyncDispose]()
  }
}

async function beginsAtZero({ prometheusUrl }: Scene): Promise<boolean> {
  const query = 'traces_spanmetrics_latency_count[10m]'
  const series = await querySamples(prometheusUrl, query, Date.now())
  return series.every(({ samples }) => samples[0]?.value === 0)
}

/**
 * Runs real parts: five runtimes, PostgreSQL, the Collector with `observability/stack/collector.yaml`, and Prometheus.
 * The Collector's requests to Tempo and Loki are recorded.
 */
async function playOnce(): Promise<Scene> {
  await using started = new AsyncDisposableStack()
  const queueFolder = mkdtempSync(join(tmpdir(), 'lgtm-queue-'))
  started.defer(() => rmSync(queueFolder, { recursive: true, force: true }))
  const database = started.use(await runDatabase())
  const prometheus = started.use(await runPrometheus())
  const sink = started.use(await startSink())
  const collector = started.use(
    await runCollector({
      files: ['observability/stack/collector.yaml'],
      environment: { LGTM_OTLP_ENDPOINT: sink.url, COLLECTOR_QUEUE_DIR: queueFolder },
      settings: {
        extensions: { health_check: { endpoint: '127.0.0.1:0' } },
        connectors: { span_metrics: { metrics_flush_interval: `${flushMillis}ms` } },
        exporters: {
          'otlp_http/lgtm': {
            metrics_endpoint: `${prometheus.url}/api/v1/otlp/v1/metrics`,
            sending_queue: { batch: { flush_timeout: '100ms' } },
          },
        },
      },
    }),
  )
  const services = started.use(await runServices(database, ['--collector', collector.url]))

  const driven = await driveAll(services, database)
  await awaitArrival(sink, driven)
  // A new counter is reported as 0 first, and what it counted only then.
  await delay(4 * flushMillis)

  const spans = readSpans(sink)
  const reported = await readReported(prometheus.url)
  const all = started.move()
  return {
    prometheusUrl: prometheus.url,
    runtimes: [...services.urls.keys()],
    requests: [...driven, ...listProbes(spans, driven)],
    spans,
    ...reported,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  }
}

/** Every runtime another number of times, or a mix-up of runtimes would count the same. */
async function driveAll({ urls }: Services, database: Database): Promise<readonly DrivenRequest[]> {
  const each = (play: typeof driveHealthy) =>
    Promise.all([...urls].map(([name, url], index) => play(name, url, 10 + 2 * index)))
  const healthy = await each(driveHealthy)
  await database.stop()
  const broken = await each(driveBroken)
  return [...healthy, ...broken].flat()
}

/** Waits for the server span of each request, and then until nothing comes any more. */
async function awaitArrival(sink: OtlpSink, driven: readonly DrivenRequest[]): Promise<void> {
  const countMissing = () => {
    const arrived = new Set(readSpans(sink).map(({ span }) => span.traceId))
    return driven.filter(({ traceId }) => !arrived.has(traceId)).length
  }
  if (!(await pollUntil(() => countMissing() === 0, arrivalMillisMax, 200)))
    throw new Error(`${countMissing()} of ${driven.length} traces have not arrived`)
  for (let count = -1; count !== sink.requests.length; await delay(quietMillis))
    count = sink.requests.length
}

function listProbes(
  spans: readonly SpanOfResource[],
  driven: readonly DrivenRequest[],
): readonly DrivenRequest[] {
  const ids = new Set(driven.map(({ traceId }) => traceId))
  const others = spans.filter(({ span }) => span.kind === SpanKind.server && !ids.has(span.traceId))
  return others.map(({ span, resource }) => {
    if (span.name !== 'GET /ready')
      throw new Error(`expected only requests that were driven, got ${span.name}`)
    return {
      runtime: String(readAttribute(resource, 'hono.runtime.name')),
      method: 'GET',
      route: '/ready',
      status: Number(readAttribute(span.attributes, 'http.response.status_code')),
      traceId: span.traceId,
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
