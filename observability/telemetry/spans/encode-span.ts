import type { Attributes, HrTime, SpanContext } from '@opentelemetry/api'
import type { AnyValue, AnyValueMap } from '@opentelemetry/api-logs'
import type { InstrumentationScope } from '@opentelemetry/core'
import type { Resource } from '@opentelemetry/resources'
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs'
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base'
import { RecordedSpan } from './recorded-span.ts'

// OTLP JSON as text, put together while a span ends or a record is emitted. What is empty or 0 is left out.
// https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding

/** A span or a record in the form in which it is sent, and what it was observed by. */
export type Encoded = {
  readonly text: string
  readonly resource: Resource
  readonly scope: InstrumentationScope
}

/** One element of `spans`. Times keep their nanoseconds; ids are hex. */
export function encodeSpan(span: ReadableSpan): Encoded {
  const { parentSpanContext: parent } = span
  const { traceId, spanId, traceFlags, traceState } = span.spanContext()
  const isOurs = span instanceof RecordedSpan
  let text = `{"traceId":"${traceId}","spanId":"${spanId}`
  if (parent?.spanId) text += `","parentSpanId":"${parent.spanId}`
  text += encodeName(span.name, span.kind)
  text += isOurs ? millisToNanos(span.startMillis) : hrTimeToNanos(span.startTime)
  text += '","endTimeUnixNano":"'
  text += isOurs ? millisToNanos(span.endMillis) : hrTimeToNanos(span.endTime)
  text = appendSpanAttributes(`${text}","attributes":[`, span)
  const { events } = span
  if (events.length > 0) text += `],"events":[${events.map(encodeEvent).join()}`
  const rest = traceState === undefined && isPlain(span) ? '' : encodeRest(span)
  text += `],"flags":${flagsOf(traceFlags, parent?.isRemote)}${rest}}`
  return { text, resource: span.resource, scope: span.instrumentationScope }
}

/** Whether a span has none of what most spans have none of. */
function isPlain(span: ReadableSpan): boolean {
  const { droppedAttributesCount, droppedEventsCount, droppedLinksCount, status, links } = span
  const dropped = droppedAttributesCount + droppedEventsCount + droppedLinksCount
  return dropped === 0 && links.length === 0 && status.code === 0
}

function encodeRest(span: ReadableSpan): string {
  const { links, status } = span
  const { traceState } = span.spanContext()
  let text = traceState === undefined ? '' : `,"traceState":${quote(traceState.serialize())}`
  text += count('droppedAttributesCount', span.droppedAttributesCount)
  text += count('droppedEventsCount', span.droppedEventsCount)
  if (links.length > 0) text += `,"links":[${links.map(encodeLink).join()}]`
  text += count('droppedLinksCount', span.droppedLinksCount)
  if (status.code === 0) return text
  const message = status.message ? `,"message":${quote(status.message)}` : ''
  return `${text},"status":{"code":${status.code}${message}}`
}

