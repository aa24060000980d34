import { type LogRecord, type Span, SpanKind, StatusCode } from '../../otlp/model.ts'
import { readHttpStatus } from './read-http-status.ts'

/** What went wrong in a trace, each fault once. */
export type Failures = {
  readonly spans: ReadonlySet<Span>
  /** At level error or above, in a span that did not fail itself. */
  readonly logRecords: ReadonlySet<LogRecord>
}

/** Finds what a trace's `failureCount` counts, and what its page jumps to. */
export function findFailures(spans: readonly Span[], logRecords: readonly LogRecord[]): Failures {
  const failed = spans.filter(hasFailed)
  const answered = failed.some(isRefusedClient) ? findAnswered(spans) : new Set<string>()
  const own = failed.filter((span) => !(isRefusedClient(span) && answered.has(span.spanId)))
  const told = new Set(own.map(({ spanId }) => spanId))
  return {
    spans: new Set(own),
    logRecords: new Set(
      logRecords.filter(
        ({ severityNumber, spanId }) => severityNumber >= errorSeverity && !told.has(spanId),
      ),
    ),
  }
}

/** Severity numbers from 17 on are `error` and above. */
const errorSeverity = 17

/**
 * By its status. Some instrumentations set none: then a 5xx has failed, and so has a span with an exception, unless an
 * HTTP answer says how it ended.
 */
function hasFailed(span: Span): boolean {
  if (span.status.code !== StatusCode.unset) return span.status.code === StatusCode.error
  const status = readHttpStatus(span)
  if (status !== undefined) return status >= 500
  return span.events.some(({ name }) => name === 'exception')
}

function isRefusedClient(span: Span): boolean {
  const status = readHttpStatus(span) ?? 0
  return span.kind === SpanKind.client && status >= 400 && status <= 499
}

/**
 * Ids of the callers of servers that did not fail. By the conventions a 4xx is an error of the client's span; the
 * service that gave it did as it should.
 */
function findAnswered(spans: readonly Span[]): ReadonlySet<string> {
  const servers = spans.filter((span) => span.kind === SpanKind.server && !hasFailed(span))
  return new Set(servers.map(({ parentSpanId }) => parentSpanId))
}
