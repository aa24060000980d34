import type { Attribute, LogRecord, ResourceGroup, Span } from '../../otlp/model.ts'

// Whole spans and records from the few fields that a test is about.

/** 2026-01-01T00:00:00Z. */
export const epochNanos = 1_767_225_600_000_000_000n

/** `n` as a trace id, so that a test reads which trace is meant. */
export function traceIdOf(n: number): string {
  return n.toString(16).padStart(32, '0')
}

export function spanIdOf(n: number): string {
  return n.toString(16).padStart(16, '0')
}

export function buildSpan(fields: Partial<Span> = {}): Span {
  return {
    traceId: traceIdOf(1),
    spanId: spanIdOf(1),
    parentSpanId: '',
    traceState: '',
    flags: 1,
    name: 'GET /api/v1/todos',
    kind: 2,
    startNanos: epochNanos,
    endNanos: epochNanos + 1_500_000n,
    attributes: [],
    droppedAttributesCount: 0,
    events: [],
    droppedEventsCount: 0,
    links: [],
    droppedLinksCount: 0,
    status: { code: 0, message: '' },
    ...fields,
  }
}

export function buildLogRecord(fields: Partial<LogRecord> = {}): LogRecord {
  return {
    timeNanos: epochNanos,
    observedTimeNanos: epochNanos,
    severityNumber: 9,
    severityText: 'INFO',
    body: 'listed',
    attributes: [],
    droppedAttributesCount: 0,
    flags: 0,
    traceId: '',
    spanId: '',
    eventName: '',
    ...fields,
  }
}

export function buildAttributes(values: Readonly<Record<string, Attribute['value']>>): Attribute[] {
  return Object.entries(values).map(([key, value]) => ({ key, value }))
}

/** One request with items of one service on one runtime. */
export function buildGroup<T>(
  items: readonly T[],
  { service = 'todo-api', runtime = 'node', scope = 'test', more = {} } = {},
): ResourceGroup<T> {
  const names = { 'service.name': service, 'hono.runtime.name': runtime, ...more }
  const attributes = buildAttributes(names)
  return {
    resource: { attributes, droppedAttributesCount: 0 },
    schemaUrl: '',
    scopes: [
      {
        scope: { name: scope, version: '', attributes: [], droppedAttributesCount: 0 },
        schemaUrl: '',
        items,
      },
    ],
  }
}
