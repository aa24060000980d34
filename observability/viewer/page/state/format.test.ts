import { expect, test } from 'vitest'
import {
  countOf,
  formatClock,
  formatMoment,
  formatPrecise,
  formatRate,
  formatShare,
} from './format.ts'

const nanos = 1_767_225_661_234_567_891n

test('the precise time has every digit', () => {
  expect(formatPrecise(nanos)).toBe('2026-01-01T00:01:01.234567891Z')
  expect(formatPrecise(5n)).toBe('1970-01-01T00:00:00.000000005Z')
})

test('a time of another day bears the day', () => {
  const now = Number(nanos / 1_000_000n)
  const clock = formatClock(nanos)
  expect(clock).toMatch(/^\d\d:\d\d:01[.,]234$/)
  expect(formatMoment(nanos, now)).toBe(clock)
  expect(formatMoment(nanos, now + 3 * 86_400_000)).toMatch(new RegExp(`.+ ${clock}$`))
})

test.each([
  [0, '0/s'],
  [0.004, '0.004/s'],
  [0.25, '0.25/s'],
  [3.14, '3.1/s'],
  [120.4, '120/s'],
])('a rate of %d is %s', (rate, text) => {
  expect(formatRate(rate)).toBe(text)
})

test.each([
  [0, '0 %'],
  [0.0001, '< 0.1 %'],
  [0.042, '4.2 %'],
  [0.5, '50 %'],
  [1, '100 %'],
])('a share of %d is %s', (share, text) => {
  expect(formatShare(share)).toBe(text)
})

test('one is singular, and thousands are set apart', () => {
  expect(countOf(1, 'span')).toBe('1 span')
  expect(countOf(12_345, 'span')).toBe('12,345 spans')
})
