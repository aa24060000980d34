import { expect, test } from 'vitest'
import {
  countOf,
  formatClock,
  formatMoment,
  formatPrecise,
  formatRate,
  formatSecond,
  formatShare,
  formatStretch,
  formatTick,
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
  expect(formatMoment(nanos, now + 3 * 86_400_000)).toMatch(new RegExp(`^\\D*1\\D* ${clock}$`))
  expect(formatMoment(nanos, now + 400 * 86_400_000)).toMatch(new RegExp(`2026 ${clock}$`))
})

test('a stretch of time says both its ends', () => {
  const from = new Date(2026, 0, 1, 23, 59, 50).getTime()
  const now = new Date(2026, 0, 1, 23, 59, 59).getTime()
  expect(formatSecond(from, now)).toBe('23:59:50')
  expect(formatStretch(from, from + 5_000, now)).toBe('23:59:50 – 23:59:55')
  expect(formatStretch(from, from + 15_000, now)).toMatch(/^23:59:50 – \D*2\D* 00:00:05$/)
})

test('ticks of several days are told apart', () => {
  const noon = new Date(2026, 0, 1, 12, 30).getTime()
  const hour = 3_600_000
  expect(formatTick(noon, 5_000, hour)).toBe('12:30:00')
  expect(formatTick(noon, 60_000, hour)).toBe('12:30')
  expect(formatTick(noon, hour, 60 * hour)).toMatch(/1.* 12:30$/)
  expect(formatTick(noon, 24 * hour, 600 * hour)).not.toContain(':')
})

test.each([
  [0, '0/s'],
  [0.004, '0.004/s'],
  [0.000_42, '0.00042/s'],
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
