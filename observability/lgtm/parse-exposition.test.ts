import { expect, test } from 'vitest'
import { parseExposition } from './parse-exposition.ts'

const text = `# HELP calls_total Calls.
# TYPE calls_total counter
calls_total{span_name="GET /a",quoted="a\\"b\\\\c\\nd, e=\\"f\\""} 3
calls_total 4 1700000000000
other_total{a="b"} 5
`

test('the samples of one series are read, with what is escaped in their labels', () => {
  expect(parseExposition(text, 'calls_total')).toEqual([
    { labels: { span_name: 'GET /a', quoted: 'a"b\\c\nd, e="f"' }, value: 3 },
    { labels: {}, value: 4 },
  ])
})

test.each(['calls_total{', 'calls_total{a=b} 1', 'calls_total'])('%s is refused', (line) => {
  expect(() => parseExposition(line, 'calls_total')).toThrow(/expected/)
})
