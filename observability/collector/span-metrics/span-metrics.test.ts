import { describe, expect, test } from 'vitest'
import { SpanKind, Temporality } from '../../otlp/model.ts'
import {
  createGroup,
  createSpan,
  createTestMetrics,
  listCalls,
  listDurations,
  listMetrics,
  listValues,
  toNanos,
} from '../testing/build-spans.ts'

const service = { 'service.name': 'service-a' }

/** The connector's own sample: two services, three spans, and a resource that has no name. */
const sampleTrace = [
  createGroup(service, [
    createSpan({ kind: SpanKind.server, statusCode: 1 }),
    createSpan({ kind: SpanKind.client, statusCode: 1 }),
  ]),
  createGroup({ 'service.name': 'service-b' }, [createSpan({ statusCode: 2 })]),
  createGroup({ 'host.name': 'nameless' }, [createSpan()]),
]

describe('what is exported', () => {
  test('the sample trace gives two resources with calls and duration of three series', () => {
    const metrics = createTestMetrics()

    metrics.consume(sampleTrace)
    const groups = metrics.flush()

    expect(groups).toHaveLength(2)
    expect(
      listMetrics(groups).map(({ name, unit, description }) => [name, unit, description]),
    ).toEqual([
      ['traces.span.metrics.calls', '', ''],
      ['traces.span.metrics.duration', 'ms', ''],
      ['traces.span.metrics.calls', '', ''],
      ['traces.span.metrics.duration', 'ms', ''],
    ])
    expect(listCalls(groups)).toHaveLength(3)
    expect(listDurations(groups).map(({ sum }) => sum)).toEqual([11, 11, 11])
  })

  test('a resource keeps its attributes and the scope is named for the connector', () => {
    const metrics = createTestMetrics()

    metrics.consume([createGroup({ ...service, 'host.name': 'h' }, [createSpan()])])
    const [group] = metrics.flush()

    expect(group?.resource.attributes).toEqual([
      { key: 'service.name', value: 'service-a' },
      { key: 'host.name', value: 'h' },
    ])
    expect(group?.scopes.map(({ scope }) => [scope.name, scope.version])).toEqual([
      ['spanmetricsconnector', ''],
    ])
  })

  test('calls is a cumulative monotonic sum of integers, duration a histogram without extremes', () => {
    const metrics = createTestMetrics()

    metrics.consume([createGroup(service, [createSpan()])])
    metrics.flush()
    const [calls, duration] = listMetrics(metrics.flush())

    expect(calls?.data).toMatchObject({
      type: 'sum',
      temporality: Temporality.cumulative,
      isMonotonic: true,
      points: [{ value: 1n }],
    })
    expect(duration?.data).toMatchObject({
      type: 'histogram',
      temporality: Temporality.cumulative,
      points: [{ count: 1n, sum: 11, min: null, max: null, bounds: [2, 10, 100] }],
    })
  })

  test('the default dimensions are texts in a fixed order, the instance before the configured ones', () => {
    const metrics = createTestMetrics({
      excludeDimensions: [],
      dimensions: [{ name: 'http.route', default: null }],
    })

    metrics.consume([createGroup(service, [createSpan({ attributes: { 'http.route': '/p' } })])])

    expect(listCalls(metrics.flush())[0]?.attributes).toEqual([
      { key: 'service.name', value: 'service-a' },
      { key: 'span.name', value: '/ping' },
      { key: 'span.kind', value: 'SPAN_KIND_SERVER' },
      { key: 'status.code', value: 'STATUS_CODE_UNSET' },
      { key: 'collector.instance.id', value: 'instance-1' },
      { key: 'http.route', value: '/p' },
    ])
  })

  test.each([
    [0, 'SPAN_KIND_UNSPECIFIED'],
    [1, 'SPAN_KIND_INTERNAL'],
    [2, 'SPAN_KIND_SERVER'],
    [3, 'SPAN_KIND_CLIENT'],
    [4, 'SPAN_KIND_PRODUCER'],
    [5, 'SPAN_KIND_CONSUMER'],
    [6, ''],
    [-1, ''],
  ])('span kind %i is written %j', (kind, name) => {
    const metrics = createTestMetrics()

    metrics.consume([createGroup(service, [createSpan({ kind })])])

    expect(listValues(listCalls(metrics.flush()), 'span.kind')).toEqual([name])
  })

  test.each([
    [0, 'STATUS_CODE_UNSET'],
    [1, 'STATUS_CODE_OK'],
    [2, 'STATUS_CODE_ERROR'],
    [3, ''],
  ])('status %i is written %j', (statusCode, name) => {
    const metrics = createTestMetrics()

    metrics.consume([createGroup(service, [createSpan({ statusCode })])])

    expect(listValues(listCalls(metrics.flush()), 'status.code')).toEqual([name])
  })

  test('without a namespace metrics have bare names', () => {
    const metrics = createTestMetrics({ namespace: '' })

    metrics.consume([createGroup(service, [createSpan()])])

    expect(listMetrics(metrics.flush()).map(({ name }) => name)).toEqual(['calls', 'duration'])
  })

  test('a disabled histogram leaves calls alone', () => {
    const metrics = createTestMetrics({ histogram: null })

    metrics.consume([createGroup(service, [createSpan()])])

    expect(listMetrics(metrics.flush()).map(({ name }) => name)).toEqual([
      'traces.span.metrics.calls',
    ])
  })

  test('nothing consumed is nothing exported', () => {
    const metrics = createTestMetrics()

    metrics.consume([])

    expect(metrics.flush()).toEqual([])
  })

  test('a resource without spans has no metrics, for a backend may refuse those without points', () => {
    const metrics = createTestMetrics()

    metrics.consume([
      createGroup(service, []),
      createGroup({ 'host.name': 'nameless' }, [createSpan()]),
    ])

    expect(metrics.flush()).toEqual([])
    expect(metrics.stats().resources).toBe(1)
  })

  test('all spans of a resource without service.name are ignored', () => {
    const metrics = createTestMetrics()

    metrics.consume([createGroup({ 'service.version': '1' }, [createSpan()])])

    expect(metrics.flush()).toEqual([])
  })

  test('a service.name that is no text counts, under an empty name', () => {
    const metrics = createTestMetrics()

    metrics.consume([createGroup({ 'service.name': 7n }, [createSpan()])])

    expect(listValues(listCalls(metrics.flush()), 'service.name')).toEqual([''])
  })
})

