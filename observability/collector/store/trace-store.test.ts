import { describe, expect, test } from 'vitest'
import { defaultBounds } from '../bounds.ts'
import {
  buildGroup,
  buildLogRecord,
  buildSpan,
  epochNanos,
  spanIdOf,
  traceIdOf,
} from '../testing/build-telemetry.ts'
import { createTraceStore, type TraceBounds } from './trace-store.ts'

const createStore = (bounds: Partial<TraceBounds> = {}) =>
  createTraceStore({ ...defaultBounds, ...bounds }, () => 0)

/** One span of trace `n`. */
const spanOf = (n: number, id = 1) => buildSpan({ traceId: traceIdOf(n), spanId: spanIdOf(id) })

const idsIn = (store: ReturnType<typeof createStore>) =>
  [...store.list()].map(({ traceId }) => Number(`0x${traceId}`))

describe('a trace', () => {
  test('gathers spans and log records that came in several requests', () => {
    const store = createStore()
    store.addSpans([buildGroup([spanOf(1, 1)])])
    store.addSpans([buildGroup([spanOf(1, 2)])])
    store.addLogRecords([buildGroup([buildLogRecord({ traceId: traceIdOf(1) })])])

    expect(store.read(traceIdOf(1))).toMatchObject({ spans: [{}, {}], logRecords: [{}] })
  })

  test('starts with its earliest span and ends with its latest, in whatever order they come', () => {
    const store = createStore()
    const at = (id: number, startNanos: bigint, endNanos: bigint) =>
      buildSpan({ spanId: spanIdOf(id), startNanos, endNanos })
    const nanos = (n: bigint) => epochNanos + n
    store.addSpans([
      buildGroup([
        at(1, nanos(50n), nanos(60n)),
        at(2, nanos(10n), nanos(90n)),
        at(3, nanos(70n), nanos(80n)),
      ]),
    ])

    expect(store.read(traceIdOf(1))).toMatchObject({
      startNanos: nanos(10n),
      endNanos: nanos(90n),
    })
  })

  test('is not of centuries because of a span that begins in 1970 or ends in 2554', () => {
    const store = createTraceStore(defaultBounds, () => 1_767_225_600_000)
    const good = spanOf(1)
    const strange = { ...spanOf(1, 2), startNanos: 0n, endNanos: 2n ** 64n - 1n }
    store.addSpans([buildGroup([strange, good, { ...strange, traceId: traceIdOf(2) }])])

    expect(store.read(traceIdOf(1))).toMatchObject({
      startNanos: good.startNanos,
      endNanos: good.endNanos,
    })
    expect(store.read(traceIdOf(2))).toMatchObject({ startNanos: epochNanos, endNanos: 0n })
  })

  test('holds one object for a resource and scope that many requests repeat', () => {
    const store = createStore()
    for (let id = 1; id <= 5; id += 1) store.addSpans([buildGroup([spanOf(1, id)])])

    const sources = store.read(traceIdOf(1))?.spans.map(({ source }) => source)
    expect(sources).toHaveLength(5)
    expect(new Set(sources).size).toBe(1)
  })

  test('keeps sources apart that differ only in the type of an attribute', () => {
    const store = createStore()
    const withPort = (port: string | bigint, id: number) => {
      const group = buildGroup([spanOf(1, id)])
      return {
        ...group,
        resource: { attributes: [{ key: 'port', value: port }], droppedAttributesCount: 0 },
      }
    }
    store.addSpans([withPort('80', 1), withPort(80n, 2)])

    const sources = store.read(traceIdOf(1))?.spans.map(({ source }) => source)
    expect(new Set(sources).size).toBe(2)
  })

  test('stores a span once that a sender sends again after a lost answer', () => {
    const store = createStore()
    for (let count = 1; count <= 40; count += 1) {
      // 40 spans, each sent twice: past 16 a set of ids takes over from looking through.
      store.addSpans([buildGroup([spanOf(1, count)])])
      store.addSpans([buildGroup([spanOf(1, count)])])
    }

    expect(store.stats()).toMatchObject({ spans: 40, duplicateSpans: 40 })
  })
})

