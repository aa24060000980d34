import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AnyValue } from '../../../otlp/model.ts'
import { anyValueDepthMax } from '../../../otlp/refusals/decode-limits.ts'
import { attributesIdentity, attributeText, valueIdentity } from './attribute-text.ts'

describe('a value as text', () => {
  const cases: readonly [string, AnyValue, string][] = [
    ['a text', 'a"b', 'a"b'],
    ['an integer beyond 2^53', 9_223_372_036_854_775_807n, '9223372036854775807'],
    ['a whole double', 1, '1'],
    ['a small double', 1e-7, '1e-7'],
    ['a large double', 1e21, '1e+21'],
    ['minus zero', -0, '-0'],
    ['not a number', Number.NaN, 'NaN'],
    ['infinity', Number.POSITIVE_INFINITY, 'Infinity'],
    ['minus infinity', Number.NEGATIVE_INFINITY, '-Infinity'],
    ['a boolean', false, 'false'],
    ['nothing', null, ''],
    ['bytes', Uint8Array.of(255, 0), '/wA='],
    ['a list', { values: ['<a>&', 1n, null, true, -0] }, '["<a>&",1,null,true,-0]'],
    ['line separators within a list', { values: ['\u2028\u2029'] }, '["\\u2028\\u2029"]'],
    ['bytes within a list', { values: [Uint8Array.of(255, 0)] }, '["/wA="]'],
    ['no bytes within a list', { values: [new Uint8Array()] }, '[null]'],
    ['a list with a number that JSON lacks', { values: [1n, { values: [Number.NaN] }] }, ''],
    [
      'a map, its keys sorted',
      {
        entries: [
          { key: 'b', value: 1n },
          { key: 'a', value: { values: [] } },
        ],
      },
      '{"a":[],"b":1}',
    ],
    [
      'a map, its keys sorted by their bytes',
      {
        entries: [
          { key: '🚀', value: 1n },
          { key: '\uffff', value: 2n },
          { key: '\uffff!', value: 3n },
        ],
      },
      '{"\uffff":2,"\uffff!":3,"🚀":1}',
    ],
    [
      'a map with a key twice, the later value',
      {
        entries: [
          { key: 'a', value: Number.NaN },
          { key: 'a', value: 2n },
        ],
      },
      '{"a":2}',
    ],
  ]

  test.each(cases)('%s', (_, value, text) => {
    expect(attributeText(value)).toBe(text)
  })

  test('values are told apart as deep as a decoder lets them nest', () => {
    const nest = (core: AnyValue) => {
      let value = core
      for (let depth = 1; depth < anyValueDepthMax; depth++) value = { values: [value] }
      return value
    }

    expect(attributeText(nest('x'))).not.toBe(attributeText(nest('y')))
    expect(valueIdentity(nest('x'))).not.toBe(valueIdentity(nest('y')))
  })
})

describe('the identity of attributes', () => {
  test('does not depend on their order', () => {
    const a = { key: 'a', value: 1n }
    const b = { key: 'b', value: '1' }

    expect(attributesIdentity([a, b])).toBe(attributesIdentity([b, a]))
  })

  test('depends on types, and on where a text ends', () => {
    const identities = [
      [{ key: 'a', value: 1n }],
      [{ key: 'a', value: 1 }],
      [{ key: 'a', value: '1' }],
      [{ key: 'a', value: true }],
      [{ key: 'a', value: 'true' }],
      [{ key: 'a', value: null }],
      [{ key: 'a', value: '' }],
      [{ key: 'a', value: { values: ['1'] } }],
      [{ key: 'a', value: { entries: [{ key: '1', value: null }] } }],
      [{ key: 'a', value: Uint8Array.of(1) }],
      [{ key: 'as1:1', value: '' }],
    ].map(attributesIdentity)

    expect(new Set(identities).size).toBe(identities.length)
  })

  test('two different lists of texts never share it', () => {
    const texts = fc.array(fc.tuple(fc.string({ maxLength: 3 }), fc.string({ maxLength: 3 })), {
      maxLength: 3,
    })
    const identify = (pairs: readonly (readonly [string, string])[]) =>
      attributesIdentity(pairs.map(([key, value]) => ({ key, value })))
    const sort = (pairs: readonly (readonly [string, string])[]) =>
      JSON.stringify(pairs.toSorted((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0)))

    fc.assert(
      fc.property(texts, texts, (a, b) => {
        expect(identify(a) === identify(b)).toBe(sort(a) === sort(b))
      }),
    )
  })
})
