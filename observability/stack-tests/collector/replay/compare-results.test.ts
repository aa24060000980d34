import { describe, expect, test } from 'vitest'
import { checkTimes } from './check-times.ts'
import { canonicalizeStep, compareResults, renderDifferences } from './compare-results.ts'
import type { StepResult } from './parity-case.ts'

// A comparison that finds nothing is worth nothing unless it would find something.

const text = (key: string, value: string) => ({ key, value: { stringValue: value } })

const calls = (over: object = {}) => ({
  attributes: [text('a', '1'), text('b', '2')],
  startTimeUnixNano: '10',
  timeUnixNano: '20',
  asInt: '3',
  exemplars: [
    { traceId: '1'.repeat(32), spanId: '1'.repeat(16), asDouble: 1, timeUnixNano: '20' },
    { traceId: '2'.repeat(32), spanId: '2'.repeat(16), asDouble: 2, timeUnixNano: '20' },
  ],
  ...over,
})

const duration = (over: object = {}) => ({
  attributes: [text('a', '1')],
  startTimeUnixNano: '10',
  timeUnixNano: '20',
  count: '3',
  sum: 0.3,
  bucketCounts: ['1', '2'],
  explicitBounds: [0.5],
  ...over,
})

type Options = {
  readonly calls?: readonly object[]
  readonly durations?: readonly object[]
  readonly resource?: object
  readonly unit?: string
  readonly temporality?: number
}

function step(options: Options = {}): StepResult {
  const metrics = [
    {
      name: 'calls',
      sum: {
        dataPoints: options.calls ?? [calls()],
        aggregationTemporality: options.temporality ?? 2,
        isMonotonic: true,
      },
    },
    {
      name: 'duration',
      unit: options.unit ?? 's',
      histogram: { dataPoints: options.durations ?? [duration()], aggregationTemporality: 2 },
    },
  ]
  const resource = options.resource ?? { attributes: [text('r', '1'), text('s', '2')] }
  return {
    answers: ['taken'],
    metrics: JSON.stringify({ resourceMetrics: [{ resource, scopeMetrics: [{ metrics }] }] }),
  }
}

function compare(a: readonly StepResult[], b: readonly StepResult[]) {
  return compareResults(a.map(canonicalizeStep), b.map(canonicalizeStep))
}

describe('is no difference:', () => {
  test.each<readonly [string, Options]>([
    [
      'the order of attributes',
      { calls: [calls({ attributes: calls().attributes.toReversed() })] },
    ],
    ['the order of exemplars', { calls: [calls({ exemplars: calls().exemplars.toReversed() })] }],
    ['the order of a resource', { resource: { attributes: [text('s', '2'), text('r', '1')] } }],
    ['a time', { calls: [calls({ startTimeUnixNano: '5', timeUnixNano: '6' })] }],
  ])('%s', (_, options) => {
    const { differences, series, points } = compare([step()], [step(options)])

    expect(differences).toEqual([])
    expect({ series, points }).toEqual({ series: 2, points: 2 })
  })
})

describe('is a difference:', () => {
  test.each<readonly [string, Options]>([
    ['a value', { calls: [calls({ asInt: '4' })] }],
    ['the type of a value', { calls: [calls({ asInt: undefined, asDouble: 3 })] }],
    ['an attribute', { calls: [calls({ attributes: [text('a', '1')] })] }],
    [
      'the type of an attribute',
      { calls: [calls({ attributes: [{ key: 'a', value: { intValue: '1' } }, text('b', '2')] })] },
    ],
    ['a lost exemplar', { calls: [calls({ exemplars: calls().exemplars.slice(1) })] }],
    [
      'the value of an exemplar',
      { calls: [calls({ exemplars: [{ ...calls().exemplars[0], asDouble: 9 }] })] },
    ],
    ['the same point twice', { calls: [calls(), calls()] }],
    ['a lost point', { durations: [] }],
    ['a bucket', { durations: [duration({ bucketCounts: ['2', '1'] })] }],
    ['a bound', { durations: [duration({ explicitBounds: [0.25] })] }],
    ['the last digit of a sum', { durations: [duration({ sum: 0.30000000000000004 })] }],
    ['a minimum', { durations: [duration({ min: 0 })] }],
    ['a unit', { unit: 'ms' }],
    ['the temporality', { temporality: 1 }],
    ['a resource', { resource: { attributes: [text('r', '1')] } }],
    [
      'the type within a resource',
      { resource: { attributes: [text('r', '1'), { key: 's', value: { intValue: '2' } }] } },
    ],
  ])('%s', (_, options) => {
    expect(compare([step()], [step(options)]).differences).not.toEqual([])
    expect(compare([step(options)], [step()]).differences).not.toEqual([])
  })

  test('whether a request was taken', () => {
    const { differences } = compare([step()], [{ ...step(), answers: ['refused'] }])

    expect(differences).toEqual([
      { step: 1, resource: '', row: 'request 1', collector: 'taken', embedded: 'refused' },
    ])
  })

  test('a flush that did not come', () => {
    expect(compare([step(), step()], [step()]).differences).not.toEqual([])
  })
})

test('a difference is told with where it is and what each has', () => {
  const { differences } = compare([step()], [step({ durations: [duration({ count: '4' })] })])

  expect(renderDifferences(differences)).toBe(`flush 1, duration {"a": "1"}
    of resource {"r": "1", "s": "2"}
  - Collector: count 3, sum 0.3, buckets 1 2
  + embedded:  count 4, sum 0.3, buckets 1 2`)
})

test('of many differences the first twenty are told', () => {
  const many = Array.from({ length: 30 }, (_, index) =>
    calls({ attributes: [text('i', `${index}`)] }),
  )
  const { differences } = compare([step()], [step({ calls: many })])

  expect(renderDifferences(differences).split('\n').at(-1)).toBe('… and 11 more')
})

describe('times', () => {
  const later = (over: object) =>
    step({ calls: [calls({ timeUnixNano: '30', exemplars: [], ...over })], durations: [] })
  const first = step({ durations: [] })

  test('that stay are right', () => {
    expect(checkTimes([first, later({})])).toEqual([])
  })

  test('of a series that began anew after the last flush are right', () => {
    expect(checkTimes([first, later({ startTimeUnixNano: '25' })])).toEqual([])
  })

  test.each<readonly [string, readonly StepResult[], RegExp]>([
    ['a start after its time', [later({ startTimeUnixNano: '31' })], /starts at 31, after 30/],
    ['a start that moved', [first, later({ startTimeUnixNano: '11' })], /started at 10, now at 11/],
    ['a flush that is not later', [first, first], /is not later than the flush before/],
    [
      'two times in a flush',
      [step({ durations: [duration({ timeUnixNano: '21' })] })],
      /one time for all/,
    ],
    [
      'an exemplar of another time',
      [later({ exemplars: calls().exemplars })],
      /exemplar of another time/,
    ],
  ])('%s is found', (_, steps, problem) => {
    expect(checkTimes(steps).join('\n')).toMatch(problem)
  })
})
