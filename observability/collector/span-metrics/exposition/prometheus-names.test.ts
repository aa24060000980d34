import { describe, expect, test } from 'vitest'
import { toLabelName, toMetricName, toUnitName } from './prometheus-names.ts'

describe('metric names, as Prometheus names what it receives as OTLP', () => {
  test.each([
    ['traces.span.metrics.calls', '', 'counter', 'traces_span_metrics_calls'],
    [
      'traces.span.metrics.duration',
      'ms',
      'histogram',
      'traces_span_metrics_duration_milliseconds',
    ],
    ['traces.spanmetrics.calls', '', 'counter', 'traces_spanmetrics_calls'],
    ['traces.spanmetrics.duration', 's', 'histogram', 'traces_spanmetrics_duration_seconds'],
    ['traces.spanmetrics.latency', '', 'histogram', 'traces_spanmetrics_latency'],
    ['a.seconds.b', 's', 'histogram', 'a_seconds_b'],
    ['total.requests', '', 'counter', 'requests'],
    ['disk.io', 'By/s', 'gauge', 'disk_io_bytes_per_second'],
    ['cpu', '1', 'gauge', 'cpu_ratio'],
    ['cpu', '1', 'counter', 'cpu'],
    ['items', '{item}', 'gauge', 'items'],
    ['9lives', '', 'gauge', '_9lives'],
    ['a..b__c', '', 'gauge', 'a_b_c'],
    ['work', 'k.f', 'gauge', 'work_k_f'],
  ] as const)('%s in %j, a %s, is %s', (name, unit, type, expected) => {
    expect(toMetricName(name, unit, type)).toBe(expected)
  })
})

test.each([
  ['s', 'seconds'],
  ['By/s', 'bytes_per_second'],
  ['1', ''],
  ['{call}', ''],
  ['/min', 'per_min'],
])('the unit %j is called %j', (unit, expected) => {
  expect(toUnitName(unit)).toBe(expected)
})

test.each([
  ['http.route', 'http_route'],
  ['a__b', 'a_b'],
  ['_a', '_a'],
  ['', undefined],
  ['___', undefined],
])('the attribute %j is labelled %j', (key, expected) => {
  expect(toLabelName(key)).toBe(expected)
})
