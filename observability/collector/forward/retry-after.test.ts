import { expect, test } from 'vitest'
import { parseRetryAfter } from './retry-after.ts'

const nowMillis = Date.UTC(2026, 0, 1)

test.each([
  ['0', 0],
  ['3', 3_000],
  [' 120 ', 120_000],
  ['Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
  ['Wednesday, 31-Dec-25 00:00:00 GMT', 0],
])('%j asks to wait %d ms', (header, millis) => {
  expect(parseRetryAfter(header, nowMillis)).toBe(millis)
})

test.each([null, '', 'soon', '-5', '1.5', '2026-01-01T00:00:30Z'])('%j asks nothing', (header) => {
  expect(parseRetryAfter(header, nowMillis)).toBeUndefined()
})
