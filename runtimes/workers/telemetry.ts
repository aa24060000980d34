import { describeConnection } from '../../observability/telemetry/request/describe-connection.ts'
import type { AskedRequest } from '../../observability/telemetry/request/request-trace.ts'
import type { TelemetrySettings } from '../../observability/telemetry/settings/settings.ts'
import { createTelemetry, type Telemetry } from '../../observability/telemetry/telemetry.ts'
import type { Application } from '../application/define-application.ts'
import { adapterVersion } from '../service/adapter-version.ts'

/**
 * Telemetry of an isolate: sent in `waitUntil`, after the answer, because between requests an isolate does not run.
 *
 * @param clock Deployed, it stands still but for I/O.
 */
export function createWorkersTelemetry(
  settings: TelemetrySettings,
  application: Pick<Application, 'version'>,
  clock: 'io-only' | 'millisecond' = 'io-only',
): Telemetry {
  const telemetry = createTelemetry({
    settings,
    version: adapterVersion,
    resource: {
      ...(application.version !== undefined && { 'service.version': application.version }),
      'process.runtime.name': 'workerd',
      'cloud.provider': 'cloudflare',
      'cloud.platform': 'cloudflare.workers',
      'hono.runtime.name': 'workers',
      'hono.runtime.clock': clock,
    },
    // biome-ignore lint/suspicious/noConsole: it is how a Worker writes a line
    writeLine: (line) => console.log(line),
    schedule: 'caller',
    describe: describeRequest,
    exporterBuild: 'fetch',
    onRequestEnd: ({ executionCtx }: WorkersRequest) => executionCtx.waitUntil(drainAfterAnswer()),
  })

  /** Serialising takes time, and the answer shall not wait for it. */
  async function drainAfterAnswer(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 0))
    await telemetry.drain()
  }

  return telemetry
}

type WorkersRequest = AskedRequest & {
  readonly env: { readonly HURRY_PATH?: string }
  readonly executionCtx: ExecutionContext
}

/**
 * Deployed, Cloudflare says in a header who asks, which a client cannot set, and of what version HTTP was; who is
 * connected to the isolate nobody tells. A workerd on its own says who is connected, as `127.0.0.1:51234`, and passes on
 * what a client put into that header; behind a relay of ours it is the relay that is connected, and nobody tells who asks.
 */
function describeRequest({ request, env }: WorkersRequest) {
  if (env.HURRY_PATH !== undefined) return {}
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
