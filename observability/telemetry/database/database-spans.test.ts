import type { Hono } from 'hono'
import { type Kysely, PostgresDialect, sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  createPool,
  type DatabasePool,
  readDatabaseTarget,
} from '../../../runtimes/service/database/database.ts'
import { type Span, SpanKind, StatusCode } from '../../otlp/model.ts'
import { findFreePort } from '../../plumbing/find-free-port.ts'
import type { Telemetry } from '../telemetry.ts'
import { byName } from '../testing/otlp-receiver.ts'
import { startTracedService, type TracedService } from '../testing/traced-service.ts'
import { observeDatabase } from './observe-database.ts'

const url = process.env.TEST_DATABASE_URL ?? ''
const target = readDatabaseTarget(url)
const place = {
  'db.system.name': 'postgresql',
  'db.namespace': target.namespace,
  'server.address': target.address,
  'server.port': BigInt(target.port ?? 0),
}

type Tables = { spans_things: { id: string; secret: string } }

/** Opens a database as the adapters do. */
function openDatabase(
  telemetry: Telemetry,
  databaseUrl: string,
): { db: Kysely<Tables>; pool: DatabasePool } {
  const observer = observeDatabase(telemetry, readDatabaseTarget(databaseUrl))
  const pool = createPool({ url: databaseUrl, poolMax: 2, timeoutMillis: 5000 }, observer)
  return { db: observer.createKysely<Tables>(new PostgresDialect({ pool })), pool }
}

