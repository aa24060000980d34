import { createServer, type Server } from 'node:http'
import type { Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import packageJson from '../../package.json' with { type: 'json' }
import { isLoopback } from '../plumbing/is-loopback.ts'
import { reachableUrl } from '../plumbing/reachable-url.ts'
import type { DeclaredDifferences } from '../wire/known-differences.ts'
import { type CollectorBounds, defaultBounds } from './bounds.ts'
import type { CollectorConfig } from './config/collector-config.ts'
import { isOwnEndpoint, renderEndpoint } from './forward/destination.ts'
import { createForwarder, type Forwarder } from './forward/forwarder.ts'
import { createLoopGuard } from './forward/loop-guard.ts'
import { createHandler } from './http/create-handler.ts'
import { listen } from './http/listen.ts'
import { createWorkerQuestions } from './http/worker-questions.ts'
import { createPage } from './page/page.ts'
import type { TryPlan } from './page/try/try-plan.ts'
import { createTry } from './page/try/try-requests.ts'
import { createPipeline } from './pipeline.ts'
import { createArrivalMarks } from './query/arrival-mark.ts'
import { noDeclaredDifferences } from './query/declared-differences.ts'
import { createHeldAnswers } from './query/held-answers.ts'
import { createQueryApi } from './query/query-api.ts'
import { answerOtherProtocols } from './receive/answer-other-protocols.ts'
import { createInFlight } from './receive/in-flight.ts'
import { createReceiver, type WireRequest } from './receive/receiver.ts'
import { Refusal } from './receive/refusal.ts'
import { createClearing } from './runs/clearing.ts'
import { createImportRun } from './runs/import-run.ts'
import { createRunQueries } from './runs/run-queries.ts'
import type { RunCounts } from './runs/run-writer.ts'
import { createRuns, type Runs } from './runs/runs.ts'
import { negotiateFormat } from './span-metrics/exposition/negotiate-format.ts'
import { renderMetrics } from './span-metrics/exposition/render-metrics.ts'
import { createCounters } from './status/counters.ts'
import { readStatus } from './status/read-status.ts'
import { readSelfMetrics } from './status/self-metrics.ts'

/** What to listen on, where to forward, and what to keep; everything but the configuration has a default. */
export type CollectorOptions = {
  readonly config: CollectorConfig
  /** Defaults to that of the configuration's OTLP receiver. */
  readonly host?: string | undefined
  /** Defaults to that of the configuration's OTLP receiver; 0 takes a free one. */
  readonly port?: number | undefined
  /** Passes everything received, and the span metrics, on to another OTLP/HTTP endpoint. */
  readonly forward?: ForwardOptions | undefined
  /** Host names, in addition to local ones, that queries may use; see `isAllowedHost`. */
  readonly allowedHosts?: readonly string[]
  /** Origins whose pages may send telemetry, in addition to those of the configuration. */
  readonly corsOrigins?: readonly string[]
  /** Folder of the page's built files. Without it there is no page. */
  readonly pageFolder?: string
  /** A program that answers `/mcp` in a thread of its own. Without it nothing does. */
  readonly mcpProgram?: URL
  /** What the page is called. Defaults to `Traces`. */
  readonly title?: string | undefined
  /** Requests that the page may send to services on this machine. Defaults to no request. */
  readonly tryPlan?: TryPlan
  /** Differences between runtimes that the page marks as known. Defaults to no difference. */
  readonly declared?: DeclaredDifferences
  /** What is kept on disk of each start. Defaults to nothing. */
  readonly runs?: { readonly folder: string; readonly keepMax: number; readonly isFresh: boolean }
  readonly bounds?: Partial<CollectorBounds>
  readonly log?: (line: string) => void
}

type ForwardOptions = {
  /** As `OTEL_EXPORTER_OTLP_ENDPOINT`: without `/v1/traces`. */
  readonly endpoint: string
  /** Such as `authorization`; never logged. */
  readonly headers?: Readonly<Record<string, string>>
}

/** A collector that listens. */
export type Collector = {
  readonly url: string
  readonly port: number
  /** Lets open requests finish and sends on what waits; takes 3 seconds at the most. */
  close(): Promise<void>
}

const requestsMillisMax = 1_000
const forwardMillisMax = 1_800

/**
 * Starts the embedded collector: OTLP/HTTP in, span metrics and questions answered on the same port.
 *
 * @throws Error in one sentence, with everything stopped again, when the port is taken or the
 *   forward endpoint is unusable or is this collector itself.
 */
export async function startCollector(options: CollectorOptions): Promise<Collector> {
  const { config, log = () => {} } = options
  const host = (options.host ?? config.endpoint.host) || '0.0.0.0'
  const bounds = { ...defaultBounds, bodyBytesMax: config.bodyBytesMax, ...options.bounds }
  const server = createServer({
    headersTimeout: bounds.headersMillisMax,
    // Not before our own answer to a slow body, which is in the encoding of the request.
    requestTimeout: bounds.headersMillisMax + bounds.bodyMillisMax + 5_000,
    connectionsCheckingInterval: 1_000,
    // Longer than senders wait between batches: closing a connection just as one is sent on it loses the batch.
    keepAliveTimeout: 65_000,
  })
  server.maxConnections = bounds.connectionsMax
  const closeServer = prepareClose(server)
  const port = await listen(server, host, options.port ?? config.endpoint.port)
  try {
    const runs =
      options.runs && (await createRuns({ ...options.runs, bounds, nowMillis: Date.now, log }))
    return serve(server, closeServer, { ...options, host, log }, bounds, port, runs)
  } catch (error) {
    server.close()
    throw error
  }
}

function serve(
  server: Server,
  closeServer: () => Promise<void>,
  options: CollectorOptions & { readonly host: string; readonly log: (line: string) => void },
  bounds: CollectorBounds,
  port: number,
  runs: Runs | undefined,
): Collector {
  const { config, host, log, corsOrigins = [], allowedHosts = [] } = options
  const startedMillis = Date.now()
  const loopGuard = createLoopGuard()
  const counters = createCounters()
  const inFlight = createInFlight(bounds, performance.now.bind(performance))
  const forwarder = createForwarderTo(options, port, bounds, loopGuard.via)
  const pipeline = createPipeline({
    config,
    bounds,
    counters,
    forwarder,
    nowMillis: Date.now,
    ...(runs && { keep: keepIn(runs) }),
  })

  const clearing = createClearing(
    pipeline.traces,
    pipeline.looseLogs,
    runs?.current,
    bounds.undoMillis,
  )

  const receive = createReceiver({
    bounds,
    inFlight,
    corsOrigins: [...config.corsAllowedOrigins, ...corsOrigins],
    inspect({ headers }) {
      if (loopGuard.isOwn(headers)) {
        throw new Refusal(508, 'this collector forwarded the request itself')
      }
    },
    accept: pipeline.accept,
    onRefused: counters.refused,
    log,
  })
  const current = createQueryApi({
    traces: pipeline.traces,
    looseLogs: pipeline.looseLogs,
    arrivals: pipeline.arrivals,
    metrics: pipeline.metrics,
    marks: createArrivalMarks(startedMillis),
    readStatus: () =>
      readStatus({
        title: options.title ?? 'Traces',
        version: packageJson.version,
        startedMillis,
        nowMillis: Date.now(),
        received: counters.read(),
        inFlight,
        traces: pipeline.traces,
        looseLogs: pipeline.looseLogs,
        spanMetrics: pipeline.spanMetrics.stats(),
        forward: forwarder?.stats(),
        bounds,
      }),
    declared: options.declared ?? noDeclaredDifferences,
    clearing,
    questionsMax: bounds.questionsMax,
    renderMetrics(accept) {
      const { format, contentType } = negotiateFormat(accept ?? null)
      const own = readSelfMetrics(
        counters.read(),
        pipeline.traces.stats().duplicateSpans,
        forwarder?.stats(),
        BigInt(startedMillis) * 1_000_000n,
        BigInt(Date.now()) * 1_000_000n,
      )
      return { contentType, body: renderMetrics([...pipeline.readMetrics(), own], format) }
    },
    log,
  })
  const query = createRunQueries({
    runs,
    current,
    createApi: ({ traces, looseLogs, arrivals }, runStartedMillis) =>
      createQueryApi({
        traces,
        looseLogs,
        arrivals,
        marks: createArrivalMarks(runStartedMillis),
        readStatus: () => ({}),
        declared: options.declared ?? noDeclaredDifferences,
        questionsMax: bounds.questionsMax,
        renderMetrics: () => ({ contentType: 'text/plain', body: '' }),
        log,
      }),
  })
  const page = options.pageFolder === undefined ? () => undefined : createPage(options.pageFolder)
  const mcp =
    options.mcpProgram &&
    createWorkerQuestions({
      program: options.mcpProgram,
      collectorUrl: reachableUrl(host, port),
      inFlight,
      bounds,
      log,
    })
  const handler = createHandler({
    receive,
    query,
    importRun: createImportRun({ runs, inFlight, bounds }),
    page,
    mcp,
    tryRequests: createTry(options.tryPlan ?? { services: [], requests: [] }),
    hold: createHeldAnswers(bounds),
    host,
    allowedHosts,
  })
  server.on('request', handler)
  server.on('checkContinue', handler)
  answerOtherProtocols(server, log)
  if (!isLoopback(host)) {
    log(
      `listening on ${host}, not only on this machine: everybody who reaches it can send telemetry`,
    )
  }
  const flushTimer = setInterval(
    pipeline.flush,
    limitInterval(config.spanMetrics.flushIntervalMillis),
  )

  return {
    url: reachableUrl(host, port),
    port,
    async close() {
      clearInterval(flushTimer)
      await closeServer()
      pipeline.flush()
      await clearing.close()
      await Promise.all([forwarder?.close(forwardMillisMax), runs?.close(), mcp?.close()])
    },
  }
}

function keepIn(runs: Runs) {
  return ({ signal, encoding, body, gzipped }: WireRequest, counts: RunCounts) => {
    if (signal === 'metrics' || counts.spans + counts.logRecords === 0) return
    const isGzipped = gzipped !== undefined
    runs.current.add({ signal, encoding, isGzipped, body: gzipped ?? body }, counts)
  }
}

/** A timer treats more than 24 days as 0 ms and would fire without pause. */
function limitInterval(millis: number): number {
  return Math.min(Math.max(millis, 100), 2 ** 31 - 1)
}

function createForwarderTo(
  { forward, host = '', log = () => {} }: CollectorOptions,
  port: number,
  bounds: CollectorBounds,
  via: string,
): Forwarder | undefined {
  if (forward === undefined) return undefined
  if (isOwnEndpoint(forward.endpoint, { host, port })) {
    const endpoint = renderEndpoint(forward.endpoint)
    throw new Error(`forward endpoint ${endpoint} is this collector itself, expected another one`)
  }
  return createForwarder({
    destination: { endpoint: forward.endpoint, headers: forward.headers ?? {} },
    queueBytesMax: bounds.forwardQueueBytesMax,
    via,
    log,
    nowMillis: Date.now,
    random: Math.random,
  })
}

function prepareClose(server: Server): () => Promise<void> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  return async () => {
    const closed = new Promise((resolve) => server.close(resolve))
    const sweep = setInterval(() => {
      // A connection that was busy is idle once it has its answer; one without a request never counts as idle.
      server.closeIdleConnections()
      for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy()
    }, 20)
    const timer = new AbortController()
    await Promise.race([closed, delay(requestsMillisMax, undefined, { signal: timer.signal })])
    timer.abort()
    clearInterval(sweep)
    server.closeAllConnections()
  }
}
