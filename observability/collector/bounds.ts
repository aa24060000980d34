const mebibyte = 1024 * 1024

/** Everything that could grow, and where it stops. Past a bound the oldest goes, or the sender is told to wait. */
export type CollectorBounds = {
  /** One request body, as it arrives and again after decompression. More is a 413. */
  readonly bodyBytesMax: number
  /** From the first byte of a request to the last of its headers. */
  readonly headersMillisMax: number
  /** From the end of the headers to the last byte of the body. More is a 408. */
  readonly bodyMillisMax: number
  /**
   * A body may arrive undisturbed for this long. If there is no room for another body, the slowest of those that have
   * taken longer gets a 408.
   */
  readonly bodyGraceMillis: number
  /** Bodies held at one time, over all requests. More is a 503 with `Retry-After`. */
  readonly inFlightBytesMax: number
  readonly inFlightRequestsMax: number
  /** Open connections. The next one is closed at once. */
  readonly connectionsMax: number

  /** Questions under way at one time that take long. The next such is a 503 with `Retry-After`. */
  readonly questionsMax: number
  /** Bytes of unread answers over all connections. Past this an answer is a 503 with `Retry-After`. */
  readonly answerBytesMax: number
  /** So long an answer may take to be read. Then its connection is closed. */
  readonly answerMillisMax: number

  /** Estimated bytes of all traces with their logs and resources. */
  readonly storedBytesMax: number
  readonly tracesMax: number
  readonly spansMax: number
  /** Log records that belong to a stored trace. */
  readonly logRecordsMax: number
  /** Spans of one trace, so that an endless trace cannot push out all others. */
  readonly spansPerTraceMax: number
  readonly logRecordsPerTraceMax: number
  readonly bytesPerTraceMax: number
  /** Log records without a trace, in a separate ring. */
  readonly looseLogRecordsMax: number
  readonly looseLogBytesMax: number

  /** For so long what was cleared can be brought back; it stays in memory, and on disk, until then. */
  readonly undoMillis: number

  /** Last values of received metrics, a set of attributes each. */
  readonly metricPointsMax: number
  readonly metricBytesMax: number

  /** Bodies waiting to be forwarded, as compressed. The oldest are dropped past it. */
  readonly forwardQueueBytesMax: number

  /** On disk, of all runs. Past it the oldest that is not pinned goes. */
  readonly keptBytesMax: number
  /** On disk, of one run. Past it its oldest segment goes. */
  readonly runBytesMax: number
  readonly segmentBytesMax: number
  /** Waiting to be written, where the disk is slower than the senders. Past it requests are not kept. */
  readonly unwrittenBytesMax: number
  /** A file that is imported, as it arrives and again after decompression. More is a 400. */
  readonly importBytesMax: number
}

/**
 * Sized for a developer's machine: what is held at one time adds up to 352 MiB, and to 496 MiB once an earlier run was
 * asked for, which stays in memory beside the current one; for ten seconds after a clearing, 144 MiB more. Without runs, the process was seen at 400 MB with a full store, at 500 MB under full load, at 700 to 1160 MB while many also asked for
 * much and read nothing, and at 1.7 GB while beside these two senders sent nothing but bodies of a
 * million empty elements. V8 lets garbage gather while memory is plentiful: after the second kind,
 * collected then and there, 230 MB were in use, and the process had 460 MB.
 */
export const defaultBounds: CollectorBounds = {
  bodyBytesMax: 8 * mebibyte,
  headersMillisMax: 10_000,
  bodyMillisMax: 20_000,
  bodyGraceMillis: 1_000,
  inFlightBytesMax: 64 * mebibyte,
  inFlightRequestsMax: 256,
  connectionsMax: 1_000,
  questionsMax: 32,
  answerBytesMax: 64 * mebibyte,
  answerMillisMax: 30_000,
  storedBytesMax: 128 * mebibyte,
  tracesMax: 50_000,
  spansMax: 200_000,
  logRecordsMax: 100_000,
  spansPerTraceMax: 10_000,
  logRecordsPerTraceMax: 10_000,
  bytesPerTraceMax: 16 * mebibyte,
  looseLogRecordsMax: 20_000,
  looseLogBytesMax: 16 * mebibyte,
  undoMillis: 10_000,
  metricPointsMax: 10_000,
  metricBytesMax: 16 * mebibyte,
  forwardQueueBytesMax: 32 * mebibyte,
  keptBytesMax: 512 * mebibyte,
  runBytesMax: 128 * mebibyte,
  segmentBytesMax: 8 * mebibyte,
  unwrittenBytesMax: 32 * mebibyte,
  importBytesMax: 48 * mebibyte,
}
