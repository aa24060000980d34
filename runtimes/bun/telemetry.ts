import { describeConnection } from '../../observability/telemetry/request/connection-attributes.ts'
import type { AskedRequest } from '../../observability/telemetry/request/request-trace.ts'
import type { TelemetrySettings } from '../../observability/telemetry/settings/settings.ts'
import { createTelemetry, type Telemetry } from '../../observability/telemetry/telemetry.ts'
import { serviceVersion } from '../service/service.ts'

/** Telemetry of a Bun process, sent by a timer. */
export function createBunTelemetry(settings: TelemetrySettings): Telemetry {
  return createTelemetry({
    settings,
    version: serviceVersion,
    resource: {
      'service.version': serviceVersion,
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
}

/** Bun does not tell which version of HTTP a request came by. */
function describeRequest({ env }: AskedRequest & { readonly env: BunBindings }) {
  const peer = env.readPeer()
  return describeConnection({ peerAddress: peer?.address, peerPort: peer?.port })
}
