import { expect, test } from 'vitest'
import { complete, quoteValue, readCompletion } from './read-completion.ts'

test.each([
  ['htt|', { name: null, text: 'htt', from: 0, to: 3 }],
  ['a=1 htt|p.route', { name: null, text: 'htt', from: 4, to: 14 }],
  ['http.route=/to|', { name: 'http.route', text: '/to', from: 11, to: 14 }],
  ['a!="two wo|', { name: 'a', text: 'two wo', from: 3, to: 10 }],
  ['a="two words" b|', { name: null, text: 'b', from: 14, to: 15 }],
  ['status>=|', { name: null, text: 'status>=', from: 0, to: 8 }],
])('at %s it is known what is typed', (marked, expected) => {
  const caret = marked.indexOf('|')
  expect(readCompletion(marked.replace('|', ''), caret)).toEqual(expected)
})

test('a name is followed by its value, and a value by the next condition', () => {
  expect(complete('a=1 ht b=2', readCompletion('a=1 ht b=2', 6), 'http.route')).toEqual({
    query: 'a=1 http.route= b=2',
    caret: 15,
  })
  expect(complete('s="my', readCompletion('s="my', 5), 'my "shop"')).toEqual({
    query: 's="my \\"shop\\"" ',
    caret: 16,
  })
  expect(quoteValue('/todos/:id')).toBe('/todos/:id')
})
