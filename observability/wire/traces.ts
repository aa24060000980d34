import * as v from 'valibot'
import { described } from '../plumbing/described.ts'

/** One line about a trace. What no span told is `null`. */
export const traceSummarySchema = v.pipe(
  v.strictObject({
    traceId: described(v.string(), '32 hex digits.'),
    rootName: v.string(),
    name: described(
      v.string(),
      'Of the outermost server span, which stands for the trace; without one, of the root.',
    ),
    service: described(v.nullable(v.string()), 'Of the same span: `service.name`.'),
    runtime: described(
      v.nullable(v.string()),
      'Of the same span: `hono.runtime.name`, `process.runtime.name`, or else `service.name`.',
    ),
    method: described(v.nullable(v.string()), 'Of the same span, or else of the root.'),
    route: described(v.nullable(v.string()), 'As `method`.'),
    httpStatus: described(v.nullable(v.number()), 'As `method`.'),
    services: described(
      v.pipe(v.array(v.string()), v.readonly()),
      '`service.name` of all its spans, by the time of the first, eight at the most.',
    ),
    status: described(
      v.picklist(['ok', 'error', 'unset']),
      '`error` when any span failed, otherwise that of the root.',
    ),
    startTime: described(v.string(), 'RFC 3339 with nine digits of a second.'),
    startTimeUnixNano: described(v.string(), 'Nanoseconds since 1970, as decimal digits.'),
    durationMillis: described(
      v.number(),
      'From the earliest start to the latest end, over all clocks involved; without times that cannot be.',
    ),
    isDurationTrusted: described(
      v.boolean(),
      '`false` when the times of a span cannot be, because a clock was set meanwhile.',
    ),
    spanCount: v.number(),
    errorCount: described(v.number(), 'Spans whose status is `error`.'),
    failureCount: described(
      v.number(),
      'What went wrong: spans that failed, without clients that a service of this trace answered with a 4xx, and log records of level error in spans that did not fail.',
    ),
    logCount: v.number(),
  }),
  v.readonly(),
)
/** A trace in a list. */
export type TraceSummary = v.InferOutput<typeof traceSummarySchema>

/** `GET /api/traces` */
export const tracePageSchema = v.pipe(
  v.strictObject({
    traces: described(
      v.pipe(v.array(traceSummarySchema), v.readonly()),
      'Newest first, or by the `sort` that was asked for.',
    ),
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
/** The answer of `/api/traces`. */
export type TracePage = v.InferOutput<typeof tracePageSchema>