/** One element of `logRecords`. */
export function encodeRecord(record: ReadableLogRecord): Encoded {
  const { spanContext, eventName, severityText, severityNumber, body } = record
  let text = `{"timeUnixNano":"${hrTimeToNanos(record.hrTime)}","observedTimeUnixNano":"${hrTimeToNanos(record.hrTimeObserved)}"`
  if (severityNumber !== undefined) text += `,"severityNumber":${severityNumber}`
  if (severityText !== undefined) text += `,"severityText":${quote(severityText)}`
  if (body !== undefined) text += `,"body":${encodeValue(body)}`
  if (eventName !== undefined) text += `,"eventName":${quote(eventName)}`
  text = `${appendAttributes(`${text},"attributes":[`, true, record.attributes)}]`
  text += count('droppedAttributesCount', record.droppedAttributesCount)
  if (spanContext !== undefined)
    text += `,"flags":${spanContext.traceFlags},"traceId":"${spanContext.traceId}","spanId":"${spanContext.spanId}"`
  const { resource, instrumentationScope: scope } = record
  return { text: `${text}}`, resource, scope }
}

/** The `scope` of a group; its name is empty if nobody gave one. */
export function encodeScope(scope: InstrumentationScope | undefined): string {
  const version = scope?.version === undefined ? '' : `,"version":${quote(scope.version)}`
  return `{"name":${quote(scope?.name ?? '')}${version}}`
}

function encodeEvent({
  name,
  time,
  attributes,
  droppedAttributesCount,
}: ReadableSpan['events'][number]) {
  const given = attributes === undefined ? '' : encodeAttributes(attributes)
  const own = given === '' ? '' : `,"attributes":[${given}]`
  return `{"timeUnixNano":"${hrTimeToNanos(time)}","name":${quote(name)}${own}${count('droppedAttributesCount', droppedAttributesCount ?? 0)}}`
}

function encodeLink({
  context,
  attributes,
  droppedAttributesCount,
}: ReadableSpan['links'][number]) {
  const { traceId, spanId, traceState, traceFlags, isRemote } = context
  const state = traceState === undefined ? '' : `,"traceState":${quote(traceState.serialize())}`
  return `{"traceId":"${traceId}","spanId":"${spanId}"${state},"attributes":[${encodeAttributes(attributes ?? {})}]${count('droppedAttributesCount', droppedAttributesCount ?? 0)},"flags":${flagsOf(traceFlags, isRemote)}}`
}

/** The flags of W3C, that it is known whether the parent is remote, and whether it is. */
function flagsOf(traceFlags: SpanContext['traceFlags'], isRemote: boolean | undefined): number {
  return (traceFlags & 0xff) | 0x100 | (isRemote === true ? 0x200 : 0)
}

function count(name: string, number: number): string {
  return number === 0 ? '' : `,"${name}":${number}`
}

/** One attribute as text, for the first place in a list and for any other. */
type Pair = { readonly first: string; readonly next: string }

/** What is known of a key: how it begins, and the pairs with it as long as its values are few. */
type Key = { readonly head: string; pairs: Map<AnyValue, Pair> | undefined }

/** Keys are few and most of their values come again and again; what makes up ever new ones is not kept for ever. */
const keys = new Map<string, Key>()
const keysMax = 512
const valuesMax = 64
const valueCharactersMax = 256

function readKey(name: string): Key {
  const known = keys.get(name)
  if (known !== undefined) return known
  const key: Key = { head: `{"key":${quote(name)},"value":`, pairs: new Map() }
  if (keys.size < keysMax) keys.set(name, key)
  return key
}

function readPair(name: string, value: AnyValue): Pair | undefined {
  const key = readKey(name)
  const { pairs } = key
  if (pairs === undefined || typeof value === 'object') return undefined
  const known = pairs.get(value)
  if (known !== undefined) return known
  if (pairs.size >= valuesMax) {
    // A path, an id: it never comes again.
    key.pairs = undefined
    return undefined
  }
  const first = `${key.head}${encodeValue(value)}}`
  const pair = { first, next: `,${first}` }
  if (first.length <= valueCharactersMax) pairs.set(value, pair)
  return pair
}

function appendAttributes(
  text: string,
  isFirst: boolean,
  attributes: Attributes | AnyValueMap,
): string {
  let all = text
  let first = isFirst
  for (const name in attributes) {
    const value = attributes[name]
    const pair = readPair(name, value)
    if (pair === undefined) all += `${first ? '' : ','}${readKey(name).head}${encodeValue(value)}}`
    else all += first ? pair.first : pair.next
    first = false
  }
  return all
}

/** Elements of `attributes`, with commas and without brackets. Attributes that are often sent are encoded once. */
export function encodeAttributes(attributes: Attributes | AnyValueMap): string {
  return appendAttributes('', true, attributes)
}

/** What never changes of a span's attributes is encoded once. */
const constants = new WeakMap<Attributes, string>()

function encodeConstant(attributes: Attributes): string {
  const known = constants.get(attributes)
  if (known !== undefined) return known
  const text = encodeAttributes(attributes)
  constants.set(attributes, text)
  return text
}

function appendSpanAttributes(text: string, span: ReadableSpan): string {
  if (!(span instanceof RecordedSpan) || span.constant === undefined)
    return appendAttributes(text, true, span instanceof RecordedSpan ? span.own : span.attributes)
  return appendAttributes(text + encodeConstant(span.constant), false, span.own)
}

function encodeValue(value: AnyValue): string {
  switch (typeof value) {
    case 'string':
      return `{"stringValue":${quote(value)}}`
    case 'number':
      if (Number.isInteger(value)) return `{"intValue":${value}}`
      // JSON has no other numbers.
      return `{"doubleValue":${Number.isFinite(value) ? value : null}}`
    case 'boolean':
      return `{"boolValue":${value}}`
  }
  if (value === null || value === undefined) return '{}'
  if (value instanceof Uint8Array) return `{"bytesValue":"${encodeBase64(value)}"}`
  if (Array.isArray(value)) return `{"arrayValue":{"values":[${value.map(encodeValue).join()}]}}`
  return `{"kvlistValue":{"values":[${encodeAttributes(value)}]}}`
}

function encodeBase64(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return btoa(text)
}

/** What JSON cannot have as it is: quotes, backslashes, control characters, halves of surrogate pairs. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: those are meant
const escaped = /["\\\u0000-\u001f\ud800-\udfff]/

/** A JSON string. Most texts need no escape, and are copied without `JSON.stringify`. */
export function quote(text: string): string {
  return escaped.test(text) ? JSON.stringify(text) : `"${text}"`
}

/** Names of spans are few; each with the text up to the time at which the span began, by its kind. */
const names: readonly Map<string, string>[] = Array.from({ length: 5 }, () => new Map())
const namesMax = 512

function encodeName(name: string, kind: number): string {
  const ofKind = names[kind]
  const known = ofKind?.get(name)
  if (known !== undefined) return known
  const text = `","name":${quote(name)},"kind":${kind + 1},"startTimeUnixNano":"`
  if (ofKind !== undefined && ofKind.size < namesMax) ofKind.set(name, text)
  return text
}

/** Most times are of the same second as the last, and large numbers take long to write. */
let lastSecond = 0
let lastSecondText = '0'

function millisToNanos(millis: number): string {
  const second = Math.floor(millis / 1000)
  if (second !== lastSecond) {
    lastSecond = second
    lastSecondText = String(second)
  }
  // Rounded as the SDK does it, to whole nanoseconds.
  const nanos = Math.round((millis - second * 1000) * 1e6)
  return nanos < 1e9 ? lastSecondText + String(1e9 + nanos).slice(1) : `${second + 1}000000000`
}

function hrTimeToNanos([seconds, nanos]: HrTime): string {
  return nanos < 1e9 ? String(seconds) + String(1e9 + nanos).slice(1) : `${seconds + 1}000000000`
}
