import * as v from 'valibot'
import { described } from '../plumbing/described.ts'

const requestNumbers = {
  calls: v.number(),
  errors4xx: v.number(),
  errors5xx: v.number(),
  p50Millis: described(
    v.nullable(v.number()),
    'Exact, by linear interpolation between closest ranks; `null` without calls whose durations can be.',
  ),
  p95Millis: v.nullable(v.number()),
  p99Millis: v.nullable(v.number()),
}

/** How many requests there were, how they ended, and how long they took. */
export const requestNumbersSchema = v.pipe(v.strictObject(requestNumbers), v.readonly())
/** Counts of requests, and quantiles of their durations in milliseconds. */
export type RequestNumbers = v.InferOutput<typeof requestNumbersSchema>

export const operationNumbersSchema = v.pipe(
  v.strictObject({
    group: described(
      v.nullable(v.string()),
      'Its value of what was asked to be grouped by: the runtime, or an attribute of the server span or its resource.',
    ),
    runtime: v.nullable(v.string()),
    service: v.nullable(v.string()),
    operation: described(v.string(), 'Name of the server span.'),
    method: v.nullable(v.string()),
    route: v.nullable(v.string()),
    clock: described(
      v.nullable(v.string()),
      '`hono.runtime.clock`: how far the durations can be trusted.',
    ),
    ...requestNumbers,
  }),
  v.readonly(),
)
/** The numbers of one operation of one service on one runtime. */
export type OperationNumbers = v.InferOutput<typeof operationNumbersSchema>

/** `GET /api/overview`: rate, errors and durations of the server spans that are stored, by operation and over time. */
export const overviewSchema = v.pipe(
  v.strictObject({
    startTime: described(v.string(), 'RFC 3339.'),
    endTime: described(v.string(), 'RFC 3339.'),
    bucketMillis: v.number(),
    firstBucketMillis: described(
      v.number(),
      'Start of the first bucket in milliseconds since 1970; the others follow without a gap.',
    ),
    operations: described(
      v.pipe(v.array(operationNumbersSchema), v.readonly()),
      'The most frequent first; by group, runtime, service and operation. Of every one of these, whatever was asked for.',
    ),
    moreOperations: described(v.number(), 'How many operations there are beyond those.'),
    trafficMillis: described(
      v.number(),
      'From the start of the first of these requests to that of the last: there was traffic so long.',
    ),
    untimed: described(
      v.number(),
      'Requests that are counted, but in no quantile: they end before they begin, or a clock was set meanwhile.',
    ),
    leftOut: described(
      v.pipe(
        v.strictObject({
          unfinished: described(v.number(), 'They have not ended.'),
          impossible: described(
            v.number(),
            'They begin or end before 2000, after 2099, or more than a day from now.',
          ),
          old: described(
            v.number(),
            'They began more than 30 days ago, and no `start` was asked for.',
          ),
        }),
        v.readonly(),
      ),
      'Requests that are in no number here.',
    ),
    series: described(
      v.pipe(
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
      'By group, one entry for each bucket, of what was asked for.',
    ),
  }),
  v.readonly(),
)
/** The answer of `/api/overview`. */
export type Overview = v.InferOutput<typeof overviewSchema>
