import { type Context, createContextKey, type Span } from '@opentelemetry/api'
import type { Context as HonoContext } from 'hono'
import { createTraceClock, type TraceClock } from './trace-clock.ts'

const key = createContextKey('hono request trace')

/**
 * What belongs to the trace of one request, found by whatever runs within it through OpenTelemetry's context.
 *
 * It is one object, made before there is a span, because each value of a context costs a copy of all the others.
 */
export class RequestTrace {
  readonly request: HonoContext
  readonly clock: TraceClock = createTraceClock()
  /** The server span, whatever span is active inside of it. */
  span: Span | undefined

  constructor(request: HonoContext) {
    this.request = request
  }
}

export function setRequestTrace(context: Context, trace: RequestTrace): Context {
  return context.setValue(key, trace)
}

/** The trace of the request that `context` belongs to, if it belongs to one. */
export function readRequestTrace(context: Context): RequestTrace | undefined {
  const trace = context.getValue(key)
  return trace instanceof RequestTrace ? trace : undefined
}
