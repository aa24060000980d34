import { httpInstrumentationMiddleware } from '@hono/otel'
import {
  context,
  INVALID_SPAN_CONTEXT,
  type Span,
  type SpanOptions,
  type Context as TraceContext,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import { nameServerSpan } from './matched-route.ts'

/** Opens the server span as `@hono/otel` wants it, and gives the context that the request is answered in. */
export type OpenServerSpan<T> = (
  asked: T,
  name: string,
  options: SpanOptions,
  parent: TraceContext,
) => TraceContext

/** Has `@hono/otel` open a span, then call `next` in its context. What `next` gives is when the answer is there. */
export type Instrument<T> = (asked: T, view: RequestView, next: () => unknown) => void

/**
 * `@hono/otel`, around anything that answers requests.
 *
 * The middleware is left as it is. It is shown a plain object instead of Hono's context, and given a tracer of ours,
 * whose spans it can neither name, judge nor end: it would call a path that matched nothing `/*`, a 4xx an error, and a
 * request over when its body has just begun.
 */
export function createInstrument<T>(tracer: Tracer, open: OpenServerSpan<T>): Instrument<T> {
  /** Between the call of the middleware and its asking for a span nothing else can happen. */
  let opening: T | undefined
  const opener: Tracer = {
    startSpan: tracer.startSpan.bind(tracer),
    // biome-ignore lint/suspicious/noExplicitAny: the overloads of the interface allow no narrower implementation
    startActiveSpan(name: string, ...rest: any[]) {
      const [options, parent, run] = rest
      const asked = opening
      opening = undefined
      if (asked === undefined) return // of the probe
      return context.with(open(asked, name, options, parent), run, undefined, keptOpen)
    },
  }
  const middleware: Middleware = {
    run: httpInstrumentationMiddleware({
      tracer: opener,
      captureActiveRequests: false,
      spanNameFactory: (c) => nameServerSpan(c.req.method),
    }),
  }
  learnMatchKey(middleware)
  return (asked, view, next) => {
    opening = asked
    middleware.run(view, next).catch(ignore)
  }
}

/** A method, so that what it takes may be less than Hono's context. */
type Middleware = {
  run(c: Pick<RequestView, 'error'>, next: () => unknown): Promise<unknown>
}

/** What `@hono/otel` sees of a span. */
const keptOpen: Span = trace.wrapSpanContext(INVALID_SPAN_CONTEXT)

/** What `next` throws goes to who asked for the answer. */
function ignore(): void {}

/** Nobody asked for response headers to be captured, and it walks them all the same. */
const noHeaders = { entries: () => [] }

/**
 * What `@hono/otel` reads of Hono's context, which is little; its request and its response are the same object, because
 * no two names of theirs are. Of the request headers it gets those that propagation reads: it copies all it can get.
 */
export class RequestView {
  readonly method: string
  readonly url: string
  readonly headers = noHeaders
  /** Until there is an answer, that nobody answered. */
  status = 500
  error: unknown
  readonly picked: Readonly<Record<string, string>>

  constructor(method: string, url: string, picked: Readonly<Record<string, string>>) {
    this.method = method
    this.url = url
    this.picked = picked
  }

  get req(): this {
    return this
  }

  get res(): this {
    return this
  }

  header(): Readonly<Record<string, string>> {
    return this.picked
  }
}

/**
 * `@hono/otel` asks which route matched, by a symbol that its copy of Hono keeps to itself. It is learned by having the
 * middleware ask a Proxy once, and a view then has it: no route, for ours is read after the answer.
 */
function learnMatchKey(middleware: Middleware): void {
  const view = new RequestView('GET', 'http://localhost/', {})
  const probe = new Proxy(view, {
    get(target, key) {
      if (key === 'req') return probe
      if (typeof key === 'symbol')
        Object.defineProperty(RequestView.prototype, key, { value: [[]], configurable: true })
      return Reflect.get(target, key, target)
    },
  })
  middleware.run(probe, ignore).catch(ignore)
}
