import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SpanKind, StatusCode } from '../../observability/otlp/model.ts'
import { packageName, packageVersion } from '../../observability/telemetry/package-version.ts'
import application from '../../runtimes/application.ts'
import { launchForTest, type TestService } from '../../runtimes/testing/launch-for-test.ts'
import { presentRuntimes } from '../../runtimes/testing/present-runtimes.ts'
import {
  type ArrivedTrace,
  awaitTrace,
  byKey,
  readTrace,
  startTestCollector,
} from '../../runtimes/testing/traces-for-test.ts'
import { listBreaches } from './testing/list-breaches.ts'

const todos = '/api/v1/todos'
const unknownId = randomUUID()
const columns = '"id", "title", "description", "completed", "created_at", "updated_at"'

type Operation = {
  readonly name: string
  readonly method: string
  /** `{id}` stands for a Todo that was made for it. */
  readonly path: string
  readonly body?: string
  readonly route?: string
  readonly status: number
  readonly query?: string
  readonly statement?: {
    readonly operation: string
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

const select = `select ${columns} from "todos" where "id" = $1`
const text = expect.any(String)

/** What docs/telemetry.md asks of each operation, attribute by attribute. */
const operations: readonly Operation[] = [
  {
    name: 'create',
    method: 'POST',
    path: todos,
    body: '{"title":"milk"}',
    route: todos,
    status: 201,
    statement: {
      operation: 'INSERT',
      text: `insert into "todos" ("title", "description", "completed") values ($1, $2, $3) returning ${columns}`,
      rows: 1,
    },
    log: { event: 'todo.created', body: 'todo created', attributes: { 'todo.id': text } },
  },
  {
    name: 'list',
    method: 'GET',
    path: `${todos}?skip=0&limit=1&access_token=seCret`,
    route: todos,
    query: 'skip=0&limit=1&access_token=REDACTED',
    status: 200,
    statement: {
      operation: 'SELECT',
      text: `select ${columns} from "todos" order by "created_at" desc, "id" desc limit $1 offset $2`,
      rows: 1,
    },
    log: { event: 'todo.listed', body: 'todos listed', attributes: { 'todo.count': 1n } },
  },
  {
    name: 'get',
    method: 'GET',
    path: `${todos}/{id}`,
    route: `${todos}/:id`,
    status: 200,
    statement: { operation: 'SELECT', text: select, rows: 1 },
    log: { event: 'todo.retrieved', body: 'todo retrieved', attributes: { 'todo.id': text } },
  },
  {
    name: 'update',
    method: 'PUT',
    path: `${todos}/{id}`,
    body: '{"completed":true}',
    route: `${todos}/:id`,
    status: 200,
    statement: {
      operation: 'UPDATE',
      text: expect.stringMatching(/^update "todos" set "completed" = \$1/),
      rows: 1,
    },
    log: { event: 'todo.updated', body: 'todo updated', attributes: { 'todo.id': text } },
  },
  {
    name: 'delete',
    method: 'DELETE',
    path: `${todos}/{id}`,
    route: `${todos}/:id`,
    status: 204,
    statement: {
      operation: 'DELETE',
      text: expect.stringMatching(/^delete from "todos" where "id" = \$1/),
      rows: expect.any(Number),
    },
    log: { event: 'todo.deleted', body: 'todo deleted', attributes: { 'todo.id': text } },
  },
  {
    name: 'an unknown id',
    method: 'GET',
    path: `${todos}/${unknownId}`,
    route: `${todos}/:id`,
    status: 404,
    statement: { operation: 'SELECT', text: select, rows: 0 },
    log: { event: 'todo.not_found', body: 'todo not found', attributes: { 'todo.id': unknownId } },
  },
  {
    name: 'an invalid body',
    method: 'POST',
    path: todos,
    body: '{"title":"","completed":"seCret"}',
    route: todos,
    status: 400,
    log: { event: 'request.invalid', severity: 'WARN', body: text, attributes: expect.any(Object) },
  },
  {
    name: 'malformed JSON',
    method: 'POST',
    path: todos,
    body: '{"title":seCret',
    route: todos,
    status: 400,
    log: { event: 'request.invalid', severity: 'WARN', body: text, attributes: expect.any(Object) },
  },
  { name: 'an unknown path', method: 'GET', path: '/nowhere', status: 404 },
  { name: 'a known path, another method', method: 'PATCH', path: todos, route: todos, status: 405 },
  { name: 'no I/O at all', method: 'GET', path: '/health', route: '/health', status: 200 },
]

describe.each(presentRuntimes)('$name', (runtime) => {
  let collector: Awaited<ReturnType<typeof startTestCollector>>
  let service: TestService
  const arrivesSoon = { OTEL_BSP_SCHEDULE_DELAY: '20', OTEL_BLRP_SCHEDULE_DELAY: '20' }

  beforeAll(async () => {
    collector = await startTestCollector()
    service = await launchForTest(runtime, {
      ...arrivesSoon,
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    })
  })
  afterAll(async () => {
    await service[Symbol.asyncDispose]()
    await collector.close()
  })

  /** Sends a request as a client that traces would, with secrets that must not be kept. */
  async function send(url: string, operation: Operation, parent: Parent): Promise<Response> {
    const id = operation.path.includes('{id}') ? await createTodo(url) : ''
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

  test.each(operations)(
    '$name: every span, attribute and log record is as promised',
    async (operation) => {
      const parent = createParent()
      const response = await send(service.url, operation, parent)
      await response.arrayBuffer()
      const trace = await awaitTrace(collector.url, parent.traceId, isComplete(operation))
      expect(listBreaches(trace, runtime)).toEqual([])

      expect(response.status).toBe(operation.status)
      expect(response.headers.get('x-trace-id')).toBe(parent.traceId)
      expectServerSpan(trace, operation, parent, service.url, runtime.name)
      expectStatement(trace, operation)
      expectConnections(trace)
      expectLog(trace, operation)
      expect(
        JSON.stringify(trace, (_, value) => (typeof value === 'bigint' ? `${value}` : value)),
      ).not.toContain('seCret')
    },
  )

  test('who a proxy asks for is believed only where that was said', async () => {
    const headers = {
      forwarded: 'for="[2001:db8::1]:4711";proto=https;host=todos.example',
      'x-forwarded-for': '203.0.113.9, 10.0.0.1',
      'cf-connecting-ip': '203.0.113.9',
    }
    async function ask(url: string) {
      const response = await fetch(`${url}/health`, { headers })
      const id = response.headers.get('x-trace-id') ?? ''
      const trace = await awaitTrace(collector.url, id, ({ spans }) => spans.length > 0)
      return byKey(serverSpanOf(trace).attributes)
    }
    await using trusting = await launchForTest(runtime, {
      ...arrivesSoon,
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      TRUST_FORWARDED: 'true',
    })

    expect(await ask(service.url)).toMatchObject({
      'client.address': '127.0.0.1',
      'url.scheme': 'http',
      'server.address': '127.0.0.1',
      'server.port': BigInt(new URL(service.url).port),
    })
    expect(await ask(trusting.url)).toMatchObject({
      'client.address': '2001:db8::1',
      'url.scheme': 'https',
      'server.address': 'todos.example',
    })
  })

  test('the resource says what it is, on spans and log records alike', async () => {
    const parent = createParent()
    await send(service.url, operations[0] ?? never(), parent)
    const trace = await awaitTrace(
      collector.url,
      parent.traceId,
      ({ spans, logs }) => spans.length > 1 && logs.length > 0,
    )

    const resources = [...trace.spans, ...trace.logs].map(({ resource }) =>
      byKey(resource.attributes),
    )
    for (const resource of resources) expect(resource).toEqual(resources[0])
    expect(resources[0]).toMatchObject({
      'service.name': 'todo-api',
      'service.version': application.version,
      'service.instance.id': expect.stringMatching(/^[0-9a-f-]{36}$/),
      'deployment.environment.name': 'local',
      'process.runtime.name': expect.stringMatching(/^(nodejs|workerd|deno|bun)$/),
      'hono.runtime.name': runtime.name,
      'hono.runtime.clock': expect.stringMatching(/^(precise|millisecond|io-only)$/),
      'telemetry.sdk.name': 'opentelemetry',
      'telemetry.sdk.language': text,
      'telemetry.sdk.version': text,
    })
    for (const { scope, schemaUrl } of [...trace.spans, ...trace.logs]) {
      expect(scope).toMatchObject({ name: packageName, version: packageVersion })
      expect(schemaUrl).toMatch(/^https:\/\/opentelemetry\.io\/schemas\/1\.\d+\.0$/)
    }
  })

  test('50 requests at once leave 50 traces, each whole and with nothing of another', async () => {
    const parents = Array.from({ length: 50 }, createParent)
    const get = operations.find(({ name }) => name === 'an unknown id') ?? never()
    await Promise.all(parents.map((parent) => send(service.url, get, parent)))

    for (const parent of parents) {
      const trace = await awaitTrace(collector.url, parent.traceId, isComplete(get))
      expectServerSpan(trace, get, parent, service.url, runtime.name)
      expectStatement(trace, get)
      expectConnections(trace)
      expectLog(trace, get)
      expect(trace.spans.length).toBeLessThanOrEqual(3)
    }
  })

  test('a parent that is not sampled is honoured: an answer, a trace id, and no trace', async () => {
    const hidden = createParent('00')
    const seen = createParent()
    const health = operations.at(-1) ?? never()
    const response = await send(service.url, health, hidden)
    await send(service.url, health, seen)
    await awaitTrace(collector.url, seen.traceId, ({ spans }) => spans.length === 1)

    expect(response.headers.get('x-trace-id')).toBe(hidden.traceId)
    expect((await readTrace(collector.url, hidden.traceId)).spans).toEqual([])
  })

  test('requests without a traceparent have each a trace of their own, whatever was asked before', async () => {
    const paths = ['/', '/health', '/ready', '/openapi.json', '/docs', todos, `${todos}/x`, '/none']
    const hidden = createParent('00')
    const headers = { traceparent: `00-${hidden.traceId}-${hidden.spanId}-00` }
    const ids: string[] = []
    for (const before of [{}, { headers }])
      for (const path of [...paths, '/health']) {
        await (await fetch(`${service.url}${path}`, before)).arrayBuffer()
        const response = await fetch(`${service.url}/health`)
        ids.push(response.headers.get('x-trace-id') ?? '')
      }

    expect(new Set(ids).size).toBe(ids.length)
    for (const id of ids) {
      const { spans } = await awaitTrace(collector.url, id, (trace) => trace.spans.length > 0)
      expect(spans.map(({ span }) => [span.name, span.parentSpanId])).toEqual([['GET /health', '']])
    }
  })

  test('a malformed traceparent begins a new trace', async () => {
    const response = await fetch(`${service.url}/health`, {
      headers: { traceparent: '00-zz-zz-01' },
    })
    const traceId = response.headers.get('x-trace-id') ?? ''

    expect(traceId).toMatch(/^[0-9a-f]{32}$/)
    const trace = await awaitTrace(collector.url, traceId, ({ spans }) => spans.length === 1)
    expect(trace.spans[0]?.span.parentSpanId).toBe('')
  })

  test('the standard variables are obeyed', async () => {
    await using own = await launchForTest(runtime, {
      ...arrivesSoon,
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_SERVICE_NAME: 'renamed',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=staging,team=blue',
      OTEL_TRACES_SAMPLER: 'parentbased_always_off',
    })
    const parent = createParent()
    const unsampled = await fetch(`${own.url}/health`)
    await fetch(`${own.url}/health`, {
      headers: { traceparent: `00-${parent.traceId}-${parent.spanId}-01` },
    })
    const trace = await awaitTrace(collector.url, parent.traceId, ({ spans }) => spans.length === 1)

    expect(byKey(trace.spans[0]?.resource.attributes ?? [])).toMatchObject({
      'service.name': 'renamed',
      'deployment.environment.name': 'staging',
      team: 'blue',
      'hono.runtime.name': runtime.name,
    })
    expect(
      (await readTrace(collector.url, unsampled.headers.get('x-trace-id') ?? '')).spans,
    ).toEqual([])
  })

  test('switched off, it leaves no trace and no header', async () => {
    await using own = await launchForTest(runtime, {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_SERVICE_NAME: `off-${runtime.name}`,
      OTEL_SDK_DISABLED: 'true',
    })
    const response = await fetch(`${own.url}${todos}`)
    await own.stop()

    expect(response.status).toBe(200)
    expect(response.headers.get('x-trace-id')).toBeNull()
    const found = await (
      await fetch(`${collector.url}/api/traces?service=off-${runtime.name}`)
    ).json()
    expect(found).toMatchObject({ traces: [] })
  })

  test('what was answered just before a stop still arrives', async () => {
    await using own = await launchForTest(runtime, { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url })
    const parent = createParent()
    const list = operations.find(({ name }) => name === 'list') ?? never()
    await send(own.url, list, parent)
    await own.stop()

    const trace = await readTrace(collector.url, parent.traceId)
    expect(trace.spans.map(({ span }) => span.name)).toEqual(
      expect.arrayContaining([`GET ${todos}`, 'SELECT todos']),
    )
    expect(trace.logs.length).toBe(1)
  })
})

type Parent = { readonly traceId: string; readonly spanId: string; readonly flags: '00' | '01' }

function createParent(flags: unknown = '01'): Parent {
  return {
    traceId: randomBytes(16).toString('hex'),
    spanId: randomBytes(8).toString('hex'),
    flags: flags === '00' ? '00' : '01',
  }
}

async function createTodo(url: string): Promise<string> {
  const response = await fetch(`${url}${todos}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"title":"made for a test"}',
  })
  return response.headers.get('location')?.split('/').at(-1) ?? ''
}

function isComplete({ statement, log }: Operation) {
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

function never(): never {
  throw new Error('expected something to be here')
}

function serverSpanOf(trace: ArrivedTrace) {
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
  const { operation, text: sql, rows } = statement
  expect(span).toMatchObject({
    name: `${operation} todos`,
    kind: SpanKind.client,
    parentSpanId: serverSpanOf(trace).spanId,
    status: { code: StatusCode.unset },
  })
  expect(byKey(span.attributes)).toEqual({
    ...databaseAttributes,
    'db.operation.name': operation,
    'db.collection.name': 'todos',
    'db.query.summary': `${operation} todos`,
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
