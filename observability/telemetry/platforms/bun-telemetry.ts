import type { RequestConnection } from '../request/describe-connection.ts'
import { createRequestDescriber } from '../request/request-describer.ts'
import type { AskedRequest } from '../request/request-trace.ts'
import { createTelemetry, type Telemetry } from '../telemetry.ts'
import { type PlatformOptions, readPlatformOptions } from './platform-options.ts'
import type { PlatformProcess } from './platform-process.ts'

declare const process: PlatformProcess
declare const Bun: { readonly version: string }

/** Telemetry of a Bun process, sent by a timer. */
export function createBunTelemetry(options: PlatformOptions = {}): Telemetry {
  const read = readPlatformOptions(options, process.env)
  return createTelemetry({
    ...read,
    resource: {
      'process.runtime.name': 'bun',
      'process.runtime.version': Bun.version,
      'hono.runtime.name': 'bun',
      'hono.runtime.clock': 'precise',
    },
    writeLine: (line) => process.stdout.write(`${line}\n`),
    schedule: 'timer',
    fromRoot: true,
    describe: createRequestDescriber(read.settings, { readConnection }),
  })
}

/** What a request of Bun's brings along: the server, or what an adapter made of it. */
export type BunBindings = {
  /** Where it came from, to be asked while it is being answered. */
  readPeer?(): Peer | null
  requestIP?(request: Request): Peer | null
}

type Peer = { readonly address: string; readonly port: number }

/** Bun does not tell which version of HTTP a request came by. */
function readConnection({
  request,
  env,
}: AskedRequest & { readonly env?: BunBindings }): RequestConnection {
  const peer = env?.readPeer === undefined ? env?.requestIP?.(request) : env.readPeer()
  return { peerAddress: peer?.address, peerPort: peer?.port }
}
