import {
  type Attributes,
  propagation,
  type Span,
  SpanKind,
  type Context as TraceContext,
  type Tracer,
} from '@opentelemetry/api'
import {
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_HTTP_ROUTE,
  ATTR_URL_SCHEME,
} from '@opentelemetry/semantic-conventions'
import { failSpan, readErrorType } from '../logs/fail-span.ts'
import { createInstrument, RequestView } from './create-instrument.ts'
import { readForwarded } from './forwarded.ts'
import { nameServerSpan, readMatchedRoute } from './matched-route.ts'
import { noteErrors } from './note-errors.ts'
import { pickHeaders, type ReadHeader, readOwnHeader } from './pick-headers.ts'
import { findPath, readPathAttributes, readRequestAttributes } from './request-attributes.ts'
import { type AskedRequest, RequestTrace } from './request-trace.ts'
import { markWholeResponses, readStream, watchBody } from './response-body.ts'
import type { Fetch, TraceableApp } from './traceable-app.ts'

const traceIdHeader = 'x-trace-id'

/** What a platform adds to the server span: when the answer has left, and what is known of the connection. */
export type ServerSpanOptions = {
  readonly tracer: Tracer
  /**
   * Sees to it that `asked.end` is called when the platform has handed the whole response to the network, or has given
   * it up. Without it, a stream is watched to its end and any other body counts as sent when it is made.
   *
   * @returns Whether it will be called.
   */
  sent?(asked: AskedRequest): boolean
  /**
   * What the platform tells of a request beside the request itself, as attributes of its span. It may tell all of it, but
   * the path and the query; with `url.scheme` it has.
   */
  describe?(asked: AskedRequest): Attributes
  /** Reads a request header where the platform has it at hand. Defaults to the request's own. */
  readHeader?(asked: AskedRequest, name: string): string | undefined
  /**
   * Sets a header of the answer where the platform writes headers, before there is an answer.
   *
   * @returns Whether it did. Else, and without it, the answer itself gets the header.
   */
  setHeader?(asked: AskedRequest, name: string, value: string): boolean
  /** Whether a proxy in front sets `Forwarded` or `X-Forwarded-*` itself, so that they can be believed. */
  readonly trustForwarded?: boolean | undefined
  /** Told when a server span has ended, so that an adapter can flush after it. */
  onEnd?(asked: AskedRequest): void
}

/**
 * Opens one SERVER span per request around an app's `fetch`, by `@hono/otel`, completed to what the semantic conventions
 * ask: when the body has left, we write what it does not know and end the span.
 *
 * The answer carries `x-trace-id`, so that a person can go from a response to its trace. What an app cannot answer (a
 * thrown string) is answered by the platform.
 *
 * To be made after the propagator is registered, which says what headers it reads.
 */
export function traceRequests(options: ServerSpanOptions): (app: TraceableApp) => Fetch {
  const read: ReadHeader = options.readHeader ?? readOwnHeader
  const propagated = propagation.fields()
  const instrument = createInstrument<RequestTrace>(options.tracer, (asked, name, span, parent) =>
    openServerSpan(asked, name, span.kind ?? SpanKind.SERVER, parent),
  )

  function openServerSpan(
    asked: RequestTrace,
    name: string,
    kind: SpanKind,
    parent: TraceContext,
  ): RequestTrace {
    const span = options.tracer.startSpan(name, { kind, startTime: asked.clock() }, parent)
    asked.parent = parent
    asked.span = span
    // None of our samplers reads attributes, so a span that is not kept does not pay for them.
    if (span.isRecording()) describeRequest(span, asked, options, read)
    asked.isHeaderSet =
      attempt(() => options.setHeader?.(asked, traceIdHeader, span.spanContext().traceId)) ?? false
    return asked
  }

  const finish = (asked: RequestTrace) => {
    // A processor that somebody added may fail.
    attempt(() => asked.span?.end(asked.clock()))
    attempt(() => options.onEnd?.(asked))
  }

  markWholeResponses()
  return (app) => {
    noteErrors(app)
    const answer = app.fetch.bind(app)
    return (request, env, executionCtx) => {
      const asked = new RequestTrace(request, env, executionCtx)
      const picked = pickHeaders(asked, read, propagated)
      const view = new RequestView(request.method, request.url, picked)
      const onAnswer = (response: Response): Response => {
        view.status = response.status
        complete(app, asked, response.status, undefined)
        asked.finish = finish
        return letGo(asked, response, options)
      }
      const onThrow = (error: unknown): Promise<never> => {
        view.error = error
        complete(app, asked, 500, { error })
        asked.finish = finish
        if (attempt(() => options.sent?.(asked)) !== true) asked.end()
        return Promise.reject(error)
      }
      let answered: Response | Promise<Response> | undefined
      instrument(asked, view, () => {
        try {
          const given = answer(request, env, executionCtx)
          answered = 'then' in given ? given.then(onAnswer, onThrow) : onAnswer(given)
        } catch (error) {
          answered = onThrow(error)
        }
        return answered
      })
      // Whatever may be wrong with telemetry, a request is answered.
      return answered ?? answer(request, env, executionCtx)
    }
  }
}

