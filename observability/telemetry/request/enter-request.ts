import { context, ROOT_CONTEXT, trace } from '@opentelemetry/api'
import { readRequestTrace } from './request-trace.ts'

/**
 * Runs what answers a request of the platform in a context of its own, whatever context the platform is in.
 *
 * That may be another request's: Deno runs all requests after an `import()` in the context of the one that made it. Or
 * the platform traces by itself (Deno with `OTEL_DENO`, one day Bun) and has opened a server span. That one is discarded:
 * it holds the query in clear, says the status as a string, and nothing in it can be taken back. A span is sent when it
 * ends, and this one no longer can.
 *
 * To be called by an adapter alone: a request that a handler makes within belongs to the context it is made in.
 */
export function enterRequest<R>(answer: () => R): R {
  const active = context.active()
  const span = trace.getSpan(active)
  // One of another request's is ours, and must end.
  if (span !== undefined && readRequestTrace(active) === undefined)
    Object.defineProperty(span, 'end', { value: () => {}, configurable: true })
  return context.with(ROOT_CONTEXT, answer)
}
