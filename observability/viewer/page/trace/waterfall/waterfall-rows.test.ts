import { describe, expect, test } from 'vitest'
import {
  buildGroup,
  buildLogRecord,
  buildSpan,
  epochNanos,
  spanIdOf,
  traceIdOf,
} from '../../../../collector/testing/build-telemetry.ts'
import { createTraceTree } from '../../../../comparison/trace/create-trace-tree.ts'
import { readTreeMove } from './tree-move.ts'
import { findError, listWaterfallRows, type WaterfallRow } from './waterfall-rows.ts'

const span = (n: number, parent: number, fields = {}) =>
  buildSpan({
    spanId: spanIdOf(n),
    parentSpanId: parent === 0 ? '' : spanIdOf(parent),
    name: `span ${n}`,
    startNanos: epochNanos + BigInt(n) * 10n,
    ...fields,
  })

const log = (nanos: bigint, spanId: string, fields = {}) =>
  buildLogRecord({ traceId: traceIdOf(1), spanId, timeNanos: epochNanos + nanos, ...fields })

const failed = { status: { code: 2, message: '' } }

const tree = createTraceTree(
  [buildGroup([span(1, 0), span(2, 1), span(3, 1, failed), span(4, 3)])],
  [
    buildGroup([
      log(25n, spanIdOf(1), { body: 'between' }),
      log(99n, spanIdOf(77), { body: 'lost', severityNumber: 17 }),
    ]),
  ],
)

const describeRows = (rows: readonly WaterfallRow[]) =>
  rows.map((row) =>
    row.kind === 'span'
      ? `${row.level} ${row.node.span.name}`
      : `${row.level} ${row.entry.record.body}`,
  )

test('log records stand among the children of their span by time, lost ones at the end', () => {
  expect(describeRows(listWaterfallRows(tree, new Set()))).toEqual([
    '1 span 1',
    '2 span 2',
    '2 between',
    '2 span 3',
    '3 span 4',
    '1 lost',
  ])
})

test('a closed span hides what is below it, and counts it', () => {
  const rows = listWaterfallRows(tree, new Set([spanIdOf(1)]))

  expect(describeRows(rows)).toEqual(['1 span 1', '1 lost'])
  expect(rows[0]).toMatchObject({ isOpen: false, below: 4 })
})

test('keys are unique, also of spans with the same id and records of the same time', () => {
  const twice = createTraceTree(
    [buildGroup([span(1, 0), span(1, 0), span(0, 0, { spanId: '' }), span(0, 0, { spanId: '' })])],
    [buildGroup([log(1n, spanIdOf(1)), log(1n, spanIdOf(1))])],
  )
  const keys = listWaterfallRows(twice, new Set()).map(({ key }) => key)

  expect(new Set(keys).size).toBe(6)
})

test('a chain of spans as deep as a trace may be takes no recursion', () => {
  const deep = Array.from({ length: 10_000 }, (_, n) => span(n + 1, n))
  const rows = listWaterfallRows(createTraceTree([buildGroup(deep)]), new Set())

  expect(rows).toHaveLength(10_000)
  expect(rows.at(-1)?.level).toBe(10_000)
  expect(rows[0]).toMatchObject({ below: 9_999 })
})

test('errors are found round the end, in both directions, log records included', () => {
  const rows = listWaterfallRows(tree, new Set())

  expect(findError(rows, -1, 1)).toBe(3)
  expect(findError(rows, 3, 1)).toBe(5)
  expect(findError(rows, 5, 1)).toBe(3)
  expect(findError(rows, 3, -1)).toBe(5)
  expect(findError([], 0, 1)).toBe(-1)
  expect(findError(rows.slice(0, 3), 0, 1)).toBe(-1)
})

describe('a key', () => {
  const rows = listWaterfallRows(tree, new Set([spanIdOf(3)]))
  test.each([
    ['ArrowDown', 0, { kind: 'select', index: 1 }],
    ['ArrowDown', 4, { kind: 'select', index: 4 }],
    ['ArrowUp', 0, { kind: 'select', index: 0 }],
    ['End', 0, { kind: 'select', index: 4 }],
    ['Home', 4, { kind: 'select', index: 0 }],
    ['PageDown', 0, { kind: 'select', index: 4 }],
    ['ArrowRight', 0, { kind: 'select', index: 1 }],
    ['ArrowRight', 3, { kind: 'toggle', key: spanIdOf(3) }],
    ['ArrowRight', 1, undefined],
    ['ArrowLeft', 0, { kind: 'toggle', key: spanIdOf(1) }],
    ['ArrowLeft', 3, { kind: 'select', index: 0 }],
    ['Enter', 3, { kind: 'toggle', key: spanIdOf(3) }],
    ['Enter', 1, undefined],
    ['q', 0, undefined],
  ])('%s on row %d', (key, selected, move) => {
    expect(readTreeMove(key, rows, selected)).toEqual(move)
  })
})
