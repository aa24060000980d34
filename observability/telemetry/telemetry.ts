import { context, ROOT_CONTEXT, type Tracer } from '@opentelemetry/api'
import { ATTR_SERVICE_VERSION } from '@opentelemetry/semantic-conventions'
import type { Batch } from './export/batch.ts'
import { createByteQueue } from './export/byte-queue.ts'
import { createDrain, type Drain } from './export/drain.ts'
import {
  createRecordSend,
  createSpanSend,
  isRetryableExport,
  type Send,
  type SendOptions,
} from './export/exporters.ts'
import { createOutage, type Outage } from './export/outage.ts'
import {
  createLoggerProvider,
  createResource,
  createTracerProvider,
  type MakeTracerProvider,
  type ResourceAttributes,
  registerContext,
} from './export/providers.ts'
import { createTimedDrain, type TimedDrain } from './export/timed-drain.ts'
import { createLog, type LogEntry, type WriteLine } from './logs/logs.ts'
import { packageName, packageVersion } from './package-version.ts'
import { enterRequest } from './request/enter-request.ts'
import { type ServerSpanOptions, traceRequests } from './request/server-span.ts'
import type { Fetch, TraceableApp } from './request/traceable-app.ts'
import { readableUrl } from './settings/setting-kinds.ts'
import type { SignalSettings, TelemetrySettings } from './settings/settings.ts'
import { createHeads, type Observed } from './spans/encode-head.ts'
import { createSpanTracer } from './spans/span-tracer.ts'
import type { WireWriter } from './spans/wire-writer.ts'
import { writeRecord, writeSpan } from './spans/write-span.ts'

/** What a service is observed by: it is handed these and never learns what they do. */
export type Telemetry = {
  /** An app's `fetch`, each of whose requests has a span. To be called once for an app. */
  trace(app: TraceableApp): Fetch
  readonly log: (entry: LogEntry) => void
  /** What makes all other spans: of statements, of requests to others. None when telemetry is switched off. */
  readonly tracer: Tracer | undefined
  /** Sends what has ended. Resolves in a bounded time and never rejects. */
  drain(): Promise<void>
  /** Sends what is left, once, even in an outage, and stops the timer. Resolves in a bounded time; never rejects. */
  close(): Promise<void>
}

/**
 * What an adapter tells about its runtime. Everything with a question mark is for platforms that know more than a
 * `fetch` does.
 */
export type TelemetryOptions = SendOptions & {
  readonly settings: TelemetrySettings
  /** The scope that spans and records come from. Defaults to this package. */
  readonly scope?: TelemetryScope
  /** What the runtime says of itself. */
  readonly resource: ResourceAttributes
  /** Of the app. */
  readonly serviceVersion?: string | undefined
  readonly writeLine: WriteLine
  /**
   * `timer`: sends by itself a while after something ended, for processes that live on.
   * `caller`: sends only when told, for platforms that stop between requests.
   */
  readonly schedule: 'timer' | 'caller'
  readonly makeTracerProvider?: MakeTracerProvider
  /** Whether each request begins in the root context; for platforms that may be in another. @see enterRequest */
  readonly fromRoot?: boolean
  /** @see ServerSpanOptions.describe */
  readonly describe?: ServerSpanOptions['describe']
  /** @see ServerSpanOptions.readHeader */
  readonly readHeader?: ServerSpanOptions['readHeader']
  /** @see ServerSpanOptions.setHeader */
  readonly setHeader?: ServerSpanOptions['setHeader']
  /** @see ServerSpanOptions.sent */
  readonly sent?: ServerSpanOptions['sent']
  /** Told when a request's server span has ended. */
  readonly onRequestEnd?: ServerSpanOptions['onEnd']
}

export type TelemetryScope = { readonly name: string; readonly version: string }

const packageScope: TelemetryScope = { name: packageName, version: packageVersion }

/** The semantic conventions by which attributes are named. */
const scopeOptions = { schemaUrl: 'https://opentelemetry.io/schemas/1.44.0' }

