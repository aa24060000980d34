import { expect, test } from 'vitest'
import { invertKnown } from './invert-known.ts'
import { applyKnown } from './known-differences.ts'

const known = [
  { runtime: 'workers', reason: 'a', matches: { kind: 'span.extra', path: '* > CONNECT' } },
  {
    runtime: 'workers',
    reason: 'b',
    matches: { kind: 'resource.attribute.extra', subject: 'cloud.*' },
  },
  { runtime: 'workers', reason: 'c', matches: { kind: 'attribute.value', subject: 'd' } },
]

test('what the reference has besides, others lack; of attributes another value may differ too', () => {
  expect(invertKnown(known, 'deno').map(({ runtime, matches }) => [runtime, matches.kind])).toEqual(
    [
      ['deno', 'span.missing'],
      ['deno', 'resource.attribute.missing'],
      ['deno', 'resource.attribute.value'],
      ['deno', 'attribute.value'],
    ],
  )
})

test('none of it goes stale', () => {
  const played = [{ operation: 'get', runtime: 'deno' }]
  expect(applyKnown([], invertKnown(known, 'deno'), played).stale).toEqual([])
  expect(applyKnown([], known, [{ operation: 'get', runtime: 'workers' }]).stale).toEqual(known)
})
