import { expect, test } from 'vitest'
import { buildSpan, epochNanos } from '../../../../collector/testing/build-telemetry.ts'
import { countImpossibleTimes, describeImpossibleTime } from './impossible-time.ts'

const span = (startNanos: bigint, endNanos: bigint) => buildSpan({ startNanos, endNanos })
const good = span(epochNanos, epochNanos + 1n)
const backwards = span(epochNanos, epochNanos - 1_500_000_000n)

test.each([
  [good, undefined],
  [span(epochNanos, 0n), undefined],
  [span(5n, epochNanos), 'begins in 1970'],
  [span(0n, 2n ** 64n - 1n), 'begins in 1970'],
  [span(epochNanos, 2n ** 64n - 1n), 'ends in 2554'],
  [backwards, 'ends 1.50 s before it begins'],
])('a span says what is wrong with its times', (one, text) => {
  expect(describeImpossibleTime(one)).toBe(text)
})

test('a trace says how many of its spans have which impossible time', () => {
  const until = span(epochNanos, 2n ** 64n - 1n)

  expect(countImpossibleTimes([good, until, until, backwards])).toBe(
    '3 of its spans: 2 × ends in 2554, 1 × ends before it begins',
  )
  const years = [0n, 2n, 4n, 6n, 8n].map((n) => span(n * 31_557_600_000_000_000n, epochNanos))
  expect(countImpossibleTimes(years)).toMatch(/^5 of its spans: .*, 1 × other$/)
  expect(countImpossibleTimes([good])).toBeUndefined()
})
