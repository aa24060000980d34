import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectOperation, type Operation } from '../../runtimes/testing/expect-operation.ts'
import { launchForTest, type TestService } from '../../runtimes/testing/launch-for-test.ts'
import { presentRuntimes } from '../../runtimes/testing/present-runtimes.ts'
import { startTestCollector } from '../../runtimes/testing/traces-for-test.ts'

const todos = '/api/v1/todos'
const unknownId = randomUUID()
const columns = '"id", "title", "description", "completed", "created_at", "updated_at"'

const select = `select ${columns} from "todos" where "id" = $1`
const text = expect.any(String)

/** What docs/telemetry.md asks of each operation, attribute by attribute. */
const operations: readonly Operation[] = [
  {
    name: 'create',
    method: 'POST',
    path: todos,
    body: '{"title":"milk"}',
    route: todos,
    status: 201,
    statement: {
      operation: 'INSERT',
      table: 'todos',
      text: `insert into "todos" ("title", "description", "completed") values ($1, $2, $3) returning ${columns}`,
      rows: 1,
    },
    log: { event: 'todo.created', body: 'todo created', attributes: { 'todo.id': text } },
  },
  {
    name: 'list',
    method: 'GET',
    path: `${todos}?skip=0&limit=1&access_token=seCret`,
    route: todos,
    query: 'skip=0&limit=1&access_token=REDACTED',
    status: 200,
    statement: {
      operation: 'SELECT',
      table: 'todos',
      text: `select ${columns} from "todos" order by "created_at" desc, "id" desc limit $1 offset $2`,
      rows: 1,
    },
    log: { event: 'todo.listed', body: 'todos listed', attributes: { 'todo.count': 1n } },
  },
  {
    name: 'get',
    method: 'GET',
    path: `${todos}/{id}`,
    route: `${todos}/:id`,
    status: 200,
    statement: { operation: 'SELECT', table: 'todos', text: select, rows: 1 },
    log: { event: 'todo.retrieved', body: 'todo retrieved', attributes: { 'todo.id': text } },
  },
  {
    name: 'update',
    method: 'PUT',
    path: `${todos}/{id}`,
    body: '{"completed":true}',
    route: `${todos}/:id`,
    status: 200,
    statement: {
      operation: 'UPDATE',
      table: 'todos',
      text: expect.stringMatching(/^update "todos" set "completed" = \$1/),
      rows: 1,
    },
    log: { event: 'todo.updated', body: 'todo updated', attributes: { 'todo.id': text } },
  },
  {
    name: 'delete',
    method: 'DELETE',
    path: `${todos}/{id}`,
    route: `${todos}/:id`,
    status: 204,
    statement: {
      operation: 'DELETE',
      table: 'todos',
      text: expect.stringMatching(/^delete from "todos" where "id" = \$1/),
      rows: expect.any(Number),
    },
    log: { event: 'todo.deleted', body: 'todo deleted', attributes: { 'todo.id': text } },
  },
  {
    name: 'an unknown id',
    method: 'GET',
    path: `${todos}/${unknownId}`,
    route: `${todos}/:id`,
    status: 404,
    statement: { operation: 'SELECT', table: 'todos', text: select, rows: 0 },
    log: { event: 'todo.not_found', body: 'todo not found', attributes: { 'todo.id': unknownId } },
  },
  {
    name: 'an invalid body',
    method: 'POST',
    path: todos,
    body: '{"title":"","completed":"seCret"}',
    route: todos,
    status: 400,
    log: { event: 'request.invalid', severity: 'WARN', body: text, attributes: expect.any(Object) },
  },
  {
    name: 'malformed JSON',
    method: 'POST',
    path: todos,
    body: '{"title":seCret',
    route: todos,
    status: 400,
    log: { event: 'request.invalid', severity: 'WARN', body: text, attributes: expect.any(Object) },
  },
  { name: 'an unknown path', method: 'GET', path: '/nowhere', status: 404 },
  { name: 'a known path, another method', method: 'PATCH', path: todos, route: todos, status: 405 },
  { name: 'no I/O at all', method: 'GET', path: '/health', route: '/health', status: 200 },
]

describe.each(presentRuntimes)('$name', (runtime) => {
  let collector: Awaited<ReturnType<typeof startTestCollector>>
  let service: TestService

  beforeAll(async () => {
    collector = await startTestCollector()
    service = await launchForTest(runtime, {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_BSP_SCHEDULE_DELAY: '20',
      OTEL_BLRP_SCHEDULE_DELAY: '20',
    })
  })
  afterAll(async () => {
    await service[Symbol.asyncDispose]()
    await collector.close()
  })

  test.each(operations)(
    '$name: every span, attribute and log record is as promised',
    async (operation) => {
      const id = operation.path.includes('{id}') ? await createTodo(service.url) : ''
      await expectOperation(collector.url, service, operation, id)
    },
  )
})

async function createTodo(url: string): Promise<string> {
  const response = await fetch(`${url}${todos}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"title":"made for a test"}',
  })
  return response.headers.get('location')?.split('/').at(-1) ?? ''
}
