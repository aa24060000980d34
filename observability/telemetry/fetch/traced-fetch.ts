import {
  type Attributes,
  context,
  propagation,
  SpanKind,
  SpanStatusCode,
  type TextMapSetter,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import { isTracingSuppressed } from '@opentelemetry/core'
import {
  ATTR_ERROR_TYPE,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_REQUEST_METHOD_ORIGINAL,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  ATTR_URL_FULL,
} from '@opentelemetry/semantic-conventions'
import { failSpan, readErrorType } from '../logs/fail-span.ts'
import { redactPath, redactQuery } from '../request/redact-query.ts'
import { knownMethod } from '../request/request-attributes.ts'
import { readRequestTrace } from '../request/request-trace.ts'
import { createTraceClock } from '../request/trace-clock.ts'
import type { Telemetry } from '../telemetry.ts'

/** As every platform has it, whatever else its `init` may hold. */
export type FetchFunction = (input: string | URL | Request, init?: RequestInit) => Promise<Response>

type Traceable = Pick<Telemetry, 'tracer'>

/** @see createTracedFetch */
export function traceFetch(telemetry: Traceable): typeof globalThis.fetch
export function traceFetch(telemetry: Traceable, original: FetchFunction): FetchFunction
export function traceFetch(
  { tracer }: Traceable,
  original: FetchFunction = globalThis.fetch,
): FetchFunction {
  return tracer === undefined ? original : createTracedFetch(tracer, original)
}

/**
 * A `fetch` each of whose requests has a CLIENT span, from sending to the head of the answer, and carries its
 * `traceparent`. What it is given is passed on as it is, but for the headers. Requests of the exporters have none. It has
 * the members of the original, such as Bun's `fetch.preconnect`.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-client-span
 */
export function createTracedFetch(tracer: Tracer, original: FetchFunction): FetchFunction {
  const traced: FetchFunction = async (asked, given) => {
    const url = readUrl(asked)
    const parent = context.active()
    if (url === undefined || isTracingSuppressed(parent)) return original(asked, given)
    const [input, init] = isPlain(given) ? [asked, given] : [toRequest(asked, given)]
    const clock = readRequestTrace(parent)?.clock ?? createTraceClock()
    const method = (init?.method ?? (isRequest(input) ? input.method : 'GET')).toUpperCase()
    const span = tracer.startSpan(
      nameClientSpan(method),
      { kind: SpanKind.CLIENT, startTime: clock(), attributes: describeRequest(method, url) },
      parent,
    )
    const active = trace.setSpan(parent, span)
    const headers = new Headers(init?.headers ?? (isRequest(input) ? input.headers : undefined))
    propagation.inject(active, headers, intoHeaders)
    try {
      const response = await context.with(active, () => original(input, { ...init, headers }))
      span.setAttribute(ATTR_HTTP_RESPONSE_STATUS_CODE, response.status)
      if (response.status >= 400) {
        span.setStatus({ code: SpanStatusCode.ERROR })
        span.setAttribute(ATTR_ERROR_TYPE, String(response.status))
      }
      return response
    } catch (error) {
      failSpan(span, readErrorType(error), { error }, clock())
      throw error
    } finally {
      span.end(clock())
    }
  }
  return Object.assign(traced, original)
}

const intoHeaders: TextMapSetter<Headers> = {
  set: (headers, name, value) => headers.set(name, value),
}

// Bun's types take a text or a request, and not what may be either.
function toRequest(input: string | URL | Request, init: RequestInit | undefined): Request {
  return isRequest(input) ? new Request(input, init) : new Request(String(input), init)
}

/** A `Request` may stand here too. Its members come from its class, so a copy by `...` has none. */
function isPlain(init: RequestInit | undefined): boolean {
  return init === undefined || Object.getPrototypeOf(init) === Object.prototype
}

function isRequest(input: string | URL | Request): input is Request {
  return typeof input === 'object' && 'headers' in input
}

/** Nothing for what has no host, such as `data:`, or is no URL, of which `fetch` itself will say so. */
function readUrl(input: string | URL | Request): URL | undefined {
  const text = isRequest(input) ? input.url : String(input)
  const url = URL.canParse(text) ? new URL(text) : undefined
  return url?.protocol === 'http:' || url?.protocol === 'https:' ? url : undefined
}

function nameClientSpan(method: string): string {
  const known = knownMethod(method)
  return known === '_OTHER' ? 'HTTP' : known
}

function describeRequest(method: string, url: URL): Attributes {
  const known = knownMethod(method)
  return {
    [ATTR_HTTP_REQUEST_METHOD]: known,
    ...(known !== method && { [ATTR_HTTP_REQUEST_METHOD_ORIGINAL]: method }),
    [ATTR_URL_FULL]: redactUrl(url),
    [ATTR_SERVER_ADDRESS]: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    [ATTR_SERVER_PORT]: Number(url.port || (url.protocol === 'https:' ? 443 : 80)),
  }
}

function redactUrl({ protocol, username, password, host, pathname, search }: URL): string {
  const credentials = username !== '' || password !== '' ? 'REDACTED:REDACTED@' : ''
  const query = search === '' ? '' : `?${redactQuery(search.slice(1))}`
  return `${protocol}//${credentials}${host}${redactPath(pathname)}${query}`
}
