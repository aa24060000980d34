import { parseLogsProtobuf, parseTracesProtobuf } from '../decode-protobuf.ts'
import { isJsonObject, parseJsonText } from '../from-json/json-text.ts'
import { DecodeError } from '../refusals/decode-error.ts'
import { isJaegerDocument, parseJaegerTraces } from './foreign/jaeger-traces.ts'
import { decodeTempoJson, readTempoTrace } from './foreign/tempo-trace.ts'
import { decodeTraceDocument, type TraceDocument } from './parse-trace-document.ts'

/**
 * Reads a file of OTLP, decompressed: JSON as one document or one to a line, or protobuf as one request
 * or as many with their length before each. That is what the page downloads, `/api/export` answers, and the
 * Collector's file exporter writes. What Tempo and Jaeger answer for traces is read too.
 *
 * @throws DecodeError that names the line, or the number of the request.
 */
export function parseOtlpFile(bytes: Buffer): readonly TraceDocument[] {
  if (bytes.length === 0)
    throw new DecodeError('', 'the file is empty, expected OTLP as JSON or protobuf')
  return isJson(bytes) ? parseJsonFile(bytes.toString('utf8')) : parseProtobufFile(bytes)
}

/** No message of OTLP begins with these: as a tag they name a field that is not there, or no field. */
function isJson(bytes: Buffer): boolean {
  const start = bytes
    .toString('utf8', 0, 100)
    .replace(/^\uFEFF/, '')
    .trimStart()
  return start.startsWith('{') || start.startsWith('[')
}

function parseJsonFile(text: string): readonly TraceDocument[] {
  const lines = text.replace(/^\uFEFF/, '').split('\n')
  const first = lines.find((line) => line.trim() !== '') ?? ''
  // One document over many lines, unless the first line is a document by itself.
  if (!isJsonText(first)) return [parseDocument(text, 'the document')]
  return lines.flatMap((line, index) =>
    line.trim() === '' ? [] : [parseDocument(line, `line ${index + 1}`)],
  )
}

function isJsonText(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function parseDocument(text: string, place: string): TraceDocument {
  try {
    // Jaeger's page takes and gives lists of traces too.
    const document = parseJsonText(text.trimStart().startsWith('[') ? `{"data":${text}}` : text)
    if (document.resourceSpans !== undefined || document.resourceLogs !== undefined)
      return decodeTraceDocument(document)
    if (isJaegerDocument(document)) return { spans: parseJaegerTraces(document), logs: [] }
    if (Array.isArray(document.batches) || [document.trace, document.result].some(isJsonObject))
      return { spans: decodeTempoJson(document), logs: [] }
    throw new DecodeError(
      '',
      'expected resourceSpans or resourceLogs as in OTLP, batches or trace as Tempo has them, or data as Jaeger has it, got none of them',
    )
  } catch (error) {
    throw error instanceof DecodeError ? new DecodeError(place, error.message) : error
  }
}

function parseProtobufFile(bytes: Buffer): readonly TraceDocument[] {
  const messages = splitMessages(bytes)
  return messages.map((message, index) => {
    try {
      return parseMessage(message)
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error
      const place =
        messages.length === 1 ? 'neither JSON nor protobuf of OTLP' : `request ${index + 1}`
      throw new DecodeError(place, error.message)
    }
  })
}

/** The Collector's file exporter puts four bytes with the length of each request before it. */
function splitMessages(bytes: Buffer): readonly Buffer[] {
  const messages: Buffer[] = []
  for (let at = 0; at < bytes.length; ) {
    const end = at + 4 <= bytes.length ? at + 4 + bytes.readUInt32BE(at) : Number.POSITIVE_INFINITY
    if (end > bytes.length) return [bytes]
    messages.push(bytes.subarray(at + 4, end))
    at = end
  }
  return messages
}

/**
 * Spans and log records have the same form down to their own fields, whose types tell them apart. The first version of
 * Tempo's API answers that form too, the second has it inside a message of its own.
 */
function parseMessage(message: Buffer): TraceDocument {
  const readers: readonly (() => TraceDocument)[] = [
    () => ({ spans: parseTracesProtobuf(message), logs: [] }),
    () => ({ spans: [], logs: parseLogsProtobuf(message) }),
    () => ({ spans: readTempoTrace(message, '', true).spans, logs: [] }),
  ]
  let first: unknown
  for (const read of readers) {
    try {
      return read()
    } catch (error) {
      first ??= error
    }
  }
  throw first
}
