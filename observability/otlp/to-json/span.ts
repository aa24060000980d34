import type { Span, SpanEvent, SpanLink } from '../model.ts'
import { renderAttributes } from './any-value.ts'
import {
  type JsonValue,
  optionalBigInt,
  optionalList,
  optionalMessage,
  optionalNumber,
  optionalText,
} from './json-value.ts'

/** An element of `spans`; the inverse of `parseSpan`. */
export function renderSpan(span: Span): JsonValue {
  return {
    traceId: optionalText(span.traceId),
    spanId: optionalText(span.spanId),
    traceState: optionalText(span.traceState),
    parentSpanId: optionalText(span.parentSpanId),
    flags: optionalNumber(span.flags),
    name: optionalText(span.name),
    kind: optionalNumber(span.kind),
    startTimeUnixNano: optionalBigInt(span.startNanos),
    endTimeUnixNano: optionalBigInt(span.endNanos),
    attributes: renderAttributes(span.attributes),
    droppedAttributesCount: optionalNumber(span.droppedAttributesCount),
    events: optionalList(span.events, renderEvent),
    droppedEventsCount: optionalNumber(span.droppedEventsCount),
    links: optionalList(span.links, renderLink),
    droppedLinksCount: optionalNumber(span.droppedLinksCount),
    status: optionalMessage({
      message: optionalText(span.status.message),
      code: optionalNumber(span.status.code),
    }),
  }
}

function renderEvent(event: SpanEvent): JsonValue {
  return {
    timeUnixNano: optionalBigInt(event.timeNanos),
    name: optionalText(event.name),
    attributes: renderAttributes(event.attributes),
    droppedAttributesCount: optionalNumber(event.droppedAttributesCount),
  }
}

function renderLink(link: SpanLink): JsonValue {
  return {
    traceId: optionalText(link.traceId),
    spanId: optionalText(link.spanId),
    traceState: optionalText(link.traceState),
    attributes: renderAttributes(link.attributes),
    droppedAttributesCount: optionalNumber(link.droppedAttributesCount),
    flags: optionalNumber(link.flags),
  }
}
