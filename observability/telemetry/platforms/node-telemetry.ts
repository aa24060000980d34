import type { Attributes } from '@opentelemetry/api'
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node'
import { ATTR_URL_PATH } from '@opentelemetry/semantic-conventions'
import { describeConnection } from '../request/describe-connection.ts'
import { findPath, readRequestAttributes } from '../request/request-attributes.ts'
import type { AskedRequest } from '../request/request-trace.ts'
import type { TelemetrySettings } from '../settings/settings.ts'
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
    describe: mayShare(read.settings) ? describeRequest : describePeer,
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

/**
 * Whether requests may share attributes. Not if a proxy tells more of each. Nor if a span may keep so few that some are
 * dropped: those that come last are, and shared ones come first.
 */
function mayShare({ trustForwarded, limits }: TelemetrySettings): boolean {
  return trustForwarded !== true && limits.spanAttributesMax >= 32
}

/** What was last said of a connection, and of a request that came by it. */
type Known = {
  readonly protocol: string
  readonly peer: Attributes
  method: string
  userAgent: string | undefined
  /** How its URL begins, up to the path. */
  origin: string
  /** All that was said of it but path and query, if another one said the same: by some connections many clients ask. */
  request: Attributes | undefined
}

const described = new WeakMap<object, Known>()

/** Most requests of a connection differ by path and query alone, so that the rest is put together once. */
function describeRequest(asked: NodeRequest): Attributes {
  const known = readKnown(asked)
  if (known === undefined) return {}
  const { method, url } = asked.request
  const userAgent = readHeader(asked, 'user-agent')
  if (method !== known.method || userAgent !== known.userAgent || !url.startsWith(known.origin)) {
    const origin = url.slice(0, findPath(url) + 1)
    Object.assign(known, { method, userAgent, origin, request: undefined })
    return known.peer
  }
  if (known.request === undefined) {
    const { [ATTR_URL_PATH]: _, ...same } = readRequestAttributes({
      method,
      url: known.origin,
      userAgent,
    })
    known.request = Object.freeze({ ...known.peer, ...same })
  }
  return known.request
}

function describePeer(asked: NodeRequest): Attributes {
  return readKnown(asked)?.peer ?? {}
}

function readKnown({ env }: NodeRequest): Known | undefined {
  if (env?.incoming === undefined) return undefined
  const { socket, httpVersion: protocol } = env.incoming
  const known = described.get(socket)
  if (known?.protocol === protocol) return known
  const peer = Object.freeze(
    describeConnection({
      peerAddress: socket.remoteAddress,
      peerPort: socket.remotePort,
      protocol,
    }),
  )
  const now = { protocol, peer, method: '', userAgent: undefined, origin: '', request: undefined }
  described.set(socket, now)
  return now
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
