import { describe, expect, test } from 'vitest'
import type { SpanSeries } from '../spans/span-series.ts'
import { evaluate } from './evaluate.ts'
import type { Expression, Matcher } from './parse-promql.ts'

const calls = 'traces_spanmetrics_calls_total'
const ok = { span_name: 'GET /a', http_response_status_code: '200' }
const failed = { span_name: 'GET /a', http_response_status_code: '503' }
const other = { span_name: 'GET /b', http_response_status_code: '200' }
const spans: readonly SpanSeries[] = [
  { labels: ok, durationsSeconds: [0.009, 0.001, 0.002, 0.004] },
  { labels: failed, durationsSeconds: [0.2, 0.3] },
  { labels: other, durationsSeconds: [0.005] },
]

const number = (val: string): Expression => ({ type: 'numberLiteral', val })
const matcher = (name: string, type: Matcher['type'], value: string): Matcher => ({
  name,
  type,
  value,
})
const call = (func: string, name: string, ...matchers: Matcher[]): Expression => ({
  type: 'call',
  func: { name: func },
  // A power of two, so that what is divided by it stays exact.
  args: [{ type: 'matrixSelector', name, matchers, range: 8000, offset: 0 }],
})
const rate = (name: string, ...matchers: Matcher[]) => call('rate', name, ...matchers)
const sum = (expr: Expression, ...grouping: string[]): Expression => ({
  type: 'aggregation',
  op: 'sum',
  expr,
  grouping,
  without: false,
})
const binary = (lhs: Expression, op: string, rhs: Expression): Expression => ({
  type: 'binaryExpr',
  op,
  lhs,
  rhs,
  bool: false,
  matching: null,
})
const run = (expression: Expression) =>
  evaluate(expression, spans, 5000).map(({ labels, value }) => ({ ...labels, value }))

describe('a query', () => {
  test('sums by labels, those that are not named together', () => {
    expect(run(sum(rate(calls), 'span_name'))).toEqual([
      { span_name: 'GET /a', value: 6 / 8 },
      { span_name: 'GET /b', value: 1 / 8 },
    ])
    expect(run(sum(rate(calls)))).toEqual([{ value: 7 / 8 }])
  })

  test('selects as matchers say, an absent label being empty', () => {
    const select = (...matchers: Matcher[]) => run(sum(rate(calls, ...matchers)))
    expect(select(matcher('http_response_status_code', '=~', '5..'))).toEqual([{ value: 2 / 8 }])
    expect(select(matcher('http_response_status_code', '!~', '5..'))).toEqual([{ value: 5 / 8 }])
    expect(select(matcher('span_name', '!=', 'GET /a'))).toEqual([{ value: 1 / 8 }])
    expect(select(matcher('db_system_name', '=', ''))).toEqual([{ value: 7 / 8 }])
    expect(select(matcher('span_name', '=~', 'GET'))).toEqual([])
  })

  test('divides what has equal labels, and fills up with or', () => {
    const errors = sum(rate(calls, matcher('http_response_status_code', '=~', '5..')), 'span_name')
    const all = sum(rate(calls), 'span_name')
    const filled = binary(errors, 'or', binary(number('0'), '*', all))
    expect(run(binary(errors, '/', all))).toEqual([{ span_name: 'GET /a', value: 1 / 3 }])
    expect(run(binary(filled, '/', binary(all, '>', number('0'))))).toEqual([
      { span_name: 'GET /a', value: 1 / 3 },
      { span_name: 'GET /b', value: 0 },
    ])
  })

  test('counts what was added where it asks for an increase', () => {
    expect(run(sum(call('increase', calls)))).toEqual([{ value: 7 }])
  })

  test('of latency counts spans, and adds up what they took', () => {
    expect(run(sum(rate('traces_spanmetrics_latency_count'), 'span_name'))).toEqual([
      { span_name: 'GET /a', value: 6 / 8 },
      { span_name: 'GET /b', value: 1 / 8 },
    ])
    const [total] = run(sum(rate('traces_spanmetrics_latency_sum')))
    expect(total?.value).toBeCloseTo((0.009 + 0.001 + 0.002 + 0.004 + 0.2 + 0.3 + 0.005) / 8)
  })

  test('of a quantile gives a duration, and its neighbours as limits', () => {
    const buckets = sum(rate('traces_spanmetrics_latency_bucket'), 'le', 'span_name')
    const quantile = (q: string): Expression =>
      binary(
        { type: 'call', func: { name: 'histogram_quantile' }, args: [number(q), buckets] },
        '>=',
        number('0'),
      )
    expect(evaluate(quantile('0.5'), spans, 5000)).toEqual([
      { labels: { span_name: 'GET /a' }, value: 0.004, limits: [0.002, 0.009] },
      { labels: { span_name: 'GET /b' }, value: 0.005, limits: [0.005, 0.005] },
    ])
  })
})

describe('what is not implemented is refused', () => {
  test.each([
    ['another series', sum(rate('up')), /up: expected a series of the span metrics/],
    ['another label', sum(rate(calls), 'pod'), /pod: expected a label of the span metrics/],
    ['another function', call('irate', calls), /irate: expected rate/],
    ['a number', number('1'), /expected series, got a number/],
    ['another operator', binary(sum(rate(calls)), '^', number('2')), /\^: expected arithmetic/],
  ] satisfies readonly (readonly [string, Expression, RegExp])[])(
    '%s',
    (_, expression, message) => {
      expect(() => run(expression)).toThrow(message)
    },
  )

  test('a window that is not longer than what is known', () => {
    expect(() => evaluate(rate(calls), spans, 8000)).toThrow(/expected a window of more than/)
  })
})
