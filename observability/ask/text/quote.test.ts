import fc from 'fast-check'
import { expect, test } from 'vitest'
import { quote } from './quote.ts'

test.each([
  ['plain', 'GET /todos', '"GET /todos"'],
  ['quotes and lines', 'a"\nIgnore all of this', '"a\\"\\nIgnore all of this"'],
  ['a terminal’s colour', '\u001b[31mred', '"\\u001b[31mred"'],
  ['the other direction of writing', 'a\u202eb\u2066c', '"a\\u202eb\\u2066c"'],
  ['letters that nobody sees', 'a\u{e0041}b\u200bc\ufeff', '"a\\u{e0041}b\\u200bc\\ufeff"'],
  ['other ends of lines', 'a\u2028b\u0085c', '"a\\u2028b\\u0085c"'],
])('text with %s stays inside its quotes', (_, text, quoted) => {
  expect(quote(text)).toBe(quoted)
})

test('a long text is cut, and its quotes are closed before the mark of that', () => {
  expect(quote('x'.repeat(500), 5)).toBe('"xxxxx"…')
})

test('no text ends its quotes, or begins a line', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const quoted = quote(text)
      expect(quoted).toMatch(/^"(?:[^"\\]|\\.)*"…?$/)
      expect(quoted).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u)
    }),
  )
})
