import type { Span, SpanEvent, SpanLink } from '../model.ts'
import { parseAttributes } from './any-value.ts'
import {
  parseEnum,
  parseId,
  parseMessage,
  parseMessages,
  parseString,
  parseUint32,
  parseUint64,
} from './json-fields.ts'
import type { JsonObject } from './json-text.ts'

/** Reads one element of `spans`. @throws DecodeError that names the field, without the path to the span. */
export function parseSpan(object: JsonObject): Span {
  return {
    traceId: parseId(object.traceId, 'traceId', 32),
    spanId: parseId(object.spanId, 'spanId', 16),
    parentSpanId: parseId(object.parentSpanId, 'parentSpanId', 16),
    traceState: parseString(object.traceState, 'traceState'),
    flags: parseUint32(object.flags, 'flags'),
    name: parseString(object.name, 'name'),
    kind: parseEnum(object.kind, 'kind', kindNames),
    startNanos: parseUint64(object.startTimeUnixNano, 'startTimeUnixNano'),
    endNanos: parseUint64(object.endTimeUnixNano, 'endTimeUnixNano'),
    attributes: parseAttributes(object.attributes, 'attributes'),
    droppedAttributesCount: parseUint32(object.droppedAttributesCount, 'droppedAttributesCount'),
    events: parseMessages(object.events, 'events', parseEvent),
    droppedEventsCount: parseUint32(object.droppedEventsCount, 'droppedEventsCount'),
    links: parseMessages(object.links, 'links', parseLink),
    droppedLinksCount: parseUint32(object.droppedLinksCount, 'droppedLinksCount'),
    status: parseMessage(object.status, 'status', parseStatus),
  }
}

function parseEvent(object: JsonObject): SpanEvent {
  return {
    timeNanos: parseUint64(object.timeUnixNano, 'timeUnixNano'),
    name: parseString(object.name, 'name'),
    attributes: parseAttributes(object.attributes, 'attributes'),
    droppedAttributesCount: parseUint32(object.droppedAttributesCount, 'droppedAttributesCount'),
  }
}

export function parseLink(object: JsonObject): SpanLink {
  return {
    traceId: parseId(object.traceId, 'traceId', 32),
    spanId: parseId(object.spanId, 'spanId', 16),
    traceState: parseString(object.traceState, 'traceState'),
    flags: parseUint32(object.flags, 'flags'),
    attributes: parseAttributes(object.attributes, 'attributes'),
    droppedAttributesCount: parseUint32(object.droppedAttributesCount, 'droppedAttributesCount'),
  }
}

function parseStatus(object: JsonObject): Span['status'] {
  return {
    code: parseEnum(object.code, 'code', statusCodeNames),
    message: parseString(object.message, 'message'),
  }
}

export const kindNames: ReadonlyMap<string, number> = new Map([
  ['SPAN_KIND_UNSPECIFIED', 0],
  ['SPAN_KIND_INTERNAL', 1],
  ['SPAN_KIND_SERVER', 2],
  ['SPAN_KIND_CLIENT', 3],
  ['SPAN_KIND_PRODUCER', 4],
  ['SPAN_KIND_CONSUMER', 5],
])

export const statusCodeNames: ReadonlyMap<string, number> = new Map([
  ['STATUS_CODE_UNSET', 0],
  ['STATUS_CODE_OK', 1],
  ['STATUS_CODE_ERROR', 2],
])
