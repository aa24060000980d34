import fc from 'fast-check'
import { expect, test } from 'vitest'
import { measureDuration } from './measure-duration.ts'

const time = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })

test('a duration is the difference as the nearest double, and 0 for a step back', () => {
  fc.assert(
    fc.property(time, time, (start, end) => {
      expect(measureDuration(start, end)).toBe(end > start ? Number(end - start) : 0)
    }),
  )
})

test.each([
  [0n, 2n ** 64n - 1n, 2 ** 64],
  [1_790_000_000_123_456_789n, 1_790_000_000_123_456_790n, 1],
  [5n, 5n, 0],
])('from %i to %i is %d', (start, end, expected) => {
  expect(measureDuration(start, end)).toBe(expected)
})
