import { expect, test } from 'vitest'
import { takeQuantile } from './take-quantile.ts'

const upTo = (count: number) => Array.from({ length: count }, (_, index) => count - index)

test('a quantile is one of the durations, and its neighbours would do', () => {
  expect(takeQuantile(0.5, upTo(10))).toEqual({ value: 5, limits: [4, 6] })
  expect(takeQuantile(0.95, [7])).toEqual({ value: 7, limits: [7, 7] })
  expect(takeQuantile(0.99, [])).toEqual({ value: Number.NaN, limits: [Number.NaN, Number.NaN] })
})

test('above the highest there is nothing', () => {
  expect(takeQuantile(0.99, upTo(10))).toEqual({ value: 10, limits: [9, 10] })
})
