import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createNiceScale } from './nice-scale.ts'

test.each([
  [0, { max: 1, ticks: [0, 1] }],
  [Number.NaN, { max: 1, ticks: [0, 1] }],
  [7, { max: 8, ticks: [0, 2, 4, 6, 8] }],
  [60, { max: 60, ticks: [0, 20, 40, 60] }],
  [0.55, { max: 0.6, ticks: [0, 0.2, 0.4, 0.6] }],
])('up to %d', (largest, scale) => {
  expect(createNiceScale(largest)).toEqual(scale)
})

test('a scale of counts has whole numbers', () => {
  expect(createNiceScale(10, { whole: true }).ticks).toEqual([0, 5, 10])
  expect(createNiceScale(3, { whole: true }).ticks).toEqual([0, 1, 2, 3])
  expect(createNiceScale(1, { whole: true }).ticks).toEqual([0, 1])
})

test('a scale holds its largest value, and wastes less than half', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-6, max: 1e12, noNaN: true }), (largest) => {
      const { max, ticks } = createNiceScale(largest)
      expect(max).toBeGreaterThanOrEqual(largest * (1 - 1e-9))
      expect(max).toBeLessThanOrEqual(largest * 2)
      expect(ticks.length).toBeGreaterThanOrEqual(2)
      expect(ticks.length).toBeLessThanOrEqual(6)
    }),
  )
})
