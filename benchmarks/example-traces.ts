import type { AnyValue, Attribute, ResourceSpans, Span } from '../observability/otlp/model.ts'
import { SpanKind } from '../observability/otlp/model.ts'

/** Nanoseconds since 1970 of the first span of any request. */
const startNanos = 1_792_000_000_000_000_000n

/**
 * One request as an adapter of this project sends it under load: `traceCount` traces, each a
 * server span and its statement. Equal `seed`, equal request; another seed, other traces.
 */
export function buildExampleTraces(seed: number, traceCount: number): readonly ResourceSpans[] {
  const indexes = Array.from({ length: traceCount }, (_, index) => seed * traceCount + index)
  const group = (scope: string, version: string, items: readonly Span[]) => ({
    scope: { name: scope, version, attributes: [], droppedAttributesCount: 0 },
    schemaUrl: '',
    items,
  })
  return [
    {
      resource: { attributes: resourceAttributes, droppedAttributesCount: 0 },
      schemaUrl: '',
      scopes: [
        group('@hono/otel', '1.1.2', indexes.map(buildServerSpan)),
        group('kysely', '0.29.9', indexes.map(buildStatementSpan)),
      ],
    },
  ]
}

function buildServerSpan(index: number): Span {
  const [method, status] = operations[index % operations.length] ?? operations[0]
  const begin = startNanos + BigInt(index) * 1_234_567n
  return {
    ...buildSpan(index),
    spanId: toHex(2 * index, 16),
    parentSpanId: '',
    name: `${method} /api/v1/todos/:id`,
    kind: SpanKind.server,
    startNanos: begin,
    endNanos: begin + 2_345_678n,
    attributes: toAttributes({
      'http.request.method': method,
      'url.scheme': 'http',
      'url.path': `/api/v1/todos/${toHex(index, 32)}`,
      'server.address': '127.0.0.1',
      'server.port': 8001n,
      'http.route': '/api/v1/todos/:id',
      'http.response.status_code': status,
      'user_agent.original': 'example/1.0',
    }),
  }
}

function buildStatementSpan(index: number): Span {
  const [, , operation] = operations[index % operations.length] ?? operations[0]
  const begin = startNanos + BigInt(index) * 1_234_567n + 345_678n
  return {
    ...buildSpan(index),
    spanId: toHex(2 * index + 1, 16),
    parentSpanId: toHex(2 * index, 16),
    name: `${operation} todos`,
    kind: SpanKind.client,
    startNanos: begin,
    endNanos: begin + 987_654n,
    attributes: toAttributes({
      'db.system.name': 'postgresql',
      'db.namespace': 'todos',
      'db.operation.name': operation,
      'db.collection.name': 'todos',
      'db.query.text': 'select "id", "title", "completed" from "todos" where "id" = $1',
      'db.query.summary': `${operation} todos`,
      'server.address': '127.0.0.1',
      'server.port': 54320n,
      'db.response.returned_rows': 1n,
    }),
    events: [
      {
        timeNanos: begin + 12_345n,
        name: 'db.connection.acquired',
        attributes: [],
        droppedAttributesCount: 0,
      },
    ],
  }
}

function buildSpan(index: number) {
  return {
    traceId: toHex(index, 32),
    traceState: '',
    flags: 257,
    droppedAttributesCount: 0,
    events: [],
    droppedEventsCount: 0,
    links: [],
    droppedLinksCount: 0,
    status: { code: 0, message: '' },
  }
}

const operations = [
  ['GET', 200n, 'SELECT'],
  ['GET', 404n, 'SELECT'],
  ['PUT', 200n, 'UPDATE'],
  ['DELETE', 204n, 'DELETE'],
] as const

const resourceAttributes = toAttributes({
  'service.name': 'todo-api',
  'service.version': '0.1.0',
  'service.instance.id': '0d7f4d3e-7a53-4d52-93a1-6f1f3c1c2f5a',
  'deployment.environment.name': 'local',
  'process.runtime.name': 'nodejs',
  'process.runtime.version': '24.21.0',
  'hono.runtime.name': 'node',
  'hono.runtime.clock': 'precise',
  'telemetry.sdk.name': 'opentelemetry',
  'telemetry.sdk.language': 'nodejs',
  'telemetry.sdk.version': '2.12.0',
})

function toAttributes(values: Readonly<Record<string, AnyValue>>): readonly Attribute[] {
  return Object.entries(values).map(([key, value]) => ({ key, value }))
}

/** Spread over all digits, as a real id is, but the same in each run. */
function toHex(index: number, digits: 16 | 32): string {
  const mixed = BigInt.asUintN(64, BigInt(index + 1) * 0x9e3779b97f4a7c15n)
  return mixed
    .toString(16)
    .padStart(16, '1')
    .repeat(digits / 16)
}
