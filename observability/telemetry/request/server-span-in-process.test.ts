import { context, ROOT_CONTEXT, type Tracer, trace } from '@opentelemetry/api'
import {
  BasicTracerProvider,
  type ReadableSpan,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-base'
import type { Hono } from 'hono'
import { describe, expect, test } from 'vitest'
import { StatusCode } from '../../otlp/model.ts'
import { wait } from '../testing/durations.ts'
import { byName } from '../testing/otlp-receiver.ts'
import { slowly } from '../testing/slow-stream.ts'
import { startTracedService } from '../testing/traced-service.ts'

function define(app: Hono): void {
  app.get('/hello/:name', (c) => c.text(`hello ${c.req.param('name')}`))
  app.get('/stream', (c) => c.body(slowly(['one', 'two', 'three'])))
}

/** A tracer that is not ours, and puts its spans where they can be seen when they have ended. */
function createForeignTracer(ended: ReadableSpan[]): Tracer {
  const processor: SpanProcessor = {
    onStart() {},
    onEnd: (span) => ended.push(span),
    async forceFlush() {},
    async shutdown() {},
  }
  return new BasicTracerProvider({ spanProcessors: [processor] }).getTracer('foreign')
}

describe('in process, without a server', () => {
  test('a request leaves the same span', async () => {
    await using service = await startTracedService(define)
    const response = await service.app.request('https://[::1]:8443/hello/bob?q=1')
    expect(await response.text()).toBe('hello bob')
    const [span] = await service.awaitSpans(1)
    expect(span?.name).toBe('GET /hello/:name')
    expect(byName(span?.attributes ?? [])).toEqual({
      'http.request.method': 'GET',
      'url.scheme': 'https',
      'url.path': '/hello/bob',
      'url.query': 'q=1',
      'server.address': '::1',
      'server.port': 8443n,
      'http.route': '/hello/:name',
      'http.response.status_code': 200n,
    })
    expect(response.headers.get('x-trace-id')).toBe(span?.traceId)
  })

  test('a stream that is read, and one that is left, end their spans', async () => {
    await using service = await startTracedService(define)
    const read = await service.app.request('/stream')
    expect(service.receiver.spans()).toEqual([])
    expect(await read.text()).toBe('onetwothree')
    const left = await service.app.request('/stream')
    await left.body?.cancel('enough')
    const spans = await service.awaitSpans(2)
    expect(spans.map(({ status }) => status.code)).toEqual([StatusCode.unset, StatusCode.unset])
  })

  test('cookies that were prepared stay apart on a stream that is watched', async () => {
    await using service = await startTracedService((app) => {
      app.get('/', (c) => {
        c.header('set-cookie', 'a=1', { append: true })
        c.header('set-cookie', 'b=2', { append: true })
        return c.body(slowly(['x']), 200, { 'content-type': 'text/event-stream' })
      })
    })
    const response = await service.app.request('/')
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    expect(await response.text()).toBe('x')
  })

  test('nothing of a stream is read before somebody asks for it', async () => {
    let pulled = 0
    await using service = await startTracedService((app) => {
      app.get('/', (c) =>
        c.body(
          new ReadableStream(
            {
              pull(controller) {
                pulled += 1
                controller.enqueue(new Uint8Array([120]))
              },
            },
            { highWaterMark: 0 },
          ),
        ),
      )
    })
    const response = await service.app.request('/')
    await wait(20)
    expect(pulled).toBe(0)
    await response.body?.cancel()
  })

  test('a body that was locked elsewhere passes, and the span ends', async () => {
    await using service = await startTracedService((app) => {
      app.get('/', () => {
        const response = new Response('locked')
        response.body?.getReader()
        return response
      })
    })
    const response = await service.app.request('/')
    expect(response.status).toBe(200)
    expect(await service.awaitSpans(1)).toHaveLength(1)
  })

  test('an adapter whose questions and news fail does not fail a request', async () => {
    let ended = 0
    await using service = await startTracedService(define, {
      telemetry: {
        sent() {
          throw new Error('a bug of the adapter')
        },
        onRequestEnd() {
          ended += 1
          throw new Error('a bug of the adapter')
        },
      },
    })
    expect((await service.app.request('/hello/bob')).status).toBe(200)
    expect(await (await service.app.request('/stream')).text()).toBe('onetwothree')
    expect(await service.awaitSpans(2)).toHaveLength(2)
    expect(ended).toBe(2)
  })

  test('a platform that gives a response up by an error ends its span', async () => {
    await using service = await startTracedService(define, {
      telemetry: {
        sent(asked) {
          Promise.reject(new Error('gone')).catch(() => asked.end())
          return true
        },
      },
    })
    await service.app.request('/hello/bob')
    expect(await service.awaitSpans(1)).toHaveLength(1)
  })

  test('a request that a handler makes within has a span of its own below', async () => {
    await using service = await startTracedService((app) => {
      define(app)
      app.get('/outer', async (c) => c.text(await (await app.request('/hello/bob')).text()))
    })
    expect(await (await service.app.request('/outer')).text()).toBe('hello bob')
    const [inner, outer] = await service.awaitSpans(2)
    expect(inner?.name).toBe('GET /hello/:name')
    expect(outer?.name).toBe('GET /outer')
    expect(inner).toMatchObject({ traceId: outer?.traceId, parentSpanId: outer?.spanId })
  })

  test('a span that the platform has opened is never sent, and ours takes its place', async () => {
    await using service = await startTracedService(define, { telemetry: { fromRoot: true } })
    const ended: ReadableSpan[] = []
    const span = createForeignTracer(ended).startSpan('GET')
    const response = await context.with(trace.setSpan(ROOT_CONTEXT, span), () =>
      service.app.request('/hello/bob'),
    )
    await response.text()
    span.end()
    expect(ended).toEqual([])
    const [ours] = await service.awaitSpans(1)
    expect(ours).toMatchObject({ name: 'GET /hello/:name', parentSpanId: '' })
    expect(ours?.traceId).not.toBe(span.spanContext().traceId)
  })

  test('a request that the platform runs in the context of another has a trace of its own', async () => {
    await using service = await startTracedService(
      (app) => {
        define(app)
        app.get('/outer', async (c) => {
          await app.request('/hello/bob')
          return c.text('done')
        })
      },
      { telemetry: { fromRoot: true } },
    )
    await service.app.request('/outer')
    const [inner, outer] = await service.awaitSpans(2)
    expect(inner).toMatchObject({ name: 'GET /hello/:name', parentSpanId: '' })
    expect(inner?.traceId).not.toBe(outer?.traceId)
  })

  test('a span around a request that no platform has made is its parent', async () => {
    await using service = await startTracedService(define)
    const ended: ReadableSpan[] = []
    const span = createForeignTracer(ended).startSpan('batch')
    await context.with(trace.setSpan(ROOT_CONTEXT, span), () => service.app.request('/hello/bob'))
    span.end()
    expect(ended.map(({ name }) => name)).toEqual(['batch'])
    const [ours] = await service.awaitSpans(1)
    expect(ours?.parentSpanId).toBe(span.spanContext().spanId)
  })

  test('an adapter is told once for each request, after its span', async () => {
    const ended: string[] = []
    await using service = await startTracedService(define, {
      telemetry: { onRequestEnd: ({ request }) => ended.push(new URL(request.url).pathname) },
    })
    const streaming = await service.app.request('/stream')
    await service.app.request('/hello/bob')
    expect(ended).toEqual(['/hello/bob'])
    await streaming.text()
    expect(ended).toEqual(['/hello/bob', '/stream'])
  })
})