function describeRequest(
  span: Span,
  asked: RequestTrace,
  options: ServerSpanOptions,
  read: ReadHeader,
): void {
  const { request } = asked
  const told = attempt(() => options.describe?.(asked))
  if (told !== undefined) span.setAttributes(told)
  if (told?.[ATTR_URL_SCHEME] !== undefined) {
    span.setAttributes(readPathAttributes(request.url, findPath(request.url)))
    return
  }
  span.setAttributes(
    readRequestAttributes({
      method: request.method,
      url: request.url,
      userAgent: read(asked, 'user-agent'),
      ...(options.trustForwarded === true && {
        forwarded: readForwarded((name) => read(asked, name)),
      }),
    }),
  )
}

type Thrown = { readonly error: unknown }

/**
 * Writes what is known when there is an answer.
 *
 * @param thrown What went through all of the app unanswered: the platform is going to answer 500.
 */
function complete(
  app: TraceableApp,
  asked: RequestTrace,
  status: number,
  thrown: Thrown | undefined,
): void {
  const { request, env, span, clock, failed } = asked
  if (span?.isRecording() !== true) return
  const route = attempt(() => readMatchedRoute(app, request, env, status))
  span.updateName(nameServerSpan(request.method, route))
  if (route !== undefined) span.setAttribute(ATTR_HTTP_ROUTE, route)
  span.setAttribute(ATTR_HTTP_RESPONSE_STATUS_CODE, status)
  if (status >= 500) {
    const error: unknown = failed?.error
    failSpan(span, String(status), thrown ?? (error ? { error } : undefined), clock())
  }
}

/** Gives the answer away, with the trace id, and sees to it that the span ends when it has left. */
function letGo(asked: RequestTrace, response: Response, options: ServerSpanOptions): Response {
  const { span, clock, request } = asked
  const isTold = attempt(() => options.sent?.(asked)) === true
  // That of a WebSocket is no Response that could be made again.
  if (span === undefined || response.status < 200) {
    if (!isTold) asked.end()
    return response
  }
  const named = asked.isHeaderSet ? response : nameTrace(response, span.spanContext().traceId)
  // Hono answers HEAD with the headers of GET and drops the body unread.
  const stream = request.method === 'HEAD' ? undefined : attempt(() => readStream(named))
  const watched =
    stream &&
    attempt(() =>
      watchBody(named, stream, {
        onFailure: (error) => failSpan(span, readErrorType(error), { error }, clock()),
        onEnd: isTold ? ignore : () => asked.end(),
      }),
    )
  if (!watched && !isTold) asked.end()
  return watched || named
}

/** The same answer, with the trace id unless it names one itself. Headers of some answers cannot be changed. */
function nameTrace(response: Response, traceId: string): Response {
  try {
    if (!response.headers.has(traceIdHeader)) response.headers.set(traceIdHeader, traceId)
    return response
  } catch {
    const copy = new Response(response.body, response)
    copy.headers.set(traceIdHeader, traceId)
    return copy
  }
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
