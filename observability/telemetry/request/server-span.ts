import { httpInstrumentationMiddleware } from '@hono/otel'
import {
  type Attributes,
  context,
  propagation,
  type Span,
  SpanKind,
  type Context as TraceContext,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import {
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_HTTP_ROUTE,
} from '@opentelemetry/semantic-conventions'
import type { Context, MiddlewareHandler } from 'hono'
import { failSpan, readErrorType } from '../logs/fail-span.ts'
import { readForwarded } from './forwarded.ts'
import { KeptOpenSpan } from './kept-open-span.ts'
import { nameServerSpan, readMatchedRoute } from './matched-route.ts'
import { narrowContext, pickHeaders } from './narrow-context.ts'
import { readRequestAttributes } from './request-attributes.ts'
import { RequestTrace, readRequestTrace, setRequestTrace } from './request-trace.ts'
import { watchBody, watchForStream } from './response-body.ts'

const traceIdHeader = 'x-trace-id'

export type ServerSpanOptions = {
  readonly tracer: Tracer
  /**
   * Resolves when the platform has handed the whole response to the network, or has given it up.
   * Without it, a stream is watched to its end and any other body counts as sent when it is made.
   */
  readonly sent?: ((c: Context) => Promise<void> | undefined) | undefined
  /** What the platform tells of a request beside the request itself, as attributes of its span. */
  readonly describe?: ((c: Context) => Attributes) | undefined
  /** Whether a proxy in front sets `Forwarded` or `X-Forwarded-*` itself, so that they can be believed. */
  readonly trustForwarded?: boolean | undefined
  /** Told when a server span has ended, so that an adapter can flush after it. */
  readonly onEnd?: ((c: Context) => void) | undefined
}

/**
 * Opens one SERVER span per request, by `@hono/otel`, completed to what the semantic conventions ask.
 *
 * The middleware is left as it is. It is shown a narrow view of Hono's context, and given a tracer of ours, whose spans
 * it cannot end: we do that, when the body has left, having mended what differs. That is attributes it does not know,
 * `/*` as the route of a path that matched nothing, ERROR on a 4xx, and a URL with its query in clear.
 *
 * The answer carries `x-trace-id`, so that a person can go from a response to its trace. What Hono cannot answer (a
 * thrown string) is answered by the platform, without it.
 *
 * To be made after the propagator is registered, which says what headers it reads.
 */
export function traceRequests(options: ServerSpanOptions): MiddlewareHandler {
  const propagated = propagation.fields()
  const instrument = httpInstrumentationMiddleware({
    tracer: keepOpen(options),
    captureActiveRequests: false,
    spanNameFactory: (c) => nameServerSpan(c.req.method),
  })
  return (c, next) => {
    watchForStream(c)
    const request = new RequestTrace(c)
    const narrow = narrowContext(c, pickHeaders(c, propagated))
    return context.with(setRequestTrace(context.active(), request), () =>
      instrument(narrow, next).then(
        () => complete(request, options, undefined),
        (error: unknown) => {
          complete(request, options, { error })
          throw error
        },
      ),
    )
  }
}

/** A tracer for `@hono/otel` alone, which calls nothing of it but `startActiveSpan`, with all four arguments. */
function keepOpen(options: ServerSpanOptions): Tracer {
  const { tracer } = options
  return {
    startSpan: tracer.startSpan.bind(tracer),
    // biome-ignore lint/suspicious/noExplicitAny: the overloads of the interface allow no narrower implementation
    startActiveSpan(name: string, ...rest: any[]) {
      const [spanOptions, parent, run] = rest
      const request = readRequestTrace(parent)
      if (request === undefined) return tracer.startActiveSpan(name, spanOptions, parent, run)
      const span = startServerSpan(options, name, parent, request)
      return context.with(trace.setSpan(parent, span), run, undefined, new KeptOpenSpan(span))
    },
  }
}

function startServerSpan(
  options: ServerSpanOptions,
  name: string,
  parent: TraceContext,
  request: RequestTrace,
): Span {
  const { request: c, clock } = request
  const span = options.tracer.startSpan(name, { kind: SpanKind.SERVER, startTime: clock() }, parent)
  // None of our samplers reads attributes, so a span that is not kept does not pay for them.
  if (span.isRecording()) {
    const told = attempt(() => options.describe?.(c))
    if (told !== undefined) span.setAttributes(told)
    span.setAttributes(
      readRequestAttributes({
        method: c.req.method,
        url: c.req.url,
        userAgent: c.req.header('user-agent'),
        ...(options.trustForwarded === true && {
          forwarded: readForwarded((header) => c.req.header(header)),
        }),
      }),
    )
  }
  c.header(traceIdHeader, span.spanContext().traceId)
  request.span = span
  return span
}

type Thrown = { readonly error: unknown }

/**
 * Writes what is known when Hono is done, and ends the span when the answer has left.
 *
 * @param thrown What went through all of Hono unanswered: the platform is going to answer 500.
 */
function complete(
  request: RequestTrace,
  options: ServerSpanOptions,
  thrown: Thrown | undefined,
): void {
  const { request: c, span, clock } = request
  if (span === undefined) return
  // Hono may be done without an answer: it throws after us, and answers 500.
  const isAnswered = thrown === undefined && c.finalized
  const status = isAnswered ? c.res.status : 500
  const route = readMatchedRoute(c, status)
  span.updateName(nameServerSpan(c.req.method, route))
  if (route !== undefined) span.setAttribute(ATTR_HTTP_ROUTE, route)
  span.setAttribute(ATTR_HTTP_RESPONSE_STATUS_CODE, status)
  if (status >= 500)
    failSpan(span, String(status), thrown ?? (c.error && { error: c.error }), clock())

  const end = () => {
    span.end(clock())
    attempt(() => options.onEnd?.(c))
  }
  const sent = attempt(() => options.sent?.(c))
  const onBodyEnd = sent === undefined ? end : ignore
  const isWatched = isAnswered && attempt(() => watchAnswer(request, span, onBodyEnd))
  if (sent !== undefined) sent.then(end, end)
  else if (isWatched !== true) end()
}

/** Sees to a Response that a handler made by itself, and to a stream. @returns Whether `onEnd` will be called. */
function watchAnswer({ request: c, clock }: RequestTrace, span: Span, onEnd: () => void): boolean {
  const isForeign = !c.res.headers.has(traceIdHeader)
  const isWatched = watchBody(c, isForeign, {
    onFailure: (error) => failSpan(span, readErrorType(error), { error }, clock()),
    onEnd,
  })
  // Not on a Response that cannot be made again, such as that of a WebSocket.
  if (isForeign) attempt(() => c.header(traceIdHeader, span.spanContext().traceId))
  return isWatched
}

function ignore(): void {}

/** What an adapter is asked and cannot say counts as not said: it must not fail a request. */
function attempt<R>(act: () => R): R | undefined {
  try {
    return act()
  } catch {
    return undefined
  }
}
