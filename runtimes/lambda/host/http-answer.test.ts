import { describe, expect, test } from 'vitest'
import { parseHttpAnswer } from './http-answer.ts'

function parse(value: unknown) {
  const { status, headers, body } = parseHttpAnswer(JSON.stringify(value))
  return { status, headers: Object.fromEntries(headers), body: Buffer.from(body).toString() }
}

test('a result with a status code is taken as it is', () => {
  expect(
    parse({
      statusCode: 201,
      headers: { 'Content-Type': 'text/plain', 'x-count': 3, 'x-yes': true },
      cookies: ['a=1; Path=/', 'b=2'],
      body: 'hello',
      isBase64Encoded: false,
    }),
  ).toEqual({
    status: 201,
    headers: {
      'content-type': ['text/plain'],
      'x-count': ['3'],
      'x-yes': ['true'],
      'set-cookie': ['a=1; Path=/', 'b=2'],
    },
    body: 'hello',
  })
})

test('a body in base64 is decoded', () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, index) => index)
  const { body } = parseHttpAnswer(
    JSON.stringify({
      statusCode: 200,
      body: Buffer.from(bytes).toString('base64'),
      isBase64Encoded: true,
    }),
  )
  expect(Buffer.from(body)).toEqual(Buffer.from(bytes))
})

test.each([
  [{ answer: 42 }, '{"answer":42}'],
  [[1, 2], '[1,2]'],
  ['plain', 'plain'],
  [null, 'null'],
])('a result without a status code is the body of a 200: %j', (value, body) => {
  expect(parse(value)).toEqual({
    status: 200,
    headers: { 'content-type': ['application/json'] },
    body,
  })
})

test('a result may leave out all but the status code', () => {
  expect(parse({ statusCode: 204 })).toEqual({ status: 204, headers: {}, body: '' })
  expect(parse({ statusCode: 204, headers: null, cookies: null, body: null })).toEqual({
    status: 204,
    headers: {},
    body: '',
  })
})

test('what the platform says itself is not taken from the function', () => {
  const headers = { 'Content-Length': '1', 'transfer-encoding': 'chunked', Connection: 'close' }
  expect(parse({ statusCode: 200, headers }).headers).toEqual({})
})

describe('no answer is', () => {
  test.each([
    ['a status code that is a text', { statusCode: '200' }],
    ['a status code that HTTP does not have', { statusCode: 999 }],
    ['a fraction of a status code', { statusCode: 200.5 }],
    ['an informational status', { statusCode: 101 }],
    ['a header that is a list', { statusCode: 200, headers: { a: ['1'] } }],
    ['a header that would split the response', { statusCode: 200, headers: { a: 'b\r\nc: d' } }],
    ['a name that no header may have', { statusCode: 200, headers: { 'a b': 'c' } }],
    ['a cookie that would split the response', { statusCode: 200, cookies: ['a\nb'] }],
    ['a body that is an object', { statusCode: 200, body: {} }],
  ])('%s', (_, value) => {
    expect(() => parse(value)).toThrow()
  })

  test('what is not JSON', () => {
    expect(() => parseHttpAnswer('{')).toThrow()
  })
})
