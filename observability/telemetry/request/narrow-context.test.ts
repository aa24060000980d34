import { type Context, Hono } from 'hono'
import { routePath } from 'hono/route'
import { expect, test } from 'vitest'
import { narrowContext, pickHeaders } from './narrow-context.ts'

/** Whatever `look` sees of a request's narrow context, before and after it is answered. */
async function lookAt<T>(look: (narrow: Context) => T): Promise<readonly [T, T]> {
  const seen: T[] = []
  const app = new Hono()
  app.use(async (c, next) => {
    const narrow = narrowContext(c, pickHeaders(c, ['traceparent', 'baggage']))
    seen.push(look(narrow))
    await next()
    seen.push(look(narrow))
  })
  app.get('/hello/:name', (c) => c.text('hello', 201, { 'x-own': '1' }))
  await app.request('/hello/bob?q=1', { headers: { traceparent: 'parent', cookie: 's3cr3t' } })
  const [before, after] = seen
  if (before === undefined || after === undefined) throw new Error('expected two looks')
  return [before, after]
}

test('of the request headers there are those that were picked', async () => {
  const [before] = await lookAt((narrow) => narrow.req.header())
  expect(before).toEqual({ traceparent: 'parent' })
})

test('of the response there is the status, and no header', async () => {
  const [, after] = await lookAt((narrow) => [narrow.res.status, ...narrow.res.headers])
  expect(after).toEqual([201])
})

test('a request that nobody answered is going to be a 500', async () => {
  const [before] = await lookAt((narrow) => narrow.res.status)
  expect(before).toBe(500)
})

test('all the rest is the context itself', async () => {
  const [before, after] = await lookAt((narrow) => [
    narrow.req.method,
    narrow.req.url,
    narrow.req.path,
    routePath(narrow, -1),
    narrow.error,
    narrow.finalized,
  ])
  const request = ['GET', 'http://localhost/hello/bob?q=1', '/hello/bob', '/hello/:name', undefined]
  expect(before).toEqual([...request, false])
  expect(after).toEqual([...request, true])
})
