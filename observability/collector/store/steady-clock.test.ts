import { expect, test } from 'vitest'
import { createSteadyClock } from './steady-clock.ts'

function create() {
  const at = { wall: 1_000_000, monotonic: 500 }
  const now = createSteadyClock(
    () => at.wall,
    () => at.monotonic,
  )
  const pass = (millis: number) => {
    at.wall += millis
    at.monotonic += millis
  }
  return { at, now, pass }
}

test('a clock that nobody sets is followed, drift included', () => {
  const { at, now, pass } = create()
  pass(5000)
  at.wall += 200
  expect(now()).toBe(at.wall)
})

test.each([3_600_000, -3_600_000])('a clock that is set by %i ms counts a minute later', (step) => {
  const { at, now, pass } = create()
  at.wall += step
  pass(100)
  expect(now()).toBe(1_000_100)
  pass(59_000)
  expect(now()).toBe(1_059_100)
  pass(2000)
  expect(now()).toBe(at.wall)
})
