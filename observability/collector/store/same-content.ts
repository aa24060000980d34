import { isDeepStrictEqual } from 'node:util'
import type { StoredSpan } from './stored-trace.ts'

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
