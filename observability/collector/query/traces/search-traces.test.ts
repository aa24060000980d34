import { describe, expect, test } from 'vitest'
import type { ResourceSpans } from '../../../otlp/model.ts'
import { defaultBounds } from '../../bounds.ts'
import { createTraceStore } from '../../store/trace-store.ts'
import {
  buildAttributes,
  buildGroup,
  buildLogRecord,
  buildSpan,
  epochNanos,
  spanIdOf,
  traceIdOf,
} from '../../testing/build-telemetry.ts'
import { finishSteps } from '../../testing/finish-steps.ts'
import { searchTraces } from './search-traces.ts'
import { parseTraceQuery } from './trace-query.ts'

const storeOf = (...requests: readonly ResourceSpans[][]) => {
  const store = createTraceStore(defaultBounds, () => 0)
  for (const request of requests) store.addSpans(request)
  return store
}

const search = (store: ReturnType<typeof storeOf>, query = '') =>
  finishSteps(searchTraces(store.list(), parseTraceQuery(new URLSearchParams(query))))

/** Which traces are found, by the number they were built from. */
const find = (store: ReturnType<typeof storeOf>, query = '') =>
  search(store, query).traces.map(({ traceId }) => Number(`0x${traceId}`))

const serverSpan = (n: number, status: number | bigint | string, route = '/api/v1/todos') =>
  buildSpan({
    traceId: traceIdOf(n),
    name: `GET ${route}`,
    startNanos: epochNanos + BigInt(n) * 1_000_000n,
    endNanos: epochNanos + BigInt(n) * 3_000_000n,
    attributes: buildAttributes({
      'http.request.method': 'GET',
      'http.route': route,
      'http.response.status_code': status,
    }),
    status: { code: Number(status) >= 500 ? 2 : 0, message: '' },
  })

describe('since an arrival', () => {
  test('a trace is new that began long ago, and one of which more has come', () => {
    const store = storeOf([
      buildGroup([serverSpan(5, 200), serverSpan(6, 200), serverSpan(7, 200)]),
    ])
    const seen = search(store).traces.length
    store.addSpans([buildGroup([serverSpan(1, 200)])])
    store.addLogRecords([buildGroup([buildLogRecord({ traceId: traceIdOf(6) })])])
    const query = parseTraceQuery(new URLSearchParams())
    const { traces } = finishSteps(searchTraces(store.list(), query, seen))

    expect(traces.map(({ traceId }) => traceId)).toEqual([traceIdOf(6), traceIdOf(1)])
    expect(finishSteps(searchTraces(store.list(), query, 5)).traces).toEqual([])
  })
})

describe('what the overview counts is found', () => {
  const failed = buildSpan({
    traceId: traceIdOf(3),
    startNanos: epochNanos + 5_000_000n,
    endNanos: epochNanos + 6_000_000n,
    status: { code: 2, message: 'gone before it had a status' },
  })
  const client = buildSpan({
    traceId: traceIdOf(3),
    spanId: spanIdOf(9),
    kind: 3,
    startNanos: epochNanos,
    endNanos: epochNanos + 7_000_000n,
  })
  const store = storeOf([buildGroup([failed, client, serverSpan(8, 404)])])

  test.each([
    ['status=5xx', [3]],
    ['status=500', []],
    ['status=4xx', [8]],
    // The trace began before its server span did.
    ['spanStart=2026-01-01T00:00:00.005Z&spanEnd=2026-01-01T00:00:00.006Z&status=5xx', [3]],
    ['spanStart=2026-01-01T00:00:00.004Z&spanEnd=2026-01-01T00:00:00.005Z', []],
    ['start=2026-01-01T00:00:00.005Z&status=5xx', []],
  ])('by %s', (query, traces) => {
    expect(find(store, query)).toEqual(traces)
  })
})

test('a summary says what a trace was and how it went', () => {
  const root = serverSpan(7, 200n)
  const child = buildSpan({
    traceId: traceIdOf(7),
    spanId: spanIdOf(2),
    parentSpanId: root.spanId,
    name: 'SELECT todos',
    kind: 3,
    startNanos: root.startNanos + 200_000n,
    endNanos: root.startNanos + 900_000n,
    status: { code: 2, message: 'deadlock detected' },
  })
  const store = storeOf([buildGroup([child, root], { runtime: 'workers' })])
  store.addLogRecords([buildGroup([buildLogRecord({ traceId: traceIdOf(7) })])])

  expect(search(store)).toEqual({
    traces: [
      {
        traceId: traceIdOf(7),
        rootName: 'GET /api/v1/todos',
        name: 'GET /api/v1/todos',
        service: 'todo-api',
        runtime: 'workers',
        method: 'GET',
        route: '/api/v1/todos',
        httpStatus: 200,
        services: ['todo-api'],
        status: 'error',
        startTime: '2026-01-01T00:00:00.007000000Z',
        startTimeUnixNano: '1767225600007000000',
        durationMillis: 14,
        isDurationTrusted: true,
        spanCount: 2,
        errorCount: 1,
        failureCount: 1,
        logCount: 1,
      },
    ],
  })
})

