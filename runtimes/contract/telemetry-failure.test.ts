import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SpanKind, StatusCode } from '../../observability/otlp/model.ts'
import type { TestService } from '../testing/launch-for-test.ts'
import { presentRuntimes } from '../testing/present-runtimes.ts'
import {
  type ArrivedTrace,
  awaitTrace,
  byKey,
  startTestCollector,
} from '../testing/traces-for-test.ts'
import { launchNotes } from './testing/launch-notes.ts'

// What a trace looks like when a request does not go as it should: whole all the same, and right.

const notes = '/notes'

describe.each(presentRuntimes)('$name', (runtime) => {
  let collector: Awaited<ReturnType<typeof startTestCollector>>
  let service: TestService
  let database: Client

  beforeAll(async () => {
    collector = await startTestCollector()
    service = await launchNotes(runtime, {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_BSP_SCHEDULE_DELAY: '20',
      OTEL_BLRP_SCHEDULE_DELAY: '20',
    })
    database = new Client({ connectionString: service.databaseUrl })
    await database.connect()
  })
  afterAll(async () => {
    await database.end()
    await service[Symbol.asyncDispose]()
    await collector.close()
  })

  /** Opens a connection, sends what is given, and hangs up after a while without having read the answer. */
  async function sendAndHangUp(
    traceId: string,
    start: string,
    headers: string,
    body: string,
  ): Promise<void> {
    const { hostname, port, host } = new URL(service.url)
    const socket = connect(Number(port), hostname)
    socket.on('error', () => {})
    socket.write(
      `${start} HTTP/1.1\r\nhost: ${host}\r\ntraceparent: 00-${traceId}-${parentId}-01\r\n${headers}\r\n${body}`,
    )
    await delay(300)
    socket.destroy()
  }

  /** A Worker sends when it is asked something; the others by themselves. */
  async function awaitWhole(
    traceId: string,
    isWhole: (trace: ArrivedTrace) => boolean,
  ): Promise<ArrivedTrace> {
    const nudge = setInterval(() => void fetch(`${service.url}/health`).catch(() => {}), 200)
    try {
      return await awaitTrace(collector.url, traceId, isWhole)
    } finally {
      clearInterval(nudge)
    }
  }

  async function whileTableIsLocked(run: () => Promise<void>): Promise<void> {
    await database.query('begin')
    await database.query('lock table notes in access exclusive mode')
    try {
      await run()
    } finally {
      await database.query('rollback')
    }
  }

  test('a client that leaves while the database works leaves a whole trace', async () => {
    const traceId = createTraceId()
    await whileTableIsLocked(() => sendAndHangUp(traceId, `GET ${notes}?limit=1`, '', ''))
    const trace = await awaitWhole(traceId, ({ spans }) => spans.length >= 2)

    const server = serverSpan(trace)
    expect(server).toMatchObject({ name: `GET ${notes}`, parentSpanId: parentId })
    expect(statementSpan(trace)).toMatchObject({
      name: 'SELECT notes',
      parentSpanId: server.spanId,
    })
    expect(trace.spans.filter(({ span }) => span.kind === SpanKind.server)).toHaveLength(1)
  })

  test('a client that leaves in the middle of its body leaves a whole trace, if the service ever heard of it', async () => {
    const traceId = createTraceId()
    await sendAndHangUp(
      traceId,
      `POST ${notes}`,
      'content-type: application/json\r\ncontent-length: 1000\r\n',
      '{"text":',
    )
    const expected = runtime.buffersRequests ? [] : [`POST ${notes}`]
    const trace = await awaitWhole(traceId, ({ spans }) => spans.length >= expected.length)

    expect(trace.spans.map(({ span }) => span.name)).toEqual(expected)
    expect(trace.spans.every(({ span }) => span.parentSpanId === parentId)).toBe(true)
  })

  test('a streamed body is under one span, which ends with it', async () => {
    const traceId = createTraceId()
    const response = await fetch(`${service.url}/stream`, {
      headers: { traceparent: `00-${traceId}-${parentId}-01` },
    })
    const body = await response.arrayBuffer()
    const trace = await awaitWhole(traceId, ({ spans }) => spans.length >= 1)

    expect(body.byteLength).toBeGreaterThan(1_000_000)
    expect(trace.spans).toHaveLength(1)
    expect(byKey(serverSpan(trace).attributes)['http.response.status_code']).toBe(200n)
  })

  test('a database that fails in the middle is a 503, an error on both spans and one log record', async () => {
    const traceId = createTraceId()
    let answer: Promise<Response> | undefined
    await whileTableIsLocked(async () => {
      answer = fetch(`${service.url}${notes}`, {
        headers: { traceparent: `00-${traceId}-${parentId}-01` },
      })
      await expect.poll(() => terminateWaiting(database), { timeout: 5000 }).toBeGreaterThan(0)
      await answer
    })
    const trace = await awaitWhole(
      traceId,
      ({ spans, logs }) => spans.length >= 2 && logs.length >= 1,
    )

    expect((await answer)?.status).toBe(503)
    const server = serverSpan(trace)
    expect(server.status.code).toBe(StatusCode.error)
    expect(byKey(server.attributes)).toMatchObject({
      'http.response.status_code': 503n,
      'error.type': '503',
    })
    expect(server.events.map(({ name }) => name)).toEqual(['exception'])
    const statement = statementSpan(trace)
    expect(statement.status.code).toBe(StatusCode.error)
    expect(byKey(statement.attributes)).toMatchObject({
      'db.response.status_code': '57P01',
      'error.type': '57P01',
    })
    expect(
      trace.logs.map(({ record }) => [record.eventName, record.severityText, record.spanId]),
    ).toEqual([['dependency.unavailable', 'ERROR', server.spanId]])
  })

  test('a handler that throws is a 500 that tells the client nothing, and the trace everything, once', async () => {
    const traceId = createTraceId()
    await database.query('alter table notes rename to elsewhere')
    const response = await fetch(`${service.url}${notes}`, {
      headers: { traceparent: `00-${traceId}-${parentId}-01` },
    })
    await database.query('alter table elsewhere rename to notes')
    const trace = await awaitWhole(
      traceId,
      ({ spans, logs }) => spans.length >= 2 && logs.length >= 1,
    )

    expect(response.status).toBe(500)
    expect(await response.text()).not.toMatch(/relation|notes|42P01/)
    const server = serverSpan(trace)
    expect(server.status.code).toBe(StatusCode.error)
    expect(byKey(server.attributes)).toMatchObject({
      'http.response.status_code': 500n,
      'error.type': '500',
    })
    expect(server.events).toHaveLength(1)
    expect(byKey(server.events[0]?.attributes ?? [])).toMatchObject({
      'exception.message': 'syntax error or access rule violation (42P01)',
      'exception.stacktrace': expect.stringContaining('at '),
    })
    expect(byKey(statementSpan(trace).attributes)).toMatchObject({
      'db.response.status_code': '42P01',
    })
    expect(trace.logs).toHaveLength(1)
    expect(trace.logs[0]?.record).toMatchObject({
      eventName: 'request.failed',
      severityNumber: 17,
      spanId: server.spanId,
    })
    expect(byKey(trace.logs[0]?.record.attributes ?? [])).toMatchObject({
      'exception.message': 'syntax error or access rule violation (42P01)',
      'exception.stacktrace': expect.stringContaining('at '),
    })
  })
})

const parentId = 'b7ad6b7169203331'

function createTraceId(): string {
  return randomBytes(16).toString('hex')
}

function serverSpan({ spans }: ArrivedTrace) {
  const found = spans.filter(({ span }) => span.kind === SpanKind.server)
  if (found[0] === undefined || found.length > 1)
    throw new Error(`expected one server span, got ${found.length}`)
  return found[0].span
}

function statementSpan({ spans }: ArrivedTrace) {
  const found = spans.filter(({ span }) => 'db.query.text' in byKey(span.attributes))
  if (found[0] === undefined || found.length > 1)
    throw new Error(`expected one statement, got ${found.length}`)
  return found[0].span
}

/** Cuts off whoever waits for a lock in this database. @returns How many there were. */
async function terminateWaiting(database: Client): Promise<number> {
  await database.query('select pg_stat_clear_snapshot()') // a transaction sees one state of it for ever
  const { rows } = await database.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
  )
  return rows.length
}