describe('a statement', () => {
  let service: TracedService
  let db: Kysely<Tables>
  let pool: DatabasePool

  beforeAll(async () => {
    service = await startTracedService((app: Hono, telemetry) => {
      const opened = openDatabase(telemetry, url)
      db = opened.db
      pool = opened.pool
      const things = () => db.selectFrom('spans_things').selectAll()
      app.get('/select', async (c) => c.json(await things().where('id', '=', 'seCret').execute()))
      app.get('/insert', async (c) => {
        await db.insertInto('spans_things').values({ id: 'seCret', secret: 'seCret' }).execute()
        return c.body(null, 204)
      })
      app.get('/cast', async (c) => c.json(await sql`select ${'seCret'}::int as n`.execute(db)))
      app.get('/many', async (c) => {
        const { rows } = await sql`select * from generate_series(1, 7)`.execute(db)
        return c.text(String(rows.length))
      })
      app.get('/two', async (c) => {
        await Promise.all([things().execute(), sql`select 1`.execute(db)])
        return c.text('done')
      })
      app.get('/wrap', async (c) => {
        const count = sql`select ${'seCret'}::int as n`.execute(db)
        return c.json(
          await count.catch((cause: Error) => {
            throw new Error(`cannot count: ${cause.message}`, { cause })
          }),
        )
      })
      app.onError((error, c) => {
        telemetry.log({ severity: 'error', event: 'failed', message: 'failed', error })
        return c.text(error.name, 500)
      })
    })
    await sql`create table spans_things (id text primary key, secret text)`.execute(db)
    await sql`insert into spans_things values ('seCret', 'first')`.execute(db)
  })
  afterAll(async () => {
    await sql`drop table spans_things`.execute(db)
    await pool.end()
    await service[Symbol.asyncDispose]()
  })

  /** The spans of one request by HTTP. */
  async function observe(path: string): Promise<{ server: Span; databases: readonly Span[] }> {
    const { span: server } = await awaitServerSpan(path)
    const databases = service.receiver
      .spans()
      .map(({ item }) => item)
      .filter(({ traceId, kind }) => traceId === server.traceId && kind === SpanKind.client)
    return { server, databases }
  }

  async function awaitServerSpan(path: string): Promise<{ span: Span }> {
    const response = await fetch(`${service.url}${path}`)
    await response.arrayBuffer()
    const traceId = response.headers.get('x-trace-id')
    for (;;) {
      const spans = await service.awaitSpans(1)
      const span = spans.find((one) => one.traceId === traceId && one.kind === SpanKind.server)
      if (span !== undefined) return { span }
    }
  }

  test('says what it does and where, with placeholders and without values', async () => {
    const { server, databases } = await observe('/select')
    expect(databases).toHaveLength(1)
    const [span] = databases
    expect(span).toMatchObject({
      name: 'SELECT spans_things',
      kind: SpanKind.client,
      parentSpanId: server.spanId,
      status: { code: StatusCode.unset, message: '' },
    })
    expect(byName(span?.attributes ?? [])).toEqual({
      ...place,
      'db.operation.name': 'SELECT',
      'db.collection.name': 'spans_things',
      'db.query.summary': 'SELECT spans_things',
      'db.query.text': 'select * from "spans_things" where "id" = $1',
      'db.response.returned_rows': 1n,
    })
  })

  test('lies within its request, and marks within itself when it had a connection', async () => {
    const { server, databases } = await observe('/select')
    const [span] = databases
    if (span === undefined) throw new Error('expected a span')
    expect(span.startNanos).toBeGreaterThanOrEqual(server.startNanos)
    expect(span.endNanos).toBeLessThanOrEqual(server.endNanos)
    expect(span.endNanos).toBeGreaterThan(span.startNanos)
    expect(span.events.map(({ name }) => name)).toEqual(['db.connection.acquired'])
    const acquired = span.events[0]?.timeNanos ?? 0n
    expect(acquired).toBeGreaterThanOrEqual(span.startNanos)
    expect(acquired).toBeLessThanOrEqual(span.endNanos)
  })

  test('says how many rows came back', async () => {
    const { databases } = await observe('/many')
    expect(byName(databases[0]?.attributes ?? [])).toMatchObject({
      'db.query.summary': 'SELECT',
      'db.response.returned_rows': 7n,
    })
    expect(byName(databases[0]?.attributes ?? [])).not.toHaveProperty('db.collection.name')
  })

  test.each([
    [
      '/insert',
      'INSERT spans_things',
      '23505',
      'integrity constraint violation (23505), constraint spans_things_pkey',
    ],
    ['/cast', 'SELECT', '22P02', 'data exception (22P02)'],
    ['/wrap', 'SELECT', '22P02', 'data exception (22P02)'],
  ])(
    'that fails (%s) has the SQLSTATE and says what it means, and nobody repeats what the database quotes',
    async (path, name, state, description) => {
      const { server, databases } = await observe(path)
      const [span] = databases
      expect(span).toMatchObject({ name, status: { code: StatusCode.error, message: description } })
      expect(byName(span?.attributes ?? [])).toMatchObject({
        'error.type': state,
        'db.response.status_code': state,
      })
      expect(byName(span?.attributes ?? [])).not.toHaveProperty('db.response.returned_rows')
      expect(server.status.code).toBe(StatusCode.error)
      const [exception] = server.events
      expect(byName(exception?.attributes ?? [])).toMatchObject({
        'exception.message': expect.stringContaining(description),
        'exception.stacktrace': expect.stringContaining(`${description}\n    at `),
      })
      const records = await service.awaitRecords(1)
      expect(toText([span, server, records, service.lines])).not.toContain('seCret')
    },
  )

  test('that runs beside another is a child of the same request', async () => {
    const { server, databases } = await observe('/two')
    const statements = databases.filter(({ name }) => !name.startsWith('CONNECT'))
    expect(statements.map(({ name }) => name).toSorted()).toEqual(['SELECT', 'SELECT spans_things'])
    for (const span of statements) expect(span.parentSpanId).toBe(server.spanId)
  })

  test('outside of any request is the root of a trace', async () => {
    const seen = service.receiver.spans().length
    await sql`select 1 as outside`.execute(db)
    const span = (await service.awaitSpans(seen + 1)).find(({ attributes }) =>
      toText(attributes).includes('outside'),
    )
    expect(span?.parentSpanId).toBe('')
    expect(span === undefined ? 0n : span.endNanos - span.startNanos).toBeGreaterThan(0n)
  })
})

