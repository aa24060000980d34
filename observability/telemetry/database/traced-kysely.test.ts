import {
  CamelCasePlugin,
  type Kysely,
  PostgresDialect,
  type PostgresPool,
  type RawBuilder,
  sql,
} from 'kysely'
import { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createPool, readDatabaseTarget } from '../../../runtimes/service/database/database.ts'
import { type Span, SpanKind, StatusCode } from '../../otlp/model.ts'
import { byName } from '../testing/otlp-receiver.ts'
import { PortalCursor } from '../testing/portal-cursor.ts'
import { startTracedService, type TracedService } from '../testing/traced-service.ts'
import { type DatabaseObserver, observeDatabase } from './observe-database.ts'
import { traceKysely } from './traced-kysely.ts'

const url = process.env.TEST_DATABASE_URL ?? ''

type Tables = { executor_things: { id: number; thing_name: string } }

describe('a traced Kysely', () => {
  let service: TracedService
  let db: Kysely<Tables>
  let close: () => Promise<void>

  beforeAll(async () => {
    service = await startTracedService((_, telemetry) => {
      const observer = observeDatabase(telemetry, readDatabaseTarget(url))
      const pool = createPool({ url, poolMax: 2, timeoutMillis: 5000 }, observer)
      close = () => pool.end()
      db = open(observer, pool)
    })
    await sql`create table executor_things (id int primary key, thing_name text)`.execute(db)
    await sql`insert into executor_things select i, 'name ' || i from generate_series(1, 10) i`.execute(
      db,
    )
    await service.awaitSpans(3)
  })
  afterAll(async () => {
    await sql`drop table executor_things`.execute(db)
    await close()
    await service[Symbol.asyncDispose]()
  })

  /** Names of the spans that something made, in the order of their ends. */
  async function observe(count: number, act: () => Promise<unknown>): Promise<readonly Span[]> {
    await service.telemetry.drain()
    const seen = service.receiver.spans().length
    await act()
    const spans = (await service.awaitSpans(seen + count)).slice(seen)
    return spans.filter(({ name }) => !name.startsWith('CONNECT'))
  }
  const namesOf = (spans: readonly Span[]) => spans.map(({ name }) => name)
  const things = () => db.selectFrom('executor_things').selectAll().orderBy('id')

  describe('in a transaction', () => {
    test('that is committed, what the driver says has spans too', async () => {
      const spans = await observe(3, () =>
        db.transaction().execute((trx) => trx.selectFrom('executor_things').selectAll().execute()),
      )
      expect(namesOf(spans)).toEqual(['BEGIN', 'SELECT executor_things', 'COMMIT'])
      expect(byName(spans[2]?.attributes ?? [])).toMatchObject({
        'db.system.name': 'postgresql',
        'db.operation.name': 'COMMIT',
        'db.query.summary': 'COMMIT',
      })
    })

    test('that is rolled back, the error is on the statement alone', async () => {
      const spans = await observe(3, () =>
        db
          .transaction()
          .execute((trx) => sql`select 1/0`.execute(trx))
          .catch(() => {}),
      )
      expect(spans.map(({ name, status }) => [name, status.code])).toEqual([
        ['BEGIN', StatusCode.unset],
        ['SELECT', StatusCode.error],
        ['ROLLBACK', StatusCode.unset],
      ])
    })

    test('whose commit is a rollback, COMMIT is an error', async () => {
      const spans = await observe(3, () =>
        db
          .transaction()
          .execute((trx) => sql`select 1/0`.execute(trx).catch(() => {}))
          .catch(() => {}),
      )
      const commit = spans.find(({ name }) => name === 'COMMIT')
      expect(commit?.status.code).toBe(StatusCode.error)
    })

    test('controlled by hand, savepoints have spans', async () => {
      const spans = await observe(7, async () => {
        const trx = await db.startTransaction().execute()
        const saved = await trx.savepoint('here').execute()
        await things().execute()
        await saved.rollbackToSavepoint('here').execute()
        await saved.releaseSavepoint('here').execute()
        await trx.rollback().execute()
        await things().execute()
      })
      expect(namesOf(spans)).toEqual([
        'BEGIN',
        'SAVEPOINT',
        'SELECT executor_things',
        'ROLLBACK',
        'RELEASE',
        'ROLLBACK',
        'SELECT executor_things',
      ])
    })
  })

  describe('streaming', () => {
    test('has one span for all chunks, until the last', async () => {
      const rows: number[] = []
      const [span, ...others] = await observe(1, async () => {
        for await (const { id } of things().stream(3)) rows.push(Number(id))
      })
      expect(rows).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
      expect(others).toEqual([])
      expect(span).toMatchObject({ name: 'SELECT executor_things', status: { code: 0 } })
      expect(span?.events.map(({ name }) => name)).toEqual(['db.connection.acquired'])
      expect(byName(span?.attributes ?? [])['db.response.returned_rows']).toBe(10n)
    })

    test('that a reader leaves early ends its span and gives the connection back', async () => {
      const [span] = await observe(1, async () => {
        for await (const { id } of things().stream(3)) if (Number(id) === 2) break
      })
      expect(span?.status.code).toBe(StatusCode.unset)
      expect(byName(span?.attributes ?? [])['db.response.returned_rows']).toBe(3n)
      // A pool of two would be empty after two that were not given back.
      for (let i = 0; i < 3; i++)
        for await (const { id } of things().stream(3)) if (Number(id) === 1) break
      expect(await things().execute()).toHaveLength(10)
    })

    test('that fails in the middle is an error with its SQLSTATE', async () => {
      const dividing = db
        .selectFrom('executor_things')
        .select(sql<number>`1 / (id - 5)`.as('n'))
        .orderBy('id')
      let rows = 0
      const [span] = await observe(1, async () => {
        await expect(
          (async () => {
            for await (const _ of dividing.stream(2)) rows += 1
          })(),
        ).rejects.toThrow('division by zero')
      })
      expect(rows).toBe(4)
      expect(span?.status.code).toBe(StatusCode.error)
      expect(byName(span?.attributes ?? [])).toMatchObject({
        'error.type': '22012',
        'db.response.status_code': '22012',
        'db.response.returned_rows': 4n,
      })
    })
  })

  describe('made from another', () => {
    test.each([
      [
        'by a plugin',
        (kysely: Kysely<Tables>) => kysely.withPlugin(new CamelCasePlugin()),
        'SELECT executor_things',
      ],
      [
        'by a schema',
        (kysely: Kysely<Tables>) => kysely.withSchema('public'),
        'SELECT public.executor_things',
      ],
      [
        'by a plugin and a schema',
        (kysely: Kysely<Tables>) => kysely.withPlugin(new CamelCasePlugin()).withSchema('public'),
        'SELECT public.executor_things',
      ],
      [
        'by a schema, and then without plugins',
        (kysely: Kysely<Tables>) => kysely.withSchema('public').withoutPlugins(),
        'SELECT executor_things',
      ],
    ])('%s, it still traces, and does what it was made for', async (_, derive, name) => {
      const spans = await observe(4, async () => {
        const derived = derive(db)
        await derived.selectFrom('executor_things').selectAll().execute()
        await derived
          .transaction()
          .execute((trx) => trx.selectFrom('executor_things').selectAll().execute())
      })
      expect(namesOf(spans)).toEqual([name, 'BEGIN', name, 'COMMIT'])
    })

    test('by a plugin, rows are what the plugin makes of them', async () => {
      const rows = await db
        .withPlugin(new CamelCasePlugin())
        .selectFrom('executor_things')
        .selectAll()
        .limit(1)
        .execute()
      expect(Object.keys(rows[0] ?? {})).toEqual(['id', 'thingName'])
    })

    test('by one connection, all statements go over it and are traced', async () => {
      const spans = await observe(2, () =>
        db.connection().execute(async (one) => {
          const pid: RawBuilder<{ pid: number }> = sql`select pg_backend_pid() as pid`
          const first = await pid.execute(one)
          const second = await pid.execute(one)
          expect(first.rows).toEqual(second.rows)
        }),
      )
      expect(namesOf(spans)).toEqual(['SELECT', 'SELECT'])
    })
  })

  test('of a configuration, plugins and log are kept', async () => {
    const logged: string[] = []
    const own = traceKysely<{ executorThings: { id: number; thingName: string } }>(
      service.telemetry,
      readDatabaseTarget(url),
      {
        dialect: new PostgresDialect({ pool: new Pool({ connectionString: url }) }),
        plugins: [new CamelCasePlugin()],
        log: ({ level, query }) => {
          logged.push(`${level} ${query.sql}`)
        },
      },
    )
    const [span] = await observe(1, async () => {
      const rows = await own.selectFrom('executorThings').select('thingName').limit(1).execute()
      expect(Object.keys(rows[0] ?? {})).toEqual(['thingName'])
    })
    expect(span?.name).toBe('SELECT executor_things')
    expect(logged).toEqual(['query select "thing_name" from "executor_things" limit $1'])
    await own.destroy()
  })

  test('a query that was compiled before is traced when it is run', async () => {
    const compiled = things().compile()
    expect(namesOf(await observe(1, () => db.executeQuery(compiled)))).toEqual([
      'SELECT executor_things',
    ])
  })

  test('a query that is aborted while it waits for a connection fails at once, with a span', async () => {
    const blocked = [sql`select pg_sleep(0.2)`.execute(db), sql`select pg_sleep(0.2)`.execute(db)]
    const abort = new AbortController()
    setTimeout(() => abort.abort(new Error('enough')), 20)
    const start = performance.now()
    await expect(db.executeQuery(things().compile(), { signal: abort.signal })).rejects.toThrow(
      'enough',
    )
    expect(performance.now() - start).toBeLessThan(150)
    await Promise.all(blocked)
    expect(await things().execute()).toHaveLength(10)
  })
})

