import { expect, test } from 'vitest'
import { testFisherExact } from './fisher-exact.ts'

test('gives what R gives for the lady tasting tea (Agresti 1990, 61)', () => {
  expect(testFisherExact(3, 4, 1, 4)).toBeCloseTo(0.4857, 4)
})

test('gives what R gives for criminal twins (Fisher 1962), two-sided', () => {
  expect(testFisherExact(2, 17, 10, 13)).toBeCloseTo(0.0005367, 7)
})

test('equal shares are as likely as can be', () => {
  expect(testFisherExact(5, 50, 5, 50)).toBeCloseTo(1, 10)
})

test('never against always is no chance', () => {
  expect(testFisherExact(0, 50, 50, 50)).toBeLessThan(1e-20)
})
