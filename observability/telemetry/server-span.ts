import { httpInstrumentationMiddleware } from '@hono/otel'
import {
  type Attributes,
  context,
  createContextKey,
  type Span,
  SpanStatusCode,
  type Context as TraceContext,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import {
  ATTR_ERROR_TYPE,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_HTTP_ROUTE,
} from '@opentelemetry/semantic-conventions'
import type { Context, MiddlewareHandler } from 'hono'
import { routePath } from 'hono/route'
import { knownMethod, readRequestAttributes } from './request-attributes.ts'
import { onBodySent, watchForStreams } from './response-body.ts'
import { createTraceClock, setTraceClock } from './trace-clock.ts'

const requestKey = createContextKey('hono request')
const spanKey = createContextKey('hono server span')

export type ServerSpanOptions = {
  readonly tracer: Tracer
  /**
   * Resolves when the platform has handed the whole response to the network, or has given it up.
   * Without it, a stream is watched to its end and any other body counts as sent when it is made.
   */
  readonly sent?: ((c: Context) => Promise<void> | undefined) | undefined
  /** Told when a server span has ended, so that an adapter can flush after it. */
  readonly onEnd?: ((c: Context) => void) | undefined
}

/**
 * Opens one SERVER span per request, by `@hono/otel`, completed to what the semantic conventions ask.
 *
 * The middleware is left as it is; it is given a tracer of ours, and through the spans that this one hands out we
 * mend what differs: attributes it does not know, `/*` as the route of a path that matched nothing, ERROR on a 4xx,
 * a URL with its query in clear, and an end before the body was sent.
 *
 * The answer carries `x-trace-id`, so that a person can go from a response to its trace.
 */
export function traceRequests(options: ServerSpanOptions): MiddlewareHandler {
  const instrument = httpInstrumentationMiddleware({
    tracer: completingTracer(options),
    captureActiveRequests: false,
    spanNameFactory: (c) => spanName(c),
  })
  return (c, next) => {
    watchForStreams(c)
    const active = context.active().setValue(requestKey, c)
    return context.with(active, async () => {
      await instrument(c, next)
    })
  }
}

/** The server span of the request that `active` belongs to, whatever span is active inside of it. */
export function readServerSpan(active: TraceContext): Span | undefined {
  const span = active.getValue(spanKey)
  return isSpan(span) ? span : undefined
}

function isSpan(value: unknown): value is Span {
  return typeof value === 'object' && value !== null && 'spanContext' in value
}

function isHonoContext(value: unknown): value is Context {
  return typeof value === 'object' && value !== null && 'req' in value && 'res' in value
}

/** The pattern that matched, or nothing for a path that only middleware matched. */
function matchedRoute(c: Context): string | undefined {
  const route = routePath(c, -1)
  return route === '' || route === '*' || route === '/*' ? undefined : route
}

function spanName(c: Context): string {
  const method = knownMethod(c.req.method)
  const name = method === '_OTHER' ? 'HTTP' : method
  const route = matchedRoute(c)
  return route === undefined ? name : `${name} ${route}`
}

/** A tracer for `@hono/otel` alone, which calls nothing of it but `startActiveSpan`. */
function completingTracer(options: ServerSpanOptions): Tracer {
  const { tracer } = options
  return {
    startSpan: tracer.startSpan.bind(tracer),
    // biome-ignore lint/suspicious/noExplicitAny: the overloads of the interface allow no narrower implementation
    startActiveSpan(name: string, ...rest: any[]) {
      const [spanOptions, parent, run] = rest
      const c = parent.getValue(requestKey)
      if (!isHonoContext(c)) return tracer.startActiveSpan(name, spanOptions, parent, run)

      const attributes = readRequestAttributes({
        method: c.req.method,
        url: c.req.url,
        userAgent: c.req.header('user-agent'),
      })
      const startMillis = Date.now()
      const clock = createTraceClock(startMillis)
      const span = tracer.startSpan(name, { ...spanOptions, attributes }, parent)
      c.header('x-trace-id', span.spanContext().traceId)

      const active = setTraceClock(trace.setSpan(parent, span), clock).setValue(spanKey, span)
      return context.with(active, run, undefined, completingSpan(span, c, options))
    },
  }
}

/** What `@hono/otel` sees of the span: it writes here, and only what is right gets through. */
function completingSpan(span: Span, c: Context, options: ServerSpanOptions): Span {
  let failed = false
  const facade: Span = {
    spanContext: () => span.spanContext(),
    isRecording: () => span.isRecording(),
    setAttribute(key, value) {
      if (key === ATTR_HTTP_RESPONSE_STATUS_CODE) complete(Number(value))
      else if (key !== ATTR_HTTP_ROUTE) span.setAttribute(key, value)
      return facade
    },
    setAttributes(attributes: Attributes) {
      for (const [key, value] of Object.entries(attributes))
        if (value !== undefined) facade.setAttribute(key, value)
      return facade
    },
    updateName() {
      span.updateName(spanName(c))
      return facade
    },
    // Only `complete` knows whether there was an error: a 4xx is the client's.
    setStatus: () => facade,
    recordException(exception) {
      // Thrown through all of Hono, such as a thrown string: the platform will answer 500.
      if (!failed && c.error !== exception) complete(500)
      if (failed) span.recordException(exception)
    },
    addEvent(name, ...rest) {
      span.addEvent(name, ...rest)
      return facade
    },
    addLink(link) {
      span.addLink(link)
      return facade
    },
    addLinks(links) {
      span.addLinks(links)
      return facade
    },
    end() {
      onBodySent(c, options.sent, () => {
        span.end()
        options.onEnd?.(c)
      })
    },
  }

  function complete(status: number): void {
    failed = status >= 500
    const route = matchedRoute(c)
    if (route !== undefined) span.setAttribute(ATTR_HTTP_ROUTE, route)
    span.setAttribute(ATTR_HTTP_RESPONSE_STATUS_CODE, status)
    if (!failed) return
    span.setStatus({ code: SpanStatusCode.ERROR })
    span.setAttribute(ATTR_ERROR_TYPE, String(status))
  }

  return facade
}
