import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  sql,
} from 'kysely'
import { describe, expect, test } from 'vitest'
import { summarizeQuery } from './query-summary.ts'

type Todo = { id: string; title: string; owner: string }
type Tables = {
  todos: Todo
  archive: Todo
  users: { id: string; name: string }
  'app.todos': Todo
}

/** Kysely's own compiler for PostgreSQL; nothing is ever sent. */
const db = new Kysely<Tables>({
  dialect: {
    createDriver: () => new DummyDriver(),
    createQueryCompiler: () => new PostgresQueryCompiler(),
    createAdapter: () => new PostgresAdapter(),
    createIntrospector: (kysely) => new PostgresIntrospector(kysely),
  },
})
const todos = db.selectFrom('todos').selectAll()
const row = { id: '1', title: 'milk', owner: 'me' }

describe('a statement on one table', () => {
  test.each([
    ['select', todos, 'SELECT'],
    ['select with an alias', db.selectFrom('todos as t').select('t.id'), 'SELECT'],
    ['insert', db.insertInto('todos').values(row), 'INSERT'],
    ['insert that returns', db.insertInto('todos').values(row).returningAll(), 'INSERT'],
    ['update', db.updateTable('todos').set({ title: 'x' }), 'UPDATE'],
    ['update with an alias', db.updateTable('todos as t').set({ title: 'x' }), 'UPDATE'],
    ['delete', db.deleteFrom('todos').where('id', '=', '1'), 'DELETE'],
    ['explain', todos.where('id', '=', '1'), 'SELECT'],
  ])('%s: operation, table, and both as the name', (_, query, operation) => {
    expect(summarizeQuery(query.compile().sql)).toEqual({
      operation,
      collection: 'todos',
      text: `${operation} todos`,
    })
  })

  test('a schema belongs to the name of the table, whether written or given to the builder', () => {
    const expected = { operation: 'SELECT', collection: 'app.todos', text: 'SELECT app.todos' }
    expect(summarizeQuery(db.selectFrom('app.todos').selectAll().compile().sql)).toEqual(expected)
    expect(
      summarizeQuery(db.withSchema('app').selectFrom('todos').selectAll().compile().sql),
    ).toEqual(expected)
  })

  test('a subquery within a condition is no target', () => {
    const query = todos.where('owner', 'in', db.selectFrom('users').select('id'))
    expect(summarizeQuery(query.compile().sql).text).toBe('SELECT todos')
  })
})

describe('a statement on several tables names all, and has no single one', () => {
  test.each([
    [
      'join',
      db.selectFrom('todos').innerJoin('users', 'users.id', 'todos.owner').selectAll(),
      'SELECT todos users',
    ],
    ['from two', db.selectFrom(['todos', 'users as u']).select('u.id'), 'SELECT todos users'],
    ['subquery', db.selectFrom(todos.as('t')).selectAll(), 'SELECT SELECT todos'],
    ['union', todos.unionAll(db.selectFrom('archive').selectAll()), 'SELECT todos SELECT archive'],
    [
      'insert from select',
      db.insertInto('archive').expression(todos),
      'INSERT archive SELECT todos',
    ],
    [
      'update from',
      db.updateTable('todos').from('users').set({ title: 'x' }),
      'UPDATE todos users',
    ],
    [
      'delete using',
      db.deleteFrom('todos').using('users').whereRef('users.id', '=', 'todos.owner'),
      'DELETE todos users',
    ],
    [
      'merge',
      db.mergeInto('todos').using('archive', 'archive.id', 'todos.id').whenMatched().thenDelete(),
      'MERGE todos archive',
    ],
    [
      'what WITH prepares, under no name of its own',
      db
        .with('mine', () => todos)
        .selectFrom('mine')
        .selectAll(),
      'SELECT SELECT todos',
    ],
    [
      'what WITH changes',
      db
        .with('gone', (qb) => qb.deleteFrom('todos').returningAll())
        .insertInto('archive')
        .expression((qb) => qb.selectFrom('gone').selectAll()),
      'INSERT DELETE todos archive SELECT',
    ],
  ])('%s', (_, query, text) => {
    const summary = summarizeQuery(query.compile().sql)
    expect(summary.text).toBe(text)
    expect(summary.operation).toBe(text.split(' ')[0])
    expect(summary.collection).toBeUndefined()
  })
})

describe('a statement on no table', () => {
  test.each([
    ['select 1', 'SELECT'],
    ['  \n vacuum todos', 'VACUUM'],
    ['BEGIN', 'BEGIN'],
    ['/* hint */ select 1', 'SELECT'],
    ['', 'QUERY'],
    [`${'x'.repeat(40)} y`, 'X'.repeat(32)],
  ])('%j is %s, by its first word', (text, operation) => {
    expect(summarizeQuery(text)).toEqual({
      operation,
      collection: undefined,
      text: operation,
    })
  })

  test('DDL is its first word', () => {
    expect(summarizeQuery(db.schema.dropTable('todos').compile().sql).text).toBe('DROP')
  })

  test('a table is told apart from the operation that stands in its place', () => {
    const query = db.selectFrom(db.selectNoFrom(sql`1`.as('one')).as('t')).selectAll()
    expect(summarizeQuery(query.compile().sql)).toEqual({
      operation: 'SELECT',
      collection: undefined,
      text: 'SELECT SELECT',
    })
  })

  test('a select from nowhere', () => {
    expect(summarizeQuery(db.selectNoFrom(sql`1`.as('one')).compile().sql).text).toBe('SELECT')
  })
})

describe('SQL that others write', () => {
  test.each([
    ['SELECT * FROM "a b" WHERE x = \'from secrets\' -- from comments', 'SELECT a b'],
    ["select $$ from secrets $$, E'\\' from secrets' from things", 'SELECT things'],
    ['select * from `app`.`things` where n is distinct from m', 'SELECT app.things'],
    ['select extract(year from born) from people', 'SELECT people'],
    ['select * from generate_series(1, 7) i, only things', 'SELECT things'],
    [
      'insert into things (a, b) values ($1, $2) on conflict (a) do update set a = 1, b = 2',
      'INSERT things',
    ],
    ['(select 1 from a) union (select 2 from b)', 'SELECT a SELECT b'],
    ['select * from a left join lateral (select * from b) c using (id), d', 'SELECT a SELECT b d'],
    [
      'with recursive t (n) as not materialized (select 1 from a) select * from t, b',
      'SELECT SELECT a b',
    ],
    ['select 1 from a where b in (select c from d) for update of a, e', 'SELECT a'],
    ['BEGIN; select 1 from a', 'BEGIN'],
    ["update things set a = 1, b = 'from x' from others where 1 = 1", 'UPDATE things others'],
    [`select 1 from ${'('.repeat(10_000)}`, 'SELECT'],
    ['select * from', 'SELECT'],
    ["select ' from", 'SELECT'],
    ['with', 'QUERY'],
  ])('%s', (text, summary) => {
    expect(summarizeQuery(text).text).toBe(summary)
  })
})

test('a summary has 255 characters at most, and no half of a name', () => {
  const names = Array.from({ length: 30 }, (_, i) => `table_number_${i} as t${i}`)
  const loose = db.$extendTables<Record<string, { id: string }>>()
  const { text, collection } = summarizeQuery(loose.selectFrom(names).selectAll().compile().sql)
  expect(text.length).toBeLessThanOrEqual(255)
  expect(text).toMatch(/^SELECT( table_number_\d+)+$/)
  expect(text.split(' ').at(-1)).toBe('table_number_15')
  expect(collection).toBeUndefined()
})
