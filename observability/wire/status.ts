import * as v from 'valibot'
import { described } from '../plumbing/described.ts'

const storedCounts = {
  traces: v.number(),
  spans: v.number(),
  logRecords: v.number(),
  looseLogRecords: described(v.number(), 'Of no trace.'),
}

const receivedCounts = {
  received: v.pipe(
    v.strictObject({
      requests: v.number(),
      spans: described(v.number(), 'Without those that were rejected.'),
      logRecords: v.number(),
      dataPoints: v.number(),
    }),
    v.readonly(),
  ),
  rejected: v.pipe(
    v.strictObject({
      requests: described(
        v.pipe(v.record(v.string(), v.number()), v.readonly()),
        'By HTTP status.',
      ),
      spans: described(v.number(), 'Without a trace id or a span id.'),
    }),
    v.readonly(),
  ),
}

const forwardStatsSchema = v.pipe(
  v.strictObject({
    endpoint: v.string(),
    delivered: v.number(),
    partlyDelivered: described(
      v.number(),
      'Delivered, but the destination said it did not take all of it.',
    ),
    refused: described(v.number(), 'Answered with a status that says never to try again.'),
    dropped: described(
      v.number(),
      'Requests dropped because the queue was full, or because time ran out at the end.',
    ),
    failedTries: v.number(),
    waiting: v.number(),
    waitingBytes: v.number(),
    isFailing: v.boolean(),
  }),
  v.readonly(),
)
/** Requests, since the start. */
export type ForwardStats = v.InferOutput<typeof forwardStatsSchema>

/** `GET /api/status`: how the collector fares. Counts are since the start. */
export const collectorStatusSchema = v.pipe(
  v.strictObject({
    ...receivedCounts,
    title: described(v.string(), "The page's title."),
    version: v.string(),
    startTime: described(v.string(), 'Tells one run of the collector from the next.'),
    uptimeSeconds: v.number(),
    inFlight: v.pipe(v.strictObject({ requests: v.number(), bytes: v.number() }), v.readonly()),
    stored: described(
      v.pipe(v.strictObject({ ...storedCounts, bytes: v.number() }), v.readonly()),
      'There now; `bytes` is an estimate.',
    ),
    evicted: described(v.pipe(v.strictObject(storedCounts), v.readonly()), 'Gone to make room.'),
    overTraceMax: described(
      v.pipe(v.strictObject({ spans: v.number(), logRecords: v.number() }), v.readonly()),
      'Never stored, because their trace was full.',
    ),
    duplicateSpans: described(
      v.number(),
      'Spans sent again by a sender that lost our answer, or earlier states of stored spans.',
    ),
    duplicateLogRecords: v.number(),
    emptied: described(v.number(), 'How often everything was cleared, or brought back.'),
    spanMetrics: v.pipe(
      v.strictObject({
        resources: v.number(),
        series: described(
          v.number(),
          'Without overflow series, of which there is at most one per metric and resource.',
        ),
        attributeChars: v.number(),
        lostResources: described(
          v.number(),
          'Resources that a flood pushed out before they were exported a last time.',
        ),
      }),
      v.readonly(),
    ),
    forward: v.nullable(forwardStatsSchema),
    bounds: described(
      v.pipe(v.record(v.string(), v.number()), v.readonly()),
      'As `collector/bounds.ts` explains them.',
    ),
    memory: v.pipe(
      v.strictObject({
        rssBytes: v.number(),
        heapUsedBytes: v.number(),
        externalBytes: v.number(),
      }),
      v.readonly(),
    ),
  }),
  v.readonly(),
)
/** The answer of `/api/status`. */
export type CollectorStatus = v.InferOutput<typeof collectorStatusSchema>

/** What was received and refused since the start. */
export type ReceivedCounts = Pick<CollectorStatus, keyof typeof receivedCounts>
