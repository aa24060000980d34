import fc from 'fast-check'
import { expect, test } from 'vitest'
import { matchesPattern } from './pattern.ts'

test.each([
  ['', '', true],
  ['', 'a', false],
  ['*', '', true],
  ['*', 'anything > at all', true],
  ['span.*', 'span.extra', true],
  ['span.*', 'span.', true],
  ['span.*', 'log.extra', false],
  ['* > CONNECT', 'GET /a > CONNECT', true],
  ['* > CONNECT', 'GET /a > CONNECT > b', false],
  ['*/id', '/0/id', true],
  ['*/id', '/idle', false],
  ['a*b*c', 'abbbcbc', true],
  ['a*b*c', 'acb', false],
  ['GET /:id', 'GET /:ID', false],
])('pattern %j on %j: %j', (pattern, text, expected) => {
  expect(matchesPattern(pattern, text)).toBe(expected)
})

const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*', '.', '\n'), maxLength: 12 })

test('it agrees with the regular expression it stands for', () => {
  fc.assert(
    fc.property(letters, letters, (pattern, text) => {
      const parts = pattern.split('*').map((part) => part.replaceAll('.', '\\.'))
      const expected = new RegExp(`^${parts.join('.*')}$`, 's').test(text)
      expect(matchesPattern(pattern, text)).toBe(expected)
    }),
    { numRuns: 2_000 },
  )
})

test('every text fits itself', () => {
  fc.assert(fc.property(letters, (text) => matchesPattern(text, text)))
})

test('many stars on a long text that does not fit take no exponential time', () => {
  const started = performance.now()
  expect(matchesPattern(`${'*a'.repeat(50)}b`, 'a'.repeat(20_000))).toBe(false)
  expect(performance.now() - started).toBeLessThan(2_000)
})
