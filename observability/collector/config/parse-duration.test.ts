import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseDuration } from './parse-duration.ts'

// From the documentation and the rules of Go's time.ParseDuration.
test.each([
  ['0', 0n],
  ['+0', 0n],
  ['-0', 0n],
  ['0s', 0n],
  ['1ns', 1n],
  ['7500us', 7_500_000n],
  ['1µs', 1_000n],
  ['1μs', 1_000n],
  ['0.5ms', 500_000n],
  ['1.5s', 1_500_000_000n],
  ['.5s', 500_000_000n],
  ['1.s', 1_000_000_000n],
  ['1m30s', 90_000_000_000n],
  ['1h15m30.918273645s', 4_530_918_273_645n],
  ['-1.5h', -5_400_000_000_000n],
  ['0.1ns', 0n],
  ['0.3333333333333333333h', 1_199_999_999_999n],
  ['9223372036854775807ns', 9_223_372_036_854_775_807n],
  ['2562047h47m16.854775807s', 9_223_372_036_854_775_807n],
])('%s is %d nanoseconds', (text, nanos) => {
  expect(parseDuration(text)).toBe(nanos)
})

test.each([
  '',
  '-',
  '+',
  '.',
  's',
  '.s',
  '+.s',
  '3',
  '1d',
  '1S',
  '1 s',
  ' 1s',
  '1s ',
  '1s\n',
  '--1s',
  '1e3s',
  '1,5s',
  '0x1s',
  '1sms2',
  '٣s',
  '9223372036854775808ns',
  '1000000000000h',
  '1'.repeat(200),
  '1s'.repeat(100),
])('%j is no duration', (text) => {
  expect(parseDuration(text)).toBeUndefined()
})

test('parts add up exactly, whatever they are', () => {
  const part = fc.integer({ min: 0, max: 1_000_000 })
  fc.assert(
    fc.property(part, part, part, (hours, millis, nanos) => {
      expect(parseDuration(`${hours}h${millis}ms${nanos}ns`)).toBe(
        BigInt(hours) * 3_600_000_000_000n + BigInt(millis) * 1_000_000n + BigInt(nanos),
      )
    }),
  )
})
