import { ProxyTracer } from '@opentelemetry/api'
import { createLog } from '../logs/logs.ts'
import { packageName } from '../package-version.ts'
import { describeConnection } from '../request/describe-connection.ts'
import type { AskedRequest } from '../request/request-trace.ts'
import type { Fetch } from '../request/traceable-app.ts'
import type { Variables } from '../settings/variable-reader.ts'
import { createTelemetry, type Telemetry } from '../telemetry.ts'
import { type PlatformOptions, readPlatformOptions } from './platform-options.ts'

export type WorkersOptions = PlatformOptions & {
  /** Deployed, the clock stands still but for I/O, which is the default. A local workerd has whole milliseconds. */
  readonly clock?: 'io-only' | 'millisecond' | undefined
  /** Whether a relay stands before a workerd of one's own: it is the relay then that is connected. */
  readonly isRelayed?: boolean
}

/** Requests that end within this time send together: sending is a third of what telemetry costs a busy isolate. */
const gatherMillis = 50

/**
 * Telemetry of an isolate: sent in `waitUntil`, after the answer, because between requests an isolate does not run.
 *
 * It begins with the first request, which brings the variables. Until then there are no spans, and a log entry is a line.
 */
export function createWorkersTelemetry(options: WorkersOptions = {}): Telemetry {
  let begun: Telemetry | undefined
  const log = createLog(writeLine)
  return {
    trace(app) {
      let traced: Fetch | undefined
      return (request, env, executionCtx) => {
        begun ??= beginTelemetry(options, isVariables(env) ? env : {})
        traced ??= begun.trace(app)
        return traced(request, env, executionCtx)
      }
    },
    log: (entry) => (begun === undefined ? log(entry) : begun.log(entry)),
    // What is built on it may be built before the first request.
    tracer: new ProxyTracer({ getDelegateTracer: () => begun?.tracer }, packageName),
    drain: async () => begun?.drain(),
    close: async () => begun?.close(),
  }
}

function isVariables(env: unknown): env is Variables {
  return typeof env === 'object' && env !== null
}

// biome-ignore lint/suspicious/noConsole: it is how a Worker writes a line
const writeLine = (line: string) => console.log(line)

function beginTelemetry(options: WorkersOptions, variables: Variables): Telemetry {
  const telemetry = createTelemetry({
    ...readPlatformOptions(options, variables),
    resource: {
      'process.runtime.name': 'workerd',
      'cloud.provider': 'cloudflare',
      'cloud.platform': 'cloudflare.workers',
      'hono.runtime.name': 'workers',
      'hono.runtime.clock': options.clock ?? 'io-only',
    },
    writeLine,
    schedule: 'caller',
    ...(options.isRelayed !== true && { describe: describeRequest }),
    exporterBuild: 'fetch',
    onRequestEnd: drainAfterAnswer,
  })

  /** Until then, a request that ends leaves the sending to an earlier one. */
  let dueAt = Number.NEGATIVE_INFINITY
  /** Whether a second one waits to see that it did, for it may be called off. If all waited, each would cost 5 % more. */
  let isWatched = false

  function drainAfterAnswer({ executionCtx }: WorkersRequest): void {
    const due = dueAt
    if (Date.now() >= due) {
      executionCtx.waitUntil(drainLater())
      dueAt = Date.now() + gatherMillis
      isWatched = false
    } else if (!isWatched) {
      executionCtx.waitUntil(drainIfLeft(due))
      isWatched = true
    }
  }

  async function drainLater(): Promise<void> {
    await wait(gatherMillis)
    dueAt = Number.NEGATIVE_INFINITY
    await telemetry.drain()
  }

  async function drainIfLeft(due: number): Promise<void> {
    await wait(2 * gatherMillis)
    if (dueAt !== due) return
    dueAt = Number.NEGATIVE_INFINITY
    await telemetry.drain()
  }

  return telemetry
}

function wait(millis: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, millis))
}

type WorkersRequest = AskedRequest & {
  readonly request: {
    readonly cf?: { readonly clientIp?: unknown; readonly httpProtocol?: unknown }
  }
  readonly executionCtx: { waitUntil(work: Promise<unknown>): void }
}

/**
 * Deployed, Cloudflare says in a header who asks, which a client cannot set, and of what version HTTP was; who is
 * connected to the isolate nobody tells. A workerd on its own says who is connected, as `127.0.0.1:51234`, and passes on
 * what a client put into that header; behind a relay of ours it is the relay that is connected, and nobody tells who asks.
 */
function describeRequest({ request }: WorkersRequest) {
  const { clientIp, httpProtocol } = request.cf ?? {}
  if (typeof clientIp !== 'string')
    return describeConnection({
      clientAddress: request.headers.get('cf-connecting-ip') ?? undefined,
      protocol: typeof httpProtocol === 'string' ? httpProtocol : undefined,
    })
  const colon = clientIp.lastIndexOf(':')
  return describeConnection({
    peerAddress: clientIp.slice(0, colon).replace(/^\[(.*)\]$/, '$1'),
    peerPort: Number(clientIp.slice(colon + 1)),
  })
}
