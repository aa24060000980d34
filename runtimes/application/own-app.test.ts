import { afterAll, beforeAll, describe, expect, test } from 'vitest'
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

  test.each(names)('%s answers an unknown path as Hono does', async (name) => {
    const { response, text, traceId } = await ask(running, name, '/nope')
    expect([response.status, text]).toEqual([404, '404 Not Found'])
    expect(await traceOf(running, traceId)).toMatchObject([{ name: 'GET' }])
  })
})
