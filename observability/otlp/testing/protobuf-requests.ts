import { parseLogsProtobuf, parseMetricsProtobuf, parseTracesProtobuf } from '../decode-protobuf.ts'
import type { AnyValue, LogRecord, ReceivedMetric, Span } from '../model.ts'
import { bytesField } from './wire.ts'

// Requests around the one part that a test is about, and that part of what they parse
// to. The three levels of a request have the same field numbers in all signals.

export function withItem(...item: readonly Uint8Array[]): Uint8Array {
  return bytesField(1, bytesField(2, bytesField(2, ...item)))
}

export function readSpan(...fields: readonly Uint8Array[]): Span | undefined {
  return parseTracesProtobuf(withItem(...fields))[0]?.scopes[0]?.items[0]
}

/** `fields` are those of the AnyValue. */
export function readValue(...fields: readonly Uint8Array[]): AnyValue | undefined {
  return readSpan(bytesField(9, bytesField(1, 'k'), bytesField(2, ...fields)))?.attributes[0]?.value
}

export function readRecord(...fields: readonly Uint8Array[]): LogRecord | undefined {
  return parseLogsProtobuf(withItem(...fields))[0]?.scopes[0]?.items[0]
}

export function readData(...fields: readonly Uint8Array[]): ReceivedMetric['data'] | undefined {
  return parseMetricsProtobuf(withItem(...fields))[0]?.scopes[0]?.items[0]?.data
}
