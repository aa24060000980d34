import { expect, test } from 'vitest'
import { parseScenario } from './parse-scenario.ts'
import { operationsMax } from './scenario.ts'

const list = { name: 'list', request: { path: '/things' } }

test('a scenario comes back as it is', () => {
  const scenario = {
    name: 'things',
    operations: [
      { ...list, expects: 404, remember: () => ({}), undo: () => null },
      { name: 'get', after: ['list'], request: () => ({ path: '/things/1' }) },
    ],
    volatile: [{ key: 'a.*', ignore: 'value', reason: 'b' }],
    answers: {
      headers: [{ name: 'a', normalize: (value: string) => value, reason: 'b' }],
      body: [{ pointer: '/a', ignore: 'elements', reason: 'b' }],
    },
    known: [{ runtime: 'a', reason: 'b', matches: { kind: 'span.extra' } }],
    occasional: [{ reason: 'b', matches: { kind: '*attribute.*' } }],
  }
  expect(parseScenario(scenario)).toBe(scenario)
})

const many = Array.from({ length: operationsMax + 1 }, (_, index) => ({
  ...list,
  name: String(index),
}))

test.each([
  [undefined, 'default export: expected a scenario with a name and operations'],
  [{ operations: [list] }, 'name: expected a scenario with a name'],
  [{ name: 'a' }, 'operations: expected a scenario with a name and operations'],
  [{ name: 'a', operations: 1 }, 'operations: expected a list of operations'],
  [{ name: 'a', operations: [] }, 'operations: expected at least one operation'],
  [{ name: 'a', operations: many }, `operations: expected at most ${operationsMax} operations`],
  [{ name: 'a', operations: [{ name: '', request: {} }] }, 'operations.0.name: expected a name'],
  [
    { name: 'a', operations: [{ name: 'b', request: { path: 'things' } }] },
    'operations.0.request.path: expected a path that begins with /',
  ],
  [{ name: 'a', operations: [{ ...list, after: 'list' }] }, 'operations.0.after: '],
  [
    { name: 'a', operations: [{ ...list, expects: '4xx' }] },
    'operations.0.expects: expected a status, such as 404',
  ],
  [
    { name: 'a', operations: [{ ...list, remember: 1 }] },
    'operations.0.remember: expected a function',
  ],
  [
    { name: 'a', operations: [list, list] },
    'operations.1.name: expected a unique name, got "list" again',
  ],
  [
    { name: 'a', operations: [{ ...list, after: ['create'] }] },
    'operations.0.after: expected names of operations, got "create"',
  ],
  [{ name: 'a', operations: [list], known: [{ runtime: 'a' }] }, 'known.0.'],
  [
    { name: 'a', operations: [list], occasional: [{ matches: { kind: 'spam.*' }, reason: 'b' }] },
    'occasional.0.matches.kind: expected a pattern of kinds of differences, such as span.extra or attribute.*, got "spam.*"',
  ],
  [
    { name: 'a', operations: [list], volatile: [{ key: 'b', ignore: 'vlaue', reason: 'c' }] },
    'volatile.0.ignore: expected value or ids',
  ],
  [
    { name: 'a', operations: [list], volatile: [{ key: 'b', ignore: 'value', reason: '' }] },
    'volatile.0.reason: expected a reason',
  ],
  [
    {
      name: 'a',
      operations: [list],
      answers: { body: [{ pointer: '/b', ignore: 'all', reason: 'c' }] },
    },
    'answers.body.0.ignore: expected value, ids or elements',
  ],
])('%j is refused', (exported, sentence) => {
  expect(() => parseScenario(exported)).toThrow(sentence)
})
