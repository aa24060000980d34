import type { LogRecord, ResourceLogs } from '../../otlp/model.ts'
import type { CollectorBounds } from '../bounds.ts'
import { type Arrivals, createArrivals } from './arrivals.ts'
import { createCompactor } from './compactor.ts'
import { createKnownRecords } from './known-records.ts'
import { createSourcePool, type Source, visitItems } from './source-pool.ts'
import type { StoredLogRecord } from './stored-trace.ts'

/**
 * Log records without a trace, in a separate ring: start-up chatter must not push out traces, nor traces the one line
 * that says why a process ended.
 */
export type LooseLogs = {
  /** Takes those that belong to no trace. */
  addLogRecords(groups: readonly ResourceLogs[]): void
  /** The oldest arrival first. */
  list(): Iterable<StoredLogRecord>
  /** Forgets everything. @returns Brings it back, beside what has come since. */
  clear(): () => void
  stats(): {
    readonly logRecords: number
    readonly bytes: number
    readonly evicted: number
    /** Sent again by a sender that lost our answer. */
    readonly duplicates: number
  }
}

/** Bytes of a slot in the ring, without its record. */
const placeBytes = 100

/**
 * @param nowMillis Milliseconds since the Unix epoch.
 * @param arrivals The numbering that it shares with the trace store.
 */
export function createLooseLogs(
  bounds: Pick<CollectorBounds, 'looseLogRecordsMax' | 'looseLogBytesMax'>,
  nowMillis: () => number,
  arrivals: Arrivals = createArrivals(),
): LooseLogs {
  /** With what each costs; a map keeps the order of arrival, and gives up its oldest at no cost. */
  let ring = new Map<StoredLogRecord, number>()
  let knownRecords = createKnownRecords()
  let pool = createSourcePool(nowMillis)
  const { compactLogRecord } = createCompactor()
  let bytes = 0
  let evicted = 0
  let duplicates = 0

  const isOverBounds = () =>
    ring.size > bounds.looseLogRecordsMax || bytes + pool.bytes > bounds.looseLogBytesMax

  const makeRoom = () => {
    for (const [record, cost] of ring) {
      if (!isOverBounds()) return
      ring.delete(record)
      knownRecords.remove(record)
      bytes -= cost
      evicted += 1
      pool.release(record.source)
    }
  }

  const addOne = (source: Source, record: LogRecord, requestArrival: number) => {
    const { item, bytes: cost } = compactLogRecord(source, record, '', arrivals.next())
    if (knownRecords.isSentAgain(item, requestArrival)) {
      duplicates += 1
      return
    }
    knownRecords.add(item)
    ring.set(item, cost + placeBytes)
    bytes += cost + placeBytes
    pool.hold(source)
  }

  return {
    addLogRecords(groups) {
      const requestArrival = arrivals.last + 1
      visitItems(pool, groups, (source, record) => {
        if (record.traceId !== '') return
        addOne(source, record, requestArrival)
        // Not after each one, which would step over all that went before.
        if (ring.size > 2 * bounds.looseLogRecordsMax) makeRoom()
      })
      makeRoom()
    },
    list: () => ring.keys(),
    clear() {
      const before = { ring, knownRecords, pool, bytes }
      ring = new Map()
      knownRecords = createKnownRecords()
      pool = createSourcePool(nowMillis)
      bytes = 0
      return () => {
        const since = [...ring.keys()]
        ;({ ring, knownRecords, pool, bytes } = before)
        for (const record of since) {
          const source = pool.acquire(record.source)
          addOne(source, record, arrivals.last + 1)
          pool.release(source)
        }
        makeRoom()
      }
    },
    stats: () => ({ logRecords: ring.size, bytes: bytes + pool.bytes, evicted, duplicates }),
  }
}
