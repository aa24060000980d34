import type { LogRecord } from '../../otlp/model.ts'
import { isPlausibleTime } from '../../otlp/plausible-time.ts'
import type { Source } from './source-pool.ts'

/**
 * The record with the time at which it was received as the time at which it was observed, when it has
 * no time of its own: by the .proto that "MUST be set once the event is observed by OpenTelemetry".
 */
export function dateLogRecord(record: LogRecord, { lastSeenMillis }: Source): LogRecord {
  if (record.observedTimeNanos !== 0n || isPlausibleTime(record.timeNanos)) return record
  return { ...record, observedTimeNanos: BigInt(lastSeenMillis) * 1_000_000n }
}
