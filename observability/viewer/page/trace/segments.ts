import { readAttribute, type Span, SpanKind } from '../../../otlp/model.ts'

/** The parts of a span's time, as in the comparison's `time-parts.ts`, or another kind of work. */
export type SegmentPart = 'server' | 'wait' | 'connect' | 'database' | 'client' | 'other'

/** A stretch of a span. */
export type Segment = {
  readonly part: SegmentPart
  readonly startNanos: bigint
  readonly endNanos: bigint
}

const acquiredEvent = 'db.connection.acquired'

/**
 * A span cut into what it did: a statement waits until it has a connection, which the event
 * `db.connection.acquired` marks, and works from then on. Never empty, never overlapping.
 */
export function readSegments(span: Span): readonly Segment[] {
  const { startNanos } = span
  const endNanos = span.endNanos > startNanos ? span.endNanos : startNanos
  const part = readPart(span)
  if (part !== 'database') return [{ part, startNanos, endNanos }]
  const acquired = span.events.find(({ name }) => name === acquiredEvent)?.timeNanos
  if (acquired === undefined || acquired <= startNanos || acquired > endNanos) {
    return [{ part, startNanos, endNanos }]
  }
  return [
    { part: 'wait', startNanos, endNanos: acquired },
    { part, startNanos: acquired, endNanos },
  ]
}

function readPart(span: Span): SegmentPart {
  if (span.kind === SpanKind.server) return 'server'
  const isDatabase = ['db.system.name', 'db.system'].some(
    (key) => readAttribute(span.attributes, key) !== undefined,
  )
  if (!isDatabase) return span.kind === SpanKind.client ? 'client' : 'other'
  const operation = readAttribute(span.attributes, 'db.operation.name')
  return operation === 'CONNECT' || /^CONNECT\b/.test(span.name) ? 'connect' : 'database'
}

/** Labels of the colours. */
export const partNames: Readonly<Record<SegmentPart, string>> = {
  server: 'server',
  wait: 'waiting for a connection',
  connect: 'opening a connection',
  database: 'database',
  client: 'call to elsewhere',
  other: 'other work',
}
