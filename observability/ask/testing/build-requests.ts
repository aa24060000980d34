import {
  buildAttributes,
  buildGroup,
  buildSpan,
  spanIdOf,
  traceIdOf,
} from '../../collector/testing/build-telemetry.ts'
import type { ResourceSpans, Span } from '../../otlp/model.ts'
import { SpanKind } from '../../otlp/model.ts'

/** How the requests of one runtime are, beside one query of 2 ms in 5 ms. */
export type RequestKind = {
  readonly runtime: string
  readonly route?: string
  readonly status?: number
  readonly databaseMillis?: number
  /** How many queries of that time, one after the other. */
  readonly queries?: number
  readonly attributes?: Parameters<typeof buildAttributes>[0]
  /** Says when a request failed. */
  readonly message?: string
  readonly startMillis?: number
}

const preciseClock = buildAttributes({ 'hono.runtime.clock': 'precise' })

let lastTrace = 0

/** Requests of one kind, each a trace of a server span and its queries, now. */
export function buildRequests(count: number, kind: RequestKind): readonly ResourceSpans[] {
  return Array.from({ length: count }, (_, index) => {
    const group = buildGroup(buildRequest(index, kind), { runtime: kind.runtime })
    const attributes = [...group.resource.attributes, ...preciseClock]
    return { ...group, resource: { ...group.resource, attributes } }
  })
}

function buildRequest(index: number, kind: RequestKind): readonly Span[] {
  const { route = '/todos', status = 200, databaseMillis = 2, queries = 1, message = '' } = kind
  lastTrace += 1
  const traceId = traceIdOf(lastTrace)
  // No two take the same time, as in life.
  const unit = 900_000n + BigInt((index * 7919) % 200) * 1_000n
  const startNanos = BigInt(kind.startMillis ?? Date.now()) * 1_000_000n
  const queryNanos = BigInt(databaseMillis) * unit
  const server = buildSpan({
    traceId,
    name: `GET ${route}`,
    startNanos,
    endNanos: startNanos + 3n * unit + BigInt(queries) * queryNanos,
    attributes: buildAttributes({
      'http.request.method': 'GET',
      'http.route': route,
      'http.response.status_code': BigInt(status),
      'url.path': route,
      ...kind.attributes,
    }),
    status: { code: status >= 500 ? 2 : 0, message },
  })
  const select = (at: number) =>
    buildSpan({
      traceId,
      spanId: spanIdOf(2 + at),
      parentSpanId: server.spanId,
      name: 'SELECT todos',
      kind: SpanKind.client,
      startNanos: startNanos + unit + BigInt(at) * queryNanos,
      endNanos: startNanos + unit + BigInt(at + 1) * queryNanos,
      attributes: buildAttributes({
        'db.system.name': 'postgresql',
        'db.operation.name': 'SELECT',
        'db.collection.name': 'todos',
      }),
    })
  return [server, ...Array.from({ length: queries }, (_, at) => select(at))]
}
