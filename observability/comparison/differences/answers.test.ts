import { describe, expect, test } from 'vitest'
import { answerRules } from './answer-rules.ts'
import { type Answer, compareAnswers, parseAnswerBody, readHeader } from './answers.ts'

function answerWith(...headers: readonly (readonly [string, string])[]): Answer {
  return { status: 200, headers, body: { format: 'empty' } }
}

describe('a body', () => {
  test.each([
    ['application/json', '{"a":1}', { format: 'json', value: { a: 1 } }],
    ['application/problem+json; charset=utf-8', '[]', { format: 'json', value: [] }],
    ['Application/JSON', 'null', { format: 'json', value: null }],
    ['application/json', '{"a":', { format: 'text', text: '{"a":' }],
    ['application/json', '', { format: 'empty' }],
    ['text/html', '{}', { format: 'text', text: '{}' }],
    [null, '{}', { format: 'text', text: '{}' }],
  ])('of type %j that is %j is %j', (contentType, text, body) => {
    expect(parseAnswerBody(contentType, text)).toEqual(body)
  })
})

describe('a header is the same', () => {
  test.each([
    ['content-type', 'Text/HTML ; charset=UTF-8', 'text/html;charset=utf-8'],
    ['allow', 'GET, HEAD,PUT', 'put,get, head'],
    ['cache-control', 'no-store, private', 'Private, no-store'],
    [
      'location',
      'http://127.0.0.1:8001/todos/1b671a64-40d5-491e-99b0-da01ff1f3341',
      'https://todo.example/todos/6ec0bd7f-11c0-43da-975e-2a8ad9ebae0b',
    ],
    ['x-trace-id', '0af7651916cd43dd8448eb211c80319c', 'ffffffffffffffffffffffffffffffff'],
    ['set-cookie', 'session=1; Path=/', 'session=2; Path=/'],
    ['content-encoding', 'gzip', 'GZIP'],
    ['date', 'Thu, 01 Jan 1970 00:00:00 GMT', 'Fri, 02 Jan 1970 00:00:00 GMT'],
    ['server', 'a', 'b'],
  ])('%s: %s and %s', (name, expected, actual) => {
    expect(compareAnswers('get', answerWith([name, expected]), answerWith([name, actual]))).toEqual(
      [],
    )
  })
})

describe('a header is another', () => {
  test.each([
    ['content-type', 'application/json', 'application/problem+json'],
    ['allow', 'GET, HEAD', 'GET'],
    ['retry-after', '1', '5'],
    ['location', '/todos/42', 'http://127.0.0.1:8001/todos/42'],
    ['location', '/todos/42', '/notes/42'],
  ])('%s: %s and %s', (name, expected, actual) => {
    expect(compareAnswers('get', answerWith([name, expected]), answerWith([name, actual]))).toEqual(
      [{ kind: 'answer.header.value', subject: name, expected, actual }],
    )
  })
})

test('a header whose value is volatile still has to be there', () => {
  expect(compareAnswers('get', answerWith(['X-Trace-Id', 'a']), answerWith())).toMatchObject([
    { kind: 'answer.header.missing', subject: 'x-trace-id' },
  ])
})

test('a header that came in parts is one list, whatever the case of its name', () => {
  const answer = answerWith(['Vary', 'origin'], ['vary', 'accept'])
  expect(readHeader(answer, 'vary')).toBe('origin, accept')
  expect(readHeader(answer, 'allow')).toBeNull()
})

test('every rule gives its reason, and header names are in lower case', () => {
  for (const { name, reason } of answerRules.headers) {
    expect(name).toBe(name.toLowerCase())
    expect(reason, name).not.toBe('')
  }
  for (const { pointer, reason } of answerRules.body) expect(reason, pointer).not.toBe('')
})

test('text is compared as it is, unless a rule says that it may be any', () => {
  const page = (text: string): Answer => ({ ...answerWith(), body: { format: 'text', text } })
  const rules = {
    ...answerRules,
    body: [{ operation: 'docs', pointer: '', ignore: 'value', reason: 'test' }],
  } as const

  expect(compareAnswers('docs', page('a'), page('b'))).toMatchObject([
    { kind: 'answer.body.value', subject: '', expected: 'text "a"', actual: 'text "b"' },
  ])
  expect(compareAnswers('docs', page('a'), page('b'), rules)).toEqual([])
  expect(compareAnswers('other', page('a'), page('b'), rules)).toHaveLength(1)
})
