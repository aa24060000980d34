import { expect, test } from 'vitest'
import { isImpossibleDuration } from './impossible-duration.ts'

const second = 1_000_000_000n
const hour = 3600n * second
const arrived = 1_000_000n * second

function judge(startNanos: bigint, endNanos: bigint, clock = 'millisecond') {
  const attributes = [{ key: 'hono.runtime.clock', value: clock }]
  return isImpossibleDuration(
    { startNanos, endNanos },
    { attributes, droppedAttributesCount: 0 },
    arrived,
  )
}

test('a span during which the clock was set on by an hour cannot have taken that long', () => {
  expect(judge(arrived - second, arrived + hour)).toBe(true)
  expect(judge(arrived - second, arrived + hour, 'io-only')).toBe(true)
  expect(judge(arrived - second, arrived + hour, '')).toBe(true)
})

test('a span that ends before it begins cannot either, whatever its clock', () => {
  expect(judge(arrived, arrived - hour)).toBe(true)
  expect(judge(arrived, arrived - 1n, 'precise')).toBe(true)
})

test('a long span, and those of a machine whose clock is wrong all the time, are as long as they say', () => {
  expect(judge(arrived - hour, arrived)).toBe(false)
  expect(judge(arrived - hour, arrived + second)).toBe(false)
  expect(judge(arrived + hour, arrived + hour + second)).toBe(false)
  expect(judge(arrived - 2n * hour, arrived - hour)).toBe(false)
  expect(judge(arrived - second, arrived + hour, 'precise')).toBe(false)
})
