import { context } from '@opentelemetry/api'
import { readRequestTrace } from './request-trace.ts'
import type { TraceableApp } from './traceable-app.ts'

/**
 * Has a Hono app tell the trace of a request what was thrown in it. After the app's own error handler, `c.error` holds
 * it, as Hono's middleware would find it there.
 */
export function noteErrors(app: TraceableApp): void {
  const handler: unknown = Reflect.get(app, 'errorHandler')
  if (typeof handler !== 'function') return
  Reflect.set(app, 'errorHandler', (error: unknown, c: object) => {
    const trace = readRequestTrace(context.active())
    // Hono does so itself where there is middleware.
    Reflect.set(c, 'error', error)
    // The context itself: what it holds may change until there is an answer.
    if (trace !== undefined) trace.failed = c
    return Reflect.apply(handler, app, [error, c])
  })
}
