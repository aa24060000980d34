import { connect } from 'node:net'
import { trace } from '@opentelemetry/api'
import { Hono } from 'hono'
import { cors } from 'hono/cors'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SpanKind, StatusCode } from '../../otlp/model.ts'
import { byName } from '../testing/otlp-receiver.ts'
import { startTracedService, type TracedService } from '../testing/traced-service.ts'

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
const hexTraceId = /^[0-9a-f]{32}$/

function define(app: Hono): void {
  app.use('/cors/*', cors({ origin: 'https://example.com' }))
  app.use('/guarded/*', async (c, next) => {
    if (c.req.header('x-pass') === undefined) return c.text('too large', 413)
    await next()
  })
  app.get('/hello/:name', (c) => c.text(`hello ${c.req.param('name')}`))
  app.post('/hello/:name', (c) => c.json({ made: true }, 201))
  app.all('/hello/:name', (c) => c.text('no', 405, { allow: 'GET, POST' }))
  app.get('/cors/data', (c) => c.text('data'))
  app.get('/guarded/data', (c) => c.text('data'))
  app.get('/files/*', (c) => c.text('a file'))

  const inner = new Hono()
  inner.get('/:id', (c) => c.text(c.req.param('id') ?? ''))
  app.route('/users/:user/todos', inner)

  app.get('/empty', (c) => c.body(null, 204))
  app.get('/foreign', () => new Response('made by hand', { headers: { 'x-own': '1' } }))
  app.get('/redirect', () => Response.redirect('https://example.com/'))
  app.get('/active', (c) => c.text(trace.getActiveSpan()?.spanContext().spanId ?? 'none'))
}

