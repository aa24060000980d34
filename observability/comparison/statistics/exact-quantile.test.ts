import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { exactMedian, exactQuantile, exactQuantiles } from './exact-quantile.ts'

const oneToTen = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]

/** Miles per gallon of 32 cars, Motor Trend 1974: the data set `mtcars` that comes with R. */
const mpg = [
  21, 21, 22.8, 21.4, 18.7, 18.1, 14.3, 24.4, 22.8, 19.2, 17.8, 16.4, 17.3, 15.2, 10.4, 10.4, 14.7,
  32.4, 30.4, 33.9, 21.5, 15.5, 15.2, 13.3, 19.2, 27.3, 26, 30.4, 15.8, 19.7, 15, 21.4,
]

describe('published values of type 7', () => {
  test('quantile(1:10) in R', () => {
    expect(exactQuantiles(oneToTen, [0, 0.25, 0.5, 0.75, 1])).toEqual([1, 3.25, 5.5, 7.75, 10])
  })

  test('quantile(mtcars$mpg) in R', () => {
    const expected = [10.4, 15.425, 19.2, 22.8, 33.9]
    for (const [index, value] of exactQuantiles(mpg, [0, 0.25, 0.5, 0.75, 1]).entries()) {
      expect(value).toBeCloseTo(expected[index] ?? Number.NaN, 12)
    }
  })

  test('numpy.percentile([[10, 7, 4], [3, 2, 1]], 50), from its documentation', () => {
    expect(exactMedian([10, 7, 4, 3, 2, 1])).toBe(3.5)
  })

  test('the 40th percentile of 15, 20, 35, 40, 50 by PERCENTILE.INC in Excel', () => {
    expect(exactQuantile([15, 20, 35, 40, 50], 0.4)).toBeCloseTo(29, 12)
  })

  test('the 30th percentile of 1, 2, 3, 4 by PERCENTILE in Excel, from its documentation', () => {
    expect(exactQuantile([1, 3, 2, 4], 0.3)).toBeCloseTo(1.9, 12)
  })
})

test('the median of an odd count is the middle value', () => {
  expect(exactMedian([9, 1, 5])).toBe(5)
})

test('of one value every quantile is that value', () => {
  expect(exactQuantiles([7], [0, 0.5, 0.99, 1])).toEqual([7, 7, 7, 7])
})

test('of no values there is no quantile, and that is not zero', () => {
  expect(exactQuantile([], 0.5)).toBeNull()
  expect(exactQuantiles([], [0.5, 0.9])).toEqual([])
})

test('values sort as numbers and the input stays as it was', () => {
  const values = [100, 9, 20]
  expect(exactMedian(values)).toBe(20)
  expect(values).toEqual([100, 9, 20])
})

test.each([-0.1, 1.1, Number.NaN])('probability %d is refused', (probability) => {
  expect(() => exactQuantile([1], probability)).toThrow(
    `probability: expected a number from 0 to 1, got ${probability}`,
  )
})

test.each([Number.NaN, Number.POSITIVE_INFINITY])('a value of %d is refused', (value) => {
  expect(() => exactMedian([1, value])).toThrow(`values[1]: expected a finite number, got ${value}`)
})

test('a quantile lies between its neighbours and grows with the probability', () => {
  const values = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 })
  const probability = fc.double({ min: 0, max: 1, noNaN: true })
  fc.assert(
    fc.property(values, probability, (list, p) => {
      const sorted = list.toSorted((a, b) => a - b)
      const rank = (list.length - 1) * p
      const quantile = exactQuantile(list, p) ?? Number.NaN
      const below = sorted[Math.floor(rank)] ?? Number.NaN
      const above = sorted[Math.ceil(rank)] ?? Number.NaN
      // Interpolation rounds, by no more than a last digit of the larger neighbour.
      const slack = Math.max(Math.abs(below), Math.abs(above)) * Number.EPSILON
      expect(quantile).toBeGreaterThanOrEqual(below - slack)
      expect(quantile).toBeLessThanOrEqual(above + slack)
    }),
  )
})
