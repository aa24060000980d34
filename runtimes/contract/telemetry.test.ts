import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { packageName, packageVersion } from '../../observability/telemetry/package-version.ts'
import {
  createParent,
  expectOperation,
  expectTrace,
  isComplete,
  type Operation,
  sendOperation,
  serverSpanOf,
} from '../testing/expect-operation.ts'
import type { TestService } from '../testing/launch-for-test.ts'
import { presentRuntimes } from '../testing/present-runtimes.ts'
import { awaitTrace, byKey, readTrace, startTestCollector } from '../testing/traces-for-test.ts'
import notesApplication from './application/notes.ts'
import { launchNotes } from './testing/launch-notes.ts'

const text = expect.any(String)

const create: Operation = {
  name: 'a write',
  method: 'POST',
  path: '/notes',
  body: '{"text":"milk"}',
  route: '/notes',
  status: 201,
  statement: {
    operation: 'INSERT',
    table: 'notes',
    text: 'insert into "notes" ("text") values ($1) returning "id"',
    rows: 1,
  },
  log: {
    event: 'note.created',
    body: 'note created',
    attributes: { 'note.id': expect.any(BigInt) },
  },
}
const list: Operation = {
  name: 'a list',
  method: 'GET',
  path: '/notes?limit=1&access_token=seCret',
  route: '/notes',
  query: 'limit=1&access_token=REDACTED',
  status: 200,
  statement: {
    operation: 'SELECT',
    table: 'notes',
    text: 'select * from "notes" limit $1',
    rows: expect.any(Number),
  },
  log: {
    event: 'note.listed',
    body: 'note listed',
    attributes: { 'note.count': expect.any(BigInt) },
  },
}
const unknown: Operation = {
  name: 'an unknown id',
  method: 'GET',
  path: '/notes/999999999',
  route: '/notes/:id',
  status: 404,
  statement: {
    operation: 'SELECT',
    table: 'notes',
    text: 'select * from "notes" where "id" = $1',
    rows: 0,
  },
  log: { event: 'note.not_found', body: 'note not_found', attributes: { 'note.id': 999999999n } },
}
const health: Operation = {
  name: 'no I/O at all',
  method: 'GET',
  path: '/health',
  route: '/health',
  status: 200,
}
const operations: readonly Operation[] = [
  create,
  list,
  unknown,
  { name: 'an unknown path', method: 'GET', path: '/nowhere', status: 404 },
  { ...health, name: 'another method', method: 'PATCH', status: 405 },
  health,
]

describe.each(presentRuntimes)('$name', (runtime) => {
  let collector: Awaited<ReturnType<typeof startTestCollector>>
  let service: TestService
  const arrivesSoon = { OTEL_BSP_SCHEDULE_DELAY: '20', OTEL_BLRP_SCHEDULE_DELAY: '20' }

  beforeAll(async () => {
    collector = await startTestCollector()
    service = await launchNotes(runtime, {
      ...arrivesSoon,
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    })
  })
  afterAll(async () => {
    await service[Symbol.asyncDispose]()
    await collector.close()
  })

  test.each(operations)(
    '$name: every span, attribute and log record is as promised',
    async (operation) => {
      await expectOperation(collector.url, service, operation)
    },
  )

  test('who a proxy asks for is believed only where that was said', async () => {
    const headers = {
      forwarded: 'for="[2001:db8::1]:4711";proto=https;host=notes.example',
      'x-forwarded-for': '203.0.113.9, 10.0.0.1',
      'cf-connecting-ip': '203.0.113.9',
    }
    async function ask(url: string) {
      const response = await fetch(`${url}/health`, { headers })
      const id = response.headers.get('x-trace-id') ?? ''
      const trace = await awaitTrace(collector.url, id, ({ spans }) => spans.length > 0)
      return byKey(serverSpanOf(trace).attributes)
    }
    await using trusting = await launchNotes(runtime, {
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
      'server.address': 'notes.example',
    })
  })

  test('the resource says what it is, on spans and log records alike', async () => {
    const parent = createParent()
    await sendOperation(service.url, create, parent)
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
      'service.name': 'notes',
      'service.version': notesApplication.version,
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
    await Promise.all(parents.map((parent) => sendOperation(service.url, unknown, parent)))

    for (const parent of parents) {
      const trace = await awaitTrace(collector.url, parent.traceId, isComplete(unknown))
      expectTrace(trace, unknown, parent, service)
      expect(trace.spans.length).toBeLessThanOrEqual(3)
    }
  })

  test('requests that come by one connection say each what they are, and nothing of one before', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const requests = [
      ['GET', '/notes/1', 'one'],
      ['GET', '/notes/2', 'one'],
      ['GET', '/notes/3?x=1', 'one'],
      ['GET', '/notes/4', 'two'],
      ['DELETE', '/notes/5', 'two'],
      ['DELETE', '/notes/6?token=seCret', 'two'],
      ['DELETE', '/notes', undefined],
      ['GET', '/notes/1', 'one'],
    ] as const
    for (const [method, path, userAgent] of requests) {
      const headers = userAgent === undefined ? {} : { 'user-agent': userAgent }
      const asked = request(`${service.url}${path}`, { agent, method, headers })
      asked.end()
      const [response] = await once(asked, 'response')
      response.resume()
      const id = response.headers['x-trace-id']
      const trace = await awaitTrace(collector.url, id, ({ spans }) => spans.length > 0)
      const attributes = byKey(serverSpanOf(trace).attributes)
      const { pathname, search } = new URL(path, service.url)
      expect(attributes).toMatchObject({
        'http.request.method': method,
        'url.path': pathname,
        'server.port': BigInt(new URL(service.url).port),
      })
      expect(attributes['user_agent.original']).toBe(userAgent)
      expect(attributes['url.query']).toBe(
        search === '' ? undefined : search.slice(1).replace('seCret', 'REDACTED'),
      )
    }
    agent.destroy()
  })

  test('a parent that is not sampled is honoured: an answer, a trace id, and no trace', async () => {
    const hidden = createParent('00')
    const seen = createParent()
    const response = await sendOperation(service.url, health, hidden)
    await sendOperation(service.url, health, seen)
    await awaitTrace(collector.url, seen.traceId, ({ spans }) => spans.length === 1)

    expect(response.headers.get('x-trace-id')).toBe(hidden.traceId)
    expect((await readTrace(collector.url, hidden.traceId)).spans).toEqual([])
  })

  test('requests without a traceparent have each a trace of their own, whatever was asked before', async () => {
    const paths = ['/', '/health', '/ready', '/stream', '/notes', '/notes/x', '/none']
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
    await using own = await launchNotes(runtime, {
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
    await using own = await launchNotes(runtime, {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_SERVICE_NAME: `off-${runtime.name}`,
      OTEL_SDK_DISABLED: 'true',
    })
    const response = await fetch(`${own.url}/notes`)
    await own.stop()

    expect(response.status).toBe(200)
    expect(response.headers.get('x-trace-id')).toBeNull()
    const found = await (
      await fetch(`${collector.url}/api/traces?service=off-${runtime.name}`)
    ).json()
    expect(found).toMatchObject({ traces: [] })
  })

  test('what was answered just before a stop still arrives', async () => {
    await using own = await launchNotes(runtime, { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url })
    const parent = createParent()
    await sendOperation(own.url, list, parent)
    await own.stop()

    const trace = await readTrace(collector.url, parent.traceId)
    expect(trace.spans.map(({ span }) => span.name)).toEqual(
      expect.arrayContaining(['GET /notes', 'SELECT notes']),
    )
    expect(trace.logs.length).toBe(1)
  })
})
