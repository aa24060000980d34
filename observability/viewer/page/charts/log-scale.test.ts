import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createLogScale } from './log-scale.ts'

test.each([
  [
    [0.2, 40],
    [1, 10],
  ],
  [
    [3, 18],
    [2, 5, 10, 20],
  ],
  [
    [0.02, 900],
    [0.1, 1, 10, 100, 1_000],
  ],
  [[7], [5, 10]],
  [[5], [5, 10, 20, 50]],
  [[], [1, 2, 5, 10]],
  [
    [0, 0],
    [1, 2, 5, 10],
  ],
])('of %j it has round numbers', (values, ticks) => {
  expect(createLogScale(values).ticks).toEqual(ticks)
})

test('each decade is as wide as any other', () => {
  const { place } = createLogScale([1, 1_000])

  expect([1, 10, 100, 1_000].map((value) => Math.round(place(value)))).toEqual([0, 33, 67, 100])
})

test('one absurd duration does not press the others into a line, and one of 0 is at the start', () => {
  const { place } = createLogScale([0, 2, 40, 86_400_000])

  expect(place(0)).toBe(0)
  expect(place(86_400_000)).toBeGreaterThan(90)
  expect(place(40) - place(2)).toBeGreaterThan(0)
  expect(createLogScale([2, 40, 86_400_000]).ticks.length).toBeLessThanOrEqual(5)
})

test('every value is on it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 1e12, noNaN: true }), { minLength: 1 }),
      (values) => {
        const { place, ticks } = createLogScale(values)
        const places = values.map(place)
        expect(Math.min(...places)).toBeGreaterThanOrEqual(0)
        expect(Math.max(...places)).toBeLessThanOrEqual(100)
        expect(ticks.length).toBeGreaterThanOrEqual(1)
        expect(ticks.length).toBeLessThanOrEqual(5)
      },
    ),
  )
})
