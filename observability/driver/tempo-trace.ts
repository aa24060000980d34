import { parseTracesJson } from '../otlp/decode-json.ts'
import { parseTracesProtobuf } from '../otlp/decode-protobuf.ts'
import type { ResourceSpans } from '../otlp/model.ts'

/**
 * A trace as Tempo answers it.
 *
 * In protobuf the first version of its API answers a message that is OTLP's `TracesData`, the
 * second one that holds it in its field 1 (`TraceByIDResponse.trace`). In JSON, which some
 * proxies make of it, ids are base64 and enums are names, the first version calls the list
 * `batches`, and the second holds it in `trace`.
 *
 * @throws When it is neither.
 */
export function readTempoTrace(
  bytes: Uint8Array,
  contentType: string,
  isSecondVersion: boolean,
): readonly ResourceSpans[] {
  if (contentType.includes('json')) {
    const text = Buffer.from(bytes).toString('utf8')
    return parseTracesJson(JSON.stringify(normalizeJson(JSON.parse(text))))
  }
  return parseTracesProtobuf(isSecondVersion ? readField1(bytes) : bytes)
}

/** The content of all fields 1, which must be messages; several are merged, as protobuf says. */
function readField1(bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = []
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
    if (wireType === 0) readVarint()
    else if (wireType === 1) at += 8
    else if (wireType === 5) at += 4
    else if (wireType === 2) {
      const length = readVarint()
      if (at + length > bytes.length) throw new Error(`byte ${at}: expected ${length} bytes more`)
      if (Math.floor(tag / 8) === 1) parts.push(bytes.subarray(at, at + length))
      at += length
    } else throw new Error(`byte ${at}: expected a field, got wire type ${wireType}`)
  }
  return Buffer.concat(parts)
}

type Json = { readonly [key: string]: unknown }

function normalizeJson(answer: unknown): Json {
  const trace = isObject(answer) && isObject(answer.trace) ? answer.trace : answer
  const groups = isObject(trace) ? (trace.resourceSpans ?? trace.batches ?? []) : []
  return { resourceSpans: normalizeValue(groups, '') }
}

const enumPrefixes: Readonly<Record<string, readonly string[]>> = {
  kind: ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'],
  code: ['UNSET', 'OK', 'ERROR'],
}

/** Rewrites what differs, wherever it stands; attribute values are under other keys. */
function normalizeValue(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return value.map((item) => normalizeValue(item, ''))
  if (isObject(value)) {
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

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
