import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SpanKind, StatusCode } from '../../observability/otlp/model.ts'
import { startChild } from '../processes/child.ts'
import { projectFolder } from '../processes/project-folder.ts'
import { presentRuntimes } from '../testing/present-runtimes.ts'
import { type ArrivedTrace, awaitTrace, byKey } from '../testing/traces-for-test.ts'
import {
  type ForeignApp,
  type RunningApp,
  startForeignApp,
  writeForeignApp,
} from './testing/foreign-app.ts'

const names = presentRuntimes.map(({ name }) => name)

/** What one request was answered, and left behind. */
async function ask(running: RunningApp, name: string, path: string, init?: RequestInit) {
  const service = running.services.find(({ runtime }) => runtime.name === name)
  const response = await fetch(`${service?.url}${path}`, init)
  const text = await response.text()
  return { response, text, traceId: response.headers.get('x-trace-id') ?? '' }
}

function spansOf(trace: ArrivedTrace) {
  return trace.spans.map(({ span, resource }) => ({
    name: span.name,
    kind: span.kind,
    events: span.events.map(({ name }) => name),
    stacks: span.events.map((event) => byKey(event.attributes)['exception.stacktrace']),
    attributes: byKey(span.attributes),
    resource: byKey(resource.attributes),
  }))
}

const traceOf = async (running: RunningApp, traceId: string, spans = 1) =>
  spansOf(await awaitTrace(running.collectorUrl, traceId, (trace) => trace.spans.length >= spans))

describe('the app of Hono’s getting-started page', () => {
  let app: ForeignApp
  let running: RunningApp
  beforeAll(async () => {
    app = await writeForeignApp({
      'index.ts': `import { Hono } from 'hono'
const app = new Hono()

app.get('/', (c) => {
  return c.text('Hello Hono!')
})

export default app
`,
      'package.json': '{"name":"@me/my-app","version":"1.2.3","type":"module"}',
    })
    running = await startForeignApp(app.file, presentRuntimes)
  })
  afterAll(async () => {
    await running?.[Symbol.asyncDispose]()
    await app?.[Symbol.asyncDispose]()
  })

  test('is started without a database', () => {
    expect(running.lines).not.toContain('postgres ready')
  })

  test('the page has the app’s name, and asks its routes', async () => {
    const status = await fetch(`${running.collectorUrl}/api/status`)
    expect(await status.json()).toMatchObject({ title: 'me-my-app' })
    const plan = await fetch(`${running.collectorUrl}/api/try`)
    expect(await plan.text()).toContain('GET /')
  })

  test.each(names)('%s answers, and is traced by its routes', async (name) => {
    const { response, text, traceId } = await ask(running, name, '/')
    expect([response.status, text]).toEqual([200, 'Hello Hono!'])
    const [span] = await traceOf(running, traceId)
    expect(span).toMatchObject({
      name: 'GET /',
      attributes: { 'http.route': '/', 'http.response.status_code': 200n },
      resource: {
        'service.name': 'me-my-app',
        'service.version': '1.2.3',
        'hono.runtime.name': name,
      },
    })
  })

  test.each(names)('%s writes a line for a request, without its query', async (name) => {
    const { traceId } = await ask(running, name, '/lines?token=s3cr3t')
    const find = () => running.lines.find((line) => line.includes(traceId))
    await expect.poll(find).toMatch(new RegExp(`^${name}: \\{"time":`))
    expect(JSON.parse(find()?.slice(name.length + 2) ?? '')).toEqual({
      time: expect.any(String),
      event: 'request',
      status: 404,
      method: 'GET',
      path: '/lines',
      millis: expect.any(Number),
      trace_id: traceId,
    })
  })

  test.each(names)('%s answers an unknown path as Hono does', async (name) => {
    const { response, text, traceId } = await ask(running, name, '/nope')
    expect([response.status, text]).toEqual([404, '404 Not Found'])
    expect(await traceOf(running, traceId)).toMatchObject([{ name: 'GET' }])
  })
})

