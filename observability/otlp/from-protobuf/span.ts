import type { Attribute, Span, SpanEvent, SpanLink } from '../model.ts'
import { finishList } from '../shared/finish-list.ts'
import { readAttribute } from './any-value.ts'
import type { ProtobufReader } from './reader.ts'

/** Reads a `Span`, up to the end of its message. @throws DecodeError that names the field. */
export function readSpan(reader: ProtobufReader): Span {
  let traceId = ''
  let spanId = ''
  let parentSpanId = ''
  let traceState = ''
  let flags = 0
  let name = ''
  let kind = 0
  let startNanos = 0n
  let endNanos = 0n
  let attributes: readonly Attribute[] = none
  let moreAttributes: Attribute[] = none
  let droppedAttributesCount = 0
  let events: SpanEvent[] = none
  let droppedEventsCount = 0
  let links: SpanLink[] = none
  let droppedLinksCount = 0
  let status: Span['status'] = unset
  while (reader.hasMore()) {
    switch (reader.readField()) {
      case 1:
        traceId = reader.readTraceId('traceId')
        break
      case 2:
        spanId = reader.readSpanId('spanId')
        break
      case 3:
        traceState = reader.readString('traceState')
        break
      case 4:
        parentSpanId = reader.readSpanId('parentSpanId')
        break
      case 5:
        name = reader.readString('name')
        break
      case 6:
        kind = reader.readInt32('kind')
        break
      case 7:
        startNanos = reader.readFixed64('startTimeUnixNano')
        break
      case 8:
        endNanos = reader.readFixed64('endTimeUnixNano')
        break
      case 9:
        if (attributes === none) attributes = reader.readAttributes(readAttribute)
        else {
          if (moreAttributes === none) moreAttributes = []
          const index = attributes.length + moreAttributes.length
          moreAttributes.push(reader.readAttribute(index, readAttribute))
        }
        break
      case 10:
        droppedAttributesCount = reader.readUint32('droppedAttributesCount')
        break
      case 11:
        if (events === none) events = []
        reader.readElement('events', readEvent, events)
        break
      case 12:
        droppedEventsCount = reader.readUint32('droppedEventsCount')
        break
      case 13:
        if (links === none) links = []
        reader.readElement('links', readLink, links)
        break
      case 14:
        droppedLinksCount = reader.readUint32('droppedLinksCount')
        break
      case 15:
        status = reader.readMessage('status', readStatus, status)
        break
      case 16:
        flags = reader.readFixed32('flags')
        break
      default:
        reader.skip()
    }
  }
  return {
    traceId,
    spanId,
    parentSpanId,
    traceState,
    flags,
    name,
    kind,
    startNanos,
    endNanos,
    attributes: moreAttributes === none ? attributes : [...attributes, ...moreAttributes],
    droppedAttributesCount,
    events: finishList(events),
    droppedEventsCount,
    links: finishList(links),
    droppedLinksCount,
    status,
  }
}

/** Until there is something to add to a list of its own. */
const none: never[] = []
Object.freeze(none)

/** Shared by all spans without a status, which is most of them. */
const unset: Span['status'] = Object.freeze({ code: 0, message: '' })

function readStatus(reader: ProtobufReader, before: Span['status']): Span['status'] {
  let { code, message } = before
  while (reader.hasMore()) {
    switch (reader.readField()) {
      case 2:
        message = reader.readString('message')
        break
      case 3:
        code = reader.readInt32('code')
        break
      default:
        reader.skip()
    }
  }
  return { code, message }
}

function readEvent(reader: ProtobufReader): SpanEvent {
  let timeNanos = 0n
  let name = ''
  const attributes: Attribute[] = []
  let droppedAttributesCount = 0
  while (reader.hasMore()) {
    switch (reader.readField()) {
      case 1:
        timeNanos = reader.readFixed64('timeUnixNano')
        break
      case 2:
        name = reader.readString('name')
        break
      case 3:
        attributes.push(reader.readAttribute(attributes.length, readAttribute))
        break
      case 4:
        droppedAttributesCount = reader.readUint32('droppedAttributesCount')
        break
      default:
        reader.skip()
    }
  }
  return { timeNanos, name, attributes: finishList(attributes), droppedAttributesCount }
}

function readLink(reader: ProtobufReader): SpanLink {
  let traceId = ''
  let spanId = ''
  let traceState = ''
  let flags = 0
  const attributes: Attribute[] = []
  let droppedAttributesCount = 0
  while (reader.hasMore()) {
    switch (reader.readField()) {
      case 1:
        traceId = reader.readTraceId('traceId')
        break
      case 2:
        spanId = reader.readSpanId('spanId')
        break
      case 3:
        traceState = reader.readString('traceState')
        break
      case 4:
        attributes.push(reader.readAttribute(attributes.length, readAttribute))
        break
      case 5:
        droppedAttributesCount = reader.readUint32('droppedAttributesCount')
        break
      case 6:
        flags = reader.readFixed32('flags')
        break
      default:
        reader.skip()
    }
  }
  return {
    traceId,
    spanId,
    traceState,
    flags,
    attributes: finishList(attributes),
    droppedAttributesCount,
  }
}
