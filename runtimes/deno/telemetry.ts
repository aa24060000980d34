import { describeConnection } from '../../observability/telemetry/request/describe-connection.ts'
import type { AskedRequest } from '../../observability/telemetry/request/request-trace.ts'
import type { TelemetrySettings } from '../../observability/telemetry/settings/settings.ts'
import { createTelemetry, type Telemetry } from '../../observability/telemetry/telemetry.ts'
import type { Application } from '../application/define-application.ts'
import { adapterVersion } from '../service/adapter-version.ts'

/** Telemetry of a Deno process, sent by a timer. */
export function createDenoTelemetry(
  settings: TelemetrySettings,
  application: Pick<Application, 'version'>,
): Telemetry {
  return createTelemetry({
    settings,
    version: adapterVersion,
    resource: {
      ...(application.version !== undefined && { 'service.version': application.version }),
      'process.runtime.name': 'deno',
      'process.runtime.version': Deno.version.deno,
      'hono.runtime.name': 'deno',
      'hono.runtime.clock': 'precise',
    },
    writeLine: (line) => process.stdout.write(`${line}\n`),
    schedule: 'timer',
    describe: describeRequest,
    sent: endWhenSent,
  })
}

type DenoRequest = AskedRequest & { readonly env?: Partial<Deno.ServeHandlerInfo> }

/** Deno does not tell which version of HTTP a request came by. */
function describeRequest({ env }: DenoRequest) {
  const address = env?.remoteAddr
  return address?.transport === 'tcp'
    ? describeConnection({ peerAddress: address.hostname, peerPort: address.port })
    : {}
}

function endWhenSent(asked: DenoRequest): boolean {
  const end = () => asked.end()
  asked.env?.completed?.then(end, end)
  return asked.env?.completed !== undefined
}
