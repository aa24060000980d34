import { expect, test } from 'vitest'
import {
  buildAttributes,
  buildLogRecord,
  buildSpan,
  spanIdOf,
} from '../../collector/testing/build-telemetry.ts'
import type { Span } from '../../otlp/model.ts'
import { findFailures } from './find-failures.ts'

const [unset, ok, error] = [
  { code: 0, message: '' },
  { code: 1, message: '' },
  { code: 2, message: '' },
] as const
const answered = (status: bigint, fields: Partial<Span> = {}) =>
  buildSpan({ attributes: buildAttributes({ 'http.response.status_code': status }), ...fields })
const exception = { timeNanos: 0n, name: 'exception', attributes: [], droppedAttributesCount: 0 }

test.each<[string, Partial<Span>, boolean]>([
  ['of status error', { ...answered(200n), status: error }, true],
  ['that an instrumentation left without a status, and that answered 503', answered(503n), true],
  ['that answered 404', answered(404n), false],
  ['with an exception, and nothing else that says how it ended', { events: [exception] }, true],
  ['with an exception that became a 404', answered(404n, { events: [exception] }), false],
  ['with an exception, and a status of ok', { events: [exception], status: ok }, false],
  ['without any of it', { status: unset }, false],
])('a span %s', (_, fields, hasFailed) => {
  const span = buildSpan({ ...fields, spanId: spanIdOf(1) })

  expect(findFailures([span], []).spans.has(span)).toBe(hasFailed)
})

test('a caller that was answered with 404 has failed, unless the service that answered meant it', () => {
  const client = answered(404n, { spanId: spanIdOf(1), kind: 3, status: error })
  const server = answered(404n, { spanId: spanIdOf(2), parentSpanId: spanIdOf(1) })
  const broken = { ...server, status: error }

  expect(findFailures([client], []).spans.size).toBe(1)
  expect(findFailures([client, server], []).spans.size).toBe(0)
  expect(findFailures([client, broken], []).spans.size).toBe(2)
})

test('an error that was logged counts once: as its span, if that failed, or else as the record', () => {
  const span = buildSpan({ spanId: spanIdOf(1), status: error })
  const own = buildLogRecord({ spanId: spanIdOf(1), severityNumber: 17 })
  const other = buildLogRecord({ spanId: spanIdOf(2), severityNumber: 21 })
  const warning = buildLogRecord({ spanId: spanIdOf(2), severityNumber: 13 })

  expect(findFailures([span], [own, other, warning])).toEqual({
    spans: new Set([span]),
    logRecords: new Set([other]),
  })
})
