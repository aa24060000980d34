import { isDeepStrictEqual } from 'node:util'
import type { StoredLogRecord, StoredSpan } from './stored-trace.ts'

/**
 * Whether two spans say the same in every field and come from the same source: a sender that lost our
 * answer sends again.
 *
 * The ids alone do not tell. Zipkin and Envoy give a client's span and its server's the same id.
 */
export function isSameContent(a: StoredSpan, b: StoredSpan): boolean {
  return (
    a.source === b.source &&
    a.kind === b.kind &&
    a.startNanos === b.startNanos &&
    a.endNanos === b.endNanos &&
    isDeepStrictEqual(a, b)
  )
}

/** Whether `later` may stand in for `earlier`, which was sent before its end: the same span, further on. */
export function isLaterState(later: StoredSpan, earlier: StoredSpan): boolean {
  return (
    earlier.endNanos === 0n &&
    earlier.source === later.source &&
    earlier.spanId === later.spanId &&
    earlier.kind === later.kind &&
    earlier.startNanos === later.startNanos
  )
}

/** Records of one time that are looked at: a thousand lines of one millisecond are not compared one by one. */
const sameTimeMax = 64
/** A sender sends a batch again, which is seldom larger. */
const lookBackMax = 2048

/**
 * Whether a log record came before, in an earlier request: the same in every field, from the same source. Within one
 * request equal records are two events of one time.
 *
 * @param earlier The oldest first.
 * @param requestArrival Where the arrivals of the request at hand begin.
 */
export function isSentAgain(
  record: StoredLogRecord,
  earlier: readonly StoredLogRecord[],
  requestArrival: number,
): boolean {
  let compared = 0
  const least = Math.max(0, earlier.length - lookBackMax)
  for (let at = earlier.length - 1; at >= least && compared < sameTimeMax; at -= 1) {
    const other = earlier[at]
    if (other === undefined || other.arrival >= requestArrival) continue
    if (other.timeNanos !== record.timeNanos || other.source !== record.source) continue
    compared += 1
    if (isDeepStrictEqual({ ...other, arrival: record.arrival }, record)) return true
  }
  return false
}
