import { expect, test } from 'vitest'
import { describeRemaining } from './describe-remaining.ts'

test.each([
  [0, 90, 0, ''],
  [2, 90, 2000, ''],
  [30, 90, 20_000, ', about 40 s left'],
  [10, 90, 60_000, ', about 8 min left'],
  [90, 90, 60_000, ''],
])('%d of %d rounds after %d ms: %j', (done, of, elapsedMillis, text) => {
  expect(describeRemaining(done, of, elapsedMillis)).toBe(text)
})