test('many requests on one connection keep their statements apart, though these wait for each other', async () => {
  let close = async () => {}
  await using service = await startTracedService((app, telemetry) => {
    const observer = observeDatabase(telemetry, readDatabaseTarget(url))
    const pool = createPool({ url, poolMax: 1, timeoutMillis: 20_000 }, observer)
    close = () => pool.end()
    const db = open(observer, pool)
    app.get('/:n', async (c) => {
      const n = Number(c.req.param('n'))
      await sql`select pg_sleep(0.002)`.execute(db)
      await Promise.all([
        sql`select ${n}::int as first`.execute(db),
        db.transaction().execute((trx) => sql`select ${n}::int as second`.execute(trx)),
      ])
      return c.text('done')
    })
  })

  const count = 30
  const ids = Array.from({ length: count }, () => crypto.randomUUID().replaceAll('-', ''))
  await Promise.all(
    ids.map((id, n) =>
      fetch(`${service.url}/${n}`, { headers: { traceparent: `00-${id}-b7ad6b7169203331-01` } }),
    ),
  )
  const spans = await service.awaitSpans(count * 6 + 1)
  await close()

  for (const id of ids) {
    const trace = spans.filter(({ traceId }) => traceId === id)
    const server = trace.find(({ kind }) => kind === SpanKind.server)
    const statements = trace.filter(
      ({ kind, name }) => kind === SpanKind.client && !name.startsWith('CONNECT'),
    )
    expect(statements.map(({ name }) => name).toSorted()).toEqual([
      'BEGIN',
      'COMMIT',
      'SELECT',
      'SELECT',
      'SELECT',
    ])
    for (const span of statements) expect(span.parentSpanId).toBe(server?.spanId)
  }
  expect(spans.filter(({ name }) => name.startsWith('CONNECT'))).toHaveLength(1)

  // Waiting and working can be told apart: together, they waited far longer than they worked.
  const waits = spans.flatMap(({ startNanos, events: [acquired] }) =>
    acquired === undefined ? [] : [Number(acquired.timeNanos - startNanos) / 1e6],
  )
  expect(Math.max(...waits)).toBeGreaterThan(count)
})

