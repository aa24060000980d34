import type { HttpBindings } from '@hono/node-server'
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node'
import { describeConnection } from '../../observability/telemetry/request/describe-connection.ts'
import type { AskedRequest } from '../../observability/telemetry/request/request-trace.ts'
import type { TelemetrySettings } from '../../observability/telemetry/settings/settings.ts'
import { createTelemetry, type Telemetry } from '../../observability/telemetry/telemetry.ts'
import type { Application } from '../application/define-application.ts'
import { adapterVersion } from '../service/adapter-version.ts'

/** Telemetry of a Node process: the SDK's provider for Node, sent by a timer. */
export function createNodeTelemetry(
  settings: TelemetrySettings,
  application: Pick<Application, 'version'>,
): Telemetry {
  return createTelemetry({
    settings,
    version: adapterVersion,
    resource: {
      ...(application.version !== undefined && { 'service.version': application.version }),
      'process.runtime.name': 'nodejs',
      'process.runtime.version': process.versions.node,
      'hono.runtime.name': 'node',
      'hono.runtime.clock': 'precise',
    },
    writeLine: (line) => process.stdout.write(`${line}\n`),
    schedule: 'timer',
    makeTracerProvider: (config) => new NodeTracerProvider(config),
    describe: describeRequest,
    readHeader,
    setHeader,
    sent: endWhenSent,
  })
}

type NodeRequest = AskedRequest & { readonly env: HttpBindings }

function describeRequest({ env }: NodeRequest) {
  const { socket, httpVersion } = env.incoming
  return describeConnection({
    peerAddress: socket.remoteAddress,
    peerPort: socket.remotePort,
    protocol: httpVersion,
  })
}

/** From the list that the parser made: the Request's own headers copy it, and Node's leave out what comes twice. */
function readHeader({ env }: NodeRequest, name: string): string | undefined {
  const { rawHeaders } = env.incoming
  let found: string | undefined
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const candidate = rawHeaders[i] ?? ''
    if (candidate.length !== name.length || candidate.toLowerCase() !== name) continue
    const value = rawHeaders[i + 1]
    found = found === undefined ? value : `${found}, ${value}`
  }
  return found
}

/** Of an answer, `@hono/node-server` makes the full headers only when somebody asks it for them. */
function setHeader({ env }: NodeRequest, name: string, value: string): boolean {
  env.outgoing.setHeader(name, value)
  return true
}

/** `close` comes once for every response: right after its last byte was handed over, or when the client has gone. */
function endWhenSent(asked: NodeRequest): boolean {
  const { outgoing } = asked.env
  if (outgoing.destroyed || outgoing.writableFinished) asked.end()
  else outgoing.on('close', () => asked.end())
  return true
}
