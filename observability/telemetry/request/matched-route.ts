import type { Context } from 'hono'
import { matchedRoutes } from 'hono/route'
import { knownMethod } from './request-attributes.ts'

/**
 * The pattern of the route that serves a request, such as `/api/v1/todos/:id`, or nothing for a path that has none.
 *
 * Hono keeps middleware and handlers in one list. The last in it is the most specific, and it is a middleware's when it
 * holds for all methods below a path. Such a one may answer by itself (a preflight, a file), and then it is the route;
 * a 404 means that it let the request pass, to nowhere.
 */
export function readMatchedRoute(c: Context, status: number): string | undefined {
  const last = matchedRoutes(c).at(-1)
  if (last === undefined) return undefined
  const isMiddleware = last.method === 'ALL' && last.path.endsWith('*')
  return isMiddleware && (last.path === '/*' || status === 404) ? undefined : last.path
}

/** `{method} {route}`, and the method alone without a route. */
export function nameServerSpan(method: string, route?: string): string {
  const known = knownMethod(method)
  const name = known === '_OTHER' ? 'HTTP' : known
  return route === undefined ? name : `${name} ${route}`
}