describe('a connection', () => {
  test('that a statement opens is a child of it', async () => {
    await using service = await startTracedService((app, telemetry) => {
      const { db, pool } = openDatabase(telemetry, url)
      app.get('/', async (c) => {
        await sql`select 1`.execute(db)
        await sql`select 2`.execute(db)
        await pool.end()
        return c.text('done')
      })
    })
    await fetch(service.url)
    const spans = await service.awaitSpans(4)
    const connects = spans.filter(({ name }) => name.startsWith('CONNECT'))
    const first = spans.find(({ attributes }) => toText(attributes).includes('select 1'))
    expect(connects).toHaveLength(1)
    expect(connects[0]).toMatchObject({
      name: `CONNECT ${target.namespace}`,
      kind: SpanKind.client,
      parentSpanId: first?.spanId,
      status: { code: StatusCode.unset, message: '' },
    })
    expect(byName(connects[0]?.attributes ?? [])).toEqual({
      ...place,
      'db.operation.name': 'CONNECT',
    })
    expect(first?.events[0]?.timeNanos).toBeGreaterThanOrEqual(connects[0]?.endNanos ?? 0n)
  })

  test('that is refused fails the statement, under the name of the statement', async () => {
    const refused = new URL(url)
    refused.port = String(await findFreePort())
    const { statement, connect } = await failToConnect(refused.href)
    for (const span of [statement, connect]) {
      expect(span?.status).toEqual({ code: StatusCode.error, message: '' })
      expect(byName(span?.attributes ?? [])).toMatchObject({
        'error.type': 'ECONNREFUSED',
        'server.port': BigInt(refused.port),
      })
      expect(byName(span?.attributes ?? [])).not.toHaveProperty('db.response.status_code')
    }
    expect(statement?.events).toEqual([])
  })

  test('that the server turns away has its SQLSTATE', async () => {
    const unknown = new URL(url)
    unknown.pathname = '/no_such_database'
    const { statement, connect } = await failToConnect(unknown.href)
    expect(connect?.name).toBe('CONNECT no_such_database')
    for (const span of [statement, connect])
      expect(byName(span?.attributes ?? [])).toMatchObject({
        'error.type': '3D000',
        'db.response.status_code': '3D000',
        'db.namespace': 'no_such_database',
      })
    expect(connect?.status.message).toBe('invalid catalog name (3D000)')
  })

  test('that nobody asked for just now is in a trace of its own', async () => {
    await using service = await startTracedService((app, telemetry) => {
      const { connect } = observeDatabase(telemetry, target)
      app.get('/', async (c) => c.text(await connect(async () => 'opened', false)))
    })
    const response = await fetch(service.url)
    expect(await response.text()).toBe('opened')
    const spans = await service.awaitSpans(2)
    const connect = spans.find(({ kind }) => kind === SpanKind.client)
    expect(connect?.parentSpanId).toBe('')
    expect(connect?.traceId).not.toBe(response.headers.get('x-trace-id'))
  })
})

describe('an error code of five characters', () => {
  test.each([
    ['EPIPE', undefined],
    ['EBADF', undefined],
    ['40001', '40001'],
    ['P0001', 'P0001'],
    ['ECONNRESET', undefined],
    ['lower', undefined],
  ])('%s is the SQLSTATE %s', async (code, state) => {
    await using service = await startTracedService((app, telemetry) => {
      const { connect } = observeDatabase(telemetry, target)
      app.get('/', async (c) => {
        const failing = connect(() => Promise.reject(Object.assign(new Error('x'), { code })), true)
        return c.text(await failing.catch(() => 'failed'))
      })
    })
    await fetch(service.url)
    const [span] = (await service.awaitSpans(2)).filter(({ kind }) => kind === SpanKind.client)
    expect(byName(span?.attributes ?? [])['error.type']).toBe(code)
    expect(byName(span?.attributes ?? [])['db.response.status_code']).toBe(state)
  })

  test.each([
    [new RangeError('x'), 'RangeError'],
    ['a string', '_OTHER'],
    [Object.assign(new Error('x'), { code: 42 }), 'Error'],
  ])('without one, the type is the class of the error', async (error, type) => {
    await using service = await startTracedService((app, telemetry) => {
      const { connect } = observeDatabase(telemetry, target)
      app.get('/', async (c) =>
        c.text(await connect(() => Promise.reject(error), true).catch(() => 'failed')),
      )
    })
    await fetch(service.url)
    const [span] = (await service.awaitSpans(2)).filter(({ kind }) => kind === SpanKind.client)
    expect(byName(span?.attributes ?? [])['error.type']).toBe(type)
  })
})

/** The spans of one statement to a database that cannot be had. */
async function failToConnect(databaseUrl: string): Promise<{
  readonly statement: Span | undefined
  readonly connect: Span | undefined
}> {
  await using service = await startTracedService((app, telemetry) => {
    const { db, pool } = openDatabase(telemetry, databaseUrl)
    app.get('/', async (c) => {
      const failed = await db
        .selectFrom('spans_things')
        .selectAll()
        .execute()
        .then(
          () => 'no',
          () => 'yes',
        )
      await pool.end()
      return c.text(failed)
    })
  })
  expect(await (await fetch(service.url)).text()).toBe('yes')
  const spans = await service.awaitSpans(3)
  const statement = spans.find(({ name }) => name === 'SELECT spans_things')
  const connect = spans.find(({ name }) => name.startsWith('CONNECT'))
  expect(connect?.parentSpanId).toBe(statement?.spanId)
  return { statement, connect }
}

function toText(value: unknown): string {
  return JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? String(part) : part))
}
