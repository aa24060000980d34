import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { migrate } from '../runtimes/service/database/migrator.ts'
import { createTestDatabase, type TestDatabase } from './testing/test-database.ts'
import { createTestService, type TestService } from './testing/test-service.ts'
import { migrations } from './todos/migrations.ts'

let database: TestDatabase
let service: TestService
let id: string

beforeAll(async () => {
  database = await createTestDatabase(pg.Pool, process.env.TEST_DATABASE_URL)
  await migrate(database.db, migrations)
  service = createTestService(database.db, {
    allowedOrigins: ['https://example.com'],
    bodyBytesMax: 200,
  })
  const created = await database.db
    .insertInto('todos')
    .values({ title: 'a' })
    .returning('id')
    .executeTakeFirstOrThrow()
  id = created.id
})

afterAll(async () => {
  await database.drop()
})

const token = fc
  .string({ unit: fc.constantFrom(..."AZaz09!#$%&'*+.^_`|~-"), minLength: 1, maxLength: 12 })
  // The Fetch standard refuses to make a request of these.
  .filter((method) => !/^(connect|trace|track)$/i.test(method))
const method = fc.oneof(
  fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'),
  token,
)

const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }))
const path = fc.oneof(
  fc.constantFrom('/', '/health', '/ready', '/docs', '/docs/swagger-ui.css', '/openapi.json'),
  fc.constantFrom('/api/v1/todos', '/api/v1/todos/'),
  fc.uuid().map((other) => `/api/v1/todos/${other}`),
  fc.constant('/api/v1/todos/:known'),
  text.map((part) => `/api/v1/todos/${encodeURI(part.toWellFormed())}`),
  fc.string({ unit: fc.constantFrom(...'/%:*.?{}[]()\\~;0aF') }).map((part) => `/${part}`),
  fc.array(text).map((parts) => `/${parts.map((part) => part.toWellFormed()).join('/')}`),
)

const integer = fc.oneof(fc.bigInt().map(String), fc.double().map(String), text)
const query = fc.array(
  fc.tuple(fc.oneof(fc.constantFrom('skip', 'limit', 'skip[]', '__proto__'), text), integer),
  { maxLength: 4 },
)

const headers = fc.dictionary(
  fc.oneof(
    fc.constantFrom('content-type', 'content-length', 'transfer-encoding', 'content-encoding'),
    fc.constantFrom('origin', 'access-control-request-method', 'accept', 'host', 'x-trace-id'),
    token,
  ),
  fc.oneof(
    fc.constantFrom('application/json', 'text/plain', 'gzip', 'chunked', '0', '5', '-1', '1e9'),
    fc.constantFrom('https://example.com', '*', 'NaN', '99999999999999999999'),
    fc.string({ unit: fc.constantFrom(...' !/;=,"aé~\t') }),
  ),
  { maxKeys: 4 },
)

const field = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.string({ unit: fc.constantFrom('a', '\0', '\ud83e', '🦊'), maxLength: 20 }),
  fc.jsonValue(),
)
const todo = fc.record(
  {
    title: field,
    description: fc.oneof(field, fc.constant(null)),
    completed: fc.oneof(fc.boolean(), fc.jsonValue()),
    id: fc.jsonValue(),
    updated_at: fc.jsonValue(),
    ['__proto__']: fc.jsonValue(),
  },
  { requiredKeys: [] },
)
const body = fc.oneof(
  fc.constant(undefined),
  todo.map((value) => JSON.stringify(value)),
  fc.json(),
  text,
  fc.uint8Array().map((bytes) => Uint8Array.from(bytes)),
)

const anyRequest = fc.record({ method, path, query, headers, body })
const likelyWrite = fc.record({
  method: fc.constantFrom('POST', 'PUT'),
  path: fc.constantFrom('/api/v1/todos', '/api/v1/todos/:known'),
  query: fc.constant([]),
  headers: fc.constant({ 'content-type': 'application/json' }),
  body: fc.oneof(
    todo.map((value) => JSON.stringify(value)),
    body,
  ),
})

/** A todo is seldom valid by chance. */
const validPost = {
  method: 'POST',
  path: '/api/v1/todos',
  query: [],
  headers: { 'content-type': 'application/json' },
  body: '{"title":"created"}',
}

test('no request makes the service fail', async () => {
  const statuses = new Set<number>()
  await fc.assert(
    fc.asyncProperty(fc.oneof(anyRequest, likelyWrite), async (wanted) => {
      const url = new URL('http://localhost/')
      url.pathname = wanted.path.replace(':known', id)
      for (const [name, value] of wanted.query) url.searchParams.append(name, value)
      const mayHaveBody = !/^(get|head)$/i.test(wanted.method)
      const request = new Request(url, {
        method: wanted.method,
        headers: wanted.headers,
        ...(mayHaveBody && wanted.body !== undefined && { body: wanted.body }),
      })

      const response = await service.app.fetch(request)
      await response.arrayBuffer()

      expect(response.status).toBeLessThan(500)
      statuses.add(response.status)
    }),
    { numRuns: 2000, examples: [[validPost]] },
  )
  // If requests of some kind were missing above, this test would say less than it seems to.
  expect([...statuses].toSorted()).toEqual([200, 201, 204, 400, 404, 405, 413, 415])
  expect(service.logs.filter(({ severity }) => severity === 'error')).toEqual([])
})
