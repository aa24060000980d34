import { context } from '@opentelemetry/api'
import { type AnyValueMap, type Logger, SeverityNumber } from '@opentelemetry/api-logs'
import { millisToHrTime } from '@opentelemetry/core'
import { readRequestTrace } from '../request/request-trace.ts'
import { describeException } from './exception-attributes.ts'

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
 * there is only the line. Never throws, whatever it is given and whatever becomes of the line.
 */
export function createLog(writeLine: WriteLine, logger?: Logger): (entry: LogEntry) => void {
  return (entry) => {
    try {
      write(entry)
    } catch {
      // An output that is closed, or an entry that is not what the types promise: neither is the request's affair.
    }
  }

  function write(entry: LogEntry): void {
    const active = context.active()
    const request = readRequestTrace(active)
    const span = request?.span
    const timestamp = request?.clock() ?? Date.now()
    const attributes = toPlain(entry.attributes)
    if (entry.error !== undefined) Object.assign(attributes, describeException(entry.error))
    // Of a number the SDK would ask the platform whether it is of the wall clock.
    const time = millisToHrTime(timestamp)
    // First, for the line may fail.
    logger?.emit({
      timestamp: time,
      // The SDK's own is the wall clock in whole milliseconds, which is behind the clock of the trace.
      observedTimestamp: time,
      eventName: entry.event,
      severityNumber: severityNumbers[entry.severity],
      severityText: entry.severity.toUpperCase(),
      body: entry.message,
      attributes,
      context: request ?? active,
    })
    writeLine(renderLine(entry, timestamp, attributes, span?.spanContext()))
  }
}

function renderLine(
  entry: LogEntry,
  timestamp: number,
  attributes: AnyValueMap,
  span: { readonly traceId: string; readonly spanId: string } | undefined,
): string {
  const line: AnyValueMap = {
    time: new Date(timestamp).toISOString(),
    severity: entry.severity.toUpperCase(),
    event: entry.event,
    message: entry.message,
    ...(span !== undefined && { trace_id: span.traceId, span_id: span.spanId }),
  }
  // No attribute takes the place of what stands first.
  for (const key in attributes) if (!Object.hasOwn(line, key)) line[key] = attributes[key]
  return JSON.stringify(line).replace(terminalControl, escapeJson)
}

/** What JSON leaves as it is and a terminal obeys: a line is also read there, and others may have written parts of it. */
const terminalControl = /[\u007f-\u009f\u2028\u2029\p{Bidi_Control}]/gu

function escapeJson(mark: string): string {
  return `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`
}

/** The types promise plain values; a value that is none, such as a bigint, would end the line and the whole batch. */
function toPlain(attributes: LogEntry['attributes']): AnyValueMap {
  const plain: AnyValueMap = {}
  for (const [key, value] of Object.entries(attributes ?? {}))
    if (value !== undefined) plain[key] = toPlainValue(value)
  return plain
}

function toPlainValue(value: unknown): string | number | boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value
    case 'number':
      // JSON has no other numbers.
      return Number.isFinite(value) ? value : String(value)
    case 'bigint':
      return String(value)
    default:
      // Asking an object for its text could run anything.
      return `[${typeof value}]`
  }
}
