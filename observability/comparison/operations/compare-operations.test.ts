import { describe, expect, test } from 'vitest'
import type { KnownDifference } from '../differences/known-differences.ts'
import {
  type AlikeResult,
  buildTrace,
  change,
  createResult,
  request,
  resource,
  server,
  withSpans,
} from '../testing/trace-fixture.ts'
import { compareOperations } from './compare-operations.ts'
import type { OperationResult } from './operation-result.ts'

function result(
  operation: string,
  runtime: string,
  own: Partial<AlikeResult> = {},
): OperationResult {
  const answer = { status: 200, headers: [], body: { format: 'empty' } } as const
  return createResult({
    operation,
    runtime,
    answer,
    trace: buildTrace(),
    durationsMillis: [3, 1, 2],
    ...own,
  })
}

const renamed = { trace: buildTrace(withSpans({ ...server, name: 'GET' })) }

const known: KnownDifference = {
  runtime: 'workers',
  reason: 'test',
  matches: { kind: 'span.name' },
}

function readOutcomes(comparison: ReturnType<typeof compareOperations>) {
  return comparison.operations.map(({ operation, verdicts }) => [
    operation,
    ...verdicts.map(({ runtime, outcome }) => `${runtime} ${outcome}`),
  ])
}

test('each operation has a verdict for each runtime, with its median time', () => {
  const comparison = compareOperations([
    result('create', 'node'),
    result('create', 'workers', { ...renamed, durationsMillis: [5, 7] }),
    result('get', 'node'),
    result('get', 'workers'),
  ])

  expect(comparison).toMatchObject({ reference: 'node', runtimes: ['node', 'workers'] })
  expect(readOutcomes(comparison)).toEqual([
    ['create', 'node reference', 'workers differs'],
    ['get', 'node reference', 'workers same'],
  ])
  const [create] = comparison.operations
  expect(create?.verdicts.map(({ medianMillis }) => medianMillis)).toEqual([2, 6])
  expect(create?.verdicts[1]?.undeclared.map(({ kind }) => kind)).toEqual(['span.name'])
  expect(create?.steps).toHaveLength(3)
})

test('a runtime whose differences are all declared is known', () => {
  const comparison = compareOperations([result('get', 'node'), result('get', 'workers', renamed)], {
    known: [known],
  })
  expect(readOutcomes(comparison)).toEqual([['get', 'node reference', 'workers known']])
  expect(comparison.operations[0]?.verdicts[1]).toMatchObject({
    undeclared: [],
    declared: [{ kind: 'span.name' }],
  })
  expect(comparison.known).toMatchObject({ undeclared: [], declared: [{ known }], stale: [] })
})

test('one undeclared difference beside a declared one differs', () => {
  const both = buildTrace({
    ...withSpans({ ...server, name: 'GET' }),
    resource: change(resource, { 'cloud.provider': 'a' }),
  })
  const comparison = compareOperations(
    [result('get', 'node'), result('get', 'workers', { trace: both })],
    { known: [known] },
  )
  expect(comparison.operations[0]?.verdicts[1]).toMatchObject({
    outcome: 'differs',
    undeclared: [{ kind: 'resource.attribute.extra' }],
    declared: [{ kind: 'span.name' }],
  })
})

test('a declaration that occurred in one operation of many is current, one that did not is stale', () => {
  const stale: KnownDifference = { ...known, matches: { kind: 'span.kind' } }
  const comparison = compareOperations(
    [
      result('create', 'node'),
      result('create', 'workers'),
      result('get', 'node'),
      result('get', 'workers', renamed),
    ],
    { known: [known, stale] },
  )
  expect(comparison.known.stale).toEqual([stale])
})

test('the reference can be named, and stands first', () => {
  const comparison = compareOperations([result('get', 'node', renamed), result('get', 'workers')], {
    reference: 'workers',
  })
  expect(readOutcomes(comparison)).toEqual([['get', 'workers reference', 'node differs']])
})

test('a reference that was not played is missing, and nothing is the same as it', () => {
  const comparison = compareOperations([result('get', 'workers')], { reference: 'node' })
  expect(readOutcomes(comparison)).toEqual([['get', 'node differs', 'workers differs']])
})

