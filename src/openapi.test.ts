import { Ajv2020 } from 'ajv/dist/2020.js'
import pg from 'pg'
import * as v from 'valibot'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { migrate } from '../runtimes/service/database/migrator.ts'
import { createTestDatabase, open, type TestDatabase } from './testing/test-database.ts'
import { createTestService, type TestService } from './testing/test-service.ts'
import { migrations } from './todos/migrations.ts'

const contentSchema = v.record(v.string(), v.strictObject({ schema: v.unknown() }))

const operationSchema = v.strictObject({
  operationId: v.string(),
  summary: v.string(),
  description: v.exactOptional(v.string()),
  tags: v.array(v.string()),
  parameters: v.exactOptional(
    v.array(
      v.strictObject({
        in: v.picklist(['path', 'query']),
        name: v.string(),
        required: v.exactOptional(v.literal(true)),
        schema: v.unknown(),
      }),
    ),
  ),
  requestBody: v.exactOptional(
    v.strictObject({ required: v.literal(true), content: contentSchema }),
  ),
  responses: v.record(
    v.pipe(v.string(), v.regex(/^[2-5]\d\d$/)),
    v.strictObject({
      description: v.string(),
      headers: v.exactOptional(v.record(v.string(), v.looseObject({ schema: v.unknown() }))),
      content: v.exactOptional(contentSchema),
    }),
  ),
})

const documentSchema = v.strictObject({
  openapi: v.literal('3.1.0'),
  info: v.strictObject({ title: v.string(), description: v.string(), version: v.string() }),
  tags: v.array(v.strictObject({ name: v.string() })),
  paths: v.record(
    v.pipe(v.string(), v.startsWith('/')),
    v.record(v.picklist(['get', 'post', 'put', 'delete']), operationSchema),
  ),
  components: v.strictObject({ schemas: v.record(v.string(), v.unknown()) }),
})
type Document = v.InferOutput<typeof documentSchema>

let database: TestDatabase
let service: TestService
let document: Document
const unreachable = open(pg.Pool, 'postgres://nobody@127.0.0.1:1/none', 1)

beforeAll(async () => {
  database = await createTestDatabase(pg.Pool, process.env.TEST_DATABASE_URL)
  await migrate(database.db, migrations)
  service = createTestService(database.db, { bodyBytesMax: 1000 })
  const response = await service.send('GET', '/openapi.json')
  expect(response.headers.get('content-type')).toBe('application/json')
  document = v.parse(documentSchema, await response.json())
})

afterAll(async () => {
  await Promise.all([database.drop(), unreachable.destroy()])
})

describe('the document', () => {
  test('has the version of the service', () => {
    expect(document.info.version).toBe('1.2.3')
  })

  test('has every route, but for the files of its own page', () => {
    const routes = service.app.routes
      .filter(({ method, path }) => method !== 'ALL' && !path.startsWith('/docs/'))
      .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`)

    expect(new Set(listOperations(document).map(({ name }) => name))).toEqual(new Set(routes))
    expect(listOperations(document)).toHaveLength(10)
  })

  test('names every operation once, under a tag that it declares', () => {
    const operations = listOperations(document).map(({ operation }) => operation)
    const ids = operations.map(({ operationId }) => operationId)
    const tags = new Set(document.tags.map(({ name }) => name))

    expect(new Set(ids).size).toBe(ids.length)
    for (const { tags: own } of operations) expect([...tags]).toEqual(expect.arrayContaining(own))
  })

  test('declares every parameter of a path, and that it is required', () => {
    for (const { name, operation } of listOperations(document)) {
      const inPath = [...name.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter)
      const declared = (operation.parameters ?? [])
        .filter((parameter) => parameter.in === 'path' && parameter.required)
        .map((parameter) => parameter.name)
      expect(declared, name).toEqual(inPath)
    }
  })

  test('refers only to schemas that it has, and has none that nothing refers to', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]*)"/g)]
    const named = Object.keys(document.components.schemas).map(
      (name) => `#/components/schemas/${name}`,
    )

    expect(new Set(references.map(([, reference]) => reference))).toEqual(new Set(named))
    expect(Object.keys(document.components.schemas).toSorted()).toEqual([
      'Problem',
      'Todo',
      'TodoCreate',
      'TodoUpdate',
    ])
  })

  test('states the rules that validate', () => {
    const pattern = String.raw`^[^\u0000\uD800-\uDFFF]*$`
    const title = { type: 'string', pattern, minLength: 1, maxLength: 200, examples: ['buy milk'] }
    const text = { type: 'string', pattern, maxLength: 10_000 }
    const description = { anyOf: [text, { type: 'null' }] }
    expect(document.components.schemas.TodoCreate).toMatchObject({
      properties: { title, description, completed: { type: 'boolean', default: false } },
      required: ['title'],
    })
    expect(document.components.schemas.TodoUpdate).toMatchObject({
      properties: { title, description },
      required: [],
    })
    expect(document.paths['/api/v1/todos']?.get?.parameters).toMatchObject([
      { name: 'skip', schema: { type: 'integer', minimum: 0, default: 0 } },
      { name: 'limit', schema: { type: 'integer', minimum: 1, maximum: 500, default: 100 } },
    ])
  })

  test('promises no length of a stored description, which may be older than the limit', () => {
    expect(JSON.stringify(document.components.schemas.Todo)).not.toContain('10000')
  })

  test.each([
    ['a text', 'a 🦊\n', []],
    ['NUL', 'a\0', ['/title must match pattern']],
    ['half a surrogate pair', '\ud83e', ['/title must match pattern']],
    ['the other half', 'a\udd8a', ['/title must match pattern']],
  ])('refuses where the service does: %s', async (_, title, violations) => {
    const schema = { $ref: '#/components/schemas/TodoCreate' }
    const found = findViolations(document, schema, { title })
    const { status } = await service.send('POST', '/api/v1/todos', { title })

    expect({ found, status }).toEqual({
      found: violations.map((it) => expect.stringContaining(it)),
      status: violations.length > 0 ? 400 : 201,
    })
  })

  test('is the same when asked again', async () => {
    expect(await (await service.send('GET', '/openapi.json')).json()).toEqual(document)
  })
})

