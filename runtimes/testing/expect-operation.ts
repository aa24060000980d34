import { randomBytes } from 'node:crypto'
import { expect } from 'vitest'
import { SpanKind, StatusCode } from '../../observability/otlp/model.ts'
import type { TestService } from './launch-for-test.ts'
import { listBreaches } from './list-breaches.ts'
import { type ArrivedTrace, awaitTrace, byKey } from './traces-for-test.ts'

/** A request, and what docs/telemetry.md asks of its trace, attribute by attribute. */
export type Operation = {
  readonly name: string
  readonly method: string
  /** `{id}` stands for the UUID of something that was made for it. */
  readonly path: string
  readonly body?: string
  readonly route?: string
  readonly status: number
  readonly query?: string
  readonly statement?: {
    readonly operation: string
    readonly table: string
    readonly text: string
    readonly rows: number
  }
  readonly log?: {
    readonly event: string
    readonly severity?: 'WARN'
    readonly body: string
    readonly attributes: Record<string, unknown>
  }
}

/** Sends a request as a client that traces would, with secrets that must not be kept. */
export function sendOperation(
  url: string,
  operation: Operation,
  parent: Parent,
  id = '',
): Promise<Response> {
  return fetch(`${url}${operation.path.replace('{id}', id)}`, {
    method: operation.method,
    headers: {
      traceparent: `00-${parent.traceId}-${parent.spanId}-${parent.flags}`,
      'user-agent': 'telemetry-test',
      authorization: 'Bearer seCret',
      cookie: 'session=seCret',
      ...(operation.body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(operation.body !== undefined && { body: operation.body }),
  })
}

/** Plays an operation, and holds its answer and its trace to all that was promised. */
export async function expectOperation(
  collectorUrl: string,
  service: TestService,
  operation: Operation,
  id?: string,
): Promise<void> {
  const { runtime, url } = service
  const parent = createParent()
  const response = await sendOperation(url, operation, parent, id)
  await response.arrayBuffer()
  const trace = await awaitTrace(collectorUrl, parent.traceId, isComplete(operation))
  expect(listBreaches(trace, runtime)).toEqual([])

  expect(response.status).toBe(operation.status)
  expect(response.headers.get('x-trace-id')).toBe(parent.traceId)
  expectTrace(trace, operation, parent, service)
  expect(
    JSON.stringify(trace, (_, value) => (typeof value === 'bigint' ? `${value}` : value)),
  ).not.toContain('seCret')
}

export function expectTrace(
  trace: ArrivedTrace,
  operation: Operation,
  parent: Parent,
  { url, runtime }: TestService,
): void {
  expectServerSpan(trace, operation, parent, url, runtime.name)
  expectStatement(trace, operation)
  expectConnections(trace)
  expectLog(trace, operation)
}

export type Parent = {
  readonly traceId: string
  readonly spanId: string
  readonly flags: '00' | '01'
}

export function createParent(flags: unknown = '01'): Parent {
  return {
    traceId: randomBytes(16).toString('hex'),
    spanId: randomBytes(8).toString('hex'),
    flags: flags === '00' ? '00' : '01',
  }
}

export function isComplete({ statement, log }: Operation) {
  return ({ spans, logs }: ArrivedTrace): boolean =>
    spans.some(({ span }) => span.kind === SpanKind.server) &&
    (statement === undefined ||
      spans.some(({ span }) => span.name.startsWith(statement.operation))) &&
    (log === undefined || logs.length > 0)
}

function only<T>(items: readonly T[]): T {
  expect(items).toHaveLength(1)
  return items[0] ?? never()
}

export function never(): never {
  throw new Error('expected something to be here')
}

export function serverSpanOf(trace: ArrivedTrace) {
  return only(trace.spans.filter(({ span }) => span.kind === SpanKind.server)).span
}

function expectServerSpan(
  trace: ArrivedTrace,
  operation: Operation,
  parent: Parent,
  url: string,
  runtime: string,
): void {
  const span = serverSpanOf(trace)
  const { method, path, route, status, query } = operation
  expect(span.parentSpanId).toBe(parent.spanId)
  expect(span.name).toBe(route === undefined ? method : `${method} ${route}`)
  expect(byKey(span.attributes)).toEqual({
    'http.request.method': method,
    'url.scheme': 'http',
    'url.path': expect.stringMatching(
      new RegExp(`^${path.split('?')[0]?.replace('{id}', '[0-9a-f-]{36}')}$`),
    ),
    ...(query !== undefined && { 'url.query': query }),
    'server.address': '127.0.0.1',
    'server.port': BigInt(new URL(url).port),
    'user_agent.original': 'telemetry-test',
    ...(route !== undefined && { 'http.route': route }),
    'http.response.status_code': BigInt(status),
    'client.address': '127.0.0.1',
    ...toldBy(runtime),
  })
  expect(span.status.code).toBe(StatusCode.unset)
  expect(span.events).toEqual([])
  expect(span.endNanos).toBeGreaterThanOrEqual(span.startNanos)
}

const peer = { 'network.peer.address': '127.0.0.1', 'network.peer.port': expect.any(BigInt) }
const version = { 'network.protocol.version': '1.1' }
const functionArn = expect.stringMatching(/^arn:aws:lambda:[\w-]+:\d{12}:function:[\w-]+$/)

/** What of a request a platform tells beside the request. */
function toldBy(runtime: string): Record<string, unknown> {
  switch (runtime) {
    case 'node':
      return { ...peer, ...version }
    case 'lambda':
      return {
        ...version,
        'faas.trigger': 'http',
        'faas.invocation_id': expect.stringMatching(/^[0-9a-f-]{36}$/),
        'faas.coldstart': expect.any(Boolean),
        'cloud.account.id': expect.stringMatching(/^\d{12}$/),
        'cloud.resource_id': functionArn,
        'aws.lambda.invoked_arn': functionArn,
      }
    default:
      return peer
  }
}

function expectStatement(trace: ArrivedTrace, { statement }: Operation): void {
  const found = trace.spans.filter(({ span }) => 'db.query.text' in byKey(span.attributes))
  if (statement === undefined) {
    expect(found).toEqual([])
    return
  }
  const { span } = only(found)
  const { operation, table, text: sql, rows } = statement
  expect(span).toMatchObject({
    name: `${operation} ${table}`,
    kind: SpanKind.client,
    parentSpanId: serverSpanOf(trace).spanId,
    status: { code: StatusCode.unset },
  })
  expect(byKey(span.attributes)).toEqual({
    ...databaseAttributes,
    'db.operation.name': operation,
    'db.collection.name': table,
    'db.query.summary': `${operation} ${table}`,
    'db.query.text': sql,
    'db.response.returned_rows': typeof rows === 'number' ? BigInt(rows) : expect.any(BigInt),
  })
  expect(span.events.map(({ name }) => name)).toEqual(['db.connection.acquired'])
  expect(span.events[0]?.timeNanos).toBeGreaterThanOrEqual(span.startNanos)
}

const databaseAttributes = {
  'db.system.name': 'postgresql',
  'db.namespace': expect.any(String),
  'server.address': expect.any(String),
  'server.port': expect.any(BigInt),
}

/** A connection may have been there already; one that was opened has a span within the statement that asked. */
function expectConnections(trace: ArrivedTrace): void {
  const statement = trace.spans.find(({ span }) => 'db.query.text' in byKey(span.attributes))
  for (const { span } of trace.spans.filter(({ span }) => span.name.startsWith('CONNECT '))) {
    const attributes = byKey(span.attributes)
    expect(span.kind).toBe(SpanKind.client)
    expect(span.parentSpanId).toBe(statement?.span.spanId)
    expect(span.name).toBe(`CONNECT ${attributes['db.namespace']}`)
    expect(attributes).toEqual({ ...databaseAttributes, 'db.operation.name': 'CONNECT' })
  }
}

function expectLog(trace: ArrivedTrace, { log }: Operation): void {
  if (log === undefined) {
    expect(trace.logs).toEqual([])
    return
  }
  const { record } = only(trace.logs)
  const { severity = 'INFO' } = log
  expect(record).toMatchObject({
    eventName: log.event,
    severityText: severity,
    severityNumber: { INFO: 9, WARN: 13 }[severity],
    body: log.body,
    spanId: serverSpanOf(trace).spanId,
  })
  expect(byKey(record.attributes)).toEqual(log.attributes)
  expect(record.observedTimeNanos).toBeGreaterThanOrEqual(record.timeNanos)
}
