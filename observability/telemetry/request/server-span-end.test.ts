import { request as httpRequest, type IncomingMessage } from 'node:http'
import type { Hono } from 'hono'
import { stream, streamText } from 'hono/streaming'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { StatusCode } from '../../otlp/model.ts'
import { durationMillis, wait } from '../testing/durations.ts'
import { byName } from '../testing/otlp-receiver.ts'
import { slowly } from '../testing/slow-stream.ts'
import { startTracedService, type TracedService } from '../testing/traced-service.ts'

const largeBytes = 40_000_000

function define(app: Hono): void {
  app.get('/slow', async (c) => {
    await wait(60)
    return c.text('done')
  })
  app.get('/stream', (c) => c.body(slowly(['one', 'two', 'three'])))
  app.get('/stream/text', (c) =>
    streamText(c, async (out) => {
      await out.write('one')
      await wait(50)
      await out.write('two')
    }),
  )
  app.get('/stream/fails', (c) => c.body(slowly(['one'], new RangeError('broken off'))))
  app.get('/stream/fails/early', () => {
    const chunks = ['one']
    const body = new ReadableStream({
      pull(controller) {
        const chunk = chunks.pop()
        if (chunk === undefined) controller.error(new RangeError('broken off'))
        else controller.enqueue(new TextEncoder().encode(chunk))
      },
    })
    return new Response(body)
  })
  app.get('/stream/endless', (c) =>
    stream(c, async (out) => {
      while (!out.aborted) {
        await out.write('x'.repeat(1000))
        await wait(5)
      }
    }),
  )
  app.get('/foreign/stream', () => new Response(slowly(['a', 'b'])))
  app.get('/large', (c) => c.text('x'.repeat(largeBytes)))
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

  test('the span of a slow answer is after it', async () => {
    expect(durationMillis((await service.observe('/slow')).span)).toBeGreaterThanOrEqual(55)
  })

  test.each([
    ['a stream', '/stream', 'onetwothree', 80],
    ['a stream written by a callback', '/stream/text', 'onetwo', 45],
    ['a stream in an answer made by hand', '/foreign/stream', 'ab', 55],
  ])('the span of %s ends when the last byte has left', async (_name, path, text, millis) => {
    const { span, response, body } = await service.observe(path)
    expect(body).toBe(text)
    expect(response.headers.get('x-trace-id')).toBe(span.traceId)
    expect(durationMillis(span)).toBeGreaterThanOrEqual(millis)
    expect(span.status.code).toBe(StatusCode.unset)
  })

  test('the span of a stream that fails is there, as an error with its exception', async () => {
    const { span, body } = await service.observe('/stream/fails')
    expect(body).toMatch(/terminated|Error/)
    expect(durationMillis(span)).toBeGreaterThanOrEqual(25)
    expect(span.status.code).toBe(StatusCode.error)
    expect(byName(span.attributes)).toMatchObject({
      'http.response.status_code': 200n,
      'error.type': 'RangeError',
    })
    expect(span.events).toHaveLength(1)
    expect(byName(span.events[0]?.attributes ?? [])).toMatchObject({
      'exception.type': 'RangeError',
      'exception.message': 'broken off',
    })
  })

  test('a stream that fails early is cut off after its head, as it would be untraced', async () => {
    const { span, response, body } = await service.observe('/stream/fails/early')
    expect([response.status, body]).toEqual([200, expect.stringMatching(/terminated/)])
    expect(span.status.code).toBe(StatusCode.error)
  })

  test('the span of a stream that the client leaves ends, once, and no error', async () => {
    const seen = service.receiver.spans().length
    const left = new AbortController()
    const response = await fetch(`${service.url}/stream/endless`, { signal: left.signal })
    await response.body?.getReader().read()
    left.abort()
    const [span, ...others] = (await service.awaitSpans(seen + 1)).slice(seen)
    expect(span).toMatchObject({
      name: 'GET /stream/endless',
      status: { code: StatusCode.unset },
      events: [],
    })
    await wait(50)
    await service.telemetry.drain()
    expect(others).toEqual([])
    expect(service.receiver.spans()).toHaveLength(seen + 1)
  })

  test('the span of a request that the client leaves before it is answered ends, once', async () => {
    const seen = service.receiver.spans().length
    const left = new AbortController()
    const answer = fetch(`${service.url}/slow`, { signal: left.signal })
    await wait(20)
    left.abort()
    await expect(answer).rejects.toThrow()
    const [span] = (await service.awaitSpans(seen + 1)).slice(seen)
    expect(span?.name).toBe('GET /slow')
    // The handler went on; its work belongs to the span.
    expect(durationMillis(span)).toBeGreaterThanOrEqual(55)
    await wait(50)
    await service.telemetry.drain()
    expect(service.receiver.spans()).toHaveLength(seen + 1)
  })

  test('the span of a HEAD of what would stream ends', async () => {
    expect((await service.observe('/stream', { method: 'HEAD' })).span.name).toBe('HEAD /stream')
  })
})

test('the span of an answer that the client takes slowly ends when it has it all', async () => {
  await using service = await startTracedService(define, { tellsWhenSent: true })
  const incoming = await requestPaused(`${service.url}/large`)
  await wait(80)
  incoming.resume()
  const [span] = await service.awaitSpans(1)
  expect(span?.name).toBe('GET /large')
  expect(durationMillis(span)).toBeGreaterThanOrEqual(80)
})

/** An answer of which nothing is read yet. */
function requestPaused(url: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    httpRequest(url, resolve).on('error', reject).end()
  })
}
