import { expect, test } from 'vitest'
import type { AnyValue } from '../../otlp/model.ts'
import {
  type AttributeOwner,
  findVolatileRule,
  isEqualByRules,
  maskIds,
  volatileRules,
} from './volatile-rules.ts'

function isEqual(key: string, expected: AnyValue, actual: AnyValue, on: AttributeOwner = 'span') {
  return isEqualByRules(volatileRules, { on, key, path: 'GET /a' }, expected, actual)
}

test('every rule gives its reason, and none stands twice', () => {
  const keys = volatileRules.map(({ on, key, path }) => JSON.stringify([on, key, path]))
  expect(new Set(keys).size).toBe(volatileRules.length)
  for (const { key, reason } of volatileRules) expect(reason, key).not.toBe('')
})

test('no rule covers everything', () => {
  const at = { on: 'span', key: 'http.response.status_code', path: 'GET /a' } as const
  expect(findVolatileRule(volatileRules, at)).toBeUndefined()
})

test.each([
  ['todo.id', 'a', 'b'],
  ['server.port', 8001n, 8002n],
  ['exception.stacktrace', 'at a', 'at b'],
  [
    'url.path',
    '/todos/1b671a64-40d5-491e-99b0-da01ff1f3341',
    '/todos/6ec0bd7f-11c0-43da-975e-2a8ad9ebae0b',
  ],
  ['url.path', '/todos/42/notes/7', '/todos/43/notes/8'],
] as const)('%s may be %o or %o', (key, expected, actual) => {
  expect(isEqual(key, expected, actual)).toBe(true)
})

test.each([
  ['http.response.status_code', 200n, 404n],
  ['url.path', '/todos/42', '/notes/42'],
  ['url.path', '/v1/todos', '/v2/todos'],
  ['host.name', 'a', 'b'],
] as const)('%s may not be %o or %o', (key, expected, actual) => {
  expect(isEqual(key, expected, actual)).toBe(false)
})

test('a rule of the resource holds there', () => {
  expect(isEqual('host.name', 'a', 'b', 'resource')).toBe(true)
})

test('a rule that ignores values wins over one that masks ids', () => {
  const rules = [
    { key: 'k', ignore: 'ids', reason: 'a' },
    { key: '*', ignore: 'value', reason: 'b' },
  ] as const
  expect(findVolatileRule(rules, { on: 'log', key: 'k', path: '' })?.reason).toBe('b')
})

test.each([
  ['/todos/1B671A64-40D5-491E-99B0-DA01FF1F3341/x', '/todos/{id}/x'],
  ['0af7651916cd43dd8448eb211c80319c', '{id}'],
  ['/todos/42', '/todos/{id}'],
  ['/todos/42?page=3', '/todos/{id}?page=3'],
  ['/v1/todos', '/v1/todos'],
  ['took 42 attempts', 'took 42 attempts'],
  ['deadbeef', 'deadbeef'],
])('ids in %j leave %j', (text, masked) => {
  expect(maskIds(text)).toBe(masked)
})
