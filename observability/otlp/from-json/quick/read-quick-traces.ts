import type {
  AnyValue,
  Attribute,
  ResourceSpans,
  ScopeGroup,
  Span,
  SpanEvent,
} from '../../model.ts'
import { finishList } from '../../shared/finish-list.ts'
import { parseVariant } from '../any-value.ts'
import { parseResource, parseScope } from '../groups.ts'
import { parseEnum, parseMessage, parseUint32 } from '../json-fields.ts'
import { kindNames, parseLink, statusCodeNames } from '../span.ts'
import { JsonCursor, UnusualJson } from './json-cursor.ts'

/**
 * Spans of a request in the form in which senders write it, read from its bytes in one go: several times as fast as
 * `JSON.parse` and what follows it. `undefined` for any other, which may still be a request, with mistakes or
 * without: the general reader tells.
 */
export function readQuickTraces(body: Uint8Array): readonly ResourceSpans[] | undefined {
  try {
    const cursor = new JsonCursor(body)
    let groups: readonly ResourceSpans[] = []
    for (let more = cursor.enterObject(); more; more = cursor.nextField()) {
      if (cursor.readName() === 'resourceSpans') groups = readList(cursor, readResourceGroup)
      else cursor.readValue()
    }
    cursor.finish()
    return groups
  } catch {
    // Whatever it was: the general reader meets it again, and says where.
    return undefined
  }
}

function readList<T>(cursor: JsonCursor, read: (cursor: JsonCursor) => T): readonly T[] {
  const list: T[] = []
  for (let more = cursor.enterList(); more; more = cursor.nextElement()) list.push(read(cursor))
  return finishList(list)
}

function readResourceGroup(cursor: JsonCursor): ResourceSpans {
  let resource = emptyResource
  let schemaUrl = ''
  let scopes: ResourceSpans['scopes'] = []
  for (let more = cursor.enterObject(); more; more = cursor.nextField()) {
    switch (cursor.readName()) {
      case 'resource':
        resource = parseMessage(cursor.readValue(), '', parseResource)
        break
      case 'schemaUrl':
        schemaUrl = cursor.readString()
        break
      case 'scopeSpans':
        scopes = readList(cursor, readScopeGroup)
        break
      default:
        cursor.readValue()
    }
  }
  return { resource, schemaUrl, scopes }
}

function readScopeGroup(cursor: JsonCursor): ScopeGroup<Span> {
  let scope = emptyScope
  let schemaUrl = ''
  let items: readonly Span[] = []
  for (let more = cursor.enterObject(); more; more = cursor.nextField()) {
    switch (cursor.readName()) {
      case 'scope':
        scope = parseMessage(cursor.readValue(), '', parseScope)
        break
      case 'schemaUrl':
        schemaUrl = cursor.readString()
        break
      case 'spans':
        items = readList(cursor, readSpan)
        break
      default:
        cursor.readValue()
    }
  }
  return { scope, schemaUrl, items }
}

const emptyResource = parseResource({})
const emptyScope = parseScope({})
/** Shared by all spans without a status, which is most of them. */
const unset: Span['status'] = Object.freeze({ code: 0, message: '' })

function readSpan(cursor: JsonCursor): Span {
  const span: Draft<Span> = {
    traceId: '',
    spanId: '',
    parentSpanId: '',
    traceState: '',
    flags: 0,
    name: '',
    kind: 0,
    startNanos: 0n,
    endNanos: 0n,
    attributes: none,
    droppedAttributesCount: 0,
    events: none,
    droppedEventsCount: 0,
    links: none,
    droppedLinksCount: 0,
    status: unset,
  }
  for (let more = cursor.enterObject(); more; more = cursor.nextField()) {
    readSpanField(cursor, span, cursor.readName())
  }
  return span
}

type Draft<T> = { -readonly [K in keyof T]: T[K] }

