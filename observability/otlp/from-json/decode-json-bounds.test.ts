import { expect, test } from 'vitest'
import { parseTracesJson } from '../decode-json.ts'
import { anyValueDepthMax, elementsMax } from '../refusals/decode-limits.ts'
import { errorOf, parseRecord, parseSpan, parseValue, withSpan } from '../testing/json-requests.ts'

/** A value inside `depth - 1` lists, of both kinds in turn. */
function nest(depth: number): string {
  const pairs = (depth - 1) >>> 1
  const inner = depth % 2 === 1 ? '{"intValue":"1"}' : '{"arrayValue":{"values":[{}]}}'
  return [
    '{"arrayValue":{"values":[{"kvlistValue":{"values":[{"key":"k","value":'.repeat(pairs),
    inner,
    '}]}}]}}'.repeat(pairs),
  ].join('')
}

test('values may be nested up to the limit and no deeper', () => {
  expect(() => parseValue(nest(anyValueDepthMax))).not.toThrow()
  expect(errorOf(() => parseValue(nest(anyValueDepthMax + 1)))).toMatch(
    new RegExp(`.value: expected values nested at most ${anyValueDepthMax} deep$`),
  )
})

test('a body of a log record is nested like an attribute', () => {
  expect(() => parseRecord(`{"body":${nest(anyValueDepthMax)}}`)).not.toThrow()
  expect(errorOf(() => parseRecord(`{"body":${nest(anyValueDepthMax + 1)}}`))).toContain('nested')
})

test.each([10_000, 200_000])('%d levels of nesting exhaust no stack', (depth) => {
  const values = errorOf(() => parseValue(nest(depth)))
  const unknown = `{"unknown":${'['.repeat(depth)}${']'.repeat(depth)}`

  expect(values).toContain(`expected values nested at most ${anyValueDepthMax} deep`)
  expect(parseTracesJson(`${unknown}}`)).toEqual([])
  expect(errorOf(() => parseTracesJson(`${unknown},"n":12345678901234567890}`))).toBe(
    'expected JSON: nested too deep',
  )
})

test('a number of a million digits is refused without being read', () => {
  const digits = '7'.repeat(1_000_000)

  expect(errorOf(() => parseSpan(`{"startTimeUnixNano":${digits}}`))).toContain('64-bit integer')
  expect(errorOf(() => parseSpan(`{"startTimeUnixNano":"${digits}"}`))).toContain('64-bit integer')
})

test('more elements than a request can have are refused before they are made', () => {
  const refusal = `expected at most ${elementsMax} elements in all repeated fields`
  const spans = '{},'.repeat(elementsMax)
  const arrays = '['.repeat(2 * elementsMax + 1)

  const nulls = 'null,'.repeat(elementsMax)

  expect(errorOf(() => parseTracesJson(withSpan(`${spans}{}`)))).toBe(refusal)
  expect(errorOf(() => parseTracesJson(withSpan(`${nulls}{}`)))).toBe(refusal)
  expect(errorOf(() => parseTracesJson(arrays))).toBe(refusal)
})

test('a long text is not an abundance of elements', () => {
  const text = '\\"{[,[['.repeat(elementsMax)

  expect(parseSpan(`{"name":"${text}"}`)?.name).toHaveLength(6 * elementsMax)
})
