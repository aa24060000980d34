import type { Attributes, HrTime, SpanContext } from '@opentelemetry/api'
import type { AnyValue, AnyValueMap } from '@opentelemetry/api-logs'
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs'
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base'
import { RecordedSpan } from './recorded-span.ts'
import { WireWriter } from './wire-writer.ts'

// OTLP in protobuf, written while a span ends or a record is emitted. What is empty or 0 is left out. The numbers are
// those of the fields in `Span`, `LogRecord` and what they are made of:
// https://github.com/open-telemetry/opentelemetry-proto/tree/main/opentelemetry/proto

/** Writes one element of `ScopeSpans.spans`. */
export function writeSpan(writer: WireWriter, span: ReadableSpan): void {
  const { parentSpanContext: parent } = span
  const { traceId, spanId, traceFlags, traceState } = span.spanContext()
  // Nearly all are longer than 127 bytes, and shorter than 16384.
  const begun = writer.begin(2, 2)
  writeId(writer, 1, traceId)
  writeId(writer, 2, spanId)
  if (parent?.spanId) writeId(writer, 4, parent.spanId)
  writer.encoded(encodeName(span.name, span.kind))
  if (span instanceof RecordedSpan) {
    writeMillis(writer, 7, span.startMillis)
    writeMillis(writer, 8, span.endMillis)
    if (span.constant !== undefined) writer.encoded(encodeConstant(span.constant))
    writeAttributes(writer, 9, span.own)
  } else {
    writeTime(writer, 7, span.startTime)
    writeTime(writer, 8, span.endTime)
    writeAttributes(writer, 9, span.attributes)
  }
  for (const event of span.events) writeEvent(writer, event)
  if (traceState !== undefined || !isPlain(span)) writeRest(writer, span)
  writeFlags(writer, 16, flagsOf(traceFlags, parent?.isRemote))
  writer.finish(begun, 2)
}

/** Whether a span has none of what most spans have none of. */
function isPlain(span: ReadableSpan): boolean {
  const { droppedAttributesCount, droppedEventsCount, droppedLinksCount, status, links } = span
  const dropped = droppedAttributesCount + droppedEventsCount + droppedLinksCount
  return dropped === 0 && links.length === 0 && status.code === 0
}

function writeRest(writer: WireWriter, span: ReadableSpan): void {
  const { links, status } = span
  const { traceState } = span.spanContext()
  if (traceState !== undefined) writeText(writer, 3, traceState.serialize())
  writeNumber(writer, 10, span.droppedAttributesCount)
  writeNumber(writer, 12, span.droppedEventsCount)
  for (const link of links) writeLink(writer, link)
  writeNumber(writer, 14, span.droppedLinksCount)
  if (status.code === 0) return
  const begun = writer.begin(15)
  if (status.message) writeText(writer, 2, status.message)
  writeNumber(writer, 3, status.code)
  writer.finish(begun)
}

/** Writes one element of `ScopeLogs.log_records`. */
export function writeRecord(writer: WireWriter, record: ReadableLogRecord): void {
  const { spanContext, eventName, severityText, severityNumber = 0, body } = record
  const begun = writer.begin(2, 2)
  writeTime(writer, 1, record.hrTime)
  writeTime(writer, 11, record.hrTimeObserved)
  writeNumber(writer, 2, severityNumber)
  if (severityText !== undefined) writeText(writer, 3, severityText)
  if (body !== undefined) writeValue(writer, 5, body)
  if (eventName !== undefined) writeText(writer, 12, eventName)
  writeAttributes(writer, 6, record.attributes)
  writeNumber(writer, 7, record.droppedAttributesCount)
  if (spanContext !== undefined) {
    writeFlags(writer, 8, spanContext.traceFlags)
    writeId(writer, 9, spanContext.traceId)
    writeId(writer, 10, spanContext.spanId)
  }
  writer.finish(begun, 2)
}

function writeEvent(writer: WireWriter, event: ReadableSpan['events'][number]): void {
  const begun = writer.begin(11)
  writeTime(writer, 1, event.time)
  writeText(writer, 2, event.name)
  writeAttributes(writer, 3, event.attributes ?? {})
  writeNumber(writer, 4, event.droppedAttributesCount ?? 0)
  writer.finish(begun)
}

function writeLink(writer: WireWriter, link: ReadableSpan['links'][number]): void {
  const { traceId, spanId, traceState, traceFlags, isRemote } = link.context
  const begun = writer.begin(13)
  writeId(writer, 1, traceId)
  writeId(writer, 2, spanId)
  if (traceState !== undefined) writeText(writer, 3, traceState.serialize())
  writeAttributes(writer, 4, link.attributes ?? {})
  writeNumber(writer, 5, link.droppedAttributesCount ?? 0)
  writeFlags(writer, 6, flagsOf(traceFlags, isRemote))
  writer.finish(begun)
}

/** The flags of W3C, that it is known whether the parent is remote, and whether it is. */
function flagsOf(traceFlags: SpanContext['traceFlags'], isRemote: boolean | undefined): number {
  return (traceFlags & 0xff) | 0x100 | (isRemote === true ? 0x200 : 0)
}

