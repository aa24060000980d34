import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { defaultBounds } from '../../bounds.ts'
import { createTraceStore } from '../../store/trace-store.ts'
import {
  buildAttributes,
  buildGroup,
  buildSpan,
  spanIdOf,
  traceIdOf,
} from '../../testing/build-telemetry.ts'
import { finishSteps } from '../../testing/finish-steps.ts'
import { summarizeTrace } from '../traces/summarize-trace.ts'
import { chooseBuckets } from './choose-buckets.ts'
import { createOverview, operationsMax } from './overview.ts'
import { parseOverviewQuery } from './overview-query.ts'

/** 2026-01-01T00:00:00Z. */
const epochMillis = 1_767_225_600_000
let next = 0

const request = (fields: {
  at: number
  millis: number
  status?: bigint
  name?: string
  kind?: number
  code?: number
}) => {
  next += 1
  const startNanos = BigInt(epochMillis + fields.at) * 1_000_000n
  return buildSpan({
    traceId: traceIdOf(next),
    spanId: spanIdOf(next),
    name: fields.name ?? 'GET /a',
    kind: fields.kind ?? 2,
    startNanos,
    endNanos: startNanos + BigInt(fields.millis * 1e6),
    status: { code: fields.code ?? 0, message: '' },
    attributes: buildAttributes(
      fields.status === undefined ? {} : { 'http.response.status_code': fields.status },
    ),
  })
}

const storeOf = (...groups: Parameters<typeof buildGroup<ReturnType<typeof request>>>[]) => {
  const store = createTraceStore(defaultBounds, () => 0)
  for (const group of groups) store.addSpans([buildGroup(...group)])
  return store
}

const overviewOf = (store: ReturnType<typeof storeOf>, query = '', now = epochMillis + 60_000) =>
  finishSteps(createOverview(store.list(), parseOverviewQuery(new URLSearchParams(query)), now))

test('a request at a time that cannot be, or long ago, or without an end is left out, and said so', () => {
  const good = request({ at: 1_000, millis: 10 })
  const strange = [
    { startNanos: 0n },
    { startNanos: 1_767_225_600n }, // in seconds
    { endNanos: 2n ** 64n - 1n }, // in 2554
    { endNanos: 0n },
    { startNanos: good.startNanos + 10n ** 18n, endNanos: good.startNanos + 10n ** 18n },
    { startNanos: 1_544_712_660_000_000_000n, endNanos: 1_544_712_661_000_000_000n }, // in 2018
  ]
  const alone = overviewOf(storeOf([[good]]))
  const store = storeOf([
    [good, ...strange.map((times) => ({ ...request({ at: 0, millis: 1 }), ...times }))],
  ])

  expect(overviewOf(store)).toEqual({
    ...alone,
    leftOut: { unfinished: 1, impossible: 4, old: 1 },
  })
  expect(overviewOf(store, 'start=2018-01-01T00:00:00Z')).toMatchObject({
    leftOut: { unfinished: 1, impossible: 4, old: 0 },
    operations: [{ calls: 2 }],
  })
})

test('a request that ends before it begins is counted, and has no duration', () => {
  const store = storeOf([
    [request({ at: 1_000, millis: 10 }), request({ at: 2_000, millis: -500 })],
  ])

  expect(overviewOf(store)).toMatchObject({
    untimed: 1,
    operations: [{ calls: 2, p50Millis: 10 }],
  })
})

test('traffic lasts from the first request to the last, however long the time is that was asked for', () => {
  const store = storeOf([[0, 2_000, 12_000].map((at) => request({ at, millis: 1 }))])

  expect(overviewOf(store, 'start=2025-12-31T00:00:00Z').trafficMillis).toBe(12_000)
  expect(overviewOf(store, 'start=2026-01-01T00:00:01Z').trafficMillis).toBe(10_000)
  expect(overviewOf(storeOf()).trafficMillis).toBe(0)
})

test('operations and series are grouped by any attribute of the resource', () => {
  const version = (text: string) => {
    const group = buildGroup([request({ at: 0, millis: 1 })])
    const own = { key: 'service.version', value: text }
    return { ...group, resource: { ...group.resource, attributes: [own] } }
  }
  const store = createTraceStore(defaultBounds, () => epochMillis)
  store.addSpans([version('1.0'), version('2.0'), buildGroup([request({ at: 1, millis: 1 })])])
  const overview = overviewOf(store, 'by=service.version')

  expect(overview.operations.map(({ group }) => group).sort()).toEqual(['1.0', '2.0', null].sort())
  expect(overview.series.map(({ group }) => group)).toEqual([null, '1.0', '2.0'])
})

