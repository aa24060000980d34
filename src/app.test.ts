import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { migrate } from '../runtimes/service/database/migrator.ts'
import type { LogEntry } from './logger.ts'
import { createTestDatabase, open, type TestDatabase } from './testing/test-database.ts'
import { createTestService, type TestService } from './testing/test-service.ts'
import { migrations } from './todos/migrations.ts'
import { createTodoRepository } from './todos/repository.ts'

let database: TestDatabase
let unmigrated: TestDatabase
let service: TestService

// Port 1 of this machine: nothing listens there, so a connection is refused at once.
const unreachable = open(pg.Pool, 'postgres://nobody@127.0.0.1:1/none', 1)

beforeAll(async () => {
  database = await createTestDatabase(pg.Pool, process.env.TEST_DATABASE_URL)
  unmigrated = await createTestDatabase(pg.Pool, process.env.TEST_DATABASE_URL)
  await migrate(database.db, migrations)
})

afterAll(async () => {
  await Promise.all([database.drop(), unmigrated.drop(), unreachable.destroy()])
})

beforeEach(() => {
  service = createTestService(database.db)
})

describe('the service', () => {
  test('says where to look next', async () => {
    const response = await service.send('GET', '/')

    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({
      message: 'Todo API',
      docs: '/docs',
      health: '/health',
    })
  })

  test('is healthy without its database, but not ready', async () => {
    const { send, logs } = createTestService(unreachable)

    const health = await send('GET', '/health')
    expect(health.status).toBe(200)
    expect(await health.json()).toEqual({ status: 'healthy', service: 'todo-api' })

    const ready = await send('GET', '/ready')
    expect(ready.status).toBe(503)
    expect(ready.headers.get('retry-after')).toBe('1')
    expect(logs).toMatchObject([
      { event: 'dependency.unavailable', error: { code: 'ECONNREFUSED' } },
    ])
  })

  test('is ready when the database answers', async () => {
    const response = await service.send('GET', '/ready')

    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ status: 'ready', service: 'todo-api' })
  })

  test('is ready while it is busy, and says so', async () => {
    const { send } = createTestService(database.db, { ping: async () => 'busy' })

    const response = await send('GET', '/ready')

    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ status: 'busy', service: 'todo-api' })
  })

  test('is not ready for any reason that ping has, even one that is no Error', async () => {
    const { send } = createTestService(database.db, { ping: () => Promise.reject('why not') })

    expect((await send('GET', '/ready')).status).toBe(503)
  })
})

describe('an unknown route', () => {
  test.each(['/none', '/api/v1', '/api/v1/todos/1/2', '/api/v1/todos//', '/%', '/%00', '/docs/x'])(
    '%s is a 404 problem, and no news for the operator',
    async (path) => {
      const response = await service.app.request(`http://localhost${path}`)

      expect(response.status).toBe(404)
      expect(response.headers.get('content-type')).toBe('application/problem+json')
      expect(await response.json()).toEqual({
        type: 'about:blank',
        title: 'Not Found',
        status: 404,
        detail: 'no such route',
      })
      expect(service.logs).toEqual([])
    },
  )
})

describe('a method without a route', () => {
  test.each([
    ['PATCH', '/api/v1/todos', 'GET, HEAD, POST, OPTIONS'],
    ['DELETE', '/api/v1/todos/', 'GET, HEAD, POST, OPTIONS'],
    ['POST', '/api/v1/todos/1', 'GET, HEAD, PUT, DELETE, OPTIONS'],
    ['BREW', '/health', 'GET, HEAD, OPTIONS'],
    ['POST', '/', 'GET, HEAD, OPTIONS'],
    ['PUT', '/openapi.json', 'GET, HEAD, OPTIONS'],
    ['DELETE', '/docs', 'GET, HEAD, OPTIONS'],
  ])('%s %s is a 405 problem that says what is allowed', async (method, path, allow) => {
    const response = await service.app.request(path, { method })

    expect(response.status).toBe(405)
    expect(response.headers.get('allow')).toBe(allow)
    expect(await response.json()).toMatchObject({
      title: 'Method Not Allowed',
      detail: `method: expected one of ${allow}`,
    })
    expect(service.logs).toEqual([])
  })

  test('OPTIONS says what is allowed, and nothing where there is no route', async () => {
    const response = await service.send('OPTIONS', '/api/v1/todos')

    expect(response.status).toBe(204)
    expect(response.headers.get('allow')).toBe('GET, HEAD, POST, OPTIONS')
    expect((await service.send('OPTIONS', '/none')).status).toBe(404)
  })
})

