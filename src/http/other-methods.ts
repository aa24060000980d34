import type { Hono } from 'hono'
import { Problem } from './problem.ts'

/**
 * Answers unsupported methods on every path that has a route: OPTIONS with 204, all others with a 405 problem, both
 * with `Allow`.
 *
 * Call it after the last route: it reads from the routes what each path allows.
 */
export function answerOtherMethods(app: Hono): void {
  for (const [path, methods] of listMethods(app)) {
    const allow = [...methods].join(', ')
    app.all(path, (c) => {
      if (c.req.method === 'OPTIONS') return c.body(null, 204, { allow })
      throw new Problem(405, `method: expected one of ${allow}`, { headers: { allow } })
    })
  }
}

function listMethods(app: Hono): ReadonlyMap<string, ReadonlySet<string>> {
  const methodsByPath = new Map<string, Set<string>>()
  for (const { method, path } of app.routes) {
    if (method === 'ALL') continue
    const methods = methodsByPath.get(path) ?? new Set()
    methodsByPath.set(path, methods)
    methods.add(method)
    // Hono answers HEAD wherever it answers GET.
    if (method === 'GET') methods.add('HEAD')
  }
  for (const methods of methodsByPath.values()) methods.add('OPTIONS')
  return methodsByPath
}
