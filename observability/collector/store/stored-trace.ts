import type { LogRecord, Span } from '../../otlp/model.ts'
import type { Source } from './source-pool.ts'

/** What has arrived of one trace so far. */
export type StoredTrace = {
  readonly traceId: string
  /** In the order they arrived, as the log records. */
  readonly spans: readonly StoredSpan[]
  readonly logRecords: readonly StoredLogRecord[]
  /**
   * Start of its earliest span, or its arrival when none has a plausible time; `undefined` while it
   * has log records only.
   */
  readonly startNanos: bigint | undefined
  /** End of its latest span, of those with a plausible time; zero while it has none. */
  readonly endNanos: bigint
  /** Those whose times cannot be, which most traces have none of; see `impossible-duration.ts`. */
  readonly impossibleSpans: ReadonlySet<StoredSpan> | undefined
  /** Number of what last arrived of it; see `arrivals.ts`. */
  readonly arrival: number
}

/** A field and not a group around spans of one source: most traces have few of each, and a group costs more. */
export type StoredSpan = Span & { readonly source: Source }
export type StoredLogRecord = LogRecord & {
  readonly source: Source
  /** Tells records apart that say the same at the same time; see `arrivals.ts`. */
  readonly arrival: number
  /** By which it is known again, see `known-records.ts`; empty for one that came without any time. */
  readonly fingerprint: string
}
