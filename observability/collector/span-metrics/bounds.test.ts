import { describe, expect, test } from 'vitest'
import type { Span } from '../../otlp/model.ts'
import {
  createGroup,
  createSpan,
  createTestMetrics,
  listCalls,
  listDurations,
  listValues,
} from '../testing/build-spans.ts'

const service = { 'service.name': 'service-a' }
const spansNamed = (...names: readonly string[]): readonly Span[] =>
  names.map((name) => createSpan({ name }))

describe('the cardinality limit', () => {
  test('past it every new series is counted in one, of which overflow is the only attribute', () => {
    const metrics = createTestMetrics({ aggregationCardinalityLimit: 2, exemplarsMax: 5 })

    metrics.consume([createGroup(service, spansNamed('a', 'b', 'c', 'd', 'a', 'c'))])
    const groups = metrics.collect()

    for (const points of [listCalls(groups), listDurations(groups)]) {
      expect(points).toHaveLength(3)
      expect(points[2]?.attributes).toEqual([{ key: 'otel.metric.overflow', value: true }])
      expect(points[2]?.exemplars).toEqual([])
    }
    expect(listCalls(groups).map(({ value }) => value)).toEqual([2n, 1n, 3n])
    expect(listDurations(groups).map(({ count }) => count)).toEqual([2n, 1n, 3n])
  })

  test('exactly as many series as the limit are no overflow', () => {
    const metrics = createTestMetrics({ aggregationCardinalityLimit: 2 })

    metrics.consume([createGroup(service, spansNamed('a', 'b', 'b', 'a'))])

    expect(listCalls(metrics.collect()).map(({ value }) => value)).toEqual([2n, 2n])
  })

  test('it holds per resource', () => {
    const metrics = createTestMetrics({ aggregationCardinalityLimit: 1 })

    metrics.consume([
      createGroup(service, spansNamed('a')),
      createGroup({ 'service.name': 'service-b' }, spansNamed('a')),
    ])

    expect(listValues(listCalls(metrics.collect()), 'otel.metric.overflow')).toEqual([
      undefined,
      undefined,
    ])
  })

  test('it holds per metric where they have dimensions of their own', () => {
    const metrics = createTestMetrics({
      aggregationCardinalityLimit: 1,
      callsDimensions: [{ name: 'error.type', default: null }],
    })
    const errors = ['x', 'y'].map((error) => createSpan({ attributes: { 'error.type': error } }))

    metrics.consume([createGroup(service, errors)])
    const groups = metrics.collect()

    expect(listValues(listCalls(groups), 'otel.metric.overflow')).toEqual([undefined, true])
    expect(listValues(listDurations(groups), 'otel.metric.overflow')).toEqual([undefined])
  })

  test('the overflow series takes up a place of its own once there is room again', () => {
    const metrics = createTestMetrics({
      aggregationCardinalityLimit: 2,
      seriesExpirationNanos: 10n * 1_000_000_000n,
    })

    metrics.consume([createGroup(service, spansNamed('a', 'b'))])
    metrics.setSeconds(6)
    metrics.consume([createGroup(service, spansNamed('b', 'c'))])
    metrics.setSeconds(11)
    metrics.flush() // 'a' is gone; 'b' and overflow remain
    metrics.consume([createGroup(service, spansNamed('d'))])

    expect(listValues(listCalls(metrics.collect()), 'span.name')).toEqual(['b', undefined])
  })

  test('overflow expires by the time of its creation, as in the connector', () => {
    const metrics = createTestMetrics({
      aggregationCardinalityLimit: 1,
      seriesExpirationNanos: 10n * 1_000_000_000n,
    })

    metrics.consume([createGroup(service, spansNamed('a', 'b'))])
    metrics.setSeconds(9)
    metrics.consume([createGroup(service, spansNamed('a', 'b'))])
    metrics.setSeconds(10)
    metrics.flush()

    expect(listValues(listCalls(metrics.collect()), 'span.name')).toEqual(['a'])
  })
})

