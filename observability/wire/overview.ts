import * as v from 'valibot'

const requestNumbers = {
  calls: v.number(),
  errors4xx: v.number(),
  errors5xx: v.number(),
  /** Exact, by linear interpolation between closest ranks; `null` without calls whose durations can be. */
  p50Millis: v.nullable(v.number()),
  p95Millis: v.nullable(v.number()),
  p99Millis: v.nullable(v.number()),
}

/** How many requests there were, how they ended, and how long they took. */
const requestNumbersSchema = v.pipe(v.strictObject(requestNumbers), v.readonly())
/** Counts of requests, and quantiles of their durations in milliseconds. */
export type RequestNumbers = v.InferOutput<typeof requestNumbersSchema>

const operationNumbersSchema = v.pipe(
  v.strictObject({
    /** Its value of what was asked to be grouped by: the runtime, or an attribute of the resource. */
    group: v.nullable(v.string()),
    runtime: v.nullable(v.string()),
    service: v.nullable(v.string()),
    /** Name of the server span. */
    operation: v.string(),
    method: v.nullable(v.string()),
    route: v.nullable(v.string()),
    /** `hono.runtime.clock`: how far the durations can be trusted. */
    clock: v.nullable(v.string()),
    ...requestNumbers,
  }),
  v.readonly(),
)
/** The numbers of one operation of one service on one runtime. */
export type OperationNumbers = v.InferOutput<typeof operationNumbersSchema>

/** `GET /api/overview`: rate, errors and durations of the server spans that are stored, by operation and over time. */
export const overviewSchema = v.pipe(
  v.strictObject({
    /** RFC 3339. */
    startTime: v.string(),
    /** RFC 3339. */
    endTime: v.string(),
    bucketMillis: v.number(),
    /** Start of the first bucket in milliseconds since 1970; the others follow without a gap. */
    firstBucketMillis: v.number(),
    /** The most frequent first; by group, runtime, service and operation. Of every one of these, whatever was asked for. */
    operations: v.pipe(v.array(operationNumbersSchema), v.readonly()),
    /** How many operations there are beyond those. */
    moreOperations: v.number(),
    /** From the start of the first of them to that of the last: there was traffic so long. */
    trafficMillis: v.number(),
    /** Requests that are counted, but in no quantile: they end before they begin, or a clock was set meanwhile. */
    untimed: v.number(),
    /** Requests that are in no number here. */
    leftOut: v.pipe(
      v.strictObject({
        /** They have not ended. */
        unfinished: v.number(),
        /** They begin or end before 2000, after 2099, or more than a day from now. */
        impossible: v.number(),
        /** They began more than 30 days ago, and no `start` was asked for. */
        old: v.number(),
      }),
      v.readonly(),
    ),
    /** By group, one entry for each bucket, of what was asked for. */
    series: v.pipe(
      v.array(
        v.pipe(
          v.strictObject({
            group: v.nullable(v.string()),
            buckets: v.pipe(v.array(requestNumbersSchema), v.readonly()),
          }),
          v.readonly(),
        ),
      ),
      v.readonly(),
    ),
  }),
  v.readonly(),
)
/** The answer of `/api/overview`. */
export type Overview = v.InferOutput<typeof overviewSchema>
