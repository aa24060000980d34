import { readAttribute, type Span, StatusCode } from '../../otlp/model.ts'
import type { SpanNode } from '../trace/trace-tree.ts'

/** A stretch of a span of the database. */
export type StatementStretch = {
  readonly part: 'wait' | 'connect' | 'database'
  readonly startNanos: bigint
  readonly endNanos: bigint
}

/** The event that tells waiting for a connection from working. */
const acquiredEvent = 'db.connection.acquired'

/**
 * Cuts a span of the database into what it did: a statement waits until it has a connection, which an event marks, and
 * works from then on. Without the event nothing tells the two apart, and all of it is work; unless it failed while a
 * connection was attempted: then it never had one.
 *
 * @param attempts See `findAttempts`.
 * @returns `null` for a span that is not of a database; otherwise at least one stretch.
 */
export function cutStatement(
  span: Span,
  attempts: readonly Span[],
): readonly StatementStretch[] | null {
  const isDatabase = ['db.system.name', 'db.system'].some(
    (key) => readAttribute(span.attributes, key) !== undefined,
  )
  if (!isDatabase) return null
  const { startNanos } = span
  const endNanos = span.endNanos > startNanos ? span.endNanos : startNanos
  if (isAttempt(span)) return [{ part: 'connect', startNanos, endNanos }]
  const acquired = span.events.find(({ name }) => name === acquiredEvent)?.timeNanos
  if (acquired !== undefined && acquired > startNanos && acquired <= endNanos)
    return [
      { part: 'wait', startNanos, endNanos: acquired },
      { part: 'database', startNanos: acquired, endNanos },
    ]
  const isInVain =
    acquired === undefined &&
    span.status.code === StatusCode.error &&
    attempts.some((one) => one.startNanos < endNanos && one.endNanos > startNanos)
  return [{ part: isInVain ? 'wait' : 'database', startNanos, endNanos }]
}

/** The spans below these that open a connection to a database, or try to. */
export function findAttempts(nodes: readonly SpanNode[]): readonly Span[] {
  const pending = [...nodes]
  for (const { children } of pending) for (const child of children) pending.push(child)
  return pending.flatMap(({ span }) => (isAttempt(span) ? [span] : []))
}

function isAttempt(span: Span): boolean {
  const operation = readAttribute(span.attributes, 'db.operation.name')
  return operation === 'CONNECT' || /^CONNECT\b/.test(span.name)
}
