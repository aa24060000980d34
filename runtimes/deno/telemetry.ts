import type { Context } from 'hono'
import { describeConnection } from '../../observability/telemetry/request/connection-attributes.ts'
import type { TelemetrySettings } from '../../observability/telemetry/settings/settings.ts'
import { createTelemetry, type Telemetry } from '../../observability/telemetry/telemetry.ts'
import { serviceVersion } from '../service/service.ts'

/** Telemetry of a Deno process, sent by a timer. */
export function createDenoTelemetry(settings: TelemetrySettings): Telemetry {
  return createTelemetry({
    settings,
    version: serviceVersion,
    resource: {
      'service.version': serviceVersion,
      'process.runtime.name': 'deno',
      'process.runtime.version': Deno.version.deno,
      'hono.runtime.name': 'deno',
      'hono.runtime.clock': 'precise',
    },
    writeLine: (line) => process.stdout.write(`${line}\n`),
    schedule: 'timer',
    describe: describeRequest,
    sent: (c: DenoContext) => c.env.completed,
  })
}

type DenoContext = Context<{ Bindings: Partial<Deno.ServeHandlerInfo> }>

/** Deno does not tell which version of HTTP a request came by. */
function describeRequest(c: DenoContext) {
  const address = c.env.remoteAddr
  return address?.transport === 'tcp'
    ? describeConnection({ peerAddress: address.hostname, peerPort: address.port })
    : {}
}
