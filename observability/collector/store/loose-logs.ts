import type { ResourceLogs } from '../../otlp/model.ts'
import type { CollectorBounds } from '../bounds.ts'
import { type Arrivals, createArrivals } from './arrivals.ts'
import { createCompactor } from './compactor.ts'
import { dateLogRecord } from './date-log-record.ts'
import { isSentAgain } from './same-content.ts'
import { createSourcePool, visitItems } from './source-pool.ts'
import type { StoredLogRecord } from './stored-trace.ts'

/**
 * Log records without a trace, in a ring of their own: chatter at start-up must not push
 * out traces, nor traces the one line that says why a process ended.
 */
export type LooseLogs = {
  /** Takes those that belong to no trace. */
  addLogRecords(groups: readonly ResourceLogs[]): void
  /** The oldest arrival first. */
  list(): Iterable<StoredLogRecord>
  clear(): void
  stats(): {
    readonly logRecords: number
    readonly bytes: number
    readonly evicted: number
    /** Sent again by a sender that lost our answer. */
    readonly duplicates: number
  }
}

/** What a place in the ring, and one among those of its time, costs beside the record. */
const placeBytes = 250

export function createLooseLogs(
  bounds: Pick<CollectorBounds, 'looseLogRecordsMax' | 'looseLogBytesMax'>,
  nowMillis: () => number,
  arrivals: Arrivals = createArrivals(),
): LooseLogs {
  /** With what each costs; a map keeps the order of arrival, and gives up its oldest at no cost. */
  const ring = new Map<StoredLogRecord, number>()
  const byTime = new Map<bigint, StoredLogRecord[]>()
  const pool = createSourcePool(nowMillis)
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
      const sameTime = byTime.get(record.timeNanos)
      sameTime?.shift() // as the ring, in the order of arrival
      if (sameTime?.length === 0) byTime.delete(record.timeNanos)
      bytes -= cost
      evicted += 1
      pool.release(record.source)
    }
  }

  return {
    addLogRecords(groups) {
      const requestArrival = arrivals.last + 1
      visitItems(pool, groups, (source, record) => {
        if (record.traceId !== '') return
        const dated = dateLogRecord(record, source)
        const { item, bytes: cost } = compactLogRecord(source, dated, '', arrivals.next())
        const sameTime = byTime.get(item.timeNanos) ?? []
        if (isSentAgain(item, sameTime, requestArrival)) {
          duplicates += 1
          return
        }
        sameTime.push(item)
        byTime.set(item.timeNanos, sameTime)
        ring.set(item, cost + placeBytes)
        bytes += cost + placeBytes
        pool.hold(source)
      })
      makeRoom()
    },
    list: () => ring.keys(),
    clear() {
      for (const { source } of ring.keys()) pool.release(source)
      ring.clear()
      byTime.clear()
      bytes = 0
    },
    stats: () => ({ logRecords: ring.size, bytes: bytes + pool.bytes, evicted, duplicates }),
  }
}
