import { expect, test } from 'vitest'
import { laterStart } from './later-start.ts'

test.each([
  [null, '7'],
  ['3', '7'],
  ['9', '9'],
  ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z'],
  ['1969-12-31T00:00:00Z', '7'],
  ['soon', 'soon'],
])('of %j and 7 ns it is %s', (given, later) => {
  expect(laterStart(given, 7n)).toBe(later)
})
