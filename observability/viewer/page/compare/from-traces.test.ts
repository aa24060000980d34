import { describe, expect, test } from 'vitest'
import {
  buildAttributes,
  buildGroup,
  buildSpan,
  epochNanos,
  spanIdOf,
  traceIdOf,
} from '../../../collector/testing/build-telemetry.ts'
import { createTraceTree } from '../../../comparison/trace/create-trace-tree.ts'
import type { Span } from '../../../otlp/model.ts'
import { createLaneWish } from './choose/lane-wish.ts'
import { cutToServer } from './cut-to-server.ts'
import type { Declared } from './declared.ts'
import { compareLanes, type FetchedTrace, type LaneTraces } from './from-traces.ts'

const nothing: Declared = { reference: '', known: [] }
const operation = 'GET /api/v1/todos'

const serverSpan = (n: number, fields: Partial<Span> = {}, status: bigint | string = 200n) =>
  buildSpan({
    traceId: traceIdOf(n),
    spanId: spanIdOf(n),
    name: operation,
    attributes: buildAttributes({
      'http.request.method': 'GET',
      'http.route': '/api/v1/todos',
      'http.response.status_code': status,
    }),
    ...fields,
  })

const fetched = (
  n: number,
  runtime: string,
  { status = 200n, millis = 1, connects = false } = {} as {
    readonly status?: bigint | string
    readonly millis?: number
    readonly connects?: boolean
  },
): FetchedTrace => {
  const server = serverSpan(n, { endNanos: epochNanos + BigInt(millis) * 1_000_000n }, status)
  const connect = serverSpan(n, {
    spanId: spanIdOf(1_000 + n),
    parentSpanId: server.spanId,
    kind: 3,
    name: 'CONNECT todo',
    attributes: buildAttributes({ 'db.system.name': 'postgresql', 'db.operation.name': 'CONNECT' }),
  })
  const spans = connects ? [server, connect] : [server]
  const tree = createTraceTree([buildGroup(spans, { runtime })])
  return { traceId: traceIdOf(n), tree, isDurationTrusted: true }
}

const laneOf = (first: FetchedTrace, ...others: readonly FetchedTrace[]): LaneTraces => [
  first,
  ...others,
]

test('the first lane is the reference, and a difference stands on its row', () => {
  const lanes = [laneOf(fetched(1, 'node')), laneOf(fetched(2, 'deno', { status: '200' }))]
  const compared = compareLanes(lanes, nothing)

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
  const compared = compareLanes(
    [1, 2, 3].map((n) => laneOf(fetched(n, 'node'))),
    nothing,
  )

  expect(compared.lanes.map(({ name }) => name)).toEqual(['node', 'node #2', 'node #3'])
  expect(compared.steps[0]?.spans.map(({ runtime }) => runtime)).toEqual([
    'node',
    'node #2',
    'node #3',
  ])
})

