import type { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { StatusCode } from '../../otlp/model.ts'
import { byName } from '../testing/otlp-receiver.ts'
import { startTracedService, type TracedService } from '../testing/traced-service.ts'

function define(app: Hono): void {
  app.get('/unavailable', (c) => c.text('later', 503))
  app.get('/problem', () => {
    throw new HTTPException(404, { message: 'no such thing' })
  })
  app.get('/error', () => {
    throw new TypeError('a bug')
  })
  app.get('/string', () => {
    throw 'a string'
  })
  app.get('/undefined', () => {
    throw undefined
  })
  // Beside middleware, Hono takes that for an error.
  app.use('/forgotten', async (_, next) => {
    await next()
  })
  // @ts-expect-error a handler that forgets to answer
  app.get('/forgotten', () => {})

  app.onError((error, c) => {
    if (error instanceof HTTPException) return error.getResponse()
    if (error.message === 'thrown again') throw error
    return c.json({ failed: true }, 500)
  })
  app.get('/again', () => {
    throw new Error('thrown again')
  })
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

  test('errors of the client are no error of the span, and leave no exception', async () => {
    const { span, response } = await service.observe('/problem')
    expect(response.status).toBe(404)
    expect(response.headers.get('x-trace-id')).toBe(span.traceId)
    expect(span).toMatchObject({ status: { code: StatusCode.unset }, events: [] })
    expect(byName(span.attributes)).not.toHaveProperty('error.type')
  })

  test('errors that a handler answers itself have a type and no exception', async () => {
    const { span } = await service.observe('/unavailable')
    expect(span).toMatchObject({ status: { code: StatusCode.error, message: '' }, events: [] })
    expect(byName(span.attributes)).toMatchObject({
      'http.response.status_code': 503n,
      'error.type': '503',
    })
  })

  test('errors that are thrown are recorded once, with their stack, within the span', async () => {
    const { span, response } = await service.observe('/error')
    expect(response.status).toBe(500)
    expect(response.headers.get('x-trace-id')).toBe(span.traceId)
    expect(span.status.code).toBe(StatusCode.error)
    expect(byName(span.attributes)).toMatchObject({
      'http.response.status_code': 500n,
      'error.type': '500',
      'http.route': '/error',
    })
    expect(span.events.map(({ name }) => name)).toEqual(['exception'])
    const [event] = span.events
    expect(byName(event?.attributes ?? [])).toEqual({
      'exception.type': 'TypeError',
      'exception.message': 'a bug',
      'exception.stacktrace': expect.stringMatching(
        /^TypeError: a bug\n +at .*server-span-errors\.test/,
      ),
    })
    expect(event?.timeNanos).toBeGreaterThanOrEqual(span.startNanos)
    expect(event?.timeNanos).toBeLessThanOrEqual(span.endNanos)
  })

  test.each([
    [
      'a thrown string',
      '/string',
      [{ 'exception.type': 'string', 'exception.message': 'a string' }],
    ],
    ['undefined, thrown', '/undefined', [{ 'exception.type': 'undefined' }]],
    [
      'an error that the error handler throws again',
      '/again',
      [expect.objectContaining({ 'exception.message': 'thrown again' })],
    ],
    [
      'a handler that forgets to answer',
      '/forgotten',
      [expect.objectContaining({ 'exception.message': expect.stringContaining('not finalized') })],
    ],
  ])('%s is answered 500, and is one on the span', async (_name, path, exceptions) => {
    const { span, response } = await service.observe(path)
    expect(response.status).toBe(500)
    expect(span.status.code).toBe(StatusCode.error)
    expect(byName(span.attributes)).toMatchObject({
      'http.response.status_code': 500n,
      'error.type': '500',
    })
    expect(span.events.map(({ attributes }) => byName(attributes))).toEqual(exceptions)
  })
})
