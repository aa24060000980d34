import { expect, test } from 'vitest'
import type { Difference } from './difference.ts'
import { applyKnown, type KnownDifference, renderKnown } from './known-differences.ts'

const connect: Difference = {
  operation: 'get',
  runtime: 'workers',
  path: ['GET /a', 'CONNECT'],
  kind: 'span.extra',
  subject: 'CONNECT',
  expected: null,
  actual: 'CLIENT "CONNECT todos"',
}

const provider: Difference = {
  ...connect,
  path: [],
  kind: 'resource.attribute.extra',
  subject: 'cloud.provider',
}

const known: KnownDifference = {
  runtime: 'workers',
  reason: 'opens a connection for every request',
  matches: { kind: 'span.extra', path: '* > CONNECT' },
}

const played = [
  { operation: 'get', runtime: 'node' },
  { operation: 'get', runtime: 'workers' },
]

test('a declared difference is told apart from one that nobody declared', () => {
  expect(applyKnown([connect, provider], [known], played)).toEqual({
    undeclared: [provider],
    declared: [{ known, differences: [connect] }],
    stale: [],
  })
})

test.each([
  ['another runtime', { ...known, runtime: 'deno' }],
  ['another kind', { ...known, matches: { ...known.matches, kind: 'span.missing' } }],
  ['another operation', { ...known, matches: { ...known.matches, operation: 'list' } }],
  ['another path', { ...known, matches: { ...known.matches, path: 'CONNECT' } }],
  ['another subject', { ...known, matches: { ...known.matches, subject: 'SELECT' } }],
])('a declaration for %s does not cover it', (_, other) => {
  expect(applyKnown([connect], [other], played).undeclared).toEqual([connect])
})

test('a pattern covers a family of kinds and subjects', () => {
  const family: KnownDifference = {
    runtime: 'workers',
    reason: 'says where it runs',
    matches: { kind: 'resource.attribute.*', subject: 'cloud.*' },
  }
  expect(applyKnown([provider], [family], played).undeclared).toEqual([])
})

test('a declaration that did not occur is stale', () => {
  expect(applyKnown([], [known], played).stale).toEqual([known])
})

test('a declaration of a runtime or an operation that was not played is not stale', () => {
  const others: readonly KnownDifference[] = [
    { ...known, runtime: 'bun' },
    { ...known, matches: { ...known.matches, operation: 'list*' } },
  ]
  expect(applyKnown([], others, played).stale).toEqual([])
})

test('a difference belongs to the first declaration that covers it, and keeps the others current', () => {
  const wider: KnownDifference = { ...known, matches: { kind: 'span.*' } }
  const outcome = applyKnown([connect], [known, wider], played)
  expect(outcome.declared).toEqual([{ known, differences: [connect] }])
  expect(outcome.stale).toEqual([])
})

test('a declaration prints what it covers and why', () => {
  expect(renderKnown(known)).toBe(
    'workers: span.extra * > CONNECT: opens a connection for every request',
  )
  expect(
    renderKnown({ ...known, matches: { kind: 'answer.*', operation: 'get', subject: 'allow' } }),
  ).toBe('get, workers: answer.* allow: opens a connection for every request')
})
