import type { LogRecord, Span } from '../../otlp/model.ts'
import type { Source } from './source-pool.ts'

/** Everything that has arrived of one trace. */
export type StoredTrace = {
  readonly traceId: string
  /** In the order they arrived, as the log records. */
  readonly spans: readonly StoredSpan[]
  readonly logRecords: readonly StoredLogRecord[]
  /**
   * Start of its earliest span, or its arrival if no span has a plausible time; `undefined` while it has log records
   * only.
   */
  readonly startNanos: bigint | undefined
  /** End of its latest span with a plausible time; 0 while there is no such span. */
  readonly endNanos: bigint
  /** Spans with impossible times; absent in most traces; see `impossible-duration.ts`. */
  readonly impossibleSpans: ReadonlySet<StoredSpan> | undefined
  /** Number of what last arrived of it; see `arrivals.ts`. */
  readonly arrival: number
}

/** A field and not a group around spans of one source: most traces have few of each, and a group costs more. */
export type StoredSpan = Span & { readonly source: Source }
/** A log record in a store, with its origin. */
export type StoredLogRecord = LogRecord & {
  readonly source: Source
  /** Tells records apart that say the same at the same time; see `arrivals.ts`. */
  readonly arrival: number
  /** Identifies a repeated record, see `known-records.ts`; empty for a record that came without any time. */
  readonly fingerprint: string
}
