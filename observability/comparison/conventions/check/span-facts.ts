import type { AnyValue, Attribute, Span } from '../../../otlp/model.ts'
import type { TracedSpan } from '../../trace/trace-tree.ts'

/** A span as the rules read it. */
export type SpanFacts = {
  readonly span: Span
  readonly resource: readonly Attribute[]
  /** Whether one of these is there. */
  has(...keys: readonly string[]): boolean
  /** The text of an attribute; `undefined` for one that is not there, empty or no text. */
  text(key: string): string | undefined
}

export function createSpanFacts({
  span,
  resource,
}: Pick<TracedSpan, 'span' | 'resource'>): SpanFacts {
  // The rules ask some forty times of each span.
  const values = new Map<string, AnyValue>()
  for (const { key, value } of span.attributes) if (!values.has(key)) values.set(key, value)
  return {
    span,
    resource: resource.attributes,
    has: (...keys) => keys.some((key) => values.has(key)),
    text(key) {
      const value = values.get(key)
      return typeof value === 'string' && value !== '' ? value : undefined
    },
  }
}
