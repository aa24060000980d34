import type { RequestConnection } from '../request/describe-connection.ts'
import { createRequestDescriber } from '../request/request-describer.ts'
import type { AskedRequest } from '../request/request-trace.ts'
import { createTelemetry, type Telemetry } from '../telemetry.ts'
import { type PlatformOptions, readPlatformOptions } from './platform-options.ts'
import type { PlatformProcess } from './platform-process.ts'

declare const process: PlatformProcess
declare const Deno: { readonly version: { readonly deno: string } }

/** Telemetry of a Deno process, sent by a timer. */
export function createDenoTelemetry(options: PlatformOptions = {}): Telemetry {
  const read = readPlatformOptions(options, process.env)
  return createTelemetry({
    ...read,
    resource: {
      'process.runtime.name': 'deno',
      'process.runtime.version': Deno.version.deno,
      'hono.runtime.name': 'deno',
      'hono.runtime.clock': 'precise',
    },
    writeLine: (line) => process.stdout.write(`${line}\n`),
    schedule: 'timer',
    fromRoot: true,
    describe: createRequestDescriber(read.settings, { readConnection }),
    sent: endWhenSent,
  })
}

/** What is read of `Deno.ServeHandlerInfo`. */
type DenoRequest = AskedRequest & {
  readonly env?: {
    readonly remoteAddr?: {
      readonly transport: string
      readonly hostname?: string
      readonly port?: number
    }
    readonly completed?: Promise<void>
  }
}

/** Deno does not tell which version of HTTP a request came by. */
function readConnection({ env }: DenoRequest): RequestConnection {
  const address = env?.remoteAddr
  return address?.transport === 'tcp'
    ? { peerAddress: address.hostname, peerPort: address.port }
    : {}
}

function endWhenSent(asked: DenoRequest): boolean {
  const end = () => asked.end()
  asked.env?.completed?.then(end, end)
  return asked.env?.completed !== undefined
}
