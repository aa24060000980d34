import { expect, test } from 'vitest'
import { createAttributes } from '../../comparison/testing/trace-fixture.ts'
import { toPlainAttributes } from './render-attributes.ts'

test('a program gets numbers as numbers, and as text what JSON has no form for', () => {
  const attributes = createAttributes({
    'http.response.status_code': 200n,
    share: 0.5,
    sampled: true,
    big: 2n ** 63n - 1n,
    none: Number.NaN,
  })
  expect(toPlainAttributes(attributes)).toEqual({
    'http.response.status_code': 200,
    share: 0.5,
    sampled: true,
    big: '9223372036854775807',
    none: 'NaN',
  })
})
