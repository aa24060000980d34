import { hash } from 'node:crypto'
import type { LogRecord } from '../../otlp/model.ts'
import { renderAttributes, renderValue, type Source } from './source-pool.ts'
import type { StoredLogRecord } from './stored-trace.ts'

/**
 * Knows a log record again that came in an earlier request, the same in every field and from the same source: a
 * sender that lost our answer sends again. Within one request equal records are as many events.
 *
 * By a fingerprint and not by comparing: a sender with a coarse clock gives thousands of records one time.
 */
export type KnownRecords = {
  /** @param requestArrival Where the arrivals of the request at hand begin. */
  isSentAgain(record: StoredLogRecord, requestArrival: number): boolean
  add(record: StoredLogRecord): void
  remove(record: StoredLogRecord): void
}

/** Knows nothing yet. Has no bound of its own: whoever drops a record from a store must remove it here. */
export function createKnownRecords(): KnownRecords {
  /** Holds the first of equal records. */
  const known = new Map<string, StoredLogRecord>()
  return {
    isSentAgain({ fingerprint }, requestArrival) {
      const first = known.get(fingerprint)
      return first !== undefined && first.arrival < requestArrival
    },
    add(record) {
      const { fingerprint } = record
      if (fingerprint !== '' && !known.has(fingerprint)) known.set(fingerprint, record)
    },
    remove(record) {
      if (known.get(record.fingerprint) === record) known.delete(record.fingerprint)
    },
  }
}

/** A short text that only equal records of one source share. */
export function fingerprintRecord(record: LogRecord, source: Source): string {
  const text = [
    source.id,
    record.timeNanos,
    record.observedTimeNanos,
    record.severityNumber,
    JSON.stringify([record.severityText, record.eventName]),
    renderValue(record.body),
    renderAttributes(record.attributes),
    record.droppedAttributesCount,
    record.flags,
    record.traceId,
    record.spanId,
  ]
  return hash('sha256', text.join(), 'base64')
}
