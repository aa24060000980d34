import * as v from 'valibot'
import type { JsonValue } from '../otlp/to-json/json-value.ts'
import { described } from '../plumbing/described.ts'

// Spans and log records as OTLP/JSON has them, which leaves out what has its default.

const text = v.exactOptional(v.string())
const number = v.exactOptional(v.number())
const nanos = v.exactOptional(described(v.string(), 'Nanoseconds since 1970, as decimal digits.'))

function listOf<S extends v.GenericSchema>(item: S) {
  return v.exactOptional(v.array(item))
}

/** A value: at most one of the fields. */
export const anyValueSchema: v.GenericSchema<JsonValue> = v.strictObject({
  stringValue: text,
  boolValue: v.exactOptional(v.boolean()),
  intValue: v.exactOptional(described(v.string(), 'Decimal digits.')),
  doubleValue: v.exactOptional(
    described(
      v.union([v.number(), v.string()]),
      'Text for `NaN`, `Infinity`, `-Infinity` and `-0`.',
    ),
  ),
  bytesValue: v.exactOptional(described(v.string(), 'Base64.')),
  arrayValue: v.exactOptional(v.strictObject({ values: listOf(v.lazy(() => anyValueSchema)) })),
  kvlistValue: v.exactOptional(v.strictObject({ values: listOf(v.lazy(() => attributeSchema)) })),
})

export const attributeSchema = v.strictObject({
  key: text,
  value: v.exactOptional(anyValueSchema),
})

/** Attributes with the types that they were sent with, such as `{key, value: {intValue: "3"}}`. */
export const attributesSchema: v.GenericSchema<JsonValue> = v.array(attributeSchema)

const attributes = {
  attributes: v.exactOptional(attributesSchema),
  droppedAttributesCount: number,
}

export const resourceSchema = v.strictObject({
  ...attributes,
  entityRefs: listOf(
    v.strictObject({
      schemaUrl: text,
      type: text,
      idKeys: listOf(v.string()),
      descriptionKeys: listOf(v.string()),
    }),
  ),
})

export const scopeSchema = v.strictObject({ name: text, version: text, ...attributes })

const eventSchema = v.strictObject({ timeUnixNano: nanos, name: text, ...attributes })

const linkSchema = v.strictObject({
  traceId: text,
  spanId: text,
  traceState: text,
  flags: number,
  ...attributes,
})

export const spanSchema = v.strictObject({
  traceId: text,
  spanId: text,
  traceState: text,
  parentSpanId: text,
  flags: number,
  name: text,
  kind: v.exactOptional(
    described(v.number(), '1 internal, 2 server, 3 client, 4 producer, 5 consumer.'),
  ),
  startTimeUnixNano: nanos,
  endTimeUnixNano: nanos,
  ...attributes,
  events: listOf(eventSchema),
  droppedEventsCount: number,
  links: listOf(linkSchema),
  droppedLinksCount: number,
  status: v.exactOptional(
    v.strictObject({
      message: text,
      code: v.exactOptional(described(v.number(), '1 ok, 2 error.')),
    }),
  ),
})

export const logRecordSchema = v.strictObject({
  timeUnixNano: nanos,
  observedTimeUnixNano: nanos,
  severityNumber: number,
  severityText: text,
  body: v.exactOptional(anyValueSchema),
  ...attributes,
  flags: number,
  traceId: text,
  spanId: text,
  eventName: text,
})

const resourceSpans = v.array(
  v.strictObject({
    resource: v.exactOptional(resourceSchema),
    scopeSpans: listOf(
      v.strictObject({
        scope: v.exactOptional(scopeSchema),
        spans: listOf(spanSchema),
        schemaUrl: text,
      }),
    ),
    schemaUrl: text,
  }),
)

const resourceLogs = v.array(
  v.strictObject({
    resource: v.exactOptional(resourceSchema),
    scopeLogs: listOf(
      v.strictObject({
        scope: v.exactOptional(scopeSchema),
        logRecords: listOf(logRecordSchema),
        schemaUrl: text,
      }),
    ),
    schemaUrl: text,
  }),
)

/** `GET /api/traces/{traceId}`: OTLP/JSON, in order of time within each scope. */
export const traceJsonSchema = v.strictObject({
  traceId: described(v.string(), '32 hex digits.'),
  isDurationTrusted: described(
    v.boolean(),
    '`false` when the times of a span cannot be, because a clock was set meanwhile.',
  ),
  resourceSpans,
  resourceLogs,
})

/** `GET /api/logs/{id}`: one log record with its resource and scope. */
export const logRecordJsonSchema = v.strictObject({ resourceLogs })
