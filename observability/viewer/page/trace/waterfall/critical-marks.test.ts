import { expect, test } from 'vitest'
import {
  buildGroup,
  buildSpan,
  epochNanos,
  spanIdOf,
} from '../../../../collector/testing/build-telemetry.ts'
import { readCriticalPath } from '../../../../comparison/latency/critical-path.ts'
import { createTraceTree } from '../../../../comparison/trace/create-trace-tree.ts'
import { findMostCritical, listCriticalMarks, sumMillis } from './critical-marks.ts'
import { listWaterfallRows } from './waterfall-rows.ts'

const span = (n: number, parent: number, fromMillis: number, toMillis: number) =>
  buildSpan({
    spanId: spanIdOf(n),
    parentSpanId: parent === 0 ? '' : spanIdOf(parent),
    name: `span ${n}`,
    kind: 1,
    startNanos: epochNanos + BigInt(fromMillis) * 1_000_000n,
    endNanos: epochNanos + BigInt(toMillis) * 1_000_000n,
  })

const tree = createTraceTree([
  buildGroup([span(1, 0, 0, 20), span(2, 1, 2, 5), span(3, 1, 2, 18), span(4, 3, 4, 14)]),
])

const read = (...closed: readonly number[]) => {
  const rows = listWaterfallRows(tree, new Set(closed.map(spanIdOf)))
  return [...listCriticalMarks(readCriticalPath(tree), rows)].map(([key, marks]) => [
    Number(`0x${key}`),
    sumMillis(marks),
    marks.length,
  ])
}

test('a row has what its span added to the path, and one that nothing waited for has no mark', () => {
  expect(read()).toEqual([
    [1, 4, 2],
    [3, 6, 2],
    [4, 10, 1],
  ])
})

test('a closed row has the marks of what it hides, as one line', () => {
  expect(read(3)).toEqual([
    [1, 4, 2],
    [3, 16, 1],
  ])
  expect(read(1)).toEqual([[1, 20, 1]])
})

test('spans of one name count together when it is told what took most of the path', () => {
  const loop = createTraceTree([
    buildGroup([
      span(1, 0, 0, 20),
      span(2, 1, 1, 8),
      { ...span(3, 1, 8, 12), name: 'SELECT todos' },
      { ...span(4, 1, 12, 18), name: 'SELECT todos' },
    ]),
  ])

  const most = findMostCritical(readCriticalPath(loop))
  expect(most).toMatchObject({ millis: 10, share: 0.5 })
  expect([...(most?.nodes ?? [])].map(({ span: { name } }) => name)).toEqual([
    'SELECT todos',
    'SELECT todos',
  ])
})

test('a trace of one span has nothing to mark', () => {
  const alone = createTraceTree([buildGroup([span(1, 0, 0, 20)])])

  const rows = listWaterfallRows(alone, new Set())

  expect(listCriticalMarks(readCriticalPath(alone), rows).size).toBe(0)
})
