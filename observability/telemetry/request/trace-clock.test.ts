import { expect, test } from 'vitest'
import { createTraceClock } from './trace-clock.ts'

test('a clock begins with the time of day', () => {
  const before = Date.now()
  const clock = createTraceClock()
  expect(clock()).toBeGreaterThanOrEqual(before)
  expect(clock()).toBeLessThan(Date.now() + 2)
})

test('a clock never goes back, and tells parts of a millisecond apart', () => {
  const clock = createTraceClock()
  const readings = Array.from({ length: 2000 }, clock)
  expect(readings).toEqual(readings.toSorted((a, b) => a - b))
  const different = new Set(readings)
  const millis = (readings.at(-1) ?? 0) - (readings[0] ?? 0)
  expect(different.size).toBeGreaterThan(millis * 2)
  expect(different.size).toBeGreaterThan(10)
})

test('a clock goes on by itself when the time of day is set back', () => {
  const now = Date.now
  try {
    const clock = createTraceClock()
    const before = clock()
    Date.now = () => 0
    expect(clock()).toBeGreaterThanOrEqual(before)
  } finally {
    Date.now = now
  }
})
