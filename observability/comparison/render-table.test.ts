import { stripVTControlCharacters } from 'node:util'
import { describe, expect, test } from 'vitest'
import { clockMarks, readClockTrust, renderClockMillis, renderMillis } from './clock-trust.ts'
import { choosesColor } from './color-choice.ts'
import { compareOperations } from './compare-operations.ts'
import { differencesShownMax, renderTable } from './render-table.ts'
import type { Comparison, OperationResult } from './scenario-result.ts'
import { labelCharsMax } from './text-grid.ts'
import {
  type AlikeResult,
  buildTrace,
  change,
  createAttributes,
  createResult,
  request,
  resource,
  server,
  withSpans,
} from './trace-fixture.ts'

const wide = { columns: 120, color: false }

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
    trace: traceOn('precise'),
    durationsMillis: [1.239],
    ...own,
  })
}

function traceOn(clock: string, attributes: Readonly<Record<string, string>> = {}) {
  const sent = withSpans(change(server, attributes))
  return buildTrace({ ...sent, resource: change(resource, { 'hono.runtime.clock': clock }) })
}

const comparison: Comparison = compareOperations(
  [
    result('create', 'node'),
    result('create', 'workers', { durationsMillis: [12.34] }),
    result('get', 'node'),
    result('get', 'workers', { trace: traceOn('millisecond', { a: '1', b: '2', c: '3' }) }),
    result('list', 'node'),
    result('list', 'workers', {
      trace: traceOn('io-only', { known: '1' }),
      durationsMillis: [],
    }),
  ],
  {
    known: [
      { runtime: 'workers', reason: 'why not', matches: { kind: '*', subject: 'known' } },
      { runtime: 'workers', reason: 'was so once', matches: { kind: 'span.order' } },
    ],
  },
)

test('a comparison reads like this', () => {
  expect(renderTable(comparison, wide)).toBe(`\
operation  node (reference)      workers
create     reference    1.24 ms  same         12.3 ms
get        reference    1.24 ms  differs (3)  1.24 ms
list       reference    1.24 ms  known (1)

inside the server  node (reference)  workers
create             8.00 ms           8.00 ms
get                8.00 ms           8 ms ~
list               8.00 ms           8 ms ?
? a clock that stands still between I/O: says nothing of speed
~ a clock of whole milliseconds: one more or less says nothing

differences
  get, workers: GET /api/v1/todos/:id: attribute a is extra: got string "1"
  get, workers: GET /api/v1/todos/:id: attribute b is extra: got string "2"
  get, workers: GET /api/v1/todos/:id: attribute c is extra: got string "3"

known differences
  workers: * known: why not
    1 × in list

declared as known, but did not occur (remove them)
  workers: span.order: was so once

3 operations on 2 runtimes: 1 same, 1 known, 1 different, 1 stale
`)
})

test('where the columns do not fit, each operation has a block of its own', () => {
  const narrow = renderTable(comparison, { columns: 40, color: false })
  expect(narrow).toContain(`\
create
  node (reference)  reference    1.24 ms
  workers           same         12.3 ms
get
  node (reference)  reference    1.24 ms
  workers           differs (3)  1.24 ms
`)
})

test('colours add nothing but colours', () => {
  const colored = renderTable(comparison, { columns: 120, color: true })
  expect(colored).not.toBe(renderTable(comparison, wide))
  expect(stripVTControlCharacters(colored)).toBe(renderTable(comparison, wide))
})

test('only so many differences are listed, and the rest is counted', () => {
  const many = Object.fromEntries(
    Array.from({ length: differencesShownMax + 12 }, (_, index) => [`key${index}`, 'x']),
  )
  const table = renderTable(
    compareOperations([
      result('get', 'node'),
      result('get', 'workers', { trace: traceOn('precise', many) }),
    ]),
    wide,
  )
  expect(table.match(/attribute key/g)).toHaveLength(differencesShownMax)
  expect(table).toContain('… and 12 more')
  expect(table).toContain(`differs (${differencesShownMax + 12})`)
})

test('a long name of an operation is cut', () => {
  const name = 'x'.repeat(labelCharsMax + 20)
  const table = renderTable(compareOperations([result(name, 'node')]), wide)
  expect(table).toContain(`${'x'.repeat(labelCharsMax - 1)}…  reference`)
})

test('what came over the network cannot move the cursor or start a new line', () => {
  const hostile = '\u001b[2J\n\u009b\u202e'
  const table = renderTable(
    compareOperations([
      result(`get${hostile}`, 'node'),
      result(`get${hostile}`, 'workers', {
        trace: traceOn('precise', { [hostile]: hostile }),
      }),
    ]),
    wide,
  )
  for (const mark of ['\u001b', '\u009b', '\u202e']) expect(table).not.toContain(mark)
  expect(table).toContain('get\\u{1b}[2J\\u{a}\\u{9b}\\u{202e}')
  expect(table.split('\n').filter((line) => line.includes('is extra'))).toHaveLength(1)
})

test('traces without a server span leave the second table out', () => {
  const empty = { ...request, spans: [] }
  const table = renderTable(
    compareOperations([result('get', 'node', { trace: buildTrace(empty) })]),
    wide,
  )
  expect(table).not.toContain('inside the server')
})

describe('a clock', () => {
  test.each(['precise', 'millisecond', 'io-only'] as const)(
    'that says %s is taken at its word',
    (clock) => {
      expect(readClockTrust(createAttributes({ 'hono.runtime.clock': clock }))).toBe(clock)
    },
  )

  test('that says nothing, or something else, is unknown', () => {
    expect(readClockTrust([])).toBe('unknown')
    expect(readClockTrust(createAttributes({ 'hono.runtime.clock': 'sundial' }))).toBe('unknown')
  })

  test('has a mark unless it is precise', () => {
    const unmarked = Object.entries(clockMarks).filter(([, { mark }]) => mark === '')
    expect(unmarked.map(([clock]) => clock)).toEqual(['precise'])
  })
})

test.each([
  ['precise', '0.400 ms'],
  ['millisecond', '0 ms ~'],
  ['io-only', '0 ms ?'],
  ['unknown', '0.400 ms !'],
] as const)('0.4 milliseconds by a clock that is %s print as %s', (clock, text) => {
  expect(renderClockMillis(0.4, clock)).toBe(text)
})

test.each([
  [0, '0.000 ms'],
  [0.0344, '0.034 ms'],
  [1.239, '1.24 ms'],
  [12.34, '12.3 ms'],
  [1240, '1240 ms'],
])('%d milliseconds print as %s', (millis, text) => {
  expect(renderMillis(millis)).toBe(text)
})

describe('colour is chosen', () => {
  test.each([
    [{}, true, true],
    [{}, false, false],
    [{ NO_COLOR: '1' }, true, false],
    [{ NO_COLOR: '' }, true, true],
    [{ FORCE_COLOR: '1' }, false, true],
    [{ FORCE_COLOR: '' }, false, true],
    [{ FORCE_COLOR: '0' }, true, false],
    [{ FORCE_COLOR: '1', NO_COLOR: '1' }, false, true],
    [{ TERM: 'dumb' }, true, false],
  ])('by %j on a terminal (%j): %j', (env, isTerminal, expected) => {
    expect(choosesColor(env, isTerminal)).toBe(expected)
  })
})
