import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { adjustByHolm } from './holm.ts'
import { testMannWhitney } from './mann-whitney.ts'
import { twoSidedNormalTail } from './normal-tail.ts'

describe('the Mann–Whitney test', () => {
  test('gives what R gives for ozone in May and August, with ties (its wilcox.test example)', () => {
    const may = [
      41, 36, 12, 18, 28, 23, 19, 8, 7, 16, 11, 14, 18, 14, 34, 6, 30, 11, 1, 11, 4, 32, 23, 45,
      115, 37,
    ]
    const august = [
      39, 9, 16, 78, 35, 66, 122, 89, 110, 44, 28, 65, 22, 59, 23, 31, 44, 21, 9, 45, 168, 73, 76,
      118, 84, 85,
    ]
    const result = testMannWhitney(may, august)
    expect(result?.u).toBe(127.5)
    expect(result?.pValue).toBeCloseTo(0.0001208, 7)
  })

  test('gives what R gives for permeability constants, exactly (Hollander and Wolfe 1973, 69)', () => {
    const atTerm = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46]
    const early = [1.15, 0.88, 0.9, 0.74, 1.21]
    const result = testMannWhitney(atTerm, early)
    expect(result?.u).toBe(35)
    // Published one-sided, as 0.1272.
    expect((result?.pValue ?? 0) / 2).toBeCloseTo(0.1272, 4)
  })

  test('gives what SciPy gives for the age of diagnosis, exactly', () => {
    const result = testMannWhitney([19, 22, 16, 29, 24], [20, 11, 17, 12])
    expect(result?.u).toBe(17)
    expect(result?.pValue).toBeCloseTo(0.1111111111, 10)
  })

  test('gives Cliff’s delta as published (Hogarty and Kromrey 1999)', () => {
    const treatment = [10, 10, 20, 20, 20, 30, 30, 30, 40, 50]
    const control = [10, 20, 30, 40, 40, 50]
    expect(testMannWhitney(treatment, control)?.delta).toBeCloseTo(-0.25, 12)
  })

  test('values that are all equal tell nothing', () => {
    expect(testMannWhitney([1, 1], [1, 1, 1])).toEqual({ u: 3, pValue: 1, delta: 0 })
  })

  test('an empty sample has no result', () => {
    expect(testMannWhitney([], [1])).toBeNull()
    expect(testMannWhitney([1], [])).toBeNull()
  })

  test('a value that is no number is refused', () => {
    expect(() => testMannWhitney([Number.NaN], [1])).toThrow('expected numbers, got NaN')
  })

  const sample = fc.array(fc.integer({ min: 0, max: 8 }), { minLength: 1, maxLength: 30 })

  test('delta and u are what counting all pairs gives', () => {
    fc.assert(
      fc.property(sample, sample, (a, b) => {
        const signs = a.flatMap((x) => b.map((y) => Math.sign(x - y)))
        const sum = signs.reduce((total, sign) => total + sign, 0)
        const result = testMannWhitney(a, b)
        expect(result?.delta).toBeCloseTo(sum / signs.length, 10)
        expect(result?.u).toBe((sum + signs.length) / 2)
      }),
    )
  })

  test('who is first changes the sign and not the chance', () => {
    fc.assert(
      fc.property(sample, sample, (a, b) => {
        const there = testMannWhitney(a, b)
        const back = testMannWhitney(b, a)
        expect(back?.delta).toBeCloseTo(-(there?.delta ?? 0), 10)
        expect(back?.pValue).toBeCloseTo(there?.pValue ?? 0, 10)
      }),
    )
  })
})

test.each([
  // NIST/SEMATECH handbook, 1.3.6.7.1, and Abramowitz and Stegun, table 26.2.
  [0, 1],
  [1, 0.3173105079],
  [1.959963985, 0.05],
  [2.575829304, 0.01],
  [3.290526731, 0.001],
  [5, 5.733031438e-7],
])('a normal variable is beyond %d with chance %d', (z, chance) => {
  expect(twoSidedNormalTail(z) / chance).toBeCloseTo(1, 8)
  expect(twoSidedNormalTail(-z)).toBe(twoSidedNormalTail(z))
})

describe('Holm’s adjustment', () => {
  test('gives what R’s p.adjust gives', () => {
    expect(adjustByHolm([0.01, 0.02, 0.03, 0.04, 0.05])).toEqual([0.05, 0.08, 0.09, 0.09, 0.09])
  })

  test('keeps the order of what came, and never exceeds 1', () => {
    expect(adjustByHolm([0.9, 0.001, 0.8])).toEqual([1, 0.003, 1])
  })

  test('of no tests is nothing', () => {
    expect(adjustByHolm([])).toEqual([])
  })
})