describe('of several traces of a lane', () => {
  test('the example is of median duration among the usual ones, and all are in the durations', () => {
    const millis = [50, 3, 1, 2, 90]
    const [first, ...others] = millis.map((one, n) => fetched(n + 1, 'node', { millis: one }))
    const odd = fetched(9, 'node', { millis: 3, connects: true })
    if (first === undefined) throw new Error('expected a trace')
    const compared = compareLanes([laneOf(first, ...others, odd)], nothing)

    expect(compared.lanes[0]?.traceHref).toBe(`/traces/${traceIdOf(2)}`)
    expect(compared.lanes[0]?.durationsMillis).toEqual([...millis, 3])
  })

  test('one during which a clock was set is compared, and is in no duration', () => {
    const [first, second] = [3, 4].map((millis, n) => fetched(n + 1, 'workers', { millis }))
    if (first === undefined || second === undefined) throw new Error('expected traces')
    const stepped = fetched(5, 'workers', { millis: 3_600_967, connects: true })
    const compared = compareLanes(
      [laneOf({ ...stepped, isDurationTrusted: false }, first, second)],
      nothing,
    )

    expect(compared.lanes[0]?.durationsMillis).toEqual([3, 4])
    expect(compared.lanes[0]?.time?.totalMillis).toBeLessThan(10)
  })

  test('a difference says how often it occurs, also when the example does not have it', () => {
    const node = Array.from({ length: 9 }, (_, n) => fetched(20 + n, 'node'))
    const workers = Array.from({ length: 9 }, (_, n) => fetched(40 + n, 'workers'))
    const odd = fetched(60, 'workers', { connects: true, millis: 900 })
    const compared = compareLanes(
      [laneOf(fetched(1, 'node'), ...node), laneOf(odd, ...workers)],
      nothing,
    )

    expect(compared.steps).toHaveLength(1)
    expect(compared.differences).toMatchObject([
      { lane: 'workers', step: null, kind: 'span.extra', subject: 'CONNECT' },
    ])
    expect(compared.differences[0]?.text).toMatch(/CONNECT: span is extra.* \(1 of 10\)$/)
  })

  test('what comes and goes on the reference as well is no difference', () => {
    const some = (from: number, runtime: string) =>
      laneOf(
        fetched(from, runtime),
        ...Array.from({ length: 9 }, (_, n) =>
          fetched(from + n + 1, runtime, { connects: n % 2 === 0 }),
        ),
      )
    expect(compareLanes([some(100, 'node'), some(200, 'bun')], nothing).differences).toEqual([])
  })
})

describe('what was declared', () => {
  const declared: Declared = {
    reference: 'node',
    known: [
      {
        runtime: 'workers',
        reason: 'opens a connection for every request',
        matches: { kind: 'span.extra', path: '* > CONNECT' },
      },
    ],
  }
  const workers = laneOf(fetched(2, 'workers', { connects: true }))
  const node = laneOf(fetched(1, 'node'))

  test('is called known, with its reason', () => {
    expect(compareLanes([node, workers], declared).differences).toMatchObject([
      { kind: 'span.extra', reason: 'opens a connection for every request' },
    ])
  })
  test('is known the other way round when that runtime is the reference', () => {
    expect(compareLanes([workers, node], declared).differences).toMatchObject([
      { kind: 'span.missing', reason: 'of the reference: opens a connection for every request' },
    ])
  })
  test('is not known of another runtime, nor of the same one twice', () => {
    const bun = laneOf(fetched(3, 'bun', { connects: true }))
    expect(compareLanes([node, bun], declared).differences).toMatchObject([{ reason: null }])
    const plain = laneOf(fetched(4, 'workers'))
    expect(compareLanes([plain, workers], declared).differences).toMatchObject([{ reason: null }])
  })
})

describe('a request is cut out of its trace', () => {
  const caller = buildSpan({
    traceId: traceIdOf(1),
    spanId: spanIdOf(99),
    kind: 3,
    name: 'ask all',
  })
  const below = { traceId: traceIdOf(1), parentSpanId: caller.spanId }
  const tree = createTraceTree([
    buildGroup([caller], { runtime: '' }),
    buildGroup([serverSpan(2, below)], { runtime: 'node' }),
    buildGroup([serverSpan(3, below)], { runtime: 'deno' }),
  ])

  test('by its runtime, and whoever asked does not matter', () => {
    const own = cutToServer(tree, createLaneWish('runtime', 'deno'), operation)
    expect(own?.roots.map(({ span, attachment }) => [span.spanId, attachment])).toEqual([
      [spanIdOf(3), 'root'],
    ])
    expect(own?.spanCount).toBe(1)
  })
  test('and there is none of another operation or runtime', () => {
    expect(cutToServer(tree, createLaneWish('runtime', 'bun'), operation)).toBeUndefined()
    expect(cutToServer(tree, createLaneWish('runtime', 'deno'), 'ask all')).toBeUndefined()
  })
})
