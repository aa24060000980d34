import type { AnyValue, Attribute, LogRecord, Span, SpanEvent, SpanLink } from '../../otlp/model.ts'
import { dateLogRecord } from './date-log-record.ts'
import {
  estimateAttributeBytes,
  estimateListBytes,
  estimateTextBytes,
  estimateValueBytes,
  eventBytes,
  linkBytes,
  logRecordBytes,
  spanBytes,
} from './estimate-bytes.ts'
import { fingerprintRecord } from './known-records.ts'
import type { Source } from './source-pool.ts'
import type { StoredLogRecord, StoredSpan } from './stored-trace.ts'

/**
 * Makes spans and log records fit to be kept: equal to the originals, but sharing repeated values.
 *
 * Decoding gives every span separate texts and attributes, although most repeat from span to span. Shared, a span of
 * this project takes less than half the memory.
 */
export type Compactor = {
  /** @param traceId The text that its whole trace shares. */
  compactSpan(source: Source, span: Span, traceId: string): Compacted<StoredSpan>
  compactLogRecord(
    source: Source,
    record: LogRecord,
    traceId: string,
    arrival: number,
  ): Compacted<StoredLogRecord>
}

/** `bytes` is what the item adds to the memory, estimated: what it shares was paid by the first to bring it. */
export type Compacted<T> = { readonly item: T; readonly bytes: number }

/** Parts that are remembered. Past it all are forgotten, and sharing begins anew. */
const sharedMax = 16_384
/** Values remembered of one attribute: one with more, such as a path, is not worth it. */
const valuesPerKeyMax = 256
const sharedCharsMax = 128
/** Names of spans whose last list of attributes is remembered. Past it all are forgotten. */
const namesMax = 512
/** A last list that is worth remembering adds no more: a longer one, or long values, would be held beside the store. */
const lastBytesMax = 512

/** A key as it is shared, and the attributes of it by their values. */
type Key = { readonly key: string; readonly values: Map<AnyValue, Attribute> }

/** A name as it is shared, and the attributes that the last span of it had. */
type Last = { readonly name: string; attributes: readonly Attribute[] }

const none: readonly never[] = []
const unset: Span['status'] = { code: 0, message: '' }