describe('durations', () => {
  const bucketsOf = (durationNanos: bigint) => {
    const metrics = createTestMetrics()
    metrics.consume([createGroup(service, [createSpan({ durationNanos })])])
    const [point] = listDurations(metrics.flush())
    return { buckets: point?.bucketCounts, sum: point?.sum }
  }

  test('a bound is inclusive: a span of exactly 2 ms is in the bucket up to 2', () => {
    expect(bucketsOf(2_000_000n)).toEqual({ buckets: [1n, 0n, 0n, 0n], sum: 2 })
  })

  test('one nanosecond more is in the next bucket', () => {
    expect(bucketsOf(2_000_001n)).toEqual({ buckets: [0n, 1n, 0n, 0n], sum: 2.000001 })
  })

  test('above the last bound is the last bucket', () => {
    expect(bucketsOf(100_000_001n).buckets).toEqual([0n, 0n, 0n, 1n])
  })

  test('a span of no length is in the first bucket', () => {
    expect(bucketsOf(0n)).toEqual({ buckets: [1n, 0n, 0n, 0n], sum: 0 })
  })

  test('a span that ends before it starts took no time', () => {
    expect(bucketsOf(-5_000_000n)).toEqual({ buckets: [1n, 0n, 0n, 0n], sum: 0 })
  })

  test('in seconds, a duration is one division of whole nanoseconds', () => {
    const metrics = createTestMetrics({ histogram: { unit: 's', bounds: [0.0075] } })

    metrics.consume([
      createGroup(service, [
        createSpan({ durationNanos: 7_500_000n }),
        createSpan({ durationNanos: 123_456_789n }),
      ]),
    ])
    const [point] = listDurations(metrics.flush())

    expect(point?.bucketCounts).toEqual([1n, 1n])
    expect(point?.sum).toBe(0.0075 + 0.123456789)
  })

  test('times beyond 2^53 nanoseconds lose no digit', () => {
    const metrics = createTestMetrics({ histogram: { unit: 'ms', bounds: [] } })
    const startNanos = 1_790_000_000_123_456_789n

    metrics.consume([createGroup(service, [createSpan({ startNanos, endNanos: startNanos + 1n })])])

    expect(listDurations(metrics.flush())[0]?.sum).toBe(0.000001)
  })

  test('no bounds at all leave one bucket', () => {
    const metrics = createTestMetrics({ histogram: { unit: 'ms', bounds: [] } })

    metrics.consume([createGroup(service, [createSpan()])])

    expect(listDurations(metrics.flush())[0]).toMatchObject({ bucketCounts: [1n], bounds: [] })
  })
})

