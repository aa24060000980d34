import * as v from 'valibot'
import { described } from '../plumbing/described.ts'
import { anyValueSchema, attributesSchema } from './otlp-schemas.ts'
import { severities } from './severity.ts'

/** A log record on its own, with what it would otherwise take from its surroundings. */
export const logLineSchema = v.pipe(
  v.strictObject({
    id: described(
      v.string(),
      'Tells it from any other that this run of the collector has seen; `/api/logs/{id}` has all of it.',
    ),
    time: described(
      v.string(),
      'RFC 3339 with nine digits of a second: when it happened, or else when it was noticed.',
    ),
    timeUnixNano: described(v.string(), 'The same in nanoseconds since 1970, as decimal digits.'),
    severity: described(v.nullable(v.picklist(severities)), '`null` when the record does not say.'),
    severityNumber: described(v.number(), '1 to 24; 0 when the record does not say.'),
    severityText: v.string(),
    body: described(
      v.nullable(v.union([v.string(), anyValueSchema])),
      'Text as it is; any other value as OTLP/JSON has it, such as `{"kvlistValue":…}`.',
    ),
    eventName: v.nullable(v.string()),
    attributes: attributesSchema,
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
    logs: described(v.pipe(v.array(logLineSchema), v.readonly()), 'Newest first.'),
    nextCursor: v.exactOptional(
      described(v.string(), 'Given back as `cursor` it continues; absent when there are no more.'),
    ),
    arrival: described(
      v.string(),
      'Given back as `since` it asks for what came after this answer.',
    ),
  }),
  v.readonly(),
)
/** The answer of `/api/logs`. */
export type LogPage = v.InferOutput<typeof logPageSchema>
