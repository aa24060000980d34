import { parseLogsJson, parseMetricsJson, parseTracesJson } from '../decode-json.ts'
import type { AnyValue, LogRecord, MetricData, Span } from '../model.ts'
import { DecodeError } from '../refusals/decode-error.ts'

// Requests around the one part that a test is about, and that part of what they parse to.

/** `span`, like all parameters here, is JSON. */
export function withSpan(span: string): string {
  return `{"resourceSpans":[{"scopeSpans":[{"spans":[${span}]}]}]}`
}

export function parseSpan(span: string): Span | undefined {
  return parseTracesJson(withSpan(span))[0]?.scopes[0]?.items[0]
}

export function parseValue(value: string): AnyValue | undefined {
  return parseSpan(`{"attributes":[{"key":"k","value":${value}}]}`)?.attributes[0]?.value
}

export function parseRecord(record: string): LogRecord | undefined {
  const text = `{"resourceLogs":[{"scopeLogs":[{"logRecords":[${record}]}]}]}`
  return parseLogsJson(text)[0]?.scopes[0]?.items[0]
}

export function parseData(metric: string): MetricData | undefined {
  const text = `{"resourceMetrics":[{"scopeMetrics":[{"metrics":[${metric}]}]}]}`
  return parseMetricsJson(text)[0]?.scopes[0]?.items[0]?.data
}

/** The message of the DecodeError that is expected. */
export function errorOf(parse: () => unknown): string {
  try {
    parse()
  } catch (error) {
    if (error instanceof DecodeError) return error.message
    throw error
  }
  return 'no error'
}
