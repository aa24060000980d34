import { type Context, createContextKey, ROOT_CONTEXT, type Span } from '@opentelemetry/api'
import { LinkedContext, spanKey } from './linked-context.ts'
import { createTraceClock, type TraceClock } from './trace-clock.ts'

const requestKey = createContextKey('hono request trace')

/** A request as the platform handed it over, and what came with it. */
export type AskedRequest = {
  readonly request: Request
  /** Bindings: what a platform puts beside a request. */
  readonly env: unknown
  readonly executionCtx: unknown
  /** To be called when the answer has left, or was given up; only the first call counts. */
  end(): void
}

/**
 * The trace of one request. It is the context of all that runs within, so that one store and one object per request
 * hold everything: each further value of a context of OpenTelemetry's own costs a copy of all the others.
 */
export class RequestTrace implements Context, AskedRequest {
  readonly request: Request
  readonly env: unknown
  readonly executionCtx: unknown
  readonly clock: TraceClock = createTraceClock()
  /** What the request came in: another's context, or the trace of its caller. */
  parent: Context = ROOT_CONTEXT
  /** The server span, whatever span is active inside of it. */
  span: Span | undefined
  /** Set when there is an answer: what is left to do when it was sent. */
  finish: ((trace: RequestTrace) => void) | undefined
  /** What a Hono app says of an error, after its error handler: nothing when it is the client's. */
  failed: { readonly error?: unknown } | undefined
  /** Whether the platform is going to write the trace id. */
  isHeaderSet = false

  constructor(request: Request, env: unknown, executionCtx: unknown) {
    this.request = request
    this.env = env
    this.executionCtx = executionCtx
  }

  getValue(key: symbol): unknown {
    if (key === spanKey) return this.span
    return key === requestKey ? this : this.parent.getValue(key)
  }

  setValue(key: symbol, value: unknown): Context {
    return new LinkedContext(this, key, value)
  }

  deleteValue(key: symbol): Context {
    return new LinkedContext(this, key, undefined)
  }

  end(): void {
    const { finish } = this
    this.finish = undefined
    finish?.(this)
  }
}

/** The trace of the request that `context` belongs to, if it belongs to one. */
export function readRequestTrace(context: Context): RequestTrace | undefined {
  if (context instanceof RequestTrace) return context
  const trace = context.getValue(requestKey)
  return trace instanceof RequestTrace ? trace : undefined
}
