import { expect, test } from 'vitest'
import {
  buildGroup,
  buildSpan,
  epochNanos,
  spanIdOf,
} from '../../../collector/testing/build-telemetry.ts'
import { createTraceTree } from '../../../comparison/trace/create-trace-tree.ts'
import { readExtent, readSpanMillis } from './held-trace.ts'

const treeOf = (...times: readonly (readonly [bigint, bigint])[]) =>
  createTraceTree(
    [
      buildGroup(
        times.map(([startNanos, endNanos], n) =>
          buildSpan({ spanId: spanIdOf(n + 1), startNanos, endNanos }),
        ),
      ),
    ],
    [],
  )

test('a span that begins in 1970 or ends in 2554 does not make all others too narrow to be seen', () => {
  const [startNanos, endNanos] = [epochNanos, epochNanos + 5_000_000n]

  expect(
    readExtent(
      treeOf([0n, endNanos - 1n], [startNanos, endNanos], [startNanos + 1n, 2n ** 64n - 1n]),
    ),
  ).toEqual({ startNanos, endNanos })
  expect(readExtent(treeOf([0n, 2n ** 64n - 1n]))).toEqual({ startNanos: 0n, endNanos: 0n })
})

test('a span without an end is shown, and has taken no time yet', () => {
  const open = buildSpan({ endNanos: 0n })

  expect(readExtent(treeOf([open.startNanos, 0n]))).toEqual({
    startNanos: epochNanos,
    endNanos: epochNanos,
  })
  expect(readSpanMillis(open)).toBe(0)
})
