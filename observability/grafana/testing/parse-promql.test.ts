import { describe, expect, test } from 'vitest'
import { parsePromql } from './parse-promql.ts'

describe('the reader of PromQL', () => {
  test('finds selectors with their matchers and ranges, and what is grouped by', () => {
    const query =
      '(sum by (le, a) (rate(b_c{d="e",f=~"$g"}[$__range])) or 0 * h{j="k"}) / (h{i!=""} > 1.5)'

    expect(parsePromql(query)).toEqual({
      selectors: [
        {
          series: 'b_c',
          matchers: [
            { label: 'd', value: 'e' },
            { label: 'f', value: '$g' },
          ],
          range: '$__range',
        },
        { series: 'h', matchers: [{ label: 'j', value: 'k' }], range: undefined },
        { series: 'h', matchers: [{ label: 'i', value: '' }], range: undefined },
      ],
      groupedBy: ['le', 'a'],
      functions: ['rate'],
    })
  })

  test.each([
    ['sum(rate(a{b="c"}[1m])', 'expected )'],
    ['sum by a (b{c="d"})', 'expected ('],
    ['rate(a{b="c"}[1m]))', 'expected its end, got )'],
    ['a{b="c}', 'unexpected'],
    ['a{b==“c”}', 'unexpected'],
    ['a{b="c"} /', 'expected a series'],
    ['a{}', 'expected a label as token 2, got "}"'],
    ['', 'expected a series'],
    ['stddev(a{b="c"})', 'expected a function'],
    ['a{b="c"}[forever]', 'expected a range'],
    ['a{b="c"} b{c="d"}', 'expected its end, got b'],
  ])('refuses %s', (query, reason) => {
    expect(() => parsePromql(query)).toThrow(reason)
  })
})
