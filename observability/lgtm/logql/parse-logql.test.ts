import { expect, test } from 'vitest'
import { parseLogql } from './parse-logql.ts'

test('a selector and its filters are read', () => {
  expect(parseLogql('{a="b", c!="d"} | e=~"(f|g)" | trace_id = "00"')).toEqual({
    countBy: undefined,
    matchers: [
      { name: 'a', type: '=', value: 'b' },
      { name: 'c', type: '!=', value: 'd' },
      { name: 'e', type: '=~', value: '(f|g)' },
      { name: 'trace_id', type: '=', value: '00' },
    ],
  })
})

test('a regular expression loses the escapes of the string that it stands in', () => {
  expect(parseLogql('{a=~"x\\\\.y"}').matchers).toEqual([{ name: 'a', type: '=~', value: 'x\\.y' }])
})

test('a count by labels is read', () => {
  expect(parseLogql('sum by (level, a) (count_over_time({a="b"} | c="d" [15000ms]))')).toEqual({
    countBy: ['level', 'a'],
    matchers: [
      { name: 'a', type: '=', value: 'b' },
      { name: 'c', type: '=', value: 'd' },
    ],
  })
})

test.each(['{a="b"} |= "text"', '{a="b"} | json', 'rate({a="b"}[5m])', '{a="b"', '{}'])(
  'what is not understood is refused: %s',
  (query) => {
    expect(() => parseLogql(query)).toThrow(/expected/)
  },
)
