import { cutStatement } from '../../../comparison/latency/cut-statement.ts'
import { type Span, SpanKind } from '../../../otlp/model.ts'

/** The parts of a span's time, as in the comparison's `time-parts.ts`, or another kind of work. */
export type SegmentPart = 'server' | 'wait' | 'connect' | 'database' | 'client' | 'other'

/** A stretch of a span. */
export type Segment = {
  readonly part: SegmentPart
  readonly startNanos: bigint
  readonly endNanos: bigint
}

/**
 * A span cut into what it did, by the rule of the comparison. Never empty, never overlapping.
 *
 * @param attempts The trace's attempts to connect to a database; see `findAttempts`.
 */
export function readSegments(span: Span, attempts: readonly Span[]): readonly Segment[] {
  const statement = span.kind === SpanKind.server ? null : cutStatement(span, attempts)
  if (statement !== null) return statement
  const { startNanos, kind } = span
  const endNanos = span.endNanos > startNanos ? span.endNanos : startNanos
  const part = kind === SpanKind.server ? 'server' : kind === SpanKind.client ? 'client' : 'other'
  return [{ part, startNanos, endNanos }]
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