function writeFlags(writer: WireWriter, field: number, flags: number): void {
  writer.tag(field, 'fixed32')
  writer.fixed32(flags)
}

function writeId(writer: WireWriter, field: number, hex: string): void {
  writer.tag(field, 'length')
  writer.hex(hex)
}

/** Writes a text with its field. */
export function writeText(writer: WireWriter, field: number, text: string): void {
  writer.tag(field, 'length')
  writer.text(text)
}

function writeNumber(writer: WireWriter, field: number, number: number): void {
  if (number === 0) return
  writer.tag(field, 'varint')
  writer.int64(number)
}

function writeTime(writer: WireWriter, field: number, [second, nanos]: HrTime): void {
  writer.tag(field, 'fixed64')
  writer.time(second, nanos)
}

function writeMillis(writer: WireWriter, field: number, millis: number): void {
  const second = Math.floor(millis / 1000)
  writer.tag(field, 'fixed64')
  // Rounded as the SDK does it, to whole nanoseconds.
  writer.time(second, Math.round((millis - second * 1000) * 1e6))
}

/** What is known of a key: its bytes, and those of whole attributes as long as its values are few. */
type Key = { readonly head: Uint8Array; pairs: Map<AnyValue, Uint8Array> | undefined }

/** Keys are few and most of their values come again and again; what makes up ever new ones is not kept for ever. */
const keys = new Map<string, Key>()
const keysMax = 512
const valuesMax = 64
const pairBytesMax = 256

function readKey(name: string): Key {
  const known = keys.get(name)
  if (known !== undefined) return known
  const key: Key = { head: encode((writer) => writeText(writer, 1, name)), pairs: new Map() }
  if (keys.size < keysMax) keys.set(name, key)
  return key
}

/** Writes attributes, each with the field; those that are often sent are encoded once. */
export function writeAttributes(
  writer: WireWriter,
  field: number,
  attributes: Attributes | AnyValueMap,
): void {
  for (const name in attributes) {
    const value = attributes[name]
    const key = readKey(name)
    const pair = key.pairs?.get(value)
    if (pair === undefined) writePair(writer, field, key, value)
    else {
      writer.tag(field, 'length')
      writer.encoded(pair)
    }
  }
}

function writePair(writer: WireWriter, field: number, key: Key, value: AnyValue): void {
  const begun = writer.begin(field)
  writer.encoded(key.head)
  writeValue(writer, 2, value)
  writer.finish(begun)
  const { pairs } = key
  if (pairs === undefined || typeof value === 'object') return
  // A path, an id: it never comes again.
  if (pairs.size >= valuesMax) key.pairs = undefined
  // From its length on, which was begun a byte before it.
  else if (writer.at - begun < pairBytesMax)
    pairs.set(value, writer.bytes.slice(begun - 1, writer.at))
}

/** What never changes of a span's attributes is encoded once. */
const constants = new WeakMap<Attributes, Uint8Array>()

function encodeConstant(attributes: Attributes): Uint8Array {
  const known = constants.get(attributes)
  if (known !== undefined) return known
  const encoded = encode((writer) => writeAttributes(writer, 9, attributes))
  constants.set(attributes, encoded)
  return encoded
}

/** Writes an `AnyValue` with its field. */
function writeValue(writer: WireWriter, field: number, value: AnyValue): void {
  const begun = writer.begin(field)
  if (typeof value === 'string') writeText(writer, 1, value)
  else if (typeof value === 'boolean') {
    writer.tag(2, 'varint')
    writer.varint(value ? 1 : 0)
  } else if (typeof value === 'number') {
    const isWhole = Number.isInteger(value) && value >= -(2 ** 63) && value < 2 ** 63
    writer.tag(isWhole ? 3 : 4, isWhole ? 'varint' : 'fixed64')
    if (isWhole) writer.int64(value)
    else writer.double(value)
  } else if (value instanceof Uint8Array) {
    const inBytes = writer.begin(7)
    writer.encoded(value)
    writer.finish(inBytes)
  } else if (Array.isArray(value)) {
    const inArray = writer.begin(5)
    for (const one of value) writeValue(writer, 1, one)
    writer.finish(inArray)
  } else if (value !== null && value !== undefined) {
    const inList = writer.begin(6)
    writeAttributes(writer, 1, value)
    writer.finish(inList)
  }
  writer.finish(begun)
}

/** Names of spans are few; each with its kind. */
const names: readonly Map<string, Uint8Array>[] = Array.from({ length: 5 }, () => new Map())
const namesMax = 512

function encodeName(name: string, kind: number): Uint8Array {
  const ofKind = names[kind]
  const known = ofKind?.get(name)
  if (known !== undefined) return known
  const encoded = encode((writer) => {
    writeText(writer, 5, name)
    writeNumber(writer, 6, kind + 1)
  })
  if (ofKind !== undefined && ofKind.size < namesMax) ofKind.set(name, encoded)
  return encoded
}

/** What is written, in bytes that are no longer than that. */
export function encode(write: (writer: WireWriter) => void): Uint8Array<ArrayBuffer> {
  const writer = new WireWriter(256)
  write(writer)
  return writer.bytes.slice(0, writer.at)
}