/** Builds what a service is observed by, from the standard variables and what a runtime says of itself. */
export function createTelemetry(options: TelemetryOptions): Telemetry {
  const { settings, scope = packageScope, serviceVersion, writeLine } = options
  const log = createLog(writeLine)
  // A timer runs in the context of the request that set it off, which is not what its news is about.
  const report: Log = (entry) => context.with(ROOT_CONTEXT, () => log(entry))
  if (settings.disabled) return createNoTelemetry(report)

  registerContext(settings.propagators)
  for (const { variable, message } of settings.warnings)
    report({
      severity: 'warn',
      event: 'telemetry.setting_ignored',
      message,
      attributes: { 'telemetry.setting': variable },
    })
  const outages = new Map<string, Outage>()
  /** Signals that go to one receiver share what is said of it. */
  function outageOf({ url }: SignalSettings): Outage {
    const { origin } = new URL(url)
    const outage = outages.get(origin) ?? createOutage(report)
    outages.set(origin, outage)
    return outage
  }
  const { schedule } = options
  const spans = createSignalDrain({
    what: 'spans',
    settings: settings.traces,
    write: writeSpan,
    createSend: (own) => createSpanSend(own, options),
    schedule,
    outage: outageOf(settings.traces),
  })
  const records = createSignalDrain({
    what: 'log records',
    settings: settings.logs,
    write: writeRecord,
    createSend: (own) => createRecordSend(own, options),
    schedule,
    outage: outageOf(settings.logs),
  })
  const resource = createResource(settings, {
    ...(serviceVersion !== undefined && { [ATTR_SERVICE_VERSION]: serviceVersion }),
    ...options.resource,
  })
  const tracer = createSpanTracer(
    createTracerProvider(
      settings,
      resource,
      {
        push: isSent(settings.traces) ? spans.push : ignore,
        drain: spans.drain,
      },
      options.makeTracerProvider,
    ).getTracer(scope.name, scope.version, scopeOptions),
  )
  const logger = createLoggerProvider(settings, resource, {
    push: records.push,
    drain: records.drain,
  }).getLogger(scope.name, scope.version, scopeOptions)

  const traceApp = traceRequests({
    tracer,
    trustForwarded: settings.trustForwarded,
    ...(options.describe && { describe: options.describe }),
    ...(options.readHeader && { readHeader: options.readHeader }),
    ...(options.setHeader && { setHeader: options.setHeader }),
    ...(options.sent && { sent: options.sent }),
    ...(options.onRequestEnd && { onEnd: options.onRequestEnd }),
  })
  let closed: Promise<void> | undefined
  return {
    trace: options.fromRoot === true ? (app) => fromRoot(traceApp(app)) : traceApp,
    log: createLog(writeLine, isSent(settings.logs) ? logger : undefined),
    tracer,
    async drain() {
      await Promise.all([spans.drain(), records.drain()])
    },
    close() {
      closed ??= close()
      return closed
    },
  }

  async function close(): Promise<void> {
    await Promise.race([
      // A batch may be in flight from the timer. The rest is sent meanwhile; a batch that fails is put back.
      Promise.all([spans.stop(), spans.drain(true), records.stop(), records.drain(true)]),
      new Promise((resolve) => setTimeout(resolve, closeMillisMax)),
    ])
    reportLost('spans', spans, report)
    reportLost('log records', records, report)
  }
}

/** A service with no telemetry: its own log lines on the output, and nothing else. */
function createNoTelemetry(log: (entry: LogEntry) => void): Telemetry {
  return {
    trace: (app) => app.fetch.bind(app),
    log,
    tracer: undefined,
    async drain() {},
    async close() {},
  }
}

/** Its parameters are written out: Deno passes as many as a handler declares. */
function fromRoot(fetch: Fetch): Fetch {
  return (request, env, executionCtx) => enterRequest(() => fetch(request, env, executionCtx))
}

type Log = (entry: LogEntry) => void

/** A time-out may be set to none at all, and a stop has to end all the same. */
const closeMillisMax = 10_000

/**
 * How much of one signal may wait. A request leaves 940 bytes of spans: a process keeps what 70 s at 1000 requests a
 * second leave; an isolate, which has 128 MB for everything, what 8900 requests do.
 */
const queueBytesMax = { timer: 64 * 2 ** 20, caller: 8 * 2 ** 20 } as const

function isSent({ exporter }: SignalSettings): boolean {
  return exporter !== 'none'
}

function ignore(): void {}

/** How long one drain of a signal may take, but for the batch that is under way then. */
const drainMillisMax = 3000

function createSignalDrain<T extends Observed>(options: {
  readonly what: string
  readonly settings: SignalSettings
  readonly write: (writer: WireWriter, item: T) => void
  readonly createSend: (settings: SignalSettings) => Send<Batch>
  readonly schedule: TelemetryOptions['schedule']
  readonly outage: Outage
}): TimedDrain<T> {
  const { what, settings, write, createSend, schedule, outage } = options
  const { queueMax, batchMax } = settings
  const receiver = readableUrl(settings.url)
  const drain = createDrain({
    queue: createByteQueue<T>({
      write,
      headOf: createHeads(),
      queueMax,
      queueBytesMax: queueBytesMax[schedule],
      batchMax,
    }),
    send: createSend(settings),
    isRetryable: isRetryableExport,
    batchMax,
    drainMillisMax,
    now: () => performance.now(),
    onOutage: (error) => outage.begin(what, receiver, error),
    onRecovery: (dropped) => outage.end(what, receiver, dropped),
  })
  return schedule === 'timer'
    ? createTimedDrain(drain, settings)
    : Object.assign(drain, { async stop() {} })
}

function reportLost(what: string, drain: Drain<unknown>, log: Log): void {
  const lost = drain.size + drain.dropped
  if (lost === 0) return
  log({
    severity: 'warn',
    event: 'telemetry.lost',
    message: `${lost} ${what} were never sent`,
    attributes: { 'telemetry.dropped': lost },
  })
}
