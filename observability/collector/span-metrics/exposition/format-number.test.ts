import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatCanonicalFloat, formatFloat, formatSeconds } from './format-number.ts'

// What Go's strconv.FormatFloat(value, 'g', -1, 64) gives.
test.each([
  [0, '0'],
  [1, '1'],
  [-0, '-0'],
  [0.0005, '0.0005'],
  [0.0001, '0.0001'],
  [0.00001, '1e-05'],
  [123456, '123456'],
  [100000, '100000'],
  [1000000, '1e+06'],
  [1234567.5, '1.2345675e+06'],
  [1e21, '1e+21'],
  [5e-324, '5e-324'],
  [0.1 + 0.2, '0.30000000000000004'],
  [Number.POSITIVE_INFINITY, '+Inf'],
  [Number.NEGATIVE_INFINITY, '-Inf'],
  [Number.NaN, 'NaN'],
])('%d is written %s', (value, text) => {
  expect(formatFloat(value)).toBe(text)
})

test('every double reads back as itself', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(Number(formatFloat(value))).toBe(value)
    }),
  )
})

test.each([
  [1, '1.0'],
  [10, '10.0'],
  [0.5, '0.5'],
  [1e6, '1e+06'],
  [Number.POSITIVE_INFINITY, '+Inf'],
])('the canonical form of %d shows that it is a float: %s', (value, text) => {
  expect(formatCanonicalFloat(value)).toBe(text)
})

test.each([
  [0n, '0'],
  [1_700_000_000_000_000_000n, '1700000000'],
  [1_700_000_000_123_456_789n, '1700000000.123456789'],
  [1_700_000_000_000_000_001n, '1700000000.000000001'],
  [1_700_000_000_500_000_000n, '1700000000.5'],
])('%i nanoseconds are %s seconds, no digit lost', (nanos, text) => {
  expect(formatSeconds(nanos)).toBe(text)
})
