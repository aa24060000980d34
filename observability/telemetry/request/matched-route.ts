import { knownMethod } from './request-attributes.ts'
import type { TraceableApp } from './traceable-app.ts'

/**
 * The pattern of the route that served a request, such as `/api/v1/todos/:id`, or nothing for a path that has none.
 *
 * It is read from the app's own router, after the answer. Hono keeps middleware and handlers in one list. The last in it
 * is the most specific, and it is a middleware's when it holds for all methods below a path. Such a one may answer by
 * itself (a preflight, a file), and then it is the route; a 404 means that it let the request pass, to nowhere.
 */
export function readMatchedRoute(
  app: TraceableApp,
  request: Request,
  env: unknown,
  status: number,
): string | undefined {
  const { router } = app
  if (router === undefined || app.getPath === undefined) return undefined
  const { method } = request
  // Hono answers HEAD with the route of GET.
  const [handlers] = router.match(method === 'HEAD' ? 'GET' : method, app.getPath(request, { env }))
  const last = handlers.at(-1)?.[0][1]
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