describe('bounds over all resources', () => {
  test('past the most series, new ones count as overflow of their resource', () => {
    const metrics = createTestMetrics({ seriesMax: 3 })

    metrics.consume([
      createGroup(service, spansNamed('a', 'b')),
      createGroup({ 'service.name': 'service-b' }, spansNamed('a', 'b', 'c')),
    ])
    const points = listCalls(metrics.collect())

    expect(listValues(points, 'otel.metric.overflow')).toEqual([
      undefined,
      undefined,
      undefined,
      true,
    ])
    expect(points.map(({ value }) => value)).toEqual([1n, 1n, 1n, 2n])
    expect(metrics.stats().series).toBe(3)
  })

  test('past the most characters, too: a few names may be as long as a body', () => {
    const metrics = createTestMetrics({ attributeCharsMax: 10_000 })

    metrics.consume([createGroup(service, spansNamed('x'.repeat(6_000), 'y'.repeat(6_000), 'z'))])

    expect(listValues(listCalls(metrics.collect()), 'otel.metric.overflow')).toEqual([
      undefined,
      undefined,
      true,
    ])
    expect(metrics.stats().attributeChars).toBeLessThanOrEqual(10_000)
  })

  test('expired series make place for others', () => {
    const metrics = createTestMetrics({ seriesMax: 1, seriesExpirationNanos: 5_000_000_000n })

    metrics.consume([createGroup(service, spansNamed('a'))])
    metrics.setSeconds(5)
    metrics.flush()
    metrics.consume([createGroup(service, spansNamed('b'))])

    expect(listValues(listCalls(metrics.collect()), 'span.name')).toEqual(['b'])
    expect(metrics.stats().series).toBe(1)
  })

  test('evicted resources give back their series and characters after their last export', () => {
    const metrics = createTestMetrics({ resourcesMax: 1 })

    metrics.consume([createGroup(service, spansNamed('a'))])
    const before = metrics.stats()
    metrics.consume([createGroup({ 'service.name': 'service-b' }, spansNamed('a'))])
    metrics.flush()

    expect(metrics.stats()).toEqual({ ...before, resources: 1, series: 1 })
  })

  test('a flood of resources keeps a thousand for their last export, and says what it lost', () => {
    const metrics = createTestMetrics({ resourcesMax: 3, seriesMax: 10_000 })

    for (let id = 0; id < 1_100; id++) {
      metrics.consume([createGroup({ 'service.name': `service-${id}` }, spansNamed('a'))])
    }

    expect(metrics.collect()).toHaveLength(1_003)
    expect(metrics.stats()).toMatchObject({ resources: 3, series: 1_003, lostResources: 97 })
  })

  test('a flood of long resources stays within the characters', () => {
    const metrics = createTestMetrics({ attributeCharsMax: 10_000 })

    for (let id = 0; id < 50; id++) {
      const name = `${id}`.padEnd(2_000, 'x')
      metrics.consume([createGroup({ 'service.name': name }, spansNamed('a'))])
    }

    expect(metrics.stats().attributeChars).toBeLessThanOrEqual(10_000)
    expect(metrics.stats().lostResources).toBeGreaterThan(0)
  })
})

describe('which resources are kept', () => {
  const group = (name: string) => createGroup({ 'service.name': name }, spansNamed('x'))
  const services = (groups: ReturnType<ReturnType<typeof createTestMetrics>['flush']>) =>
    listValues(listCalls(groups), 'service.name')

  test('the least recently seen goes first, and is exported once more', () => {
    const metrics = createTestMetrics({ resourcesMax: 2 })

    metrics.consume([group('a'), group('b'), group('a'), group('c')])

    expect(services(metrics.flush())).toEqual(['a', 'c', 'b'])
    expect(services(metrics.flush())).toEqual(['a', 'c'])
  })

  test('one that is seen again before that flush comes back with its counts', () => {
    const metrics = createTestMetrics({ resourcesMax: 1 })

    metrics.consume([group('a'), group('b'), group('a')])
    const points = listCalls(metrics.collect())

    expect(listValues(points, 'service.name')).toEqual(['a', 'b'])
    expect(points.map(({ value }) => value)).toEqual([2n, 1n])
  })

  test('one that is seen again after it begins anew', () => {
    const metrics = createTestMetrics({ resourcesMax: 1 })

    metrics.consume([group('a'), group('b')])
    metrics.setSeconds(7)
    metrics.flush()
    metrics.consume([group('a')])
    const point = listCalls(metrics.collect())[0]

    expect(point).toMatchObject({ value: 1n, startNanos: 7_000_000_000n })
  })

  test('by default resources are told apart by all their attributes, types included', () => {
    const metrics = createTestMetrics()
    const resource = (version: string | bigint) =>
      createGroup({ ...service, version }, spansNamed('x'))

    metrics.consume([resource(1n), resource('1'), resource('1')])

    expect(listCalls(metrics.collect()).map(({ value }) => value)).toEqual([1n, 2n])
  })

  test('the order of resource attributes makes no difference', () => {
    const metrics = createTestMetrics()

    metrics.consume([
      createGroup({ 'service.name': 's', b: '2', a: '1' }, spansNamed('x')),
      createGroup({ a: '1', b: '2', 'service.name': 's' }, spansNamed('x')),
    ])

    expect(listCalls(metrics.collect()).map(({ value }) => value)).toEqual([2n])
  })

  test('key attributes alone can tell them apart; those of the first span batch are exported', () => {
    const metrics = createTestMetrics({ resourceKeyAttributes: ['service.name', 'zone'] })

    metrics.consume([
      createGroup({ ...service, pid: 1n }, spansNamed('x')),
      createGroup({ ...service, pid: 2n }, spansNamed('x')),
      createGroup({ ...service, zone: 'z' }, spansNamed('x')),
    ])
    const groups = metrics.collect()

    expect(listCalls(groups).map(({ value }) => value)).toEqual([2n, 1n])
    expect(groups[0]?.resource.attributes).toContainEqual({ key: 'pid', value: 1n })
  })

  test('two services may share a resource and stay two series', () => {
    const metrics = createTestMetrics({ resourceKeyAttributes: ['zone'] })

    metrics.consume([group('a'), group('b'), group('a')])
    const groups = metrics.collect()

    expect(groups).toHaveLength(1)
    expect(listCalls(groups).map(({ value }) => value)).toEqual([2n, 1n])
  })
})

