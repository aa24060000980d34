import { decodeBase64 } from '../../from-json/base64.ts'
import {
  parseBoolean,
  parseDouble,
  parseId,
  parseInt64,
  parseMessage,
  parseMessages,
  parseString,
  parseUint64,
} from '../../from-json/json-fields.ts'
import { isJsonObject, type JsonObject } from '../../from-json/json-text.ts'
import {
  type AnyValue,
  type Attribute,
  type ResourceSpans,
  type Span,
  type SpanEvent,
  SpanKind,
  StatusCode,
} from '../../model.ts'

/** Whether this is what Jaeger's API answers: traces in `data`, or one trace. */
export function isJaegerDocument(document: JsonObject): boolean {
  const { data, spans } = document
  return Array.isArray(data) || (Array.isArray(spans) && isJsonObject(document.processes))
}

/**
 * Reads traces as Jaeger's API and its page hand them out, which is a format of its own: `{ data: [trace] }`, or one
 * trace. Times are microseconds. Kind, status, scope and the names of events are tags, as the specification of
 * OpenTelemetry maps them; they become what they were. Lists were written as text, and stay text.
 *
 * @see https://opentelemetry.io/docs/specs/otel/trace/sdk_exporters/jaeger/
 * @throws DecodeError naming the first field that is not so.
 */
export function parseJaegerTraces(document: JsonObject): readonly ResourceSpans[] {
  if (!Array.isArray(document.data)) return parseTrace(document)
  return parseMessages(document.data, 'data', parseTrace).flat()
}

function parseTrace(trace: JsonObject): readonly ResourceSpans[] {
  const processes = parseMessage(trace.processes, 'processes', (all) => {
    const names = Object.keys(all)
    return new Map(names.map((name) => [name, parseMessage(all[name], name, parseProcess)]))
  })
  const spans = parseMessages(trace.spans, 'spans', (span) => ({
    process: parseString(span.processID, 'processID'),
    own: span.process === undefined ? null : parseMessage(span.process, 'process', parseProcess),
    ...parseSpan(span),
  }))
  const groups = Map.groupBy(spans, ({ process, scope, version }) =>
    JSON.stringify([process, scope, version]),
  )
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    if (first === undefined) return []
    const attributes = first.own ?? processes.get(first.process) ?? []
    const scope = { name: first.scope, version: first.version, ...bare }
    const items = group.map(({ span }) => span)
    return [
      {
        resource: { attributes, droppedAttributesCount: 0 },
        schemaUrl: '',
        scopes: [{ scope, schemaUrl: '', items }],
      },
    ]
  })
}

const bare = { attributes: [], droppedAttributesCount: 0 } as const

function parseProcess(process: JsonObject): readonly Attribute[] {
  const name = parseString(process.serviceName, 'serviceName')
  return [{ key: 'service.name', value: name }, ...parseTags(process.tags, 'tags')]
}

/** Tags that stand for a field of a span, and none of its attributes. */
const fieldTags = [
  'span.kind',
  'otel.status_code',
  'otel.status_description',
  'otel.scope.name',
  'otel.scope.version',
  'otel.library.name',
  'otel.library.version',
  'w3c.tracestate',
  'internal.span.format',
]

type ParsedSpan = { readonly span: Span; readonly scope: string; readonly version: string }

function parseSpan(object: JsonObject): ParsedSpan {
  const tags = parseTags(object.tags, 'tags')
  const read = (...keys: readonly string[]) => {
    const value = tags.find(({ key }) => keys.includes(key))?.value
    return typeof value === 'string' ? value : ''
  }
  const traceId = parseShortId(object.traceID, 'traceID', 32)
  const references = parseMessages(object.references, 'references', (reference) => ({
    isParent: reference.refType === 'CHILD_OF',
    traceId: parseShortId(reference.traceID, 'traceID', 32),
    spanId: parseShortId(reference.spanID, 'spanID', 16),
  }))
  const parent = references.find((one) => one.isParent && one.traceId === traceId)
  const startNanos = parseUint64(object.startTime, 'startTime') * 1000n
  const isError = tags.some(({ key, value }) => key === 'error' && value === true)
  const said = read('otel.status_code').toUpperCase()
  const code =
    said === 'ERROR' || (said === '' && isError)
      ? StatusCode.error
      : said === 'OK'
        ? StatusCode.ok
        : StatusCode.unset
  return {
    scope: read('otel.scope.name', 'otel.library.name'),
    version: read('otel.scope.version', 'otel.library.version'),
    span: {
      traceId,
      spanId: parseShortId(object.spanID, 'spanID', 16),
      parentSpanId: parent?.spanId ?? parseShortId(object.parentSpanID, 'parentSpanID', 16),
      traceState: read('w3c.tracestate'),
      flags: 0,
      name: parseString(object.operationName, 'operationName'),
      kind: kinds.get(read('span.kind')) ?? SpanKind.internal,
      startNanos,
      endNanos: startNanos + parseUint64(object.duration, 'duration') * 1000n,
      attributes: tags.filter(
        ({ key, value }) => !fieldTags.includes(key) && !(key === 'error' && value === true),
      ),
      droppedAttributesCount: 0,
      events: parseMessages(object.logs, 'logs', parseEvent),
      droppedEventsCount: 0,
      links: references
        .filter((one) => one !== parent)
        .map((one) => ({
          traceId: one.traceId,
          spanId: one.spanId,
          traceState: '',
          flags: 0,
          ...bare,
        })),
      droppedLinksCount: 0,
      status: { code, message: read('otel.status_description') },
    },
  }
}

const kinds: ReadonlyMap<string, number> = new Map(Object.entries(SpanKind))

function parseEvent(log: JsonObject): SpanEvent {
  const fields = parseTags(log.fields, 'fields')
  const name = fields.find(({ key }) => key === 'event')?.value
  return {
    timeNanos: parseUint64(log.timestamp, 'timestamp') * 1000n,
    name: typeof name === 'string' ? name : '',
    attributes: fields.filter(({ key }) => key !== 'event'),
    droppedAttributesCount: 0,
  }
}

/** Jaeger used to leave out zeros at the start. */
function parseShortId(value: unknown, name: string, digits: 16 | 32): string {
  const isShort = typeof value === 'string' && /^[0-9a-f]+$/i.test(value)
  return parseId(isShort ? value.padStart(digits, '0') : value, name, digits)
}

function parseTags(value: unknown, name: string): readonly Attribute[] {
  return parseMessages(value, name, (tag) => ({
    key: parseString(tag.key, 'key'),
    value: parseValue(tag.type, tag.value),
  }))
}

function parseValue(type: unknown, value: unknown): AnyValue {
  switch (type) {
    case 'bool':
      return typeof value === 'string' ? value === 'true' : parseBoolean(value, 'value')
    case 'int64':
      return parseInt64(value, 'value')
    case 'float64':
      return parseDouble(value, 'value')
    case 'binary':
      return decodeBase64(parseString(value, 'value'))
    default:
      return parseString(value, 'value')
  }
}
