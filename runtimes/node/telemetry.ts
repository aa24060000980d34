import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node'
import type { Context } from 'hono'
import { describeConnection } from '../../observability/telemetry/request/connection-attributes.ts'
import type { TelemetrySettings } from '../../observability/telemetry/settings/settings.ts'
import { createTelemetry, type Telemetry } from '../../observability/telemetry/telemetry.ts'
import { serviceVersion } from '../service/service.ts'

/** Telemetry of a Node process: the SDK's provider for Node, sent by a timer. */
export function createNodeTelemetry(settings: TelemetrySettings): Telemetry {
  return createTelemetry({
    settings,
    version: serviceVersion,
    resource: {
      'service.version': serviceVersion,
      'process.runtime.name': 'nodejs',
      'process.runtime.version': process.versions.node,
      'hono.runtime.name': 'node',
      'hono.runtime.clock': 'precise',
    },
    writeLine: (line) => process.stdout.write(`${line}\n`),
    schedule: 'timer',
    makeTracerProvider: (config) => new NodeTracerProvider(config),
    describe: describeRequest,
    sent: whenSent,
  })
}

function describeRequest(c: Context) {
  const { socket, httpVersion } = c.env.incoming
  return describeConnection({
    peerAddress: socket.remoteAddress,
    peerPort: socket.remotePort,
    protocol: httpVersion,
  })
}

/** `close` comes once for every response: right after its last byte was handed over, or when the client has gone. */
function whenSent(c: Context): Promise<void> | undefined {
  const outgoing = c.env?.outgoing
  if (outgoing === undefined) return undefined
  return new Promise((resolve) => {
    if (outgoing.destroyed || outgoing.writableFinished) resolve()
    else outgoing.once('close', resolve)
  })
}