describe('expiry', () => {
  const seconds = (count: number) => BigInt(count) * 1_000_000_000n

  test('a series that was not seen for long is exported a last time and then gone', () => {
    const metrics = createTestMetrics({ seriesExpirationNanos: seconds(10) })

    metrics.consume([createGroup(service, spansNamed('a', 'b'))])
    metrics.setSeconds(5)
    metrics.consume([createGroup(service, spansNamed('b'))])
    metrics.setSeconds(10)

    expect(listValues(listCalls(metrics.flush()), 'span.name')).toEqual(['a', 'b'])
    expect(listValues(listCalls(metrics.flush()), 'span.name')).toEqual(['b'])
  })

  test('one nanosecond short of that it stays', () => {
    const metrics = createTestMetrics({ seriesExpirationNanos: seconds(10) + 1n })

    metrics.consume([createGroup(service, spansNamed('a'))])
    metrics.setSeconds(10)
    metrics.flush()

    expect(listCalls(metrics.collect())).toHaveLength(1)
  })

  test('an expired series that is seen again begins anew, at 0', () => {
    const metrics = createTestMetrics({ seriesExpirationNanos: seconds(10) })

    metrics.consume([createGroup(service, spansNamed('a', 'a'))])
    metrics.setSeconds(10)
    metrics.flush()
    metrics.consume([createGroup(service, spansNamed('a'))])

    expect(listCalls(metrics.flush())).toMatchObject([{ value: 0n, startNanos: seconds(10) }])
    expect(listCalls(metrics.flush())).toMatchObject([{ value: 1n }])
  })

  test('a resource of which every series expired is not exported empty', () => {
    const metrics = createTestMetrics({ seriesExpirationNanos: seconds(10) })

    metrics.consume([createGroup(service, spansNamed('a'))])
    metrics.setSeconds(10)
    metrics.flush()

    expect(metrics.flush()).toEqual([])
  })

  test('a silent resource is dropped; as in the connector, one flush after it expired', () => {
    const metrics = createTestMetrics({ metricsExpirationNanos: seconds(10) })

    metrics.consume([createGroup(service, spansNamed('a'))])
    metrics.setSeconds(10)

    expect(metrics.flush()).toHaveLength(1)
    expect(metrics.stats().resources).toBe(0)
    expect(metrics.flush()).toHaveLength(1)
    expect(metrics.flush()).toEqual([])
  })

  test('a resource that is named beside another one with spans stays, even if it sends none', () => {
    const metrics = createTestMetrics({ metricsExpirationNanos: seconds(10) })
    const other = createGroup({ 'service.name': 'service-b' }, spansNamed('b'))

    metrics.consume([createGroup(service, spansNamed('a'))])
    metrics.setSeconds(9)
    metrics.consume([createGroup(service, []), other])
    metrics.setSeconds(18)
    metrics.flush()

    expect(metrics.stats().resources).toBe(2)
  })

  test('a request without one span keeps no resource, and makes none', () => {
    const metrics = createTestMetrics({ metricsExpirationNanos: seconds(10) })

    metrics.consume([createGroup(service, spansNamed('a'))])
    metrics.setSeconds(9)
    metrics.consume([createGroup(service, []), createGroup({ 'service.name': 'service-b' }, [])])
    metrics.setSeconds(18)
    metrics.flush()

    expect(metrics.stats().resources).toBe(0)
  })

  test('without an expiration nothing ever goes', () => {
    const metrics = createTestMetrics()

    metrics.consume([createGroup(service, spansNamed('a'))])
    metrics.setSeconds(1_000_000)
    metrics.flush()

    expect(metrics.flush()).toHaveLength(1)
  })
})
