import * as v from 'valibot'

/** One line about a trace. What no span told is `null`. */
const traceSummarySchema = v.pipe(
  v.strictObject({
    /** 32 hex digits. */
    traceId: v.string(),
    rootName: v.string(),
    /** Of the outermost server span, which stands for the trace; without one, of the root. */
    name: v.string(),
    /** Of the same span: `service.name`. */
    service: v.nullable(v.string()),
    /** Of the same span: `hono.runtime.name`, `process.runtime.name`, or else `service.name`. */
    runtime: v.nullable(v.string()),
    /** Of the same span, or else of the root. */
    method: v.nullable(v.string()),
    /** As `method`. */
    route: v.nullable(v.string()),
    /** As `method`. */
    httpStatus: v.nullable(v.number()),
    /** `service.name` of all its spans, by the time of the first, eight at the most. */
    services: v.pipe(v.array(v.string()), v.readonly()),
    /** `error` when any span failed, otherwise that of the root. */
    status: v.picklist(['ok', 'error', 'unset']),
    /** RFC 3339 with nine digits of a second. */
    startTime: v.string(),
    /** Nanoseconds since 1970, as decimal digits. */
    startTimeUnixNano: v.string(),
    /** From the earliest start to the latest end, over all clocks involved; without times that cannot be. */
    durationMillis: v.number(),
    /** `false` when the times of a span cannot be, because a clock was set meanwhile. */
    isDurationTrusted: v.boolean(),
    spanCount: v.number(),
    /** Spans whose status is `error`. */
    errorCount: v.number(),
    /**
     * What went wrong, as `spans/find-failures.ts` tells it: without clients that a service of this trace answered with
     * a 4xx, and with log records of level error in spans that did not fail.
     */
    failureCount: v.number(),
    logCount: v.number(),
  }),
  v.readonly(),
)
/** A trace in a list. */
export type TraceSummary = v.InferOutput<typeof traceSummarySchema>

/** `GET /api/traces` */
export const tracePageSchema = v.pipe(
  v.strictObject({
    /** Newest first, or by the `sort` that was asked for. */
    traces: v.pipe(v.array(traceSummarySchema), v.readonly()),
    /** Given back as `cursor` it continues; absent when there are no more. */
    nextCursor: v.exactOptional(v.string()),
    /** Given back as `since` it asks for what came after this answer. */
    arrival: v.string(),
  }),
  v.readonly(),
)
/** The answer of `/api/traces`. */
export type TracePage = v.InferOutput<typeof tracePageSchema>
