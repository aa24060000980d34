import { sql } from 'kysely'
import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  createMigrator,
  migrate,
  migrationLockId,
} from '../../runtimes/service/database/migrator.ts'
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts'
import { migrations } from './migrations.ts'

let database: TestDatabase

beforeEach(async () => {
  database = await createTestDatabase(pg.Pool, process.env.TEST_DATABASE_URL)
})

afterEach(async () => {
  await database.drop()
})

test('every migration is applied once, and a second call applies none', async () => {
  const names = (await createMigrator(database.db, migrations).getMigrations()).map(
    ({ name }) => name,
  )

  expect(await migrate(database.db, migrations)).toEqual(names)
  expect(await migrate(database.db, migrations)).toEqual([])
})

test('eight processes at once on an empty database apply every migration exactly once, and no statement fails', async () => {
  const failed: string[] = []
  const processes = Array.from({ length: 8 }, () =>
    database.connect((event) => {
      if (event.level === 'error') failed.push(event.query.sql)
    }),
  )

  const applied = await Promise.all(processes.map((db) => migrate(db, migrations)))

  expect(applied.flat()).toEqual(['0001-create-todos'])
  expect(failed).toEqual([])
})

test('whoever returns from migrate finds the table, whether it was the one to make it or not', async () => {
  const processes = Array.from({ length: 5 }, () => database.connect())

  const rows = await Promise.all(
    processes.map(async (db) => {
      await migrate(db, migrations)
      return db.selectFrom('todos').selectAll().execute()
    }),
  )

  expect(rows).toEqual([[], [], [], [], []])
})

test('a migration that fails is undone and named, with the error of the database as cause', async () => {
  await database.db.schema.createTable('todos').addColumn('stranger', 'integer').execute()

  await expect(migrate(database.db, migrations)).rejects.toMatchObject({
    message: 'migrations: 0001-create-todos failed',
    cause: { code: '42P07' },
  })
  await database.db.schema.dropTable('todos').execute()
  expect(await migrate(database.db, migrations)).toEqual(['0001-create-todos'])
})

test('the wait for another process is bounded, and the bound does not stay on the session', async () => {
  const other = database.connect()
  await other.connection().execute(async (holder) => {
    const lock = (name: string) =>
      holder
        .selectNoFrom((eb) => eb.fn(name, [eb.cast(eb.val(migrationLockId), 'bigint')]).as('lock'))
        .execute()
    await lock('pg_advisory_lock')

    await expect(migrate(database.db, migrations, 50)).rejects.toMatchObject({
      message: 'migrations: another process kept them for 50 ms',
      cause: { code: '55P03' },
    })
    await lock('pg_advisory_unlock')
  })

  const setting = await database.db
    .selectNoFrom((eb) => eb.fn('current_setting', [eb.val('lock_timeout')]).as('value'))
    .executeTakeFirstOrThrow()
  expect(setting.value).toBe('0')
})

test('columns have the types and defaults of the contract', async () => {
  await migrate(database.db, migrations)

  const { rows } = await sql<Record<string, unknown>>`
    select column_name, data_type, character_maximum_length, is_nullable, column_default
    from information_schema.columns where table_name = 'todos' order by ordinal_position
  `.execute(database.db)

  expect(rows.map((row) => Object.values(row))).toEqual([
    ['id', 'uuid', null, 'NO', 'gen_random_uuid()'],
    ['title', 'character varying', 200, 'NO', null],
    ['description', 'text', null, 'YES', null],
    ['completed', 'boolean', null, 'NO', 'false'],
    ['created_at', 'timestamp with time zone', null, 'NO', 'now()'],
    ['updated_at', 'timestamp with time zone', null, 'NO', 'now()'],
  ])
})
