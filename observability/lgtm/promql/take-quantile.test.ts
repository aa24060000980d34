import { expect, test } from 'vitest'
import { takeQuantile } from './take-quantile.ts'

const upTo = (count: number) => Array.from({ length: count }, (_, index) => count - index)

test('a quantile is one of the durations, and its neighbours would do', () => {
  expect(takeQuantile(0.5, upTo(10))).toEqual({ value: 5, limits: [4, 6] })
  expect(takeQuantile(0.95, [7])).toEqual({ value: 7, limits: [7, 7] })
  expect(takeQuantile(0.99, [])).toEqual({ value: Number.NaN, limits: [Number.NaN, Number.NaN] })
})

test('of many durations more would do than the neighbours', () => {
  expect(takeQuantile(0.95, upTo(1000))).toEqual({ value: 950, limits: [946, 954] })
})

test('above the highest there is what the first report held', () => {
  expect(takeQuantile(0.99, upTo(10), [50])).toEqual({ value: 10, limits: [9, 50] })
  expect(takeQuantile(0.99, upTo(10), [3])).toEqual({ value: 10, limits: [9, 10] })
})
