import fc from 'fast-check'
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { migrate } from '../../runtimes/service/database/migrator.ts'
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts'
import { migrations } from './migrations.ts'
import { createTodoRepository, type TodoRepository } from './repository.ts'
import type { Todo } from './schema.ts'

let database: TestDatabase
let todos: TodoRepository

beforeAll(async () => {
  database = await createTestDatabase(pg.Pool, process.env.TEST_DATABASE_URL)
  await migrate(database.db, migrations)
  todos = createTodoRepository(database.db)
})

afterAll(async () => {
  await database.drop()
})

beforeEach(async () => {
  await database.db.deleteFrom('todos').execute()
})

const milk = { title: 'buy milk', description: null, completed: false }

test('a created todo has an id, both times and what was given', async () => {
  const todo = await todos.create({ ...milk, description: 'oat' })

  expect(todo).toEqual({
    id: expect.stringMatching(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/),
    title: 'buy milk',
    description: 'oat',
    completed: false,
    created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    updated_at: todo.created_at,
  })
  expect(await todos.get(todo.id)).toEqual(todo)
})

test('any text without NUL and lone surrogates comes back as it was stored', async () => {
  const text = fc.string({ unit: 'grapheme' }).filter((value) => !value.includes('\0'))
  await fc.assert(
    fc.asyncProperty(text, async (description) => {
      const { id } = await todos.create({ ...milk, description })
      expect((await todos.get(id))?.description).toBe(description)
    }),
    { numRuns: 50 },
  )
})

test('a title of 200 code points outside the basic plane fits', async () => {
  const title = '🦊'.repeat(200)

  expect((await todos.create({ ...milk, title })).title).toBe(title)
})

test('an update changes only what is given', async () => {
  const todo = await todos.create({ ...milk, description: 'oat' })

  const updated = await todos.update(todo.id, { completed: true })

  expect(updated).toEqual({ ...todo, completed: true, updated_at: updated?.updated_at })
})

test('an update to null clears the description', async () => {
  const { id } = await todos.create({ ...milk, description: 'oat' })

  expect((await todos.update(id, { description: null }))?.description).toBeNull()
})

test('updated_at moves at every change, as far as a client can see', async () => {
  const todo = await todos.create(milk)

  const times = [todo.updated_at]
  for (let change = 0; change < 20; change++) {
    times.push((await todos.update(todo.id, { completed: change % 2 === 0 }))?.updated_at ?? '')
  }

  expect(new Set(times).size).toBe(21)
  expect(times.toSorted()).toEqual(times)
})

test('updated_at moves at every change within one transaction', async () => {
  const { id } = await todos.create(milk)

  const times = await database.db.transaction().execute(async (transaction) => {
    const inside = createTodoRepository(transaction)
    const first = await inside.update(id, { title: 'one' })
    const second = await inside.update(id, { title: 'two' })
    return [first?.updated_at ?? '', second?.updated_at ?? '']
  })

  expect(new Set(times).size).toBe(2)
  expect(times.toSorted()).toEqual(times)
})

test('updated_at moves on even when the clock of the database was set back', async () => {
  const { id } = await todos.create(milk)
  const future = new Date(Date.now() + 3_600_000)
  await database.db.updateTable('todos').set({ updated_at: future }).where('id', '=', id).execute()

  const updated = await todos.update(id, { completed: true })

  expect(updated?.updated_at).toBe(new Date(future.getTime() + 1).toISOString())
})

test('an update of nothing changes nothing', async () => {
  const todo = await todos.create(milk)

  expect(await todos.update(todo.id, {})).toEqual(todo)
})

test('what is not there is not found, not updated and not removed', async () => {
  const id = crypto.randomUUID()

  expect(await todos.get(id)).toBeUndefined()
  expect(await todos.update(id, { completed: true })).toBeUndefined()
  expect(await todos.update(id, {})).toBeUndefined()
  expect(await todos.remove(id)).toBe(false)
})

test('of ten removals at once exactly one succeeds', async () => {
  const { id } = await todos.create(milk)

  const removed = await Promise.all(Array.from({ length: 10 }, () => todos.remove(id)))

  expect(removed.filter(Boolean)).toHaveLength(1)
})

test('the list is newest first, and equal times go by id, descending', async () => {
  await sql`
    insert into todos (title, created_at)
    select 'todo ' || n, timestamptz '2026-01-01' + (n / 2) * interval '1 second'
    from generate_series(1, 9) n
  `.execute(database.db)

  const listed = await todos.list({ skip: 0, limit: 100 })

  expect(listed).toHaveLength(9)
  expect(listed).toEqual(listed.toSorted(compareNewestFirst))
})

test('skip and limit cut a window out of the list', async () => {
  for (const title of ['a', 'b', 'c', 'd']) await todos.create({ ...milk, title })

  const titles = async (skip: number, limit: number) =>
    (await todos.list({ skip, limit })).map(({ title }) => title)

  expect(await titles(0, 2)).toEqual(['d', 'c'])
  expect(await titles(1, 2)).toEqual(['c', 'b'])
  expect(await titles(3, 2)).toEqual(['a'])
  expect(await titles(Number.MAX_SAFE_INTEGER, 500)).toEqual([])
})

test('every call is one statement, with parameters in place of all values', async () => {
  const statements: string[] = []
  const traced = createTodoRepository(
    database.connect(({ query }) => {
      statements.push(query.sql)
    }),
  )
  const statementsOf = async (call: () => Promise<unknown>) => {
    statements.length = 0
    await call()
    return [...statements]
  }

  const todo = await todos.create(milk)
  const all = 'id", "title", "description", "completed", "created_at", "updated_at"'
  expect(await statementsOf(() => traced.list({ skip: 7, limit: 9 }))).toEqual([
    `select "${all} from "todos" order by "created_at" desc, "id" desc limit $1 offset $2`,
  ])
  expect(await statementsOf(() => traced.get(todo.id))).toEqual([
    `select "${all} from "todos" where "id" = $1`,
  ])
  expect(await statementsOf(() => traced.create(milk))).toEqual([
    `insert into "todos" ("title", "description", "completed") values ($1, $2, $3) returning "${all}`,
  ])
  expect(await statementsOf(() => traced.update(todo.id, { title: 'x' }))).toEqual([
    `update "todos" set "title" = $1, "updated_at" = greatest(clock_timestamp(), "updated_at" + interval '1 millisecond') where "id" = $2 returning "${all}`,
  ])
  expect(await statementsOf(() => traced.update(todo.id, {}))).toHaveLength(1)
  expect(await statementsOf(() => traced.remove(todo.id))).toEqual([
    'delete from "todos" where "id" = $1 returning "id"',
  ])
})

test('the list is read from the index, without sorting', async () => {
  await sql`
    insert into todos (title, created_at)
    select 'todo', timestamptz '2026-01-01' + n * interval '1 second' from generate_series(1, 5000) n
  `.execute(database.db)
  await sql`analyze todos`.execute(database.db)

  const { rows } = await sql<Record<string, string>>`
    explain select * from todos order by created_at desc, id desc limit 100 offset 50
  `.execute(database.db)
  const plan = rows.flatMap((row) => Object.values(row)).join('\n')

  expect(plan).toContain('Index Scan using todos_newest_first')
  expect(plan).not.toContain('Sort')
})

function compareNewestFirst(a: Todo, b: Todo): number {
  return b.created_at.localeCompare(a.created_at) || (a.id < b.id ? 1 : -1)
}