test('without any trace nothing is called the same', () => {
  const comparison = compareOperations([
    result('get', 'node', { trace: null }),
    result('get', 'workers', { trace: null }),
  ])
  expect(readOutcomes(comparison)).toEqual([['get', 'node differs', 'workers differs']])
})

test('without the trace of the reference the others are laid out but not measured', () => {
  const comparison = compareOperations([
    result('get', 'node', { trace: null }),
    result('get', 'workers'),
    result('get', 'deno', renamed),
  ])
  const [get] = comparison.operations
  expect(get?.steps.map(({ spans }) => [...spans.keys()])).toEqual([
    ['workers', 'deno'],
    ['workers', 'deno'],
    ['workers', 'deno'],
  ])
  expect(comparison.known.undeclared.map(({ runtime, kind }) => `${runtime} ${kind}`)).toEqual([
    'node trace.missing',
    'workers trace.extra',
    'deno trace.extra',
  ])
})

test('an operation that was not measured has no time', () => {
  const comparison = compareOperations([result('get', 'node', { durationsMillis: [] })])
  expect(comparison.operations[0]?.verdicts[0]?.medianMillis).toBeNull()
})

test('the time inside the server comes with the trust of its clock', () => {
  const trace = buildTrace({
    ...request,
    resource: change(resource, { 'hono.runtime.clock': 'io-only' }),
  })
  const comparison = compareOperations([
    result('get', 'node', { trace }),
    result('get', 'workers', { trace: null }),
  ])
  expect(comparison.operations[0]?.verdicts.map(({ serverSpan }) => serverSpan)).toEqual([
    { millis: 8, clock: 'io-only' },
    null,
  ])
})

describe('a run that ended before an operation was played', () => {
  const unplayed = (runtime: string) => ({ operation: 'get', runtime, repetitions: [] })

  test('has no differences in it, because nothing was compared', () => {
    const comparison = compareOperations([
      result('create', 'node'),
      result('create', 'workers'),
      unplayed('node'),
      unplayed('workers'),
    ])
    expect(readOutcomes(comparison)).toEqual([
      ['create', 'node reference', 'workers same'],
      ['get', 'node unplayed', 'workers unplayed'],
    ])
    expect(comparison.known.undeclared).toEqual([])
  })

  test('makes no declaration stale', () => {
    const comparison = compareOperations([unplayed('node'), unplayed('workers')], {
      known: [known],
    })
    expect(comparison.known.stale).toEqual([])
  })
})

describe('a declaration that could not have occurred is not stale:', () => {
  const ofLogs: KnownDifference = { ...known, matches: { kind: 'log.missing' } }
  const ofAnswers: KnownDifference = { ...known, matches: { kind: 'answer.status' } }
  const list = [known, ofLogs, ofAnswers]

  test.each([
    ['everything came', {}, true, list],
    ['no log records come from there', {}, false, [known, ofAnswers]],
    ['no trace of the runtime arrived', { workers: { trace: null } }, true, [ofAnswers]],
    ['no trace of the reference arrived', { node: { trace: null } }, true, [ofAnswers]],
  ])('%s', (_, own: Readonly<Record<string, Partial<AlikeResult>>>, hasLogs, stale) => {
    const results = ['node', 'workers'].map((runtime) => result('get', runtime, own[runtime]))
    expect(compareOperations(results, { known: list, hasLogs }).known.stale).toEqual(stale)
  })
})

test('two results of one runtime for one operation are refused', () => {
  expect(() => compareOperations([result('get', 'node'), result('get', 'node')])).toThrow(
    'results: expected one of get on node, got two',
  )
})

test('no results are no comparison', () => {
  expect(compareOperations([])).toMatchObject({ operations: [], known: { undeclared: [] } })
})

test('the caller’s own rules take the place of the defaults', () => {
  const results = [
    result('get', 'node'),
    result('get', 'workers', {
      trace: buildTrace(withSpans(change(server, { 'server.port': 9n }))),
    }),
  ]
  expect(compareOperations(results).known.undeclared).toEqual([])
  expect(compareOperations(results, { volatile: [] }).known.undeclared).toMatchObject([
    { kind: 'attribute.value', subject: 'server.port' },
  ])
})