describe('spans of one id', () => {
  const storedKinds = (store: ReturnType<typeof createStore>) =>
    store.read(traceIdOf(1))?.spans.map(({ kind, endNanos }) => [kind, endNanos > 0n])
  /** Past 16 spans they are found in another way. */
  const fillers = Array.from({ length: 20 }, (_, id) => spanOf(1, id + 100))
  const sizes = [
    ['a small trace', []],
    ['a large trace', fillers],
  ] as const

  test.each(sizes)('of a client and its server are two in %s', (_, others) => {
    const store = createStore()
    const shared = ([3, 2] as const).map((kind) => ({ ...spanOf(1), kind }))
    for (let times = 1; times <= 2; times += 1) store.addSpans([buildGroup([...others, ...shared])])

    expect(storedKinds(store)?.slice(others.length)).toEqual([
      [3, true],
      [2, true],
    ])
    expect(store.stats().duplicateSpans).toBe(others.length + 2)
  })

  test.each(sizes)('of another service are two in %s', (_, others) => {
    const store = createStore()
    store.addSpans([buildGroup([...others, spanOf(1)])])
    store.addSpans([buildGroup([spanOf(1)], { service: 'another' })])

    expect(store.stats()).toMatchObject({ spans: others.length + 2, duplicateSpans: 0 })
  })

  test('of a sender that has but one id are all stored', () => {
    const store = createStore()
    const spans = Array.from({ length: 50 }, (_, n) => ({ ...spanOf(1), name: `span ${n}` }))
    store.addSpans([buildGroup(spans)])

    expect(store.stats()).toMatchObject({ spans: 50, duplicateSpans: 0 })
  })

  test.each(sizes)('that came open and then finished are the finished one in %s', (_, others) => {
    const store = createStore({ spansPerTraceMax: others.length + 1 })
    const finished = { ...spanOf(1), status: { code: 2, message: 'failed' } }
    const open = { ...finished, endNanos: 0n, status: { code: 0, message: '' } }
    const further = { ...open, attributes: [{ key: 'http.route', value: '/' }] }
    for (const span of [open, further, finished, open])
      store.addSpans([buildGroup([...others, span])])

    expect(store.read(traceIdOf(1))?.spans.at(-1)).toMatchObject({ status: { code: 2 } })
    expect(store.read(traceIdOf(1))?.endNanos).toBe(finished.endNanos)
    expect(store.stats()).toMatchObject({ spans: others.length + 1, overTraceMax: { spans: 0 } })
  })
})

describe('past a bound', () => {
  test('of traces, the longest quiet goes first', () => {
    const store = createStore({ tracesMax: 3 })
    for (const n of [1, 2, 3]) store.addSpans([buildGroup([spanOf(n)])])
    store.addSpans([buildGroup([spanOf(1, 2)])]) // trace 1 is still growing
    store.addSpans([buildGroup([spanOf(4)])])

    expect(idsIn(store)).toEqual([3, 1, 4])
    expect(store.stats().evicted).toEqual({ traces: 1, spans: 1, logRecords: 0 })
  })

  test('of spans, whole traces go until the rest fits', () => {
    const store = createStore({ spansMax: 4 })
    store.addSpans([buildGroup([spanOf(1, 1), spanOf(1, 2)])])
    store.addSpans([buildGroup([spanOf(2, 1), spanOf(2, 2)])])
    store.addSpans([buildGroup([spanOf(3, 1)])])

    expect(idsIn(store)).toEqual([2, 3])
    expect(store.stats()).toMatchObject({ spans: 3, evicted: { traces: 1, spans: 2 } })
  })

  test('of log records, whole traces go until the rest fits', () => {
    const store = createStore({ logRecordsMax: 2 })
    for (const n of [1, 2, 3]) {
      store.addLogRecords([buildGroup([buildLogRecord({ traceId: traceIdOf(n) })])])
    }

    expect(idsIn(store)).toEqual([2, 3])
    expect(store.stats()).toMatchObject({ logRecords: 2, evicted: { logRecords: 1 } })
  })

  test('of bytes, the estimate never stays above it', () => {
    const store = createStore({ storedBytesMax: 20_000 })
    for (let n = 1; n <= 200; n += 1) {
      store.addSpans([buildGroup([spanOf(n)])])
      expect(store.stats().bytes).toBeLessThanOrEqual(20_000)
    }

    expect(idsIn(store).at(-1)).toBe(200)
    expect(store.stats().traces).toBeGreaterThan(5)
  })

  test('of bytes, resources that are new with every request count too', () => {
    const store = createStore({ storedBytesMax: 100_000 })
    for (let n = 1; n <= 100; n += 1) {
      store.addSpans([buildGroup([spanOf(n)], { service: `${n}`.padEnd(10_000, 'x') })])
    }

    expect(store.stats().traces).toBeLessThan(10)
    expect(store.stats().bytes).toBeLessThanOrEqual(100_000)
  })

  test('of spans per trace, an endless trace stops growing and pushes nothing out', () => {
    const store = createStore({ spansPerTraceMax: 10, spansMax: 20 })
    store.addSpans([buildGroup([spanOf(1)])])
    for (let id = 1; id <= 100; id += 1) store.addSpans([buildGroup([spanOf(2, id)])])

    expect(idsIn(store)).toEqual([1, 2])
    expect(store.stats()).toMatchObject({ spans: 11, overTraceMax: { spans: 90 } })
  })

  test('of spans per trace, a full trace no longer counts as growing', () => {
    const store = createStore({ spansPerTraceMax: 1, tracesMax: 2 })
    store.addSpans([buildGroup([spanOf(1)])])
    store.addSpans([buildGroup([spanOf(2)])])
    store.addSpans([buildGroup([spanOf(1, 2)])])
    store.addSpans([buildGroup([spanOf(3)])])

    expect(idsIn(store)).toEqual([2, 3])
  })

  test('of log records per trace, the rest is not stored', () => {
    const store = createStore({ logRecordsPerTraceMax: 3 })
    const record = buildLogRecord({ traceId: traceIdOf(1) })
    store.addLogRecords([buildGroup([record, record, record, record, record])])

    expect(store.stats()).toMatchObject({ logRecords: 3, overTraceMax: { logRecords: 2 } })
  })

  test('of bytes per trace, neither large spans nor large records get in', () => {
    const store = createStore({ bytesPerTraceMax: 50_000 })
    const large = 'x'.repeat(30_000)
    store.addSpans([
      buildGroup([
        { ...spanOf(1, 1), name: large },
        { ...spanOf(1, 2), name: large },
      ]),
    ])
    store.addLogRecords([buildGroup([buildLogRecord({ traceId: traceIdOf(1), body: large })])])

    expect(store.stats()).toMatchObject({
      spans: 1,
      logRecords: 0,
      overTraceMax: { spans: 1, logRecords: 1 },
    })
  })

  test('of bytes per trace, a resource that is new with every span counts too', () => {
    const store = createStore({ bytesPerTraceMax: 50_000 })
    for (let id = 1; id <= 100; id += 1) {
      store.addSpans([buildGroup([spanOf(1, id)], { service: `${id}`.padEnd(10_000, 'x') })])
    }

    expect(store.read(traceIdOf(1))?.spans.length).toBeLessThan(5)
  })
})