describe('the root of a trace', () => {
  const spanNamed = (name: string, id: number, parent: number, startNanos: bigint) =>
    buildSpan({
      name,
      spanId: spanIdOf(id),
      parentSpanId: parent === 0 ? '' : spanIdOf(parent),
      startNanos,
    })

  test('is the span without a parent, also when another one began before it', () => {
    const store = storeOf([buildGroup([spanNamed('early', 2, 1, 1n), spanNamed('root', 1, 0, 2n)])])

    expect(search(store).traces[0]?.rootName).toBe('root')
  })

  test('is the earliest orphan when the sender of the parent sends nothing here', () => {
    const store = storeOf([
      buildGroup([
        spanNamed('child', 2, 1, 5n),
        spanNamed('later orphan', 3, 99, 6n),
        spanNamed('orphan', 1, 98, 5n),
      ]),
    ])

    expect(search(store).traces[0]?.rootName).toBe('orphan')
  })

  test('is the earliest span when every span has its parent there', () => {
    const store = storeOf([buildGroup([spanNamed('b', 2, 1, 9n), spanNamed('a', 1, 2, 8n)])])

    expect(search(store).traces[0]?.rootName).toBe('a')
  })
})

describe('a trace that a client began', () => {
  const client = buildSpan({
    traceId: traceIdOf(3),
    spanId: spanIdOf(9),
    name: 'POST create',
    kind: 3,
    status: { code: 2, message: '' },
    attributes: buildAttributes({ 'http.response.status_code': 404n }),
  })
  const server = { ...serverSpan(3, 404n), parentSpanId: client.spanId }
  const driver = { service: 'compare', runtime: '' }

  test('is called as the service that answered it, and its 404 is no failure of that service', () => {
    // The clock of the second service is behind by a second.
    const behind = {
      ...server,
      spanId: spanIdOf(11),
      parentSpanId: server.spanId,
      name: 'GET /stock',
      startNanos: server.startNanos - 1_000_000_000n,
    }
    const store = storeOf(
      [buildGroup([client], driver)],
      [buildGroup([server])],
      [buildGroup([behind], { service: 'stock' })],
    )

    expect(search(store).traces[0]).toMatchObject({
      rootName: 'POST create',
      name: 'GET /api/v1/todos',
      service: 'todo-api',
      runtime: 'node',
      route: '/api/v1/todos',
      httpStatus: 404,
      services: ['stock', 'compare', 'todo-api'],
      errorCount: 1,
      failureCount: 0,
    })
  })

  test('has failed when nobody here says that its 404 was meant', () => {
    const store = storeOf([buildGroup([client], driver)])

    expect(search(store).traces[0]).toMatchObject({ name: 'POST create', failureCount: 1 })
  })
})

test('a trace of which only log records came is not listed', () => {
  const store = storeOf()
  store.addLogRecords([buildGroup([buildLogRecord({ traceId: traceIdOf(1) })])])

  expect(search(store)).toEqual({ traces: [] })
})

test.each([
  ['duration', [2, 3, 1]],
  ['spans', [3, 1, 2]],
] as const)('the greatest %s come first when asked for, over pages', (sort, order) => {
  const lasting = (n: number, nanos: bigint) => {
    const span = serverSpan(n, 200n)
    return { ...span, endNanos: span.startNanos + nanos }
  }
  const store = storeOf([
    buildGroup([
      lasting(1, 5n),
      { ...lasting(1, 5n), spanId: spanIdOf(91), parentSpanId: spanIdOf(1) },
      lasting(2, 90n),
      lasting(3, 7n),
      { ...lasting(3, 7n), spanId: spanIdOf(93), parentSpanId: spanIdOf(3) },
    ]),
  ])
  const found: number[] = []
  for (let cursor = ''; found.length < 5; ) {
    const page = search(store, `sort=${sort}&limit=1${cursor && `&cursor=${cursor}`}`)
    found.push(...page.traces.map(({ traceId }) => Number.parseInt(traceId, 16)))
    if (page.nextCursor === undefined) break
    cursor = page.nextCursor
  }

  expect(found).toEqual(order)
})

test('the newest start comes first, whatever order the traces arrived in', () => {
  const store = storeOf(
    [buildGroup([serverSpan(2, 200n)])],
    [buildGroup([serverSpan(3, 200n)])],
    [buildGroup([serverSpan(1, 200n)])],
  )

  expect(find(store)).toEqual([3, 2, 1])
})

