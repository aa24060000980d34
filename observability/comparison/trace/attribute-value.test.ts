import { describe, expect, test } from 'vitest'
import type { AnyValue } from '../../otlp/model.ts'
import { createAttributes } from '../testing/trace-fixture.ts'
import {
  readValueType,
  renderCanonical,
  renderShape,
  renderValue,
  valueCharsMax,
  valueDepthMax,
} from './attribute-value.ts'

const values: readonly (readonly [AnyValue, string, string])[] = [
  ['200', 'string', 'string "200"'],
  [200n, 'int', 'int 200'],
  [200, 'double', 'double 200'],
  [0.5, 'double', 'double 0.5'],
  [Number.NaN, 'double', 'double NaN'],
  [true, 'bool', 'bool true'],
  [null, 'empty', 'empty'],
  [new Uint8Array([1, 255]), 'bytes', 'bytes 01ff'],
  [{ values: [1n, 'a'] }, 'array', 'array [int 1, string "a"]'],
  [{ entries: createAttributes({ b: 1n, a: null }) }, 'kvlist', 'kvlist {"a": empty, "b": int 1}'],
]

test.each(values)('%o is of type %s and prints as %s', (value, type, text) => {
  expect(readValueType(value)).toBe(type)
  expect(renderValue(value)).toBe(text)
})

test('no two of these are equal', () => {
  expect(new Set(values.map(([value]) => renderCanonical(value))).size).toBe(values.length)
})

test('minus zero is zero', () => {
  expect(renderCanonical(-0)).toBe(renderCanonical(0))
})

describe('the shape of', () => {
  test('an array says which types it holds, not how many or in which order', () => {
    expect(renderShape({ values: [1n, 'a', 2n] })).toBe('array<int|string>')
    expect(renderShape({ values: ['a', 1n] })).toBe('array<int|string>')
  })

  test('a list of keys has them in one order', () => {
    const entries = createAttributes({ b: 1, a: { values: [] } })
    expect(renderShape({ entries })).toBe('kvlist<"a":array<>,"b":double>')
    expect(renderShape({ entries: entries.toReversed() })).toBe(renderShape({ entries }))
  })
})

test('a long value is cut, and says by how much', () => {
  const text = renderValue('x'.repeat(1_000))
  expect(text).toMatch(/^string "x+… \(809 more characters\)$/)
  expect(text.length).toBeLessThan(valueCharsMax + 30)
})

test('a value nested deeper than the limit is cut and not followed', () => {
  let value: AnyValue = 1n
  for (let depth = 0; depth < 50_000; depth += 1) value = { values: [value] }
  expect(renderCanonical(value)).toBe(
    `${'array ['.repeat(valueDepthMax)}…${']'.repeat(valueDepthMax)}`,
  )
  expect(renderShape(value)).toBe(`${'array<'.repeat(valueDepthMax)}…${'>'.repeat(valueDepthMax)}`)
})