test('a driver that cannot begin fails each statement until it can', async () => {
  let attempts = 0
  await using service = await startTracedService((app, telemetry) => {
    const observer = observeDatabase(telemetry, readDatabaseTarget(url))
    const pool = createPool({ url, poolMax: 1, timeoutMillis: 5000 }, observer)
    const db = observer.createKysely<Tables>(
      new PostgresDialect({
        async pool() {
          attempts += 1
          if (attempts < 3) throw new Error('not yet')
          return pool
        },
      }),
    )
    app.get('/', async (c) => {
      const answered = await sql`select 1`.execute(db).then(
        () => true,
        () => false,
      )
      if (answered) await db.destroy()
      return c.text(String(answered))
    })
  })
  expect(attempts).toBe(0)
  const answers: string[] = []
  for (let i = 0; i < 3; i++) answers.push(await (await fetch(service.url)).text())
  expect(answers).toEqual(['false', 'false', 'true'])
  const spans = await service.awaitSpans(7)
  expect(spans.filter(({ name }) => name === 'SELECT').map(({ status }) => status.code)).toEqual([
    StatusCode.error,
    StatusCode.error,
    StatusCode.unset,
  ])
})

test('a Kysely that was destroyed closes its pool and answers nothing more', async () => {
  await using service = await startTracedService(() => {})
  const observer = observeDatabase(service.telemetry, readDatabaseTarget(url))
  const pool = createPool({ url, poolMax: 1, timeoutMillis: 5000 }, observer)
  const db = open(observer, pool)
  await sql`select 1`.execute(db)
  await db.destroy()
  await expect(sql`select 1`.execute(db)).rejects.toThrow('driver has already been destroyed')
  await expect(pool.connect()).rejects.toThrow('after calling end on the pool')
})

function open(observer: DatabaseObserver, pool: PostgresPool): Kysely<Tables> {
  return observer.createKysely<Tables>(new PostgresDialect({ pool, cursor: PortalCursor }))
}