function readSpanField(cursor: JsonCursor, span: Draft<Span>, name: string): void {
  switch (name) {
    case 'traceId':
      span.traceId = cursor.readId(32)
      break
    case 'spanId':
      span.spanId = cursor.readId(16)
      break
    case 'parentSpanId':
      span.parentSpanId = cursor.readId(16)
      break
    case 'traceState':
      span.traceState = cursor.readString()
      break
    case 'flags':
      span.flags = parseUint32(cursor.readValue(), '')
      break
    case 'name':
      span.name = cursor.readString()
      break
    case 'kind':
      span.kind = parseEnum(cursor.readValue(), '', kindNames)
      break
    case 'startTimeUnixNano':
      span.startNanos = cursor.readUint64()
      break
    case 'endTimeUnixNano':
      span.endNanos = cursor.readUint64()
      break
    case 'attributes':
      span.attributes = readAttributes(cursor)
      break
    case 'droppedAttributesCount':
      span.droppedAttributesCount = parseUint32(cursor.readValue(), '')
      break
    case 'events':
      span.events = readList(cursor, readEvent)
      break
    case 'droppedEventsCount':
      span.droppedEventsCount = parseUint32(cursor.readValue(), '')
      break
    case 'links':
      span.links = readList(cursor, readLink)
      break
    case 'droppedLinksCount':
      span.droppedLinksCount = parseUint32(cursor.readValue(), '')
      break
    case 'status':
      span.status = readStatus(cursor)
      break
    default:
      cursor.readValue()
  }
}

const none: readonly never[] = finishList([])

function readEvent(cursor: JsonCursor): SpanEvent {
  let timeNanos = 0n
  let name = ''
  let attributes: SpanEvent['attributes'] = none
  let droppedAttributesCount = 0
  for (let more = cursor.enterObject(); more; more = cursor.nextField()) {
    switch (cursor.readName()) {
      case 'timeUnixNano':
        timeNanos = cursor.readUint64()
        break
      case 'name':
        name = cursor.readString()
        break
      case 'attributes':
        attributes = readAttributes(cursor)
        break
      case 'droppedAttributesCount':
        droppedAttributesCount = parseUint32(cursor.readValue(), '')
        break
      default:
        cursor.readValue()
    }
  }
  return { timeNanos, name, attributes, droppedAttributesCount }
}

function readLink(cursor: JsonCursor) {
  return parseMessage(cursor.readValue(), '', parseLink)
}

function readStatus(cursor: JsonCursor): Span['status'] {
  let code = 0
  let message = ''
  for (let more = cursor.enterObject(); more; more = cursor.nextField()) {
    switch (cursor.readName()) {
      case 'code':
        code = parseEnum(cursor.readValue(), '', statusCodeNames)
        break
      case 'message':
        message = cursor.readString()
        break
      default:
        cursor.readValue()
    }
  }
  return code === 0 && message === '' ? unset : { code, message }
}

/** Of the list that is being read: lists within a value are the general reader's, so there is one at a time. */
const scratch: Attribute[] = []
const scratchMax = 256

function readAttributes(cursor: JsonCursor): readonly Attribute[] {
  let count = 0
  for (let more = cursor.enterList(); more; more = cursor.nextElement()) {
    scratch[count] = cursor.readAttribute(readAttribute)
    count += 1
  }
  const attributes = finishList(scratch, count)
  if (scratch.length > scratchMax) scratch.length = 0
  return attributes
}

function readAttribute(cursor: JsonCursor): Attribute {
  let key = ''
  let value: AnyValue = null
  for (let more = cursor.enterObject(); more; more = cursor.nextField()) {
    switch (cursor.readName()) {
      case 'key':
        key = cursor.readString()
        break
      case 'value':
        value = readAnyValue(cursor)
        break
      default:
        cursor.readValue()
    }
  }
  return { key, value }
}

function readAnyValue(cursor: JsonCursor): AnyValue {
  if (!cursor.enterObject()) return null
  const value = readVariant(cursor, cursor.readName())
  // Of several kinds of value the last one that is not null wins, and which that is the general reader knows.
  if (cursor.nextField()) throw new UnusualJson()
  return value
}

function readVariant(cursor: JsonCursor, name: string): AnyValue {
  if (cursor.isAtNull()) throw new UnusualJson()
  if (name === 'stringValue') return cursor.readString()
  if (name === 'intValue') return cursor.readInt64()
  return parseVariant(name, cursor.readValue(), 1, null)
}
