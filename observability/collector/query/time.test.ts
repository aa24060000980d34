import fc from 'fast-check'
import { expect, test } from 'vitest'
import { durationMillis, parseTime, renderTime } from './time.ts'

test('a time keeps all nine digits of its second', () => {
  expect(renderTime(1_767_225_600_000_000_001n)).toBe('2026-01-01T00:00:00.000000001Z')
})

test.each([
  ['2026-01-01T00:00:00Z', 1_767_225_600_000_000_000n],
  ['2026-01-01t00:00:00z', 1_767_225_600_000_000_000n],
  ['2026-01-01T01:00:00.25+01:00', 1_767_225_600_250_000_000n],
  ['2026-01-01T00:00:00.0000000019Z', 1_767_225_600_000_000_001n],
  ['1767225600000000001', 1_767_225_600_000_000_001n],
  ['0', 0n],
])('%s is %s nanoseconds', (text, nanos) => {
  expect(parseTime(text)).toBe(nanos)
})

test.each([
  '',
  'yesterday',
  '2026-01-01',
  '2026-01-01T00:00:00',
  '2026-13-01T00:00:00Z',
  '-1',
  '1.5',
])('%j is no time', (text) => {
  expect(parseTime(text)).toBeUndefined()
})

test('every time of 64 bits survives being written and read', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (nanos) => {
      expect(parseTime(renderTime(nanos))).toBe(nanos)
    }),
  )
})

test('a duration keeps fractions of a millisecond, and is zero when the clock went backwards', () => {
  expect(durationMillis(1_000n, 1_501_000n)).toBe(1.5)
  expect(durationMillis(2n, 1n)).toBe(0)
})