test('a request during which the clock was set is counted, and its duration is in no quantile', () => {
  const at = { wall: epochMillis, monotonic: 0 }
  const store = createTraceStore(
    defaultBounds,
    () => at.wall,
    undefined,
    () => at.monotonic,
  )
  const sent = (millis: number) =>
    store.addSpans([buildGroup([request({ at: 0, millis, status: 200n })], { runtime: 'workers' })])
  at.wall += 960
  at.monotonic += 960
  sent(960)
  // The clock of that process alone, and then that of the machine, which is the collector's too.
  sent(3_600_960)
  at.wall += 3_600_000
  sent(3_600_960)
  sent(-3_599_040)

  expect(overviewOf(store).operations).toMatchObject([
    { calls: 4, errors5xx: 0, p50Millis: 960, p99Millis: 960 },
  ])
  expect([...store.list()].map((trace) => summarizeTrace(trace)?.isDurationTrusted)).toEqual([
    true,
    false,
    false,
    false,
  ])
})

test('server spans are counted by runtime and operation, with exact quantiles', () => {
  const store = storeOf(
    [[10, 20, 30, 40].map((millis) => request({ at: 1_000, millis, status: 200n }))],
    [
      [
        request({ at: 2_000, millis: 5, status: 404n }),
        request({ at: 2_000, millis: 5, status: 503n }),
        request({ at: 2_000, millis: 5, code: 2 }),
        request({ at: 2_000, millis: 5_000, kind: 3 }),
      ],
      { runtime: 'deno' },
    ],
  )
  const [node, deno] = overviewOf(store).operations

  expect(node).toMatchObject({
    runtime: 'node',
    operation: 'GET /a',
    calls: 4,
    errors4xx: 0,
    errors5xx: 0,
    p50Millis: 25,
    p95Millis: 38.5,
    p99Millis: 39.7,
  })
  expect(deno).toMatchObject({
    runtime: 'deno',
    calls: 3,
    errors4xx: 1,
    errors5xx: 2,
    p99Millis: 5,
  })
})

test('time is cut into stretches that people count by, and each request is in one', () => {
  const store = storeOf([[0, 999, 1_000, 59_999].map((at) => request({ at, millis: 1 }))])
  const overview = overviewOf(store, `start=2026-01-01T00:00:00Z&buckets=60`)

  expect(overview).toMatchObject({ bucketMillis: 1_000, firstBucketMillis: epochMillis })
  const calls = overview.series[0]?.buckets.map((bucket) => bucket.calls) ?? []
  expect(calls).toHaveLength(60)
  expect([calls[0], calls[1], calls[2], calls[59]]).toEqual([2, 1, 0, 1])
})

test('the series are of what was asked for, the operations of everything', () => {
  const store = storeOf(
    [[request({ at: 0, millis: 1 }), request({ at: 0, millis: 1, name: 'GET /b' })]],
    [[request({ at: 0, millis: 1 })], { runtime: 'deno' }],
  )
  const overview = overviewOf(store, 'runtime=node&operation=GET /b')

  expect(overview.operations).toHaveLength(3)
  expect(overview.series.map(({ group }) => group)).toEqual(['node'])
  expect(overview.series[0]?.buckets.reduce((sum, { calls }) => sum + calls, 0)).toBe(1)
})

test('requests outside the time asked for are not in it', () => {
  const store = storeOf([[0, 10_000, 20_000].map((at) => request({ at, millis: 1 }))])
  const query = 'start=2026-01-01T00:00:10Z&end=2026-01-01T00:00:20Z'

  expect(overviewOf(store, query).operations[0]?.calls).toBe(1)
})

test('an empty store has an overview too', () => {
  expect(overviewOf(storeOf())).toMatchObject({ operations: [], series: [], moreOperations: 0 })
})

test('there are not more operations than a page can show', () => {
  const spans = Array.from({ length: operationsMax + 5 }, (_, n) =>
    request({ at: 0, millis: 1, name: `GET /${n}` }),
  )
  const overview = overviewOf(storeOf([spans]))

  expect(overview.operations).toHaveLength(operationsMax)
  expect(overview.moreOperations).toBe(5)
})

describe('what is refused', () => {
  test.each([
    ['buckets=241', 'buckets: expected a whole number from 1 to 240, got "241"'],
    ['start=2&end=1', 'end: expected a time after start'],
    ['route=/a', 'unknown parameter "route"'],
  ])('%s', (query, sentence) => {
    expect(() => parseOverviewQuery(new URLSearchParams(query))).toThrow(sentence)
  })
})

test('buckets cover any stretch of time, and are never more than asked for', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 4e12 }),
      fc.integer({ min: 0, max: 1e12 }),
      fc.integer({ min: 2, max: 240 }),
      (start, length, max) => {
        const { firstMillis, stepMillis, count } = chooseBuckets(start, start + length, max)
        expect(count).toBeLessThanOrEqual(max)
        expect(firstMillis).toBeLessThanOrEqual(start)
        expect(firstMillis + count * stepMillis).toBeGreaterThanOrEqual(start + length)
      },
    ),
  )
})
