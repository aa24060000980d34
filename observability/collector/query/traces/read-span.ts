import { readAttribute, type Span } from '../../../otlp/model.ts'
import { readHttpStatus } from '../../../wire/spans/read-http-status.ts'
import { readSpanStatus } from '../../../wire/where/query-span.ts'

// Names from the OpenTelemetry semantic conventions, HTTP.

/** `http.request.method` of the span, if it is text. */
export function readMethod(span: Span): string | undefined {
  return readText(span, 'http.request.method')
}

/** `http.route` of the span, such as `/api/v1/todos/:id`, if it is text. */
export function readRoute(span: Span): string | undefined {
  return readText(span, 'http.route')
}

/**
 * How a request ended, by its answer's status; a span that failed without one counts as the server's
 * fault.
 */
export function readOutcome(span: Span): 'ok' | '4xx' | '5xx' {
  const status = readHttpStatus(span)
  if (status === undefined) return readSpanStatus(span) === 'error' ? '5xx' : 'ok'
  if (status >= 500) return '5xx'
  return status >= 400 ? '4xx' : 'ok'
}

function readText(span: Span, key: string): string | undefined {
  const value = readAttribute(span.attributes, key)
  return typeof value === 'string' ? value : undefined
}