describe('an app of more than one file, with handlers of its own', () => {
  let app: ForeignApp
  let running: RunningApp
  let asked: Server
  beforeAll(async () => {
    app = await writeForeignApp({
      'app.tsx': `import { Hono } from 'hono'
import { env } from 'hono/adapter'
import { streamText } from 'hono/streaming'
import { books } from './books'

class Gone extends Error {}

export const app = new Hono<{ Bindings: { SHELF: string } }>().basePath('/v1')
app.use(async (c, next) => {
  await next()
  c.executionCtx.waitUntil(
    new Promise((resolve) => setTimeout(resolve, 200)).then(() => console.log('after ' + c.req.path)),
  )
})
app.route('/books', books)
app.get('/page', (c) => c.html(<h1>{env(c).SHELF}</h1>))
app.get('/variable', (c) => c.text(process.env.SHELF + ' ' + env(c).SHELF))
app.get('/stream', (c) =>
  streamText(c, async (stream) => {
    for (const word of ['one ', 'two ', 'three']) {
      await stream.write(word)
      await stream.sleep(5)
    }
  }),
)
const early = fetch
const shelves = await Promise.resolve(3)
app.get('/asks', async (c) => {
  const url = process.env.ASKED + '/prices?token=s3cr3t&of=oak'
  const answer = await early(new URL(url), { headers: { 'x-own': 'kept' } })
  return c.json({ ...(await answer.json()), members: Object.keys(fetch) })
})
app.get('/shelves', (c) => c.text(String(shelves)))
app.get('/gone', () => {
  throw new Gone('it was here')
})
app.get('/broken', () => {
  throw new TypeError('broken shelf')
})
app.onError((error, c) =>
  error instanceof Gone ? c.text('gone', 410) : c.json({ oh: error.message }, 500),
)
app.notFound((c) => c.text('nobody here', 404))
`,
      'books.ts': `import { Hono } from 'hono'
export const books = new Hono().get('/:id', (c) => c.json({ id: c.req.param('id') }))
`,
      'tsconfig.json': '{"compilerOptions":{"jsx":"react-jsx","jsxImportSource":"hono/jsx"}}',
    })
    asked = createServer(({ headers }, response) =>
      response
        .writeHead(402, { 'content-type': 'application/json' })
        .end(JSON.stringify({ traceparent: headers.traceparent, own: headers['x-own'] })),
    ).listen(0, '127.0.0.1')
    await once(asked, 'listening')
    const address = asked.address()
    const port = typeof address === 'object' ? address?.port : 0
    running = await startForeignApp(app.file, presentRuntimes, {
      SHELF: 'oak',
      ASKED: `http://127.0.0.1:${port}`,
    })
  })
  afterAll(async () => {
    await running?.[Symbol.asyncDispose]()
    await app?.[Symbol.asyncDispose]()
    asked?.close()
  })

  test.each(names)('%s names a route of a sub-app below the base path', async (name) => {
    const { text, traceId } = await ask(running, name, '/v1/books/7')
    expect(text).toBe('{"id":"7"}')
    expect(await traceOf(running, traceId)).toMatchObject([{ name: 'GET /v1/books/:id' }])
  })

  test.each(names)('%s renders JSX, and finds variables in env() and process.env', async (name) => {
    expect((await ask(running, name, '/v1/page')).text).toBe('<h1>oak</h1>')
    expect((await ask(running, name, '/v1/variable')).text).toBe('oak oak')
  })

  test.each(names)('%s streams', async (name) => {
    const { text, traceId } = await ask(running, name, '/v1/stream')
    expect(text).toBe('one two three')
    expect(await traceOf(running, traceId)).toMatchObject([{ name: 'GET /v1/stream' }])
  })

  test.each(names)('%s keeps the app’s own onError and notFound', async (name) => {
    const gone = await ask(running, name, '/v1/gone')
    expect([gone.response.status, gone.text]).toEqual([410, 'gone'])
    const nobody = await ask(running, name, '/v1/nope')
    expect([nobody.response.status, nobody.text]).toEqual([404, 'nobody here'])

    const broken = await ask(running, name, '/v1/broken')
    expect([broken.response.status, broken.text]).toEqual([500, '{"oh":"broken shelf"}'])
    const [span] = await traceOf(running, broken.traceId)
    expect(span).toMatchObject({
      name: 'GET /v1/broken',
      events: ['exception'],
      attributes: { 'error.type': expect.stringMatching(/500|TypeError/) },
    })
    const [, line] = /app\.tsx:(\d+):\d+/.exec(String(span?.stacks[0])) ?? []
    const source = (await readFile(app.file, 'utf8')).split('\n')
    expect(source[Number(line) - 1], String(span?.stacks[0])).toContain('broken shelf')
  })

  test.each(names)('%s traces what the app asks of others, and tells them', async (name) => {
    const { text, traceId } = await ask(running, name, '/v1/asks')
    const trace = await awaitTrace(running.collectorUrl, traceId, ({ spans }) => spans.length >= 2)
    expect(trace.spans).toHaveLength(2)
    const [client] = trace.spans.filter(({ span }) => span.kind === SpanKind.client)
    const [server] = trace.spans.filter(({ span }) => span.kind === SpanKind.server)
    expect(client?.span).toMatchObject({
      name: 'GET',
      parentSpanId: server?.span.spanId,
      status: { code: StatusCode.error },
    })
    expect(byKey(client?.span.attributes ?? [])).toMatchObject({
      'http.request.method': 'GET',
      'http.response.status_code': 402n,
      'error.type': '402',
      'server.address': '127.0.0.1',
      'url.full': expect.stringMatching(/^http:.*\/prices\?token=REDACTED&of=oak$/),
    })
    expect(JSON.parse(text)).toEqual({
      traceparent: `00-${traceId}-${client?.span.spanId}-01`,
      own: 'kept',
      members: name === 'bun' ? ['preconnect'] : [],
    })
  })

  test.each(names)('%s has awaited what the app awaits at its top', async (name) => {
    expect((await ask(running, name, '/v1/shelves')).text).toBe('3')
  })

  test('what the exporters ask of the collector is in no trace', async () => {
    const answer = await fetch(`${running.collectorUrl}/api/traces?limit=500`)
    expect(await answer.text()).not.toContain('"rootName":"POST')
  })

  test.each(names)('%s finishes what was given to waitUntil', async (name) => {
    await ask(running, name, '/v1/books/8')
    await expect
      .poll(() => running.lines.filter((line) => line.startsWith(`${name}: `)).join('\n'))
      .toMatch(/after \/v1\/books\/8$/m)
  })
})