describe('a search', () => {
  const store = storeOf(
    [buildGroup([serverSpan(1, 200n), serverSpan(2, 404n)], { runtime: 'node' })],
    [buildGroup([serverSpan(3, '503'), serverSpan(4, 500)], { runtime: 'deno', service: 'other' })],
    [
      buildGroup(
        [
          buildSpan({
            ...serverSpan(5, 200n, '/health'),
            events: [
              {
                timeNanos: 0n,
                name: 'cache.miss',
                attributes: buildAttributes({ where: { values: ['eviction'] } }),
                droppedAttributesCount: 0,
              },
            ],
            status: { code: 1, message: '' },
          }),
        ],
        { runtime: 'bun' },
      ),
    ],
  )
  store.addLogRecords([
    buildGroup([buildLogRecord({ traceId: traceIdOf(1), body: 'The Database is away' })]),
  ])

  test.each([
    ['runtime=deno', [4, 3]],
    ['service=other', [4, 3]],
    ['runtime=deno&service=todo-api', []],
    ['route=/health', [5]],
    ['operation=GET /api/v1/todos', [4, 3, 2, 1]],
    ['status=error', [4, 3]],
    ['status=ok', [5]],
    ['status=unset', [2, 1]],
    ['status=404', [2]],
    ['status=5xx', [4, 3]],
    ['status=2XX&runtime=node', [1]],
    ['minDurationMillis=8', [5, 4]],
    ['start=2026-01-01T00:00:00.004Z', [5, 4]],
    ['end=2026-01-01T00:00:00.002Z', [1]],
    ['start=2026-01-01T00:00:00.002Z&end=2026-01-01T00:00:00.004Z', [3, 2]],
    ['text=DATABASE is', [1]],
    ['text=evict', [5]],
    ['text=cache.miss', [5]],
    ['text=cache_miss', []],
    ['text=(', []],
    ['limit=2', [5, 4]],
  ])('for %s finds %j', (query, found) => {
    expect(find(store, query)).toEqual(found)
  })
})

test('conditions must be true of one and the same span', () => {
  const onNode = { ...serverSpan(1, 200n), spanId: spanIdOf(1) }
  const onDeno = { ...serverSpan(1, 500n), spanId: spanIdOf(2) }
  const store = storeOf(
    [buildGroup([onNode], { runtime: 'node' })],
    [buildGroup([onDeno], { runtime: 'deno' })],
  )

  expect(find(store, 'runtime=deno&status=5xx')).toEqual([1])
  expect(find(store, 'runtime=node&status=5xx')).toEqual([])
  expect(find(store, 'runtime=node&status=error')).toEqual([])
})

test('pages follow each other without a gap or a repetition, also among equal starts', () => {
  const store = storeOf([
    buildGroup(
      Array.from({ length: 25 }, (_, n) =>
        buildSpan({ traceId: traceIdOf(n + 1), startNanos: epochNanos + BigInt(n % 3) }),
      ),
    ),
  ])
  const seen: number[] = []
  let cursor = ''
  for (let page = 0; page < 10; page += 1) {
    const { traces, nextCursor } = search(store, `limit=4${cursor}`)
    seen.push(...traces.map(({ traceId }) => Number(`0x${traceId}`)))
    if (nextCursor === undefined) break
    cursor = `&cursor=${nextCursor}`
  }

  expect(seen).toHaveLength(25)
  expect(new Set(seen).size).toBe(25)
})

test('the last page says that it is the last', () => {
  const store = storeOf([buildGroup([serverSpan(1, 200n), serverSpan(2, 200n)])])

  expect(search(store, 'limit=2')).not.toHaveProperty('nextCursor')
  expect(search(store, 'limit=1')).toHaveProperty('nextCursor')
})

describe('a question that cannot be answered', () => {
  test.each([
    ['limit=0', 'limit: expected a whole number from 1 to 500, got "0"'],
    ['limit=501', 'limit: expected a whole number from 1 to 500, got "501"'],
    ['limit=ten', 'limit: expected a whole number from 1 to 500, got "ten"'],
    [
      'status=bad',
      'status: expected ok, error, unset, an HTTP status such as 404, or 5xx, got "bad"',
    ],
    [
      'status=600',
      'status: expected ok, error, unset, an HTTP status such as 404, or 5xx, got "600"',
    ],
    ['minDurationMillis=-1', 'minDurationMillis: expected a number of at least 0, got "-1"'],
    [
      'start=today',
      'start: expected a time such as 2026-01-31T12:00:00Z, or nanoseconds since 1970, got "today"',
    ],
    ['runtime=', 'runtime: expected a value, got nothing'],
    ['runtime=a&runtime=b', 'runtime: given more than once'],
    ['cursor=1', 'cursor: expected the nextCursor of an answer, got "1"'],
  ])('%s says why', (query, message) => {
    expect(() => parseTraceQuery(new URLSearchParams(query))).toThrow(message)
  })

  test('names an unknown parameter and those there are', () => {
    expect(() => parseTraceQuery(new URLSearchParams('rutime=node'))).toThrow(
      /^unknown parameter "rutime", expected one of runtime, service, /,
    )
  })
})