describe('time', () => {
  test('calls begins at 0 and catches up with duration one flush later', () => {
    const metrics = createTestMetrics()

    metrics.consume([createGroup(service, [createSpan(), createSpan()])])
    const first = metrics.flush()
    const second = metrics.flush()

    expect(listCalls(first).map(({ value }) => value)).toEqual([0n])
    expect(listDurations(first).map(({ count }) => count)).toEqual([2n])
    expect(listCalls(second).map(({ value }) => value)).toEqual([2n])
    expect(listDurations(second).map(({ count }) => count)).toEqual([2n])
  })

  test('a series that comes later begins at 0 by itself', () => {
    const metrics = createTestMetrics()

    metrics.consume([createGroup(service, [createSpan({ name: 'a' })])])
    metrics.flush()
    metrics.consume([createGroup(service, [createSpan({ name: 'a' }), createSpan({ name: 'b' })])])

    expect(listCalls(metrics.flush()).map(({ value }) => value)).toEqual([2n, 0n])
  })

  test('a read of the present shows the first calls at once and changes nothing', () => {
    const metrics = createTestMetrics()

    metrics.consume([createGroup(service, [createSpan()])])

    expect(listCalls(metrics.collect()).map(({ value }) => value)).toEqual([1n])
    expect(metrics.collect()).toEqual(metrics.collect())
    expect(listCalls(metrics.flush()).map(({ value }) => value)).toEqual([0n])
  })

  test('a series starts when it is first seen, all points of a flush have its time', () => {
    const metrics = createTestMetrics()

    metrics.setSeconds(10)
    metrics.consume([createGroup(service, [createSpan({ name: 'a' })])])
    metrics.setSeconds(20)
    metrics.consume([createGroup(service, [createSpan({ name: 'a' }), createSpan({ name: 'b' })])])
    metrics.setSeconds(30)
    const groups = metrics.flush()

    for (const points of [listCalls(groups), listDurations(groups)]) {
      expect(points.map(({ startNanos }) => startNanos)).toEqual([toNanos(10), toNanos(20)])
      expect(points.map(({ timeNanos }) => timeNanos)).toEqual([toNanos(30), toNanos(30)])
    }
  })
})

describe('exemplars', () => {
  const trace = (id: number) => id.toString(16).padStart(32, '0')

  test('are off unless asked for', () => {
    const metrics = createTestMetrics()

    metrics.consume([createGroup(service, [createSpan()])])

    expect(listDurations(metrics.flush())[0]?.exemplars).toEqual([])
  })

  test('carry the span, its duration and the time of the flush, on both metrics', () => {
    const metrics = createTestMetrics({ exemplarsMax: 5 })

    metrics.consume([createGroup(service, [createSpan()])])
    metrics.setSeconds(15)
    const groups = metrics.flush()

    const exemplar = {
      filteredAttributes: [],
      timeNanos: toNanos(15),
      value: 11,
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: 'b7ad6b7169203331',
    }
    expect(listCalls(groups)[0]?.exemplars).toEqual([exemplar])
    expect(listDurations(groups)[0]?.exemplars).toEqual([exemplar])
  })

  test('the first ones of an interval are kept, up to the limit', () => {
    const metrics = createTestMetrics({ exemplarsMax: 2 })

    metrics.consume([
      createGroup(
        service,
        [1, 2, 3].map((id) => createSpan({ traceId: trace(id) })),
      ),
    ])

    const exemplars = listDurations(metrics.flush())[0]?.exemplars
    expect(exemplars?.map(({ traceId }) => traceId)).toEqual([trace(1), trace(2)])
  })

  test('a flush makes place for the next ones', () => {
    const metrics = createTestMetrics({ exemplarsMax: 1 })

    metrics.consume([createGroup(service, [createSpan({ traceId: trace(1) })])])
    metrics.flush()
    const silent = metrics.flush()
    metrics.consume([createGroup(service, [createSpan({ traceId: trace(2) })])])

    expect(listDurations(silent)[0]?.exemplars).toEqual([])
    expect(listCalls(metrics.flush())[0]?.exemplars.map(({ traceId }) => traceId)).toEqual([
      trace(2),
    ])
  })

  test.each(['', '0'.repeat(32)])('a span with trace id %j gives none', (traceId) => {
    const metrics = createTestMetrics({ exemplarsMax: 5 })

    metrics.consume([createGroup(service, [createSpan({ traceId })])])

    expect(listDurations(metrics.flush())[0]).toMatchObject({ count: 1n, exemplars: [] })
  })

  test('a read of the present still has those of the last interval, at the time they were seen', () => {
    const metrics = createTestMetrics({ exemplarsMax: 5 })

    metrics.setSeconds(1)
    metrics.consume([createGroup(service, [createSpan({ traceId: trace(1) })])])
    metrics.setSeconds(2)
    metrics.flush()
    metrics.setSeconds(3)
    metrics.flush()
    metrics.consume([createGroup(service, [createSpan({ traceId: trace(2) })])])

    const exemplars = listDurations(metrics.collect())[0]?.exemplars
    expect(exemplars?.map(({ traceId, timeNanos }) => [traceId, timeNanos])).toEqual([
      [trace(1), toNanos(1)],
      [trace(2), toNanos(3)],
    ])
  })
})
