import type { ResourceLogs } from '../../otlp/model.ts'
import type { CollectorBounds } from '../bounds.ts'
import { estimateLogRecordBytes } from './estimate-bytes.ts'
import { createSourcePool, visitItems } from './source-pool.ts'
import type { LooseLogRecord } from './stored-trace.ts'

/**
 * Log records without a trace, in a ring of their own: chatter at start-up must not push
 * out traces, nor traces the one line that says why a process ended.
 */
export type LooseLogs = {
  /** Takes those that belong to no trace. */
  addLogRecords(groups: readonly ResourceLogs[]): void
  /** The oldest arrival first. */
  list(): Iterable<LooseLogRecord>
  clear(): void
  stats(): { readonly logRecords: number; readonly bytes: number; readonly evicted: number }
}

/** What a place in the ring costs beside the record. */
const placeBytes = 100

export function createLooseLogs(
  bounds: Pick<CollectorBounds, 'looseLogRecordsMax' | 'looseLogBytesMax'>,
  nowMillis: () => number,
): LooseLogs {
  /** A set keeps the order of arrival, and gives up its oldest at no cost. */
  const ring = new Set<LooseLogRecord & { readonly bytes: number }>()
  const pool = createSourcePool(nowMillis)
  let bytes = 0
  let evicted = 0

  const isOverBounds = () =>
    ring.size > bounds.looseLogRecordsMax || bytes + pool.bytes > bounds.looseLogBytesMax

  const makeRoom = () => {
    for (const entry of ring) {
      if (!isOverBounds()) return
      ring.delete(entry)
      bytes -= entry.bytes
      evicted += 1
      pool.release(entry.source)
    }
  }

  return {
    addLogRecords(groups) {
      visitItems(pool, groups, (source, record) => {
        if (record.traceId !== '') return
        const entry = { source, record, bytes: estimateLogRecordBytes(record) + placeBytes }
        ring.add(entry)
        bytes += entry.bytes
        pool.hold(source)
      })
      makeRoom()
    },
    list: () => ring,
    clear() {
      for (const entry of ring) pool.release(entry.source)
      ring.clear()
      bytes = 0
    },
    stats: () => ({ logRecords: ring.size, bytes: bytes + pool.bytes, evicted }),
  }
}
