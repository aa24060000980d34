import { context, trace } from '@opentelemetry/api'
import { type AnyValueMap, type Logger, SeverityNumber } from '@opentelemetry/api-logs'
import {
  ATTR_EXCEPTION_MESSAGE,
  ATTR_EXCEPTION_STACKTRACE,
  ATTR_EXCEPTION_TYPE,
} from '@opentelemetry/semantic-conventions'
import { readServerSpan } from './server-span.ts'
import { readTraceClock } from './trace-clock.ts'

/** One event of a service; whatever a service calls its logger's argument fits if it has this shape. */
export type LogEntry = {
  readonly severity: 'info' | 'warn' | 'error'
  readonly event: string
  readonly message: string
  readonly attributes?: Readonly<Record<string, string | number | boolean>>
  readonly error?: unknown
}

/** Takes one line of text without its line break, such as `console.log` does. */
export type WriteLine = (line: string) => void

const severityNumbers = {
  info: SeverityNumber.INFO,
  warn: SeverityNumber.WARN,
  error: SeverityNumber.ERROR,
} as const

/**
 * A logger that writes each entry twice: as an OpenTelemetry record, and as one line of JSON.
 *
 * Both name the request's server span, so that a line leads to its trace and a trace to its lines. Without `logger`
 * there is only the line.
 */
export function createLog(writeLine: WriteLine, logger?: Logger): (entry: LogEntry) => void {
  return (entry) => {
    const active = context.active()
    const span = readServerSpan(active)
    const timestamp = readTraceClock(active)()
    const attributes: AnyValueMap = { ...entry.attributes, ...describeError(entry.error) }
    writeLine(renderLine(entry, timestamp, attributes, span?.spanContext()))
    logger?.emit({
      timestamp,
      eventName: entry.event,
      severityNumber: severityNumbers[entry.severity],
      severityText: entry.severity.toUpperCase(),
      body: entry.message,
      attributes,
      context: span === undefined ? active : trace.setSpan(active, span),
    })
  }
}

function renderLine(
  entry: LogEntry,
  timestamp: number,
  attributes: AnyValueMap,
  span: { readonly traceId: string; readonly spanId: string } | undefined,
): string {
  return JSON.stringify({
    time: new Date(timestamp).toISOString(),
    severity: entry.severity.toUpperCase(),
    event: entry.event,
    message: entry.message,
    ...(span !== undefined && { trace_id: span.traceId, span_id: span.spanId }),
    ...attributes,
  })
}

const stackCharactersMax = 8192

function describeError(error: unknown): AnyValueMap {
  if (error === undefined) return {}
  if (!(error instanceof Error)) return { [ATTR_EXCEPTION_TYPE]: typeof error }
  return {
    [ATTR_EXCEPTION_TYPE]: error.name,
    [ATTR_EXCEPTION_MESSAGE]: error.message,
    ...(error.stack !== undefined && {
      [ATTR_EXCEPTION_STACKTRACE]: error.stack.slice(0, stackCharactersMax),
    }),
  }
}
