import { expect, test } from 'vitest'
import { createAttributes, createSpan } from '../testing/create-span.ts'
import { countSpans, readSpanLabels } from './span-series.ts'

const resource = createAttributes({
  'service.name': 'todo-api',
  'hono.runtime.name': 'node',
  'a.b': 'c',
})

test('a span has the labels that docs/telemetry.md promises, and no others', () => {
  const span = createSpan({
    status: { code: 2, message: '' },
    attributes: createAttributes({ 'http.response.status_code': 503n, 'url.path': '/a' }),
  })

  expect(readSpanLabels({ span, resource })).toEqual({
    service: 'todo-api',
    service_name: 'todo-api',
    span_name: 'GET /a',
    span_kind: 'SPAN_KIND_SERVER',
    status_code: 'STATUS_CODE_ERROR',
    hono_runtime_name: 'node',
    http_response_status_code: '503',
  })
})

test('spans of equal labels are one series, in the order in which they came', () => {
  const routed = (route: string, nanos: bigint) => ({
    span: createSpan({
      attributes: createAttributes({ 'http.route': route }),
      startNanos: 0n,
      endNanos: nanos,
    }),
    resource,
  })
  const spans = [routed('/a', 3_000_000n), routed('/b', 4_000_000n), routed('/a', 2_000_000n)]

  const series = countSpans(spans)

  expect(
    series.map(({ labels, durationsSeconds }) => [labels.http_route, durationsSeconds]),
  ).toEqual([
    ['/a', [0.003, 0.002]],
    ['/b', [0.004]],
  ])
})
