import { expect, test } from 'vitest'
import type { AnyValue } from '../../../../otlp/model.ts'
import { renderAttributeLines, renderAttributeText } from './attribute-text.ts'

const map: AnyValue = {
  entries: [
    { key: 'user', value: 'ann' },
    { key: 'tries', value: 9007199254740993n },
    { key: 'tags', value: { values: ['a', null, true] } },
    { key: 'empty', value: { entries: [] } },
  ],
}

test.each([
  [map, '{"user": "ann", "tries": 9007199254740993, "tags": ["a", null, true], "empty": {}}'],
  ['plain "text"', 'plain "text"'],
  [new Uint8Array([104, 105]), '6869 ("hi")'],
  [new Uint8Array([0, 255]), '00ff'],
  [null, ''],
])('a value reads on one line', (value, text) => {
  expect(renderAttributeText(value)).toBe(text)
})

test('a map has a line for each of its members, with every digit', () => {
  expect(renderAttributeLines(map)).toBe(
    '{\n  "user": "ann",\n  "tries": 9007199254740993,\n  "tags": [\n    "a",\n    null,\n    true\n  ],\n  "empty": {}\n}',
  )
})

test('text in JSON is broken into lines, and other text left as it is', () => {
  expect(renderAttributeLines('{"a":12345678901234567890,"b":"{, }"}')).toBe(
    '{\n  "a": 12345678901234567890,\n  "b": "{, }"\n}',
  )
  expect(renderAttributeLines('{not json}')).toBe('{not json}')
  expect(renderAttributeLines('two  words')).toBe('two  words')
})
