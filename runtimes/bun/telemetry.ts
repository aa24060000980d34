import { describeConnection } from '../../observability/telemetry/request/describe-connection.ts'
import type { AskedRequest } from '../../observability/telemetry/request/request-trace.ts'
import type { TelemetrySettings } from '../../observability/telemetry/settings/settings.ts'
import { createTelemetry, type Telemetry } from '../../observability/telemetry/telemetry.ts'
import type { Application } from '../application/define-application.ts'
import { adapterVersion } from '../service/adapter-version.ts'

/** Telemetry of a Bun process, sent by a timer. */
export function createBunTelemetry(
  settings: TelemetrySettings,
  application: Pick<Application, 'version'>,
): Telemetry {
  return createTelemetry({
    settings,
    version: adapterVersion,
    resource: {
      ...(application.version !== undefined && { 'service.version': application.version }),
      'process.runtime.name': 'bun',
      'process.runtime.version': Bun.version,
      'hono.runtime.name': 'bun',
      'hono.runtime.clock': 'precise',
    },
    writeLine: (line) => process.stdout.write(`${line}\n`),
    schedule: 'timer',
    describe: describeRequest,
  })
}

/** What a request of Bun's brings along. */
export type BunBindings = {
  /** Where it came from, to be asked while it is being answered. */
  readonly readPeer: () => ReturnType<Bun.Server<undefined>['requestIP']>
  /** For Hono's helpers of Bun. */
  readonly server: Bun.Server<undefined>
}

/** Bun does not tell which version of HTTP a request came by. */
function describeRequest({ env }: AskedRequest & { readonly env: BunBindings }) {
  const peer = env.readPeer()
  return describeConnection({ peerAddress: peer?.address, peerPort: peer?.port })
}
