import pg from 'pg'
import * as v from 'valibot'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { migrate } from '../../runtimes/service/database/migrator.ts'
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts'
import { createTestService, type TestService } from '../testing/test-service.ts'
import { migrations } from './migrations.ts'
import { type Todo, todoSchema } from './schema.ts'

let database: TestDatabase
let service: TestService

beforeAll(async () => {
  database = await createTestDatabase(pg.Pool, process.env.TEST_DATABASE_URL)
  await migrate(database.db, migrations)
})

afterAll(async () => {
  await database.drop()
})

beforeEach(async () => {
  await database.db.deleteFrom('todos').execute()
  service = createTestService(database.db)
})

const path = '/api/v1/todos'

async function create(body: object = { title: 'buy milk' }): Promise<Todo> {
  const response = await service.send('POST', path, body)
  expect(response.status).toBe(201)
  return v.parse(todoSchema, await response.json())
}

async function list(query = ''): Promise<readonly Todo[]> {
  const response = await service.send('GET', `${path}${query}`)
  expect(response.status).toBe(200)
  return v.parse(v.array(todoSchema), await response.json())
}

describe('POST /api/v1/todos', () => {
  test('answers 201 with the todo and where it is', async () => {
    const response = await service.send('POST', path, { title: 'buy milk', completed: true })
    const todo = v.parse(todoSchema, await response.json())

    expect(response.status).toBe(201)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(response.headers.get('location')).toBe(`${path}/${todo.id}`)
    expect(todo).toMatchObject({ title: 'buy milk', description: null, completed: true })
    expect(await list()).toEqual([todo])
    expect(service.logs).toContainEqual({
      severity: 'info',
      event: 'todo.created',
      message: 'todo created',
      attributes: { 'todo.id': todo.id },
    })
  })

  test('ignores unknown fields, also those that only the database may set', async () => {
    const todo = await create({ title: 'a', id: 'x', created_at: 'y', color: 'red' })

    expect(todo.id).not.toBe('x')
    expect(Object.keys(todo)).not.toContain('color')
  })

  test('lists every violation, and logs where but never what', async () => {
    const response = await service.send('POST', path, { title: 'secret\0', completed: 'secret' })

    expect(response.status).toBe(400)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(await response.json()).toEqual({
      type: 'about:blank',
      title: 'Bad Request',
      status: 400,
      detail: 'body: expected other values, see errors',
      errors: [
        {
          path: 'title',
          message: 'expected Unicode text without NUL, got text that cannot be stored',
        },
        { path: 'completed', message: 'expected a boolean, got a string' },
      ],
    })
    expect(service.logs).toEqual([
      {
        severity: 'warn',
        event: 'request.invalid',
        message: 'request invalid',
        attributes: { 'problem.status': 400, 'problem.paths': 'title,completed' },
      },
    ])
  })

  test('refuses a lone surrogate that JSON can spell', async () => {
    const response = await service.app.request(path, {
      method: 'POST',
      body: '{"title":"\\ud83e"}',
      headers: { 'content-type': 'application/json' },
    })

    expect(response.status).toBe(400)
  })
})

describe('GET /api/v1/todos', () => {
  test('lists newest first and logs how many', async () => {
    const first = await create({ title: 'first' })
    const second = await create({ title: 'second' })

    expect(await list()).toEqual([second, first])
    expect(service.logs.at(-1)).toEqual({
      severity: 'info',
      event: 'todo.listed',
      message: 'todos listed',
      attributes: { 'todo.count': 2 },
    })
  })

  test('cuts by skip and limit, and ignores unknown parameters', async () => {
    for (const title of ['a', 'b', 'c']) await create({ title })

    const titles = async (query: string) => (await list(query)).map(({ title }) => title)
    expect(await titles('?skip=1&limit=1')).toEqual(['b'])
    expect(await titles('?sort=title&limit=2&skip=2')).toEqual(['a'])
    expect(await titles('?skip=9007199254740991')).toEqual([])
  })

  test.each([
    ['?limit=0', 'limit'],
    ['?limit=501', 'limit'],
    ['?limit=', 'limit'],
    ['?limit', 'limit'],
    ['?limit=1&limit=2', 'limit'],
    ['?skip=-1', 'skip'],
    ['?skip=1e3', 'skip'],
    ['?skip=%31%ff', 'skip'],
    ['?skip=9007199254740992', 'skip'],
    ['?skip=1;drop table todos', 'skip'],
  ])('answers 400 to %s', async (query, name) => {
    const response = await service.send('GET', `${path}${query}`)

    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({
      detail: 'query: expected other values, see errors',
      errors: [{ path: name }],
    })
  })

  test('has its default of 100', async () => {
    await database.db
      .insertInto('todos')
      .values(Array.from({ length: 101 }, (_, n) => ({ title: `${n}` })))
      .execute()

    expect(await list()).toHaveLength(100)
    expect(await list('?limit=500')).toHaveLength(101)
  })

  test('is the same with a trailing slash, without a redirect', async () => {
    const todo = await create()

    expect(await list('/')).toEqual([todo])
    expect(await list('/?limit=1')).toEqual([todo])
    expect((await service.send('POST', `${path}/`, { title: 'b' })).status).toBe(201)
  })
})