test('a span that comes after its trace has gone starts the trace again', () => {
  const store = createStore({ tracesMax: 1 })
  store.addSpans([buildGroup([spanOf(1, 1)])])
  store.addSpans([buildGroup([spanOf(2, 1)])])
  store.addSpans([buildGroup([spanOf(1, 2)])])

  expect(store.read(traceIdOf(1))?.spans.length).toBe(1)
  expect(store.read(traceIdOf(2))).toBeUndefined()
})

test('log records without a trace are left to the ring', () => {
  const store = createStore()
  store.addLogRecords([buildGroup([buildLogRecord()])])

  expect(store.stats()).toMatchObject({ traces: 0, logRecords: 0, bytes: 0 })
})

test('what was cleared comes back as it was, beside what has come since, also of the same trace', () => {
  const store = createStore()
  const record = buildLogRecord({ traceId: traceIdOf(1), timeNanos: epochNanos })
  store.addSpans([buildGroup([spanOf(1), spanOf(2)])])
  store.addLogRecords([buildGroup([record])])
  const bringBack = store.clear()
  expect(store.stats()).toMatchObject({ traces: 0, bytes: 0 })
  // One is sent again, one is new.
  const late = { ...spanOf(1), spanId: spanIdOf(99) }
  store.addSpans([buildGroup([spanOf(1), late, spanOf(3)])])
  store.addLogRecords([buildGroup([record])])
  bringBack()

  const whole = createStore()
  whole.addSpans([buildGroup([spanOf(1), spanOf(2)])])
  whole.addLogRecords([buildGroup([record])])
  whole.addSpans([buildGroup([spanOf(1), late, spanOf(3)])])
  whole.addLogRecords([buildGroup([record])])
  expect(store.stats()).toMatchObject({ traces: 3, spans: 4, logRecords: 1, emptied: 2 })
  expect(store.stats()).toEqual({ ...whole.stats(), emptied: 2 })
})

test('clearing forgets every trace and every byte', () => {
  const store = createStore()
  store.addSpans([buildGroup([spanOf(1), spanOf(2)])])
  store.addLogRecords([
    buildGroup([buildLogRecord({ traceId: traceIdOf(3), timeNanos: epochNanos })], { scope: 'b' }),
  ])
  store.clear()

  expect(store.stats()).toMatchObject({
    traces: 0,
    spans: 0,
    logRecords: 0,
    bytes: 0,
    emptied: 1,
  })
  store.addSpans([buildGroup([spanOf(1)])])
  expect(store.stats().spans).toBe(1)
})
