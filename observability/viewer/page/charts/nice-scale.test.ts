import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createNiceScale, listMillisTicks } from './nice-scale.ts'

test.each([
  [0, { max: 1, ticks: [0, 1] }],
  [Number.NaN, { max: 1, ticks: [0, 1] }],
  [7, { max: 8, ticks: [0, 2, 4, 6, 8] }],
  [10, { max: 10, ticks: [0, 5, 10] }],
  [0.55, { max: 0.6, ticks: [0, 0.2, 0.4, 0.6] }],
])('up to %d', (largest, scale) => {
  expect(createNiceScale(largest, 'any')).toEqual(scale)
})

test('a scale of counts has whole numbers', () => {
  expect(createNiceScale(10, 'count').ticks).toEqual([0, 5, 10])
  expect(createNiceScale(3, 'count').ticks).toEqual([0, 1, 2, 3])
  expect(createNiceScale(1, 'count').ticks).toEqual([0, 1])
})

test('a scale of durations is round in the unit that is read', () => {
  expect(createNiceScale(100_000, 'millis').ticks).toEqual([0, 30_000, 60_000, 90_000, 120_000])
  expect(createNiceScale(5_019, 'millis').ticks).toEqual([0, 2_000, 4_000, 6_000])
  expect(listMillisTicks(0, 3_600_000, 5).map((tick) => tick / 60_000)).toEqual([0, 15, 30, 45, 60])
  expect(createNiceScale(4 * 3_600_000, 'millis').ticks.at(-1)).toBe(4 * 3_600_000)
})

test.each([
  [0, 7.3, [0, 2, 4, 6]],
  [3, 4, [3, 3.2, 3.4, 3.6, 3.8, 4]],
  [-1, 1, [-1, -0.5, 0, 0.5, 1]],
  [0, 90_000, [0, 30_000, 60_000, 90_000]],
  [0, 0, []],
  [5, 4, []],
])('ticks from %d to %d', (from, to, ticks) => {
  expect(listMillisTicks(from, to, 5)).toEqual(ticks)
})

test('a scale holds its largest value, and wastes less than half', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-6, max: 1e12, noNaN: true }), (largest) => {
      const { max, ticks } = createNiceScale(largest, 'any')
      expect(max).toBeGreaterThanOrEqual(largest * (1 - 1e-9))
      expect(max).toBeLessThanOrEqual(largest * 2)
      expect(ticks.length).toBeGreaterThanOrEqual(2)
      expect(ticks.length).toBeLessThanOrEqual(6)
    }),
  )
})
