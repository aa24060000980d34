import type { LogRecord, Span } from '../../otlp/model.ts'
import type { Source } from './source-pool.ts'

/** What has arrived of one trace so far. */
export type StoredTrace = {
  readonly traceId: string
  readonly spans: readonly Part<Span>[]
  readonly logRecords: readonly Part<LogRecord>[]
  readonly spanCount: number
  readonly logRecordCount: number
  /** Start of its earliest span; `undefined` while it has log records only. */
  readonly startNanos: bigint | undefined
  /** End of its latest span; zero while it has log records only. */
  readonly endNanos: bigint
}

/** Items of one source, in the order they arrived. */
export type Part<T> = { readonly source: Source; readonly items: readonly T[] }

/** A log record without a trace. */
export type LooseLogRecord = { readonly source: Source; readonly record: LogRecord }
