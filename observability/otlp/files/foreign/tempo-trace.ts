import { parseTracesProtobuf } from '../../decode-protobuf.ts'
import { isJsonObject, type JsonObject } from '../../from-json/json-text.ts'
import type { ResourceSpans } from '../../model.ts'
import { decodeTraceDocument } from '../parse-trace-document.ts'

type TempoTrace = {
  readonly spans: readonly ResourceSpans[]
  /** For the end of a sentence: that this is not all of it, and why; `null` when it is. */
  readonly shortfall: string | null
}

/**
 * Reads Tempo's answer for a trace.
 *
 * In protobuf the first version of its API answers OTLP's `TracesData`. The second version answers a message with the
 * trace in field 1 (`TraceByIDResponse.trace`), a status in field 3 that is 1 when Tempo left something out, and the
 * reason in field 4. In JSON, which some proxies make of it, ids are base64 and enums are names, the first version
 * calls the list `batches`, and the second holds it in `trace`.
 *
 * @throws If it is neither version.
 */
export function readTempoTrace(
  bytes: Uint8Array,
  contentType: string,
  isSecondVersion: boolean,
): TempoTrace {
  if (contentType.includes('json')) {
    const answer: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'))
    return { spans: decodeTempoJson(answer), shortfall: readShortfall(answer) }
  }
  if (!isSecondVersion) return { spans: parseTracesProtobuf(bytes), shortfall: null }
  const { trace, status, message } = readSecondVersion(bytes)
  return {
    spans: parseTracesProtobuf(trace),
    shortfall: describeShortfall(status === partialStatus, message),
  }
}

/** The spans of an answer in JSON, of either version. Jaeger's third version is the same, in `result`. */
export function decodeTempoJson(answer: unknown): readonly ResourceSpans[] {
  return decodeTraceDocument(normalizeJson(answer)).spans
}

/** `PartialStatus.PARTIAL` */
const partialStatus = 1

function describeShortfall(isPartial: boolean, message: string): string | null {
  if (!isPartial) return null
  return message === '' ? '' : `: ${message}`
}

function readShortfall(answer: unknown): string | null {
  if (!isJsonObject(answer)) return null
  const { status, message } = answer
  const isPartial = status === 'PARTIAL' || status === partialStatus
  return describeShortfall(isPartial, typeof message === 'string' ? message : '')
}

type SecondVersion = {
  readonly trace: Uint8Array
  readonly status: number
  readonly message: string
}

/** Repeated fields 1 are messages and are merged, as protobuf demands; of other fields the last counts. */
function readSecondVersion(bytes: Uint8Array): SecondVersion {
  const parts: Uint8Array[] = []
  let status = 0
  let message = ''
  let at = 0
  function readVarint(): number {
    let value = 0
    for (let shift = 0; shift < 64; shift += 7) {
      const byte = bytes[at]
      if (byte === undefined) break
      at += 1
      // Not by shifting bits, which are 32 in JavaScript.
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return value
    }
    throw new Error(`byte ${at}: expected a varint, got the end`)
  }

  while (at < bytes.length) {
    const tag = readVarint()
    const wireType = tag % 8
    const field = Math.floor(tag / 8)
    if (wireType === 0) {
      const value = readVarint()
      if (field === 3) status = value
    } else if (wireType === 1) at += 8
    else if (wireType === 5) at += 4
    else if (wireType === 2) {
      const length = readVarint()
      if (at + length > bytes.length) throw new Error(`byte ${at}: expected ${length} bytes more`)
      const content = bytes.subarray(at, at + length)
      if (field === 1) parts.push(content)
      if (field === 4) message = Buffer.from(content).toString('utf8')
      at += length
    } else throw new Error(`byte ${at}: expected a field, got wire type ${wireType}`)
  }
  return { trace: Buffer.concat(parts), status, message }
}

function normalizeJson(answer: unknown): JsonObject {
  const inner = isJsonObject(answer) ? (answer.trace ?? answer.result) : undefined
  const trace = isJsonObject(inner) ? inner : answer
  const groups = isJsonObject(trace) ? (trace.resourceSpans ?? trace.batches ?? []) : []
  return { resourceSpans: normalizeValue(groups, '') }
}

const enumPrefixes: Readonly<Record<string, readonly string[]>> = {
  kind: ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'],
  code: ['UNSET', 'OK', 'ERROR'],
}

/** Rewrites what differs, wherever it stands; attribute values are under other keys. */
function normalizeValue(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return value.map((item) => normalizeValue(item, ''))
  if (isJsonObject(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [name, normalizeValue(inner, name)]),
    )
  }
  if (typeof value !== 'string') return value
  if (['traceId', 'spanId', 'parentSpanId'].includes(key)) return toHex(value)
  const number = enumPrefixes[key]?.findIndex((name) => value.endsWith(`_${name}`)) ?? -1
  return number < 0 ? value : number
}

/** Hex stays as it is: its length is not that of the same id in base64. */
function toHex(id: string): string {
  if (/^([0-9a-f]{16}){1,2}$/i.test(id)) return id.toLowerCase()
  return Buffer.from(id, 'base64').toString('hex')
}
