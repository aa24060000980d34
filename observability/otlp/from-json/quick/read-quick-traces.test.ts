import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseTracesJson } from '../../decode-json.ts'
import { encodeTracesJson } from '../../encode-json.ts'
import { arbitraryTraces } from '../../testing/arbitrary-model.ts'
import { withSpan } from '../../testing/json-requests.ts'
import { readQuickTraces } from './read-quick-traces.ts'

/** How some senders write a request. */
const forms: readonly ((json: string) => string)[] = [
  (json) => json,
  (json) => JSON.stringify(JSON.parse(json), null, 2),
  (json) => json.replace(/"(\w*UnixNano|intValue)":"(-?\d+)"/g, '"$1":$2'),
]

test('what is read quickly is what the general reader reads', () => {
  let quick = 0
  fc.assert(
    fc.property(arbitraryTraces, fc.constantFrom(...forms), (traces, write) => {
      const groups = readQuickTraces(Buffer.from(write(encodeTracesJson(traces))))
      if (groups === undefined) return
      quick += 1
      expect(groups).toEqual(traces)
    }),
  )
  expect(quick).toBeGreaterThan(20)
})

test('a request with a byte that is wrong, missing or too much is read as the general reader does, or not quickly', () => {
  const change = fc.record({
    at: fc.nat(),
    cut: fc.nat(2),
    put: fc.oneof(
      fc.uint8Array({ maxLength: 2 }),
      fc
        .constantFrom(
          '"',
          '\\',
          '{',
          '}',
          '[',
          ']',
          ',',
          ':',
          'null',
          '0',
          '1',
          '-',
          '.5',
          ' ',
          'é',
        )
        .map((text) => Buffer.from(text)),
    ),
  })
  const requests = fc.sample(arbitraryTraces, 20).map((traces) => encodeTracesJson(traces))
  fc.assert(
    fc.property(fc.constantFrom(...requests), change, (request, { at, cut, put }) => {
      const json = Buffer.from(request)
      const start = at % json.length
      const body = Buffer.concat([json.subarray(0, start), put, json.subarray(start + cut)])
      const groups = readQuickTraces(body)
      if (groups !== undefined) expect(groups).toEqual(parseTracesJson(body.toString('utf8')))
    }),
    { numRuns: 500 },
  )
})

const id = '"traceId":"0af7651916cd43dd8448eb211c80319c"'

test.each([
  ['a span as the SDK for JavaScript writes it', `{${id},"kind":2,"status":{"code":0},"links":[]}`],
  ['a field that is not known', `{${id},"later":{"a":[1,null,"]"]},"last":-1.5e3}`],
  ['an escaped text', '{"name":"a\\"b\\u00e9\\ud800"}'],
  ['text that is not ASCII', '{"name":"später"}'],
  ['an id in capitals', '{"traceId":"0AF7651916CD43DD8448EB211C80319C"}'],
  ['an id of zeros', '{"spanId":"0000000000000000"}'],
  ['an enum by its name', '{"kind":"SPAN_KIND_SERVER","status":{"code":"STATUS_CODE_ERROR"}}'],
  ['the largest time', '{"endTimeUnixNano":"18446744073709551615"}'],
  ['a time of 19 digits', '{"startTimeUnixNano":9999999999999999999}'],
  ['a negative integer', '{"attributes":[{"key":"k","value":{"intValue":"-12"}}]}'],
  [
    'the largest integer',
    '{"attributes":[{"key":"k","value":{"intValue":"9223372036854775807"}}]}',
  ],
  ['a list', '{"attributes":[{"key":"k","value":{"arrayValue":{"values":[{"intValue":1}]}}}]}'],
  ['an unsafe double', '{"attributes":[{"key":"k","value":{"doubleValue":12345678901234567890}}]}'],
])('%s is read quickly', (_, span) => {
  expect(readQuickTraces(Buffer.from(withSpan(span)))).toEqual(parseTracesJson(withSpan(span)))
})

test.each([
  ['names with underscores', '{"trace_id":"0af7651916cd43dd8448eb211c80319c"}'],
  ['an escaped name', '{"n\\u0061me":"a"}'],
  ['a null where a value belongs', '{"attributes":[{"key":"k","value":{"stringValue":null}}]}'],
  ['two kinds of value', '{"attributes":[{"key":"k","value":{"stringValue":"a","intValue":1}}]}'],
  [
    'an integer that is too large',
    '{"attributes":[{"key":"k","value":{"intValue":"9223372036854775808"}}]}',
  ],
  ['a number with a zero before it', '{"flags":01}'],
  ['a control character', '{"name":"a\tb"}'],
  ['a comma too much', '{"name":"a",}'],
])('%s is left to the general reader', (_, span) => {
  expect(readQuickTraces(Buffer.from(withSpan(span)))).toBeUndefined()
})

test('an attribute that comes again is the same object', () => {
  const attribute = '{"key":"k","value":{"stringValue":"v"}}'
  const span = `{"attributes":[${attribute},${attribute}]}`
  const [first, second] =
    readQuickTraces(Buffer.from(withSpan(span)))?.[0]?.scopes[0]?.items[0]?.attributes ?? []
  expect(first).toEqual({ key: 'k', value: 'v' })
  expect(second).toBe(first)
})

test('a request of more parts than a request can have is left to the general reader', () => {
  const spans = `${'{},'.repeat(2 ** 20)}{}`
  expect(readQuickTraces(Buffer.from(withSpan(spans)))).toBeUndefined()
})