test('an app that waits at its top for what a Worker may do in a request only is told so', async () => {
  await using app = await writeForeignApp({
    'index.ts': `import { Hono } from 'hono'
const word = await new Promise((resolve) => setTimeout(resolve, 5, 'late'))
export default new Hono().get('/', (c) => c.text(word))
`,
  })
  const workers = presentRuntimes.filter(({ name }) => name === 'workers')
  await expect(startForeignApp(app.file, workers)).rejects.toThrow(
    /^workers ended .* before it was ready[\s\S]*Disallowed operation called within global scope/,
  )
})

// As they are read in Node, which has nothing of these.
const ofOnePlatform: Readonly<Record<string, string>> = {
  bun: `import { Database } from 'bun:sqlite'
import { Hono } from 'hono'
import { serveStatic } from 'hono/bun'
const { version } = Bun
const one = new Database(':memory:').query('select 1 as one').get()
export default new Hono().get('/', (c) => c.json({ version: typeof version, one })).use('/*', serveStatic({ root: '.' }))
`,
  deno: `import { Hono } from 'npm:hono@4'
import { serveStatic } from 'hono/deno'
const { version } = Deno
export default new Hono().get('/', (c) => c.json({ version: typeof version.deno, one: { one: 1 } })).use('/*', serveStatic({ root: '.' }))
`,
  workers: `import { env, WorkerEntrypoint } from 'cloudflare:workers'
import { Hono } from 'hono'
export class Other extends WorkerEntrypoint {}
export default new Hono().get('/', (c) => c.json({ version: typeof env.SHELF, one: { one: 1 } }))
`,
}

test.each(presentRuntimes.filter(({ name }) => name in ofOnePlatform))(
  '$name alone runs an app that no other can',
  async (runtime) => {
    await using app = await writeForeignApp({ 'index.ts': ofOnePlatform[runtime.name] ?? '' })
    await using running = await startForeignApp(app.file, [runtime], { SHELF: 'oak' })
    const { response, text } = await ask(running, runtime.name, '/')
    expect([response.status, text]).toEqual([200, '{"version":"string","one":{"one":1}}'])
  },
)

