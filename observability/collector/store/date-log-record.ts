import type { LogRecord } from '../../otlp/model.ts'
import { isPlausibleTime } from '../../otlp/shared/plausible-time.ts'
import type { Source } from './source-pool.ts'

/**
 * Gives a record without any time the time of its arrival as observed time: by the .proto it "MUST be set once the
 * event is observed by OpenTelemetry".
 */
export function dateLogRecord(record: LogRecord, { lastSeenMillis }: Source): LogRecord {
  if (record.observedTimeNanos !== 0n || isPlausibleTime(record.timeNanos)) return record
  return { ...record, observedTimeNanos: BigInt(lastSeenMillis) * 1_000_000n }
}
