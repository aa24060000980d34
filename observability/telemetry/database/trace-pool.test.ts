import { eq } from 'drizzle-orm'
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres'
import { integer, pgTable, text } from 'drizzle-orm/pg-core'
import { Pool } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readDatabaseTarget } from '../../../runtimes/service/database/database.ts'
import { type Span, StatusCode } from '../../otlp/model.ts'
import { byName } from '../testing/otlp-receiver.ts'
import { PortalCursor } from '../testing/portal-cursor.ts'
import { startTracedService, type TracedService } from '../testing/traced-service.ts'
import { tracePool } from './trace-pool.ts'

const connectionString = process.env.TEST_DATABASE_URL ?? ''
const things = pgTable('pool_things', { id: integer('id').primaryKey(), name: text('name') })

let service: TracedService
let pool: Pool
let db: NodePgDatabase

beforeAll(async () => {
  service = await startTracedService((app, telemetry) => {
    pool = tracePool(telemetry, new Pool({ connectionString, max: 1 }))
    db = drizzle(pool)
    app.get('/all', async (c) => c.json(await db.select().from(things)))
    app.get('/transaction', async (c) => {
      await db.transaction(async (trx) => {
        await trx.insert(things).values({ id: 8, name: 'seCret' })
        await trx.transaction((nested) => nested.delete(things).where(eq(things.id, 8)))
      })
      return c.text('done')
    })
  })
  await pool.query(
    'create table pool_things (id int primary key, name text); insert into pool_things select i from generate_series(1, 3) i',
  )
})
afterAll(async () => {
  await pool.query('drop table pool_things')
  await pool.end()
  await service[Symbol.asyncDispose]()
})

/** The spans that something made, in the order of their ends. */
async function observe(count: number, act: () => Promise<unknown>): Promise<readonly Span[]> {
  await service.telemetry.drain()
  const seen = service.receiver.spans().length
  await act()
  return (await service.awaitSpans(seen + count)).slice(seen)
}
const namesOf = (spans: readonly Span[]) => spans.map(({ name }) => name)

test('the pool is still one, and where it leads is read from it', async () => {
  expect(pool).toBeInstanceOf(Pool)
  const [span] = await observe(1, () => pool.query('select $1::text as name', ['seCret']))
  const { namespace, address, port } = readDatabaseTarget(connectionString)
  expect(byName(span?.attributes ?? [])).toEqual({
    'db.system.name': 'postgresql',
    'db.namespace': namespace,
    'server.address': address,
    'server.port': BigInt(port ?? 0),
    'db.operation.name': 'SELECT',
    'db.query.summary': 'SELECT',
    'db.query.text': 'select $1::text as name',
    'db.response.returned_rows': 1n,
  })
  expect(span?.events.map(({ name }) => name)).toEqual(['db.connection.acquired'])
})

test('a transaction of Drizzle has spans of its own request, on one connection', async () => {
  const spans = await observe(7, () => fetch(`${service.url}/transaction`))
  const server = spans.at(-1)
  expect(namesOf(spans)).toEqual([
    'BEGIN',
    'INSERT pool_things',
    'SAVEPOINT',
    'DELETE pool_things',
    'RELEASE',
    'COMMIT',
    'GET /transaction',
  ])
  for (const span of spans.slice(0, -1)) expect(span.parentSpanId).toBe(server?.spanId)
  const written = JSON.stringify(spans, (_, part) => (typeof part === 'bigint' ? `${part}` : part))
  expect(written).not.toContain('seCret')
})

test('requests that wait for one connection keep their statements apart', async () => {
  const spans = await observe(40, () =>
    Promise.all(Array.from({ length: 20 }, () => fetch(`${service.url}/all`))),
  )
  const servers = spans.filter(({ name }) => name === 'GET /all')
  const statements = spans.filter(({ name }) => name === 'SELECT pool_things')
  expect(new Set(statements.map(({ parentSpanId }) => parentSpanId))).toEqual(
    new Set(servers.map(({ spanId }) => spanId)),
  )
  expect(statements).toHaveLength(20)
})

test('what the database refuses is an error with its SQLSTATE, and the pool goes on', async () => {
  const spans = await observe(2, async () => {
    await expect(pool.query('select 1/0')).rejects.toThrow('division by zero')
    expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }])
  })
  const failed = spans.find(({ status }) => status.code === StatusCode.error)
  expect(byName(failed?.attributes ?? [])['db.response.status_code']).toBe('22012')
})

test('callbacks are called, and several results of one text count together', async () => {
  const [span] = await observe(1, async () => {
    const rows = await new Promise((resolve, reject) => {
      pool.query('select 1 as one; select 2 as two', (error: Error | undefined, result: unknown) =>
        error ? reject(error) : resolve(result),
      )
    })
    expect(rows).toHaveLength(2)
  })
  expect(byName(span?.attributes ?? [])['db.response.returned_rows']).toBe(2n)
})

test('a cursor has one span, until its last row', async () => {
  const [span] = await observe(1, async () => {
    const client = await pool.connect()
    const cursor = client.query(new PortalCursor('select * from pool_things', []))
    expect(await cursor.read(2)).toHaveLength(2)
    expect(await cursor.read(2)).toHaveLength(1)
    await cursor.close()
    client.release()
  })
  expect(byName(span?.attributes ?? [])['db.response.returned_rows']).toBe(3n)
})

test('opening a connection has a span, below the statement that asked for it', async () => {
  const own = tracePool(service.telemetry, new Pool({ connectionString, max: 1 }))
  const [connect, statement] = await observe(2, () => own.query('select 1'))
  expect(connect?.name).toBe(`CONNECT ${readDatabaseTarget(connectionString).namespace}`)
  expect(connect?.parentSpanId).toBe(statement?.spanId)
  await own.end()
})

test('telemetry that is switched off leaves the pool as it was', () => {
  const own = new Pool({ connectionString })
  const { query } = own
  expect(tracePool({ tracer: undefined }, own)).toBe(own)
  expect(own.query).toBe(query)
})