test.each(['/', '/health', '/ready', '/api/v1/todos', '/openapi.json', '/docs', '/docs/start.js'])(
  'HEAD %s has the status and headers of GET, the length of its body, and no body',
  async (path) => {
    const get = await service.send('GET', path)
    const head = await service.send('HEAD', path)

    expect(head.status).toBe(200)
    expect(head.body).toBeNull()
    const { byteLength } = await get.arrayBuffer()
    expect([...head.headers]).toEqual([
      ...new Headers([...get.headers, ['content-length', String(byteLength)]]),
    ])
  },
)

describe('a failure of ours', () => {
  const todos = '/api/v1/todos'
  test.each([
    ['GET', todos, undefined],
    ['POST', todos, { title: 'a' }],
    ['GET', `${todos}/${crypto.randomUUID()}`, undefined],
    ['PUT', `${todos}/${crypto.randomUUID()}`, { title: 'a' }],
    ['DELETE', `${todos}/${crypto.randomUUID()}`, undefined],
  ])(
    'is a 503 with Retry-After at %s %s while the database is away',
    async (method, path, body) => {
      const { send, logs } = createTestService(unreachable)

      const response = await send(method, path, body)

      expect(response.status).toBe(503)
      expect(response.headers.get('retry-after')).toBe('1')
      expect(await response.json()).toEqual({
        type: 'about:blank',
        title: 'Service Unavailable',
        status: 503,
        detail: 'a dependency cannot be reached right now, try again later',
      })
      expect(logs).toMatchObject([
        { severity: 'error', event: 'dependency.unavailable', error: { code: 'ECONNREFUSED' } },
      ])
    },
  )

  test('is a 500 that says nothing of the inside, while the log has it all', async () => {
    const { send, logs } = createTestService(unmigrated.db)

    const response = await send('GET', todos)

    expect(response.status).toBe(500)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(await response.json()).toEqual({
      type: 'about:blank',
      title: 'Internal Server Error',
      status: 500,
      detail: 'the service failed to answer; the failure has been recorded',
    })
    expect(logs).toEqual([
      {
        severity: 'error',
        event: 'request.failed',
        message: 'request failed',
        error: expect.objectContaining({ message: 'relation "todos" does not exist' }),
      } satisfies LogEntry,
    ])
  })

  test('passes when the database returns', async () => {
    let db = unreachable
    const { send } = createTestService(database.db, {
      todos: {
        ...createTodoRepository(database.db),
        list: (page) => createTodoRepository(db).list(page),
      },
    })

    expect((await send('GET', todos)).status).toBe(503)
    db = database.db
    expect((await send('GET', todos)).status).toBe(200)
  })
})

describe('what a runtime observes', () => {
  const todos = '/api/v1/todos'

  test.each([
    ['nothing of an error of the client', 400, () => database.db, `${todos}/1`, undefined],
    ['what broke a query', 503, () => unreachable, todos, { code: 'ECONNREFUSED' }],
    ['what broke readiness', 503, () => unreachable, '/ready', { code: 'ECONNREFUSED' }],
    ['what the database said', 500, () => unmigrated.db, todos, { code: '42P01' }],
  ])('after the error handler is %s', async (_, status, db, path, error) => {
    const { app } = createTestService(db())
    const seen: unknown[] = []
    const handle = Reflect.get(app, 'errorHandler')
    app.onError(async (thrown, c) => {
      const response = await handle(thrown, c)
      seen.push(c.error)
      return response
    })

    expect((await app.request(path)).status).toBe(status)
    expect(seen).toEqual([error && expect.objectContaining(error)])
  })
})
