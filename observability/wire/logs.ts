import * as v from 'valibot'
import type { JsonValue } from '../otlp/to-json/json-value.ts'
import { severities } from './severities.ts'

const jsonSchema = v.custom<JsonValue>((value) => value !== undefined && value !== null)

/** A log record on its own, with what it would otherwise take from its surroundings. */
const logLineSchema = v.pipe(
  v.strictObject({
    /** Tells it from any other that this run of the collector has seen; `/api/logs/{id}` has all of it. */
    id: v.string(),
    /** RFC 3339 with nine digits of a second: when it happened, or else when it was noticed. */
    time: v.string(),
    /** The same in nanoseconds since 1970, as decimal digits. */
    timeUnixNano: v.string(),
    /** `null` when the record does not say. */
    severity: v.nullable(v.picklist(severities)),
    /** 1 to 24; 0 when the record does not say. */
    severityNumber: v.number(),
    severityText: v.string(),
    /** Text as it is; any other value as OTLP/JSON has it, such as `{"kvlistValue":…}`. */
    body: v.nullable(jsonSchema),
    eventName: v.nullable(v.string()),
    /** As OTLP/JSON has them, a list of `{key, value: {intValue: "3"}}`: the types are worth seeing. */
    attributes: jsonSchema,
    traceId: v.nullable(v.string()),
    spanId: v.nullable(v.string()),
    service: v.nullable(v.string()),
    runtime: v.nullable(v.string()),
  }),
  v.readonly(),
)
/** A log record in a list. */
export type LogLine = v.InferOutput<typeof logLineSchema>

/** `GET /api/logs` */
export const logPageSchema = v.pipe(
  v.strictObject({
    /** Newest first. */
    logs: v.pipe(v.array(logLineSchema), v.readonly()),
    /** Given back as `cursor` it continues; absent when there are no more. */
    nextCursor: v.exactOptional(v.string()),
    /** Given back as `since` it asks for what came after this answer. */
    arrival: v.string(),
  }),
  v.readonly(),
)
