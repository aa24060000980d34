import type { MiddlewareHandler } from 'hono'

/** Seconds for which a browser may remember the answer to a preflight. */
const preflightSeconds = 600

/**
 * Lets pages of the given origins call the service, without credentials.
 *
 * Hono's own middleware writes to `c.res` ahead of the handler, which makes
 * every later response a copy with a streamed body. This one only prepares
 * headers, so an answer stays as light as its handler made it.
 *
 * @param origins Such as `https://example.com`; `*` on its own allows all.
 * @throws For `*` together with others, and for a text that is no origin: neither could ever match.
 */
export function allowOrigins(origins: readonly string[]): MiddlewareHandler {
  const allowed = parseOrigins(origins)
  const isAny = allowed.has('*')

  return async (c, next) => {
    if (!isAny) c.header('vary', 'origin', { append: true })
    const origin = c.req.header('origin')
    if (origin === undefined || !(isAny || allowed.has(origin))) return next()

    c.header('access-control-allow-origin', isAny ? '*' : origin)
    if (c.req.method === 'OPTIONS' && c.req.header('access-control-request-method') !== undefined) {
      return c.body(null, 204, {
        'access-control-allow-methods': 'GET, HEAD, POST, PUT, DELETE',
        // Without credentials a star covers every header but `authorization`, which nothing here reads.
        'access-control-allow-headers': '*',
        'access-control-max-age': String(preflightSeconds),
      })
    }
    c.header('access-control-expose-headers', '*')
    return next()
  }
}

function parseOrigins(origins: readonly string[]): ReadonlySet<string> {
  for (const origin of origins) {
    if (origin === '*') {
      if (origins.length > 1) throw new Error('allowedOrigins: expected * on its own')
    } else if (!/^[a-z][a-z\d+.-]*:\/\/[^/\s]+$/.test(origin)) {
      throw new Error(
        `allowedOrigins: expected an origin such as https://example.com, got ${JSON.stringify(origin)}`,
      )
    }
  }
  return new Set(origins)
}
