import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node'
import type { RequestConnection } from '../request/describe-connection.ts'
import { createRequestDescriber } from '../request/request-describer.ts'
import type { AskedRequest } from '../request/request-trace.ts'
import { createTelemetry, type Telemetry } from '../telemetry.ts'
import { type PlatformOptions, readPlatformOptions } from './platform-options.ts'
import type { PlatformProcess } from './platform-process.ts'

declare const process: PlatformProcess

/** Telemetry of a Node process: the SDK's provider for Node, sent by a timer. The server is `@hono/node-server`. */
export function createNodeTelemetry(options: PlatformOptions = {}): Telemetry {
  const read = readPlatformOptions(options, process.env)
  return createTelemetry({
    ...read,
    resource: {
      'process.runtime.name': 'nodejs',
      'process.runtime.version': process.versions.node,
      'hono.runtime.name': 'node',
      'hono.runtime.clock': 'precise',
    },
    writeLine: (line) => process.stdout.write(`${line}\n`),
    schedule: 'timer',
    makeTracerProvider: (config) => new NodeTracerProvider(config),
    describe: createRequestDescriber(read.settings, { readConnection, readHeader }),
    readHeader,
    setHeader,
    sent: endWhenSent,
  })
}

/** What is read of the bindings of `@hono/node-server`; a request that an app makes to itself has none. */
type NodeRequest = AskedRequest & {
  readonly env?: {
    readonly incoming?: {
      readonly rawHeaders: readonly string[]
      readonly httpVersion: string
      readonly socket: { readonly remoteAddress?: string; readonly remotePort?: number }
    }
    readonly outgoing?: {
      readonly destroyed: boolean
      readonly writableFinished: boolean
      on(event: 'close', listener: () => void): unknown
      setHeader(name: string, value: string): unknown
    }
  }
}

function readConnection({ env }: NodeRequest): RequestConnection {
  if (env?.incoming === undefined) return {}
  const { socket, httpVersion } = env.incoming
  return { peerAddress: socket.remoteAddress, peerPort: socket.remotePort, protocol: httpVersion }
}

/** From the list that the parser made: the Request's own headers copy it, and Node's leave out what comes twice. */
function readHeader({ request, env }: NodeRequest, name: string): string | undefined {
  const rawHeaders = env?.incoming?.rawHeaders
  if (rawHeaders === undefined) return request.headers.get(name) ?? undefined
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
  env?.outgoing?.setHeader(name, value)
  return env?.outgoing !== undefined
}

/** `close` comes once for every response: right after its last byte was handed over, or when the client has gone. */
function endWhenSent(asked: NodeRequest): boolean {
  const outgoing = asked.env?.outgoing
  if (outgoing === undefined) return false
  if (outgoing.destroyed || outgoing.writableFinished) asked.end()
  else outgoing.on('close', () => asked.end())
  return true
}
