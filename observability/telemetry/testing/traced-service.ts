import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { createAdaptorServer } from '@hono/node-server'
import { Hono } from 'hono'
import type { LogRecord, Span } from '../../otlp/model.ts'
import type { AskedRequest } from '../request/request-trace.ts'
import { parseTelemetrySettings } from '../settings/settings.ts'
import type { Variables } from '../settings/variable-reader.ts'
import { createTelemetry, type Telemetry, type TelemetryOptions } from '../telemetry.ts'
import { type Arrived, type OtlpReceiver, startOtlpReceiver, urlOf } from './otlp-receiver.ts'

/** A service with real telemetry, a real receiver for it, and real HTTP in front of it. */
export type TracedService = AsyncDisposable & {
  readonly url: string
  readonly app: Hono
  readonly telemetry: Telemetry
  readonly receiver: OtlpReceiver
  /** What was written to the output. */
  readonly lines: readonly string[]
  /** Waits until that many spans have ended and arrived, and gives all there are. */
  readonly awaitSpans: (count: number) => Promise<readonly Span[]>
  readonly awaitRecords: (count: number) => Promise<readonly LogRecord[]>
  /** Fetches over HTTP to the end of the body, and gives the one span that this made. Not for requests at once. */
  readonly observe: (path: string, init?: RequestInit) => Promise<Observed>
}

export type Observed = {
  readonly response: Response
  /** What was read of the body; of one that broke off, the error. */
  readonly body: string
  readonly span: Span
}

export type TracedServiceOptions = {
  readonly variables?: Variables
  /** Whether the platform says when a response has been sent, as Node's does. */
  readonly tellsWhenSent?: boolean
  readonly telemetry?: Partial<TelemetryOptions>
}

export async function startTracedService(
  define: (app: Hono, telemetry: Telemetry) => void,
  options: TracedServiceOptions = {},
): Promise<TracedService> {
  const receiver = await startOtlpReceiver()
  const lines: string[] = []
  const telemetry = createTelemetry({
    settings: parseTelemetrySettings({
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      ...options.variables,
    }),
    scope: { name: 'test', version: '1.2.3' },
    resource: { 'hono.runtime.name': 'test' },
    writeLine: (line) => lines.push(line),
    schedule: 'caller',
    ...(options.tellsWhenSent === true && { sent: endWhenSent }),
    ...options.telemetry,
  })
  const app = new Hono()
  define(app, telemetry)
  // Also for requests that it makes to itself.
  app.fetch = telemetry.trace(app)

  const server = createAdaptorServer({ fetch: app.fetch })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  async function awaitItems<T>(
    read: () => readonly Arrived<T>[],
    count: number,
  ): Promise<readonly T[]> {
    for (const deadline = Date.now() + 5000; Date.now() < deadline; ) {
      await telemetry.drain()
      if (read().length >= count) return read().map(({ item }) => item)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    throw new Error(`expected ${count} items, got ${read().length}`)
  }

  const url = urlOf(server.address())
  return {
    url,
    app,
    telemetry,
    receiver,
    lines,
    awaitSpans: (count) => awaitItems(receiver.spans, count),
    awaitRecords: (count) => awaitItems(receiver.records, count),
    async observe(path, init) {
      const seen = receiver.spans().length
      const response = await fetch(`${url}${path}`, { redirect: 'manual', ...init })
      const body = await response.text().catch((error: unknown) => String(error))
      const [span, ...others] = (await awaitItems(receiver.spans, seen + 1)).slice(seen)
      if (span === undefined || others.length > 0)
        throw new Error(`expected one span of ${path}, got ${others.length + 1}`)
      return { response, body, span }
    },
    async [Symbol.asyncDispose]() {
      if ('closeAllConnections' in server) server.closeAllConnections()
      server.close()
      await once(server, 'close')
      await telemetry.close()
      await receiver[Symbol.asyncDispose]()
    },
  }
}

/** What the Node adapter does. */
function endWhenSent(asked: AskedRequest & { readonly env?: { outgoing?: ServerResponse } }) {
  const outgoing = asked.env?.outgoing
  if (outgoing === undefined) return false
  if (outgoing.destroyed || outgoing.writableFinished) asked.end()
  else outgoing.on('close', () => asked.end())
  return true
}