/** Remembers a bounded number of values, shared by all items that it compacts. */
export function createCompactor(): Compactor {
  const knownKeys = new Map<string, Key>()
  /** What the last span of each name had: the next one mostly has the same at the same place, or the same list. */
  const lastByName = new Map<string, Last>()
  const texts = new Map<string, string>()
  let sharedCount = 0
  /** Estimated bytes of the present item. */
  let bytes = 0

  const remember = () => {
    sharedCount += 1
    if (sharedCount <= sharedMax) return
    knownKeys.clear()
    lastByName.clear()
    texts.clear()
    sharedCount = 1
  }

  const own = (text: string) => {
    bytes += estimateTextBytes(text)
    return text
  }

  const share = (text: string): string => {
    if (text === '') return ''
    const known = texts.get(text)
    if (known !== undefined) return known
    if (text.length <= sharedCharsMax) {
      remember()
      texts.set(text, text)
    }
    return own(text)
  }

  const findLast = (text: string): Last => {
    const known = lastByName.get(text)
    if (known !== undefined) return known
    const last = { name: share(text), attributes: none }
    if (text.length > sharedCharsMax) return last
    if (lastByName.size >= namesMax) lastByName.clear()
    lastByName.set(last.name, last)
    return last
  }

  const findKey = (text: string): Key => {
    const known = knownKeys.get(text)
    if (known !== undefined) return known
    const key = { key: own(text), values: new Map() }
    if (text.length > sharedCharsMax) return key
    remember()
    knownKeys.set(text, key)
    return key
  }

  const shareAttribute = (given: Attribute): Attribute => {
    const { value } = given
    const { key, values } = findKey(given.key)
    const isLookedFor =
      values.size < valuesPerKeyMax && key.length <= sharedCharsMax && isShareable(value)
    const earlier = isLookedFor ? values.get(value) : undefined
    if (earlier !== undefined) return earlier
    bytes += estimateAttributeBytes(value)
    if (!isLookedFor) return { key, value }
    remember()
    // The object that came, because from protobuf an attribute that repeats comes as the same one.
    values.set(value, given)
    return given
  }

  /**
   * `last` if it has the same, else the list itself if all in it is what is shared.
   *
   * @param last What has been shared already, mostly the same at the same place.
   */
  const shareAll = (
    list: readonly Attribute[],
    last: readonly Attribute[] = none,
  ): readonly Attribute[] => {
    if (list.length === 0) return none
    if (list === last) return last
    let all: Attribute[] | undefined
    let isSame = list.length === last.length
    for (let index = 0; index < list.length; index += 1) {
      const given = list[index]
      if (given === undefined || given === last[index]) continue
      const attribute = shareAttribute(given)
      isSame &&= attribute === last[index]
      if (attribute === given) continue
      all ??= list.slice()
      all[index] = attribute
    }
    if (isSame) return last
    bytes += estimateListBytes(list.length)
    return all ?? list
  }

  const keep = <T, U>(
    list: readonly T[],
    itemBytes: number,
    compact: (item: T) => U,
  ): readonly U[] => {
    if (list.length === 0) return none
    bytes += estimateListBytes(list.length) + list.length * itemBytes
    return list.map(compact)
  }

  const compactEvent = (event: SpanEvent): SpanEvent => ({
    timeNanos: event.timeNanos,
    name: share(event.name),
    attributes: shareAll(event.attributes),
    droppedAttributesCount: event.droppedAttributesCount,
  })

  const compactLink = (link: SpanLink): SpanLink => ({
    ...link,
    traceId: own(link.traceId),
    spanId: own(link.spanId),
    traceState: share(link.traceState),
    attributes: shareAll(link.attributes),
  })

  return {
    compactSpan(source, span, traceId) {
      bytes = spanBytes
      const last = findLast(span.name)
      const before = bytes
      const attributes = shareAll(span.attributes, last.attributes)
      if (bytes - before <= lastBytesMax) last.attributes = attributes
      // Field by field: an object made by spreading another and adding to it takes more memory.
      const item: StoredSpan = {
        source,
        traceId,
        spanId: own(span.spanId),
        parentSpanId: own(span.parentSpanId),
        traceState: share(span.traceState),
        flags: span.flags,
        name: last.name,
        kind: span.kind,
        startNanos: span.startNanos,
        endNanos: span.endNanos,
        attributes,
        droppedAttributesCount: span.droppedAttributesCount,
        events: keep(span.events, eventBytes, compactEvent),
        droppedEventsCount: span.droppedEventsCount,
        links: keep(span.links, linkBytes, compactLink),
        droppedLinksCount: span.droppedLinksCount,
        status:
          span.status.code === 0 && span.status.message === ''
            ? unset
            : { code: span.status.code, message: share(span.status.message) },
      }
      return { item, bytes }
    },
    compactLogRecord(source, record, traceId, arrival) {
      bytes = logRecordBytes
      const dated = dateLogRecord(record, source)
      const item: StoredLogRecord = {
        source,
        timeNanos: record.timeNanos,
        observedTimeNanos: dated.observedTimeNanos,
        severityNumber: record.severityNumber,
        severityText: share(record.severityText),
        body: typeof record.body === 'string' ? share(record.body) : record.body,
        attributes: shareAll(record.attributes),
        droppedAttributesCount: record.droppedAttributesCount,
        flags: record.flags,
        traceId,
        spanId: own(record.spanId),
        eventName: share(record.eventName),
        arrival,
        // Without a time, two equal events cannot be told from one that was sent twice.
        fingerprint: dated === record ? fingerprintRecord(record, source) : '',
      }
      if (typeof record.body !== 'string') bytes += estimateValueBytes(record.body)
      return { item, bytes }
    },
  }
}

/** A `Map` takes -0 for 0, which are two values to us; of objects it knows only whether they are the same. */
function isShareable(value: AnyValue): boolean {
  if (typeof value === 'string') return value.length <= sharedCharsMax
  return typeof value !== 'object' && !Object.is(value, -0)
}
