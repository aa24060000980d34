import { expect, test } from 'vitest'
import {
  buildAttributes,
  buildGroup,
  buildSpan,
  epochNanos,
  spanIdOf,
  traceIdOf,
} from '../../../collector/testing/build-telemetry.ts'
import { createTraceTree } from '../../../comparison/trace.ts'
import { shortenLine } from './compared-operation.ts'
import { compareLanes, createRuntimeLanes, createSingleLanes } from './from-traces.ts'

const fetched = (n: number, runtime: string, status: bigint | string = 200n, millis = 1) => ({
  traceId: traceIdOf(n),
  tree: createTraceTree([
    buildGroup(
      [
        buildSpan({
          traceId: traceIdOf(n),
          spanId: spanIdOf(n),
          endNanos: epochNanos + BigInt(millis) * 1_000_000n,
          attributes: buildAttributes({
            'http.request.method': 'GET',
            'http.route': '/api/v1/todos',
            'http.response.status_code': status,
          }),
        }),
      ],
      { runtime },
    ),
  ]),
})

test('the first trace is the reference, and a difference stands on its row', () => {
  const compared = compareLanes(createSingleLanes([fetched(1, 'node'), fetched(2, 'deno', '200')]))

  expect(compared.lanes.map(({ name }) => name)).toEqual(['node', 'deno'])
  expect(compared.differences).toEqual([
    {
      lane: 'deno',
      step: 0,
      kind: 'attribute.type',
      subject: 'http.response.status_code',
      text: 'attribute http.response.status_code is of another type: expected int 200, got string "200"',
      reason: null,
    },
  ])
})

test('traces of one runtime are told apart by number', () => {
  const compared = compareLanes(createSingleLanes([1, 2, 3].map((n) => fetched(n, 'node'))))

  expect(compared.lanes.map(({ name }) => name)).toEqual(['node', 'node #2', 'node #3'])
  expect(compared.steps[0]?.spans.map(({ runtime }) => runtime)).toEqual([
    'node',
    'node #2',
    'node #3',
  ])
})

test('the example of a runtime is the trace of median duration, and all are in the durations', () => {
  const all = [50, 3, 1, 2, 90].map((millis, n) => fetched(n + 1, 'node', 200n, millis))
  const [lane] = createRuntimeLanes([all])

  expect(lane?.example.traceId).toBe(traceIdOf(2))
  const compared = compareLanes(createRuntimeLanes([all, []]))
  expect(compared.lanes).toHaveLength(1)
  expect(compared.lanes[0]?.durationsMillis).toEqual([50, 3, 1, 2, 90])
})

test('a line loses only what its place says', () => {
  const place = { operation: 'a', runtime: 'b', path: ['c', 'd'] }
  expect(shortenLine('a, b: c > d: span is extra', place)).toBe('span is extra')
  expect(shortenLine('another line', place)).toBe('another line')
})
