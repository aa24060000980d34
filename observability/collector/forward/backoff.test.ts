import fc from 'fast-check'
import { expect, test } from 'vitest'
import { backoffMillis } from './backoff.ts'

const backoff = { initialMillis: 1_000, maxMillis: 30_000 }

test('waits twice as long each time, up to its longest', () => {
  const waits = [1, 2, 3, 4, 5, 6, 7].map((attempt) => backoffMillis(attempt, () => 1, backoff))

  expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000])
})

test('always stays in the upper half, whatever the attempt and the chance', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 10_000 }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (attempt, random) => {
        const ceiling = Math.min(30_000, 1_000 * 2 ** (attempt - 1))
        const millis = backoffMillis(attempt, () => random, backoff)
        expect(millis).toBeGreaterThanOrEqual(ceiling / 2)
        expect(millis).toBeLessThanOrEqual(ceiling)
      },
    ),
  )
})
