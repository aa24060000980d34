import type { AnyValue, Attribute, Span } from '../../otlp/model.ts'

/** A server span of a millisecond, but for what is given. */
export function createSpan(more: Partial<Span> = {}): Span {
  return {
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    parentSpanId: '',
    traceState: '',
    flags: 1,
    name: 'GET /a',
    kind: 2,
    startNanos: 1_000_000_000n,
    endNanos: 1_001_000_000n,
    attributes: [],
    droppedAttributesCount: 0,
    events: [],
    droppedEventsCount: 0,
    links: [],
    droppedLinksCount: 0,
    status: { code: 0, message: '' },
    ...more,
  }
}

export function createAttributes(values: Readonly<Record<string, AnyValue>>): readonly Attribute[] {
  return Object.entries(values).map(([key, value]) => ({ key, value }))
}
