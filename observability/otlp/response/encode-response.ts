import type { Encoding, Signal } from '../signal.ts'

/**
 * The body of every 4xx and 5xx: a `google.rpc.Status`, in the encoding of the request.
 *
 * @param code A `google.rpc.Code`, such as 3 for an invalid argument or 14 for unavailable.
 */
export function encodeStatus(
  encoding: Encoding,
  code: number,
  message: string,
): Uint8Array | string {
  if (encoding === 'json') return JSON.stringify({ code, message })
  return Buffer.concat([encodeVarintField(1, code), encodeTextField(2, message)])
}

/** What was refused of a request that was otherwise accepted. */
export type PartialSuccess = {
  /** Spans, data points or log records; 0 when `message` is but a warning. */
  readonly rejected: number
  readonly message: string
}

/**
 * The body of a 200: an `Export<Signal>ServiceResponse`.
 *
 * Without `partial`, or with an empty one, which the specification calls the same,
 * everything was accepted: `{}` in JSON, no byte at all in protobuf.
 */
export function encodeExportResponse(
  signal: Signal,
  encoding: Encoding,
  partial: PartialSuccess = { rejected: 0, message: '' },
): Uint8Array | string {
  return encoding === 'json' ? toJson(signal, partial) : toProtobuf(partial)
}

const rejectedNames = {
  traces: 'rejectedSpans',
  metrics: 'rejectedDataPoints',
  logs: 'rejectedLogRecords',
} as const

function toJson(signal: Signal, { rejected, message }: PartialSuccess): string {
  if (rejected === 0 && message === '') return '{}'
  return JSON.stringify({
    partialSuccess: {
      // An int64, which the JSON mapping of protobuf writes as a string.
      ...(rejected !== 0 && { [rejectedNames[signal]]: String(rejected) }),
      ...(message !== '' && { errorMessage: message }),
    },
  })
}

function toProtobuf({ rejected, message }: PartialSuccess): Uint8Array {
  const partial = Buffer.concat([encodeVarintField(1, rejected), encodeTextField(2, message)])
  return encodeBytesField(1, partial)
}

// As in proto3, a field with its default is left out.

function encodeVarintField(field: number, value: number): Uint8Array {
  return value === 0 ? empty : Uint8Array.of(field << 3, ...encodeVarint(value))
}

function encodeTextField(field: number, text: string): Uint8Array {
  return encodeBytesField(field, Buffer.from(text))
}

function encodeBytesField(field: number, bytes: Uint8Array): Uint8Array {
  if (bytes.length === 0) return empty
  return Buffer.concat([Uint8Array.of((field << 3) | 2, ...encodeVarint(bytes.length)), bytes])
}

const empty = new Uint8Array()

/** Counts and lengths are whole, never negative and below 2^53. */
function encodeVarint(value: number): readonly number[] {
  const bytes: number[] = []
  let rest = value
  while (rest > 0x7f) {
    bytes.push((rest % 0x80) | 0x80)
    rest = Math.floor(rest / 0x80)
  }
  return [...bytes, rest]
}
