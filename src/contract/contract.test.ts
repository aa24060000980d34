import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { type OutgoingHttpHeaders, request } from 'node:http'
import { connect as connectHttp2 } from 'node:http2'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import * as v from 'valibot'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchForTest, type TestService } from '../../runtimes/testing/launch-for-test.ts'
import { presentRuntimes } from '../../runtimes/testing/present-runtimes.ts'
import { problemSchema } from '../http/problem.ts'
import { todoSchema } from '../todos/schema.ts'

/** Nobody listens there: what a service answers must not depend on a collector. */
const noCollector = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' }
const page = 'https://page.example'

const openapiSchema = v.object({ openapi: v.string(), paths: v.record(v.string(), v.unknown()) })
const readTodo = async (response: Response) => v.parse(todoSchema, await response.json())
const readTodos = async (response: Response) => v.parse(v.array(todoSchema), await response.json())

describe.each(presentRuntimes)('$name', (runtime) => {
  let service: TestService
  beforeAll(async () => {
    service = await launchForTest(runtime, { ...noCollector, CORS_ALLOWED_ORIGINS: page })
  })
  // Where it could not be launched there is none, whatever its type says.
  afterAll(() => service?.[Symbol.asyncDispose]())

  const todos = '/api/v1/todos'
  const call = (path: string, init?: RequestInit) =>
    fetch(`${service.url}${path}`, { redirect: 'manual', ...init })
  const send = (method: string, path: string, body: unknown, type = 'application/json') =>
    call(path, {
      method,
      headers: { 'content-type': type },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
  const create = async (fields: object) => readTodo(await send('POST', todos, fields))

  async function expectProblem(response: Response, status: number) {
    expect(response.status).toBe(status)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    const problem = v.parse(problemSchema, await response.json())
    expect(problem.status).toBe(status)
    return problem
  }

  describe('operations', () => {
    test('a created Todo is answered whole, with its place', async () => {
      const response = await send('POST', todos, { title: 'milk', unknown: 1 })

      expect(response.status).toBe(201)
      expect(response.headers.get('content-type')).toBe('application/json')
      const todo = await readTodo(response)
      expect(todo).toEqual({
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        title: 'milk',
        description: null,
        completed: false,
        created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        updated_at: todo.created_at,
      })
      expect(response.headers.get('location')).toBe(`${todos}/${todo.id}`)
    })

    test('the list is newest first, and skip and limit cut it', async () => {
      const first = await create({ title: 'first' })
      const second = await create({ title: 'second' })
      const third = await create({ title: 'third' })

      const all = await readTodos(await call(todos))
      const part = await readTodos(await call(`${todos}?skip=1&limit=2`))

      expect(all.slice(0, 3).map((todo) => todo.id)).toEqual([third.id, second.id, first.id])
      expect(part.map((todo) => todo.id)).toEqual([second.id, first.id])
    })

    test('the collection answers with a trailing slash, without a redirect', async () => {
      expect((await call(`${todos}/`)).status).toBe(200)
      expect((await send('POST', `${todos}/`, { title: 'slash' })).status).toBe(201)
    })

    test('a Todo is found by its id', async () => {
      const todo = await create({ title: 'find me', description: 'there' })

      const response = await call(`${todos}/${todo.id}`)

      expect(response.status).toBe(200)
      expect(await response.json()).toEqual(todo)
    })

    test('an update changes what is present, and moves updated_at', async () => {
      const todo = await create({ title: 'before', description: 'kept' })

      const updated = await readTodo(await send('PUT', `${todos}/${todo.id}`, { completed: true }))
      const cleared = await readTodo(
        await send('PUT', `${todos}/${todo.id}`, { description: null }),
      )

      expect(updated).toEqual({ ...todo, completed: true, updated_at: expect.any(String) })
      expect(Date.parse(updated.updated_at)).toBeGreaterThanOrEqual(Date.parse(todo.updated_at))
      expect(cleared).toMatchObject({ completed: true, description: null })
    })

    test('a deleted Todo is gone', async () => {
      const todo = await create({ title: 'short-lived' })

      const response = await call(`${todos}/${todo.id}`, { method: 'DELETE' })

      expect(response.status).toBe(204)
      expect(await response.text()).toBe('')
      await expectProblem(await call(`${todos}/${todo.id}`), 404)
    })

    test('any text that the database can store comes back as it was', async () => {
      const title = `${'🎈'.repeat(199)}é`
      const description = 'line\nbreak, "quotes", <b>markup</b>, \u202e, \u{10ffff}'

      expect(await create({ title, description })).toMatchObject({ title, description })
    })
  })

  describe('service', () => {
    test('health, readiness and welcome answer', async () => {
      expect(await (await call('/health')).json()).toEqual({
        status: 'healthy',
        service: 'todo-api',
      })
      expect((await call('/ready')).status).toBe(200)
      expect(await (await call('/')).json()).toMatchObject({ docs: '/docs', health: '/health' })
    })

    test('the description of the API is OpenAPI 3.1', async () => {
      const document = v.parse(openapiSchema, await (await call('/openapi.json')).json())

      expect(document.openapi).toMatch(/^3\.1\./)
      expect(Object.keys(document.paths)).toEqual(expect.arrayContaining([todos, `${todos}/{id}`]))
    })

    test('the documentation is served with everything it needs', async () => {
      const html = await (await call('/docs')).text()
      const files = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path ?? '')

      expect(files.length).toBeGreaterThan(1)
      for (const path of files) expect((await call(path)).status, path).toBe(200)
      expect(html).not.toMatch(/https?:\/\//)
    })

    test('HEAD is GET without a body', async () => {
      const response = await call(todos, { method: 'HEAD' })

      expect(response.status).toBe(200)
      expect(response.headers.get('content-type')).toBe('application/json')
      expect(await response.text()).toBe('')
    })

    test.each([
      '/',
      '/health',
      '/ready',
      '/openapi.json',
      '/docs',
      '/docs/start.js',
      '/docs/swagger-ui.css',
      '/docs/swagger-ui-bundle.js',
      todos,
      `${todos}/${randomUUID()}`,
      `${todos}/42`,
      '/nowhere',
    ])('HEAD %s names no other length than GET has', async (path) => {
      const { byteLength } = await (await call(path)).arrayBuffer()
      const named = (await call(path, { method: 'HEAD' })).headers.get('content-length')

      expect([null, String(byteLength)]).toContain(named)
    })

    test('a preflight of a listed origin is allowed, of another it is not', async () => {
      const ask = (origin: string) =>
        call(todos, {
          method: 'OPTIONS',
          headers: { origin, 'access-control-request-method': 'PUT' },
        })

      const listed = await ask(page)
      const other = await ask('https://other.example')

      expect(listed.status).toBe(204)
      expect(listed.headers.get('access-control-allow-origin')).toBe(page)
      expect(listed.headers.get('access-control-allow-methods')).toContain('PUT')
      expect(other.headers.get('access-control-allow-origin')).toBeNull()
    })
  })

  describe('a page of another origin cannot make its own name lead here', () => {
    const post = (host: string) =>
      new Promise<Response>((resolve, reject) => {
        // `fetch` sends a Host of its own.
        const headers = { host, 'content-type': 'application/json' }
        const sent = request(`${service.url}${todos}`, { method: 'POST', headers }, (answer) => {
          const { statusCode: status = 0, headers: got } = answer
          const init = { status, headers: { 'content-type': got['content-type'] ?? '' } }
          text(answer).then((body) => resolve(new Response(body, init)), reject)
        })
        sent.on('error', reject)
        sent.end('{"title":"rebound"}')
      })

    test('under another name it is refused, and told what to set', async () => {
      const problem = await expectProblem(await post('evil.example:8001'), 421)

      expect(problem.detail).toBe(
        'this service does not answer to the host "evil.example:8001"; name it in ALLOWED_HOSTS to let it',
      )
    })

    test.runIf(runtime.name === 'deno')(
      'nor by HTTP/2, where this machine is answered',
      async () => {
        const session = connectHttp2(service.url)
        session.on('error', () => {})
        const ask = async (headers: OutgoingHttpHeaders) => {
          const stream = session.request({ ':path': '/health', ...headers })
          const [answer] = await once(stream, 'response')
          stream.close()
          return answer[':status']
        }

        expect(await ask({})).toBe(200)
        expect(await ask({ ':authority': 'evil.example' })).toBe(421)
        session.close()
      },
    )

    test.each(['localhost', 'todo.localhost:1', '127.0.0.1', '[::1]:80'])(
      'as %s it is answered',
      async (host) => {
        expect((await post(host)).status).toBe(201)
      },
    )
  })

  describe('errors', () => {
    test.each([
      ['malformed JSON', '{"title":'],
      ['no body', ''],
      ['JSON that is no object', '[1]'],
      ['no title', '{}'],
      ['an empty title', '{"title":""}'],
      ['a title of 201 characters', JSON.stringify({ title: 'é'.repeat(201) })],
      [
        'a description of 10,001 characters',
        JSON.stringify({ title: 'x', description: 'é'.repeat(10_001) }),
      ],
      ['a title that is no string', '{"title":1}'],
      ['a completed that is no boolean', '{"title":"x","completed":"yes"}'],
      ['NUL', '{"title":"a\\u0000b"}'],
      ['half of a surrogate pair', '{"title":"x","description":"\\ud800"}'],
    ])('%s is a 400 problem', async (_, body) => {
      await expectProblem(await send('POST', todos, body), 400)
    })

    test('every rule that a body breaks is named, and its values are not', async () => {
      const problem = await expectProblem(
        await send('POST', todos, { title: '', completed: 'seCret' }),
        400,
      )

      expect(problem.errors?.map(({ path }) => path)).toEqual(['title', 'completed'])
      expect(JSON.stringify(problem)).not.toContain('seCret')
    })

    test.each([
      'skip=-1',
      'skip=x',
      'limit=0',
      'limit=501',
      'limit=1.5',
      'skip=1e3',
      'skip=99999999999999999999',
    ])('the list with %s is a 400 problem', async (query) => {
      const problem = await expectProblem(await call(`${todos}?${query}`), 400)
      expect(problem.errors?.[0]?.path).toBe(query.split('=')[0])
    })

    test('an id that is not a UUID is a 400 problem', async () => {
      await expectProblem(await call(`${todos}/42`), 400)
      await expectProblem(await send('PUT', `${todos}/42`, {}), 400)
      await expectProblem(await call(`${todos}/42`, { method: 'DELETE' }), 400)
    })

    test('an unknown id is a 404 problem', async () => {
      const path = `${todos}/${randomUUID()}`
      await expectProblem(await call(path), 404)
      await expectProblem(await send('PUT', path, { title: 'x' }), 404)
      await expectProblem(await call(path, { method: 'DELETE' }), 404)
    })

    test('an unknown path is a 404 problem', async () => {
      await expectProblem(await call('/api/v2/todos'), 404)
    })

    test('an unknown method is a 405 problem that names the known ones', async () => {
      const collection = await call(todos, { method: 'PATCH' })
      const item = await call(`${todos}/${randomUUID()}`, { method: 'POST' })

      expect(collection.headers.get('allow')?.split(', ')).toEqual(
        expect.arrayContaining(['GET', 'HEAD', 'POST']),
      )
      expect(item.headers.get('allow')?.split(', ')).toEqual(
        expect.arrayContaining(['GET', 'PUT', 'DELETE']),
      )
      await expectProblem(collection, 405)
      await expectProblem(item, 405)
    })

    test('a body over the limit is a 413 problem, declared or not', async () => {
      const body = JSON.stringify({ title: 'x', description: 'y'.repeat(2 ** 20) })
      const stream = new ReadableStream({
        start(controller) {
          controller.enqueue(new TextEncoder().encode(body))
          controller.close()
        },
      })

      await expectProblem(await send('POST', todos, body), 413)
      await expectProblem(
        await call(todos, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: stream,
          duplex: 'half',
        } as RequestInit), // Node's types lack `duplex`, which it asks for
        413,
      )
    })

    test('a body over the limit is refused before it was sent', async () => {
      const { hostname, port } = new URL(service.url)
      const socket = connect(Number(port), hostname)
      socket.write(
        `POST ${todos} HTTP/1.1\r\nhost: ${hostname}\r\ncontent-type: application/json\r\ncontent-length: 999999999\r\n\r\n{`,
      )
      const [chunk] = await once(socket, 'data')
      socket.destroy()

      expect(String(chunk)).toMatch(/^HTTP\/1\.1 413 /)
    })

    test('a body that is not JSON is a 415 problem', async () => {
      await expectProblem(
        await send('POST', todos, 'title=x', 'application/x-www-form-urlencoded'),
        415,
      )
      await expectProblem(await send('POST', todos, '{"title":"x"}', 'text/plain'), 415)
      expect(
        (await send('POST', todos, '{"title":"x"}', 'Application/JSON; charset=utf-8')).status,
      ).toBe(201)
    })
  })
})
