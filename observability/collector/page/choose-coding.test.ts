import { expect, test } from 'vitest'
import { chooseCoding } from './choose-coding.ts'

test.each([
  ['gzip, deflate, br', 'gzip'],
  ['br, GZIP;q=0.1', 'gzip'],
  ['x-gzip', 'gzip'],
  ['*', 'gzip'],
  ['identity;q=0, *;q=0.1', 'gzip'],
  ['gzip;q=0.5, identity;q=0.5', 'gzip'],
  ['gzip;q=0.5, identity', 'identity'],
  ['gzip;q=0', 'identity'],
  ['gzip;q=0.000, *', 'identity'],
  ['gzip; q=none', 'identity'],
  ['br', 'identity'],
  ['gzipped', 'identity'],
  ['', 'identity'],
  [undefined, 'identity'],
  ['*;q=0, identity', 'identity'],
  ['*;q=0', undefined],
  ['gzip;q=0, identity;q=0', undefined],
  ['identity;q=0', undefined],
])('%j gets %s', (header, coding) => {
  expect(chooseCoding(header)).toBe(coding)
})
