import type { MiddlewareHandler } from 'hono'

/**
 * Says in the answer to HEAD how long the body of GET is. Hono drops the body, and of an answer without one some
 * platforms say that its length is 0.
 */
export const sayHeadLength: MiddlewareHandler = async (c, next) => {
  await next()
  if (c.req.method !== 'HEAD') return
  const { byteLength } = await c.res.arrayBuffer()
  c.res.headers.set('content-length', String(byteLength))
}
