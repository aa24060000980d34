import { describe, expect, test } from 'vitest'
import {
  callCount,
  callRate,
  callsPerSpan,
  type Grouping,
  latencyBuckets,
  latencyQuantile,
  statusShare,
  timePerSpan,
  timeShare,
} from './measures.ts'

const spans = ['job="a"']
const all: Grouping = { by: [], window: 'interval' }
const byRuntime: Grouping = { by: ['hono_runtime_name'], window: 'range' }

describe('a rate', () => {
  test('sums up whatever is not named, so that instances and restarts do not multiply', () => {
    expect(callRate(spans, all)).toBe(
      'sum(rate(traces_spanmetrics_calls_total{job="a"}[$__rate_interval]))',
    )
    expect(callRate(spans, byRuntime)).toBe(
      'sum by (hono_runtime_name) (rate(traces_spanmetrics_calls_total{job="a"}[$__range]))',
    )
  })

  test('can be of fewer spans', () => {
    expect(callRate(spans, all, 'b!="c"')).toContain('{job="a",b!="c"}')
  })

  test('of buckets keeps their bounds', () => {
    expect(latencyBuckets(spans)).toBe(
      'sum by (le) (rate(traces_spanmetrics_latency_bucket{job="a"}[$__rate_interval]))',
    )
  })
})

test('a count is over all of the window', () => {
  expect(callCount(spans, byRuntime)).toBe(
    'sum by (hono_runtime_name) (increase(traces_spanmetrics_calls_total{job="a"}[$__range]))',
  )
})

describe('a share', () => {
  const ok = callRate(spans, byRuntime)

  test('is 0 where the part has no series, and no point where the whole is 0', () => {
    const failed = callRate(spans, byRuntime, 'http_response_status_code=~"5.."')

    expect(statusShare(spans, '5..', byRuntime)).toBe(`(${failed} or 0 * ${ok}) / (${ok} > 0)`)
  })

  test('is of two counts of spans or of two counts of time, never of one by the other', () => {
    const series = (expr: string) => new Set(expr.match(/traces_spanmetrics_[a-z]+_[a-z]+/g))

    expect(series(callsPerSpan(['a="b"'], spans, all))).toEqual(
      new Set(['traces_spanmetrics_calls_total']),
    )
    expect(series(timeShare(['a="b"'], spans, all))).toEqual(
      new Set(['traces_spanmetrics_latency_sum']),
    )
    expect(series(timePerSpan(['a="b"'], spans, all))).toEqual(
      new Set(['traces_spanmetrics_latency_sum', 'traces_spanmetrics_latency_count']),
    )
  })
})

test('a quantile groups by the bounds of the buckets as well, and drops what is not a number', () => {
  expect(latencyQuantile(0.99, spans, byRuntime)).toBe(
    'histogram_quantile(0.99, sum by (le, hono_runtime_name) (rate(traces_spanmetrics_latency_bucket{job="a"}[$__range]))) >= 0',
  )
})
