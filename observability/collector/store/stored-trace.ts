import type { LogRecord, Span } from '../../otlp/model.ts'
import type { Source } from './source-pool.ts'

/** What has arrived of one trace so far. */
export type StoredTrace = {
  readonly traceId: string
  /** In the order they arrived, as the log records. */
  readonly spans: readonly StoredSpan[]
  readonly logRecords: readonly StoredLogRecord[]
  /** Start of its earliest span; `undefined` while it has log records only. */
  readonly startNanos: bigint | undefined
  /** End of its latest span; zero while it has log records only. */
  readonly endNanos: bigint
}

/** A field and not a group around spans of one source: most traces have few of each, and a group costs more. */
export type StoredSpan = Span & { readonly source: Source }
export type StoredLogRecord = LogRecord & { readonly source: Source }
