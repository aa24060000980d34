import { parseLogsProtobuf, parseTracesProtobuf } from './decode-protobuf.ts'
import { parseTraceDocument, type TraceDocument } from './parse-trace-document.ts'
import { DecodeError } from './refusals/decode-error.ts'

/**
 * Reads a file of OTLP, decompressed: JSON as one document or one to a line, or protobuf as one request
 * or as many with their length before each. That is what the page downloads, `/api/export` answers, and the
 * Collector's file exporter writes.
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
    if (!/"resource(?:Spans|Logs|_spans|_logs)"/.test(text))
      throw new DecodeError('', 'expected resourceSpans or resourceLogs, got neither')
    return parseTraceDocument(text)
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

/** Spans and log records have the same form down to their own fields, whose types tell them apart. */
function parseMessage(message: Buffer): TraceDocument {
  try {
    return { spans: parseTracesProtobuf(message), logs: [] }
  } catch (asSpans) {
    try {
      return { spans: [], logs: parseLogsProtobuf(message) }
    } catch {
      throw asSpans
    }
  }
}