describe('an answer is as documented', () => {
  const todos = '/api/v1/todos'
  const unknownId = `${todos}/${crypto.randomUUID()}`
  test.each([
    ['GET', '/', '/', 200],
    ['GET', '/health', '/health', 200],
    ['GET', '/ready', '/ready', 200],
    ['GET', '/docs', '/docs', 200],
    ['GET', '/openapi.json', '/openapi.json', 200],
    ['POST', todos, todos, 201, { title: 'a', description: 'b' }],
    ['POST', todos, todos, 400, { title: '' }],
    ['POST', todos, todos, 413, { title: 'a'.repeat(1000) }],
    ['POST', todos, todos, 415, undefined, 'text'],
    ['GET', todos, todos, 200],
    ['GET', `${todos}?limit=0`, todos, 400],
    ['GET', unknownId, `${todos}/{id}`, 404],
    ['PUT', unknownId, `${todos}/{id}`, 404, {}],
    ['PUT', unknownId, `${todos}/{id}`, 415, undefined, 'text'],
    ['DELETE', `${todos}/1`, `${todos}/{id}`, 400],
  ])('%s %s (%s) with %i', async (method, path, pattern, status, json?: object, text?: string) => {
    const response =
      text === undefined
        ? await service.send(method, path, json)
        : await service.app.request(path, { method, body: text })

    expect(response.status).toBe(status)
    await expectDocumented(document, method, pattern, response)
  })

  test.each(['GET', 'PUT', 'DELETE'])('%s of a todo that exists', async (method) => {
    const created = v.parse(
      v.object({ id: v.string() }),
      await (await service.send('POST', todos, { title: 'a' })).json(),
    )

    const body = method === 'PUT' ? { title: 'b' } : undefined
    const response = await service.send(method, `${todos}/${created.id}`, body)

    expect(response.ok).toBe(true)
    await expectDocumented(document, method, `${todos}/{id}`, response)
  })

  test.each([
    ['GET', '/ready', '/ready'],
    ['GET', todos, todos],
    ['DELETE', unknownId, `${todos}/{id}`],
  ])('%s %s (%s) while the database is away', async (method, path, pattern) => {
    const response = await createTestService(unreachable).send(method, path)

    expect(response.status).toBe(503)
    await expectDocumented(document, method, pattern, response)
  })
})

/** Where a value breaks a schema of the document, such as `/title must be string`. */
function findViolations({ components }: Document, schema: unknown, value: unknown) {
  const formats = {
    uuid: /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/,
    'date-time': /^\d{4}-\d\d-\d\dT[\d:.]+Z$/,
  } as const
  const ajv = new Ajv2020({ allErrors: true, formats }).addVocabulary(['components'])
  const validate = ajv.compile({ ...v.parse(v.looseObject({}), schema), components })
  validate(value)
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
}

function listOperations({ paths }: Document) {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      operation,
    })),
  )
}

async function expectDocumented(
  document: Document,
  method: string,
  pattern: string,
  response: Response,
) {
  const found = listOperations(document).find(({ name }) => name === `${method} ${pattern}`)
  const documented = found?.operation.responses[response.status]
  expect(documented).toBeDefined()

  for (const header of Object.keys(documented?.headers ?? {})) {
    expect(response.headers.get(header), header).not.toBeNull()
  }
  const type = response.headers.get('content-type')?.split(';')[0] ?? ''
  expect(type === '' ? [] : [type]).toEqual(Object.keys(documented?.content ?? {}))
  const body: unknown = type.endsWith('json') ? await response.json() : await response.text()
  if (type !== '') {
    expect(findViolations(document, documented?.content?.[type]?.schema, body)).toEqual([])
  }
}