describe('a notes app with one table', () => {
  let app: ForeignApp
  let running: RunningApp
  beforeAll(async () => {
    app = await writeForeignApp(
      {
        'notes.ts': `import { Hono } from 'hono'
import { defineApplication } from ${JSON.stringify(join(import.meta.dirname, 'define-application.ts'))}

type Database = { notes: { id: number; text: string } }

export default defineApplication({
  name: 'notes',
  version: '3.2.1',
  database: {
    name: 'notes',
    migrations: {
      '0001-notes': {
        async up(db) {
          await db.schema
            .createTable('notes')
            .addColumn('id', 'integer', (column) => column.primaryKey().generatedAlwaysAsIdentity())
            .addColumn('text', 'text', (column) => column.notNull())
            .execute()
        },
      },
    },
  },
  readyPath: '/ready',
  staticFiles: { package: 'paper', names: ['sizes/a4.txt'] },
  create({ database, ping, log, readStaticFile }) {
    const db = database<Database>()
    const app = new Hono()
    app.get('/ready', async (c) => c.text(await ping()))
    app.get('/paper/*', async (c) => {
      const file = await readStaticFile(c.req.path.slice('/paper/'.length))
      return file === null ? c.notFound() : c.body(file)
    })
    app.get('/notes', async (c) => c.json(await db.selectFrom('notes').selectAll().execute()))
    app.post('/notes', async (c) => {
      const { text } = await c.req.json()
      const note = await db.insertInto('notes').values({ text }).returning('id').executeTakeFirstOrThrow()
      log({ severity: 'info', event: 'note.created', message: 'note created' })
      return c.json(note, 201)
    })
    return app
  },
})
`,
        'node_modules/paper/package.json': '{"name":"paper","version":"1.0.0"}',
        'node_modules/paper/sizes/a4.txt': '210 × 297',
      },
      ['hono', 'kysely'],
    )
    running = await startForeignApp(app.file, presentRuntimes)
  })
  afterAll(async () => {
    await running?.[Symbol.asyncDispose]()
    await app?.[Symbol.asyncDispose]()
  })

  test.each(names)(
    '%s reads the static files of a package that is installed beside it',
    async (name) => {
      expect((await ask(running, name, '/paper/sizes/a4.txt')).text).toBe('210 × 297')
      expect((await ask(running, name, '/paper/package.json')).response.status).toBe(404)
    },
  )

  test.each(names)('%s has its statements and its log records in the trace', async (name) => {
    const created = await ask(running, name, '/notes', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text: name }),
    })
    expect(created.response.status).toBe(201)
    const trace = await awaitTrace(
      running.collectorUrl,
      created.traceId,
      ({ spans, logs }) => spans.length >= 2 && logs.length >= 1,
    )
    const spans = spansOf(trace)
    expect(spans.map((span) => span.name)).toContain('POST /notes')
    expect(spans.find((span) => span.name === 'INSERT notes')).toMatchObject({
      attributes: { 'db.namespace': 'notes', 'db.collection.name': 'notes' },
      resource: { 'service.name': 'notes', 'service.version': '3.2.1' },
    })
    expect(trace.logs.map(({ record }) => record.eventName)).toEqual(['note.created'])
    expect((await ask(running, name, '/notes')).text).toContain(`"text":"${name}"`)
  })

  test('compare finds no difference that nobody declared', async () => {
    const lines: string[] = []
    const targets = running.services.flatMap(({ runtime, url }) => [
      ...['--target', `${runtime.name}=${url}`],
    ])
    const child = await startChild({
      program: process.execPath,
      args: [
        join(projectFolder, 'runtimes', 'compare', 'compare.ts'),
        ...['--app', app.file, ...targets, '--collector', running.collectorUrl],
        ...['--rounds', '2', '--warm-up', '1', '--out', join(app.folder, 'report')],
      ],
      onLine: (line) => lines.push(line),
    })
    expect(await child.ended, lines.join('\n')).toBe('exit code 0')
  }, 60_000)
})