describe('GET /api/v1/todos/{id}', () => {
  test('answers with the todo, whatever the case of the id', async () => {
    const todo = await create()

    const response = await service.send('GET', `${path}/${todo.id.toUpperCase()}`)

    expect(response.status).toBe(200)
    expect(await response.json()).toEqual(todo)
    expect(service.logs.at(-1)).toMatchObject({
      event: 'todo.retrieved',
      attributes: { 'todo.id': todo.id },
    })
  })

  test.each(['GET', 'PUT', 'DELETE'])('%s of an unknown id is a 404 problem', async (method) => {
    const id = crypto.randomUUID()

    const response = await service.send(method, `${path}/${id}`, method === 'PUT' ? {} : undefined)

    expect(response.status).toBe(404)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(await response.json()).toEqual({
      type: 'about:blank',
      title: 'Not Found',
      status: 404,
      detail: 'no such todo',
    })
    expect(service.logs).toEqual([
      {
        severity: 'info',
        event: 'todo.not_found',
        message: 'todo not found',
        attributes: { 'todo.id': id },
      },
    ])
  })

  test.each(['GET', 'PUT', 'DELETE'])('%s of what is no UUID is a 400 problem', async (method) => {
    const response = await service.send(method, `${path}/1%27--`, method === 'PUT' ? {} : undefined)

    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({
      detail: 'path: expected other values, see errors',
      errors: [{ path: 'id', message: 'expected a UUID' }],
    })
  })
})

describe('PUT /api/v1/todos/{id}', () => {
  test('changes what is present and moves updated_at', async () => {
    const todo = await create({ title: 'a', description: 'b' })

    const response = await service.send('PUT', `${path}/${todo.id}`, { completed: true })
    const updated = v.parse(todoSchema, await response.json())

    expect(response.status).toBe(200)
    expect(updated).toEqual({ ...todo, completed: true, updated_at: updated.updated_at })
    expect(updated.updated_at > todo.updated_at).toBe(true)
    expect(service.logs.at(-1)).toMatchObject({ event: 'todo.updated' })
  })

  test('a description from before there was a limit is read, listed and kept', async () => {
    const description = 'a'.repeat(20_000)
    const { id } = await database.db
      .insertInto('todos')
      .values({ title: 'old', description })
      .returning('id')
      .executeTakeFirstOrThrow()

    const response = await service.send('PUT', `${path}/${id}`, { completed: true })

    expect(v.parse(todoSchema, await response.json())).toMatchObject({ description })
    expect(await list()).toMatchObject([{ id, description }])
    expect(await (await service.send('GET', `${path}/${id}`)).json()).toMatchObject({ description })
  })

  test('clears the description with null', async () => {
    const { id } = await create({ title: 'a', description: 'b' })

    const response = await service.send('PUT', `${path}/${id}`, { description: null })

    expect(await response.json()).toMatchObject({ title: 'a', description: null })
  })

  test('moves updated_at also when a field is set to what it was', async () => {
    const todo = await create()

    const response = await service.send('PUT', `${path}/${todo.id}`, { title: todo.title })
    const updated = v.parse(todoSchema, await response.json())

    expect(updated.updated_at > todo.updated_at).toBe(true)
  })

  test('of no known field answers with the todo as it is', async () => {
    const todo = await create()

    const response = await service.send('PUT', `${path}/${todo.id}`, { color: 'red' })

    expect(response.status).toBe(200)
    expect(await response.json()).toEqual(todo)
  })

  test('of a bad id and a bad body complains of the id', async () => {
    const response = await service.send('PUT', `${path}/1`, [])

    expect(await response.json()).toMatchObject({ errors: [{ path: 'id' }] })
  })
})

describe('DELETE /api/v1/todos/{id}', () => {
  test('answers 204 without a body, and 404 afterwards', async () => {
    const { id } = await create()

    const response = await service.send('DELETE', `${path}/${id}`)

    expect(response.status).toBe(204)
    expect(response.body).toBeNull()
    expect(service.logs.at(-1)).toMatchObject({
      event: 'todo.deleted',
      attributes: { 'todo.id': id },
    })
    expect((await service.send('DELETE', `${path}/${id}`)).status).toBe(404)
  })
})
