import * as v from 'valibot'

const storedCounts = {
  traces: v.number(),
  spans: v.number(),
  logRecords: v.number(),
  /** Of no trace. */
  looseLogRecords: v.number(),
}

const receivedCounts = {
  received: v.pipe(
    v.strictObject({
      requests: v.number(),
      /** Without those that were rejected. */
      spans: v.number(),
      logRecords: v.number(),
      dataPoints: v.number(),
    }),
    v.readonly(),
  ),
  rejected: v.pipe(
    v.strictObject({
      /** By HTTP status. */
      requests: v.pipe(v.record(v.string(), v.number()), v.readonly()),
      /** Without a trace id or a span id. */
      spans: v.number(),
    }),
    v.readonly(),
  ),
}

const forwardStatsSchema = v.pipe(
  v.strictObject({
    endpoint: v.string(),
    delivered: v.number(),
    /** Delivered, but the destination said it did not take all of it. */
    partlyDelivered: v.number(),
    /** Answered with a status that says never to try again. */
    refused: v.number(),
    /** Requests dropped because the queue was full, or because time ran out at the end. */
    dropped: v.number(),
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
    /** The page's title. */
    title: v.string(),
    version: v.string(),
    /** Tells one run of the collector from the next. */
    startTime: v.string(),
    uptimeSeconds: v.number(),
    inFlight: v.pipe(v.strictObject({ requests: v.number(), bytes: v.number() }), v.readonly()),
    /** There now; `bytes` is an estimate. */
    stored: v.pipe(v.strictObject({ ...storedCounts, bytes: v.number() }), v.readonly()),
    /** Gone to make room. */
    evicted: v.pipe(v.strictObject(storedCounts), v.readonly()),
    /** Never stored, because their trace was full. */
    overTraceMax: v.pipe(
      v.strictObject({ spans: v.number(), logRecords: v.number() }),
      v.readonly(),
    ),
    /** Spans sent again by a sender that lost our answer, or earlier states of stored spans. */
    duplicateSpans: v.number(),
    duplicateLogRecords: v.number(),
    /** How often everything was cleared, or brought back. */
    emptied: v.number(),
    spanMetrics: v.pipe(
      v.strictObject({
        resources: v.number(),
        /** Without overflow series, of which there is at most one per metric and resource. */
        series: v.number(),
        attributeChars: v.number(),
        /** Resources that a flood pushed out before they were exported a last time. */
        lostResources: v.number(),
      }),
      v.readonly(),
    ),
    forward: v.nullable(forwardStatsSchema),
    /** As `collector/bounds.ts` explains them. */
    bounds: v.pipe(v.record(v.string(), v.number()), v.readonly()),
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
