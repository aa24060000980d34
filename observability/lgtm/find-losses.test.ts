import { expect, test } from 'vitest'
import type { LogRecord, Span } from '../otlp/model.ts'
import type { DrivenRequest } from './drive.ts'
import { findLosses } from './find-losses.ts'
import { createSpan } from './testing/create-span.ts'

const traceId = '0af7651916cd43dd8448eb211c80319c'
const driven: DrivenRequest = {
  runtime: 'node',
  method: 'GET',
  route: '/api/v1/todos',
  status: 200,
  traceId,
  millis: 1,
}
const span = createSpan({ traceId, name: 'GET /api/v1/todos' })
const statement = createSpan({
  traceId,
  spanId: '00f067aa0ba902b7',
  parentSpanId: span.spanId,
  name: 'SELECT todos',
  kind: 3,
})
const record: LogRecord = {
  timeNanos: 0n,
  observedTimeNanos: 0n,
  severityNumber: 9,
  severityText: 'INFO',
  body: 'todos listed',
  attributes: [],
  droppedAttributesCount: 0,
  flags: 1,
  traceId,
  spanId: span.spanId,
  eventName: 'todo.listed',
}

function find(spans: readonly Span[], records: readonly LogRecord[]): string {
  const recorder = {
    readSpans: () => spans.map((one) => ({ span: one, resource: [] })),
    readLogs: () => records.map((one) => ({ record: one, resource: [] })),
  }
  return findLosses(recorder, [driven]).join('\n')
}

test('a request of which everything came, once, has no losses', () => {
  expect(find([span, statement], [record])).toBe('')
})

test.each([
  ['its server span', [statement], [record], '"servers":0'],
  ['its statement', [span], [record], '"statements":0'],
  ['its log record', [span, statement], [], '"logs":0'],
  ['everything', [], [], '"servers":0,"statements":0,"logs":0'],
])('%s is missed', (_, spans, records, found) => {
  expect(find(spans, records).split(', got ')[1]).toContain(found)
})

test.each([
  ['a span', [span, statement, statement], [record], '"twice":1'],
  ['a log record', [span, statement], [record, record], '"logs":2'],
])('%s that came twice is told', (_, spans, records, found) => {
  expect(find(spans, records).split(', got ')[1]).toContain(found)
})