describe.each([
  ['a platform that tells when a response was sent', true],
  ['a platform that does not tell', false],
])('on %s', (_, tellsWhenSent) => {
  let service: TracedService
  beforeAll(async () => {
    service = await startTracedService(define, { tellsWhenSent })
  })
  afterAll(async () => {
    await service[Symbol.asyncDispose]()
  })

  test('a span says everything of its request, in the types of the conventions', async () => {
    const { response, span } = await service.observe('/hello/bob?skip=1&access_token=s3cr3t', {
      headers: { 'user-agent': 'tester/1.0', authorization: 'Bearer s3cr3t', cookie: 'a=s3cr3t' },
    })
    expect(span).toMatchObject({
      name: 'GET /hello/:name',
      kind: SpanKind.server,
      parentSpanId: '',
      status: { code: StatusCode.unset, message: '' },
      events: [],
      links: [],
      droppedAttributesCount: 0,
    })
    expect(byName(span.attributes)).toEqual({
      'http.request.method': 'GET',
      'url.scheme': 'http',
      'url.path': '/hello/bob',
      'url.query': 'skip=1&access_token=REDACTED',
      'server.address': '127.0.0.1',
      'server.port': BigInt(new URL(service.url).port),
      'http.route': '/hello/:name',
      'http.response.status_code': 200n,
      'user_agent.original': 'tester/1.0',
    })
    expect(response.headers.get('x-trace-id')).toBe(span.traceId)
    expect(span.endNanos).toBeGreaterThan(span.startNanos)
    expect(
      JSON.stringify(span.attributes, (_, v) => (typeof v === 'bigint' ? `${v}` : v)),
    ).not.toContain('s3cr3t')
  })

  test.each([
    ['POST', '/hello/bob', 'POST /hello/:name', '/hello/:name', 201n],
    ['GET', '/users/7/todos/42', 'GET /users/:user/todos/:id', '/users/:user/todos/:id', 200n],
    ['GET', '/files/a/b.txt', 'GET /files/*', '/files/*', 200n],
    ['PATCH', '/hello/bob', 'PATCH /hello/:name', '/hello/:name', 405n],
    ['GET', '/guarded/data', 'GET /guarded/data', '/guarded/data', 413n],
    ['GET', '/nowhere', 'GET', undefined, 404n],
    ['POST', '/empty', 'POST', undefined, 404n],
    ['GET', '/cors/nowhere', 'GET', undefined, 404n],
    ['GET', '/empty', 'GET /empty', '/empty', 204n],
    ['GET', '/redirect', 'GET /redirect', '/redirect', 302n],
  ])('%s %s is called %j', async (method, path, name, route, status) => {
    const { span } = await service.observe(path, { method })
    expect(span.name).toBe(name)
    expect(byName(span.attributes)['http.route']).toBe(route)
    expect(byName(span.attributes)['http.response.status_code']).toBe(status)
    expect(span.status.code).toBe(StatusCode.unset)
  })

  test('HEAD is itself, with the route of GET', async () => {
    const { span, response } = await service.observe('/hello/bob', { method: 'HEAD' })
    expect(span.name).toBe('HEAD /hello/:name')
    expect(byName(span.attributes)['http.request.method']).toBe('HEAD')
    expect(response.headers.get('x-trace-id')).toBe(span.traceId)
  })

  test('a preflight is answered by middleware, whose pattern is the route', async () => {
    const { span, response } = await service.observe('/cors/data', {
      method: 'OPTIONS',
      headers: { origin: 'https://example.com', 'access-control-request-method': 'GET' },
    })
    expect(response.status).toBe(204)
    expect(span.name).toBe('OPTIONS /cors/*')
    expect(response.headers.get('x-trace-id')).toBe(span.traceId)
  })

  test('an unknown method is _OTHER, and HTTP in the name', async () => {
    const seen = service.receiver.spans().length
    // One that Node's parser knows; others it refuses by itself.
    await sendRaw(
      service.url,
      'PROPFIND /hello/bob HTTP/1.1\r\nHost: pot\r\nConnection: close\r\n\r\n',
    )
    const span = (await service.awaitSpans(seen + 1)).at(-1)
    expect(span?.name).toBe('HTTP /hello/:name')
    expect(byName(span?.attributes ?? [])).toMatchObject({
      'http.request.method': '_OTHER',
      'http.request.method_original': 'PROPFIND',
      'server.address': 'pot',
      'server.port': 80n,
    })
  })

  test('an answer that a handler made by hand has the trace id too', async () => {
    const { span, response, body } = await service.observe('/foreign')
    expect(body).toBe('made by hand')
    expect(response.headers.get('x-own')).toBe('1')
    expect(response.headers.get('x-trace-id')).toBe(span.traceId)
  })

  test('a redirect, whose headers cannot be changed, has it too', async () => {
    const { span, response } = await service.observe('/redirect')
    expect(response.headers.get('location')).toBe('https://example.com/')
    expect(response.headers.get('x-trace-id')).toBe(span.traceId)
  })

  describe('an incoming trace', () => {
    test('that is sampled is continued, with its state', async () => {
      const { span, response } = await service.observe('/hello/bob', {
        headers: { traceparent, tracestate: 'vendor=1,other=2' },
      })
      expect(span).toMatchObject({
        traceId: '0af7651916cd43dd8448eb211c80319c',
        parentSpanId: 'b7ad6b7169203331',
        traceState: 'vendor=1,other=2',
      })
      expect(response.headers.get('x-trace-id')).toBe('0af7651916cd43dd8448eb211c80319c')
    })

    test('that is not sampled is named in the answer, and leaves no span', async () => {
      const seen = service.receiver.spans().length
      const response = await fetch(`${service.url}/hello/bob`, {
        headers: { traceparent: traceparent.replace(/01$/, '00') },
      })
      await response.text()
      expect(response.headers.get('x-trace-id')).toBe('0af7651916cd43dd8448eb211c80319c')
      await service.observe('/hello/next')
      expect(service.receiver.spans()).toHaveLength(seen + 1)
    })

    test.each([
      ['no hex', '00-zz7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'],
      ['all zeros', '00-00000000000000000000000000000000-0000000000000000-01'],
      ['too short', '00-0af7651916cd43dd-b7ad6b71-01'],
      ['a forbidden version', 'ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'],
      ['an empty one', ''],
    ])('that is malformed (%s) begins a new one', async (_name, malformed) => {
      const { span } = await service.observe('/hello/bob', { headers: { traceparent: malformed } })
      expect(span.parentSpanId).toBe('')
      expect(span.traceId).toMatch(hexTraceId)
      expect(span.traceId).not.toBe('0af7651916cd43dd8448eb211c80319c')
    })
  })

  test('the server span is the active one within a handler', async () => {
    const { span, body } = await service.observe('/active')
    expect(body).toBe(span.spanId)
  })

  test('50 requests at once have a trace of their own each', async () => {
    const seen = service.receiver.spans().length
    const ids = Array.from({ length: 50 }, () => crypto.randomUUID().replaceAll('-', ''))
    const answers = await Promise.all(
      ids.map(async (id) => {
        const response = await fetch(`${service.url}/active`, {
          headers: { traceparent: `00-${id}-b7ad6b7169203331-01` },
        })
        return { id, spanId: await response.text(), traceId: response.headers.get('x-trace-id') }
      }),
    )
    const spans = (await service.awaitSpans(seen + 50)).slice(seen)
    expect(spans).toHaveLength(50)
    for (const { id, spanId, traceId } of answers) {
      expect(traceId).toBe(id)
      expect(spans.filter((span) => span.traceId === id).map((span) => span.spanId)).toEqual([
        spanId,
      ])
    }
  })
})

/** Sends text over a socket of its own, and resolves with the answer when the other side has closed it. */
function sendRaw(url: string, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(text))
    socket.on('data', (chunk) => {
      answer += chunk
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(answer))
  })
}
