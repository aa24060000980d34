import { once } from 'node:events'
import { createServer } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import type { AnyValue, ResourceSpans, Span } from '../../otlp/model.ts'
import { SpanKind } from '../../otlp/model.ts'
import { createSpan, toAttributes, toEpochNanos } from '../play/client-spans.ts'
import { createIds } from '../play/prepare-operation.ts'
import type { TraceSource } from '../sources/trace-source.ts'

export type FakeService = AsyncDisposable & {
  readonly url: string
  /** Method and path of every request that came, in order, with its `traceparent`'s flags. */
  readonly requests: readonly string[]
}

export type FakeServiceOptions = {
  readonly name: string
  readonly sink: FakeSink
  /** How long the n-th request takes, from 0. Defaults to nothing. */
  readonly delayMillis?: (index: number) => number
  /** What the n-th traced request's server span has besides. */
  readonly attributes?: (index: number) => Readonly<Record<string, AnyValue>>
  /** Whether the n-th request, a line as in `requests`, is answered at all. Defaults to yes. */
  readonly answers?: (index: number, line: string) => boolean
  /** The status of the n-th answer. Defaults to 200. */
  readonly status?: (index: number, line: string) => number
  /** Names of headers as they are sent. Defaults to `location`. */
  readonly locationName?: string
  /** A cookie that each answer sets. Defaults to none. */
  readonly cookie?: string
  /** Whether spans are sent. Defaults to yes. */
  readonly traces?: boolean
}

/** A collector that is a map. */
export type FakeSink = TraceSource & { add(group: ResourceSpans): void }

export function createFakeSink(): FakeSink {
  const byTrace = new Map<string, ResourceSpans[]>()
  return {
    title: 'the fake sink',
    hasLogs: true,
    add(group) {
      const traceId = group.scopes[0]?.items[0]?.traceId ?? ''
      byTrace.set(traceId, [...(byTrace.get(traceId) ?? []), group])
    },
    async fetchTrace(traceId) {
      const spans = byTrace.get(traceId)
      return spans === undefined ? null : { spans, logs: [] }
    },
  }
}

/** A real HTTP service whose spans, one server span and one statement each, go to a sink. */
export async function startFakeService(options: FakeServiceOptions): Promise<FakeService> {
  const requests: string[] = []
  let traced = 0
  const server = createServer(async (request, response) => {
    const startedAt = performance.now()
    const [, traceId = '', parentSpanId = '', flags = ''] = String(
      request.headers.traceparent,
    ).split('-')
    const index = requests.length
    const line = `${request.method} ${request.url} ${flags}`
    requests.push(line)
    request.resume()
    if (options.answers?.(index, line) === false) {
      request.socket.destroy()
      return
    }
    const wait = options.delayMillis?.(index) ?? 0
    if (wait > 0) await delay(wait)
    response.setHeader('content-type', 'application/json')
    if (options.cookie !== undefined) response.setHeader('set-cookie', options.cookie)
    response.statusCode = options.status?.(index, line) ?? 200
    response.setHeader(options.locationName ?? 'location', '/things/1')
    response.end('{"id":"1","done":false}')
    if (flags !== '01' || options.traces === false) return
    const more = options.attributes?.(traced) ?? {}
    traced += 1
    const spans = createSpans(
      { traceId, parentSpanId, startedAt, method: request.method ?? '' },
      more,
    )
    options.sink.add(group(spans, options.name))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('expected a port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

type Served = {
  readonly traceId: string
  readonly parentSpanId: string
  readonly startedAt: number
  readonly method: string
}

function createSpans(
  { traceId, parentSpanId, startedAt, method }: Served,
  more: Readonly<Record<string, AnyValue>>,
): readonly Span[] {
  const { spanId } = createIds()
  const common = { traceId, status: { code: 0, message: '' } }
  const startNanos = toEpochNanos(startedAt)
  const endNanos = toEpochNanos(performance.now())
  return [
    createSpan({
      ...common,
      spanId,
      parentSpanId,
      name: `${method} /things`,
      kind: SpanKind.server,
      startNanos,
      endNanos,
      attributes: toAttributes({
        'http.request.method': method,
        'http.route': '/things',
        'http.response.status_code': 200n,
        ...more,
      }),
    }),
    createSpan({
      ...common,
      spanId: createIds().spanId,
      parentSpanId: spanId,
      name: 'SELECT things',
      kind: SpanKind.client,
      startNanos,
      endNanos,
      attributes: toAttributes({
        'db.system.name': 'postgresql',
        'db.operation.name': 'SELECT',
        'db.collection.name': 'things',
      }),
    }),
  ]
}

function group(items: readonly Span[], name: string): ResourceSpans {
  const scope = { name: 'fake', version: '', attributes: [], droppedAttributesCount: 0 }
  const attributes = toAttributes({
    'service.name': 'things',
    'hono.runtime.name': name,
    'hono.runtime.clock': 'precise',
  })
  const resource = { attributes, droppedAttributesCount: 0 }
  return { resource, schemaUrl: '', scopes: [{ scope, schemaUrl: '', items }] }
}
