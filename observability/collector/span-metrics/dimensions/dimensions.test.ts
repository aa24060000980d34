import { describe, expect, test } from 'vitest'
import type { AnyValue } from '../../../otlp/model.ts'
import {
  createGroup,
  createSpan,
  createTestMetrics,
  listCalls,
  listDurations,
  listValues,
  type TestAttributes,
} from '../../testing/build-spans.ts'

const service = { 'service.name': 'service-a' }
const region = [{ name: 'region', default: null }]

/** The calls points after spans with these attributes. */
function countByRegion(
  attributes: readonly TestAttributes[],
  resource: TestAttributes = {},
  preset: string | null = null,
) {
  const metrics = createTestMetrics({ dimensions: [{ name: 'region', default: preset }] })
  const spans = attributes.map((it) => createSpan({ attributes: it }))
  metrics.consume([createGroup({ ...service, ...resource }, spans)])
  return listCalls(metrics.collect())
}

describe('where a dimension comes from', () => {
  test('from the span before the resource', () => {
    const points = countByRegion([{ region: 'span' }], { region: 'resource' }, 'default')

    expect(listValues(points, 'region')).toEqual(['span'])
  })

  test('else from the resource', () => {
    const points = countByRegion([{}], { region: 'resource' }, 'default')

    expect(listValues(points, 'region')).toEqual(['resource'])
  })

  test('else it is the configured default', () => {
    expect(listValues(countByRegion([{}], {}, 'default'), 'region')).toEqual(['default'])
  })

  test('without any of these the attribute is left out', () => {
    const [point] = countByRegion([{}])

    expect(point?.attributes.map(({ key }) => key)).not.toContain('region')
  })

  test('of two attributes of one key the first counts', () => {
    const metrics = createTestMetrics({ dimensions: region })
    const span = createSpan()
    const attributes = ['first', 'second'].map((value) => ({ key: 'region', value }))

    metrics.consume([createGroup(service, [{ ...span, attributes }])])

    expect(listValues(listCalls(metrics.collect()), 'region')).toEqual(['first'])
  })

  test('a span that lacks it does not inherit it from the span before', () => {
    const points = countByRegion([{ region: 'a', other: 'x' }, { other: 'x' }, { region: 'a' }])

    expect(listValues(points, 'region')).toEqual(['a', undefined])
    expect(points.map(({ value }) => value)).toEqual([2n, 1n])
  })

  test('it is found wherever it stands among many attributes', () => {
    const many = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`a${index}`, 'x']))
    const points = countByRegion([
      { ...many, region: 'last' },
      { region: 'first', ...many },
      { ...many, region: 'last' },
    ])

    expect(listValues(points, 'region')).toEqual(['last', 'first'])
    expect(points.map(({ value }) => value)).toEqual([2n, 1n])
  })
})

describe('types', () => {
  const values: readonly [string, AnyValue][] = [
    ['an integer', 99n],
    ['a double', 99.99],
    ['a boolean', true],
    ['an empty value', null],
    ['bytes', Uint8Array.of(1, 2)],
    ['a list', { values: ['x', 1n] }],
    ['a map', { entries: [{ key: 'k', value: 'v' }] }],
  ]

  test.each(values)('%s keeps its type', (_, value) => {
    expect(listValues(countByRegion([{ region: value }]), 'region')).toEqual([value])
  })

  test('equal texts of different types are one series, which keeps the type that came first', () => {
    const points = countByRegion([{ region: 200n }, { region: '200' }, { region: 200 }])

    expect(points.map(({ value }) => value)).toEqual([3n])
    expect(listValues(points, 'region')).toEqual([200n])
  })

  test('and the same the other way round', () => {
    const points = countByRegion([{ region: 'true' }, { region: true }, { region: true }])

    expect(points.map(({ value }) => value)).toEqual([3n])
    expect(listValues(points, 'region')).toEqual(['true'])
  })

  test('NaN is one series and so is minus zero', () => {
    const points = countByRegion([NaN, NaN, 0, 0, -0, -0, 0].map((value) => ({ region: value })))

    expect(points.map(({ value }) => value)).toEqual([2n, 3n, 2n])
  })

  test('maps are one series whatever the order of their keys', () => {
    const entries = [
      { key: 'a', value: 1n },
      { key: 'b', value: 2n },
    ]
    const points = countByRegion([
      { region: { entries } },
      { region: { entries: entries.toReversed() } },
    ])

    expect(points.map(({ value }) => value)).toEqual([2n])
  })

  test('absent and empty are two series, an empty text and an empty value one', () => {
    const points = countByRegion([{}, { region: '' }, { region: null }])

    expect(points.map(({ value }) => value)).toEqual([1n, 2n])
  })

  test('bytes of a series do not keep the request alive that they came in', () => {
    const body = new Uint8Array(1024)
    const [point] = countByRegion([{ region: body.subarray(0, 2) }])

    const [value] = point === undefined ? [] : listValues([point], 'region')
    expect(value).toBeInstanceOf(Uint8Array)
    expect(value instanceof Uint8Array && value.buffer.byteLength).toBe(2)
  })
})

describe('what is one series', () => {
  test('"ab" and "c" are not "a" and "bc"', () => {
    const metrics = createTestMetrics({
      dimensions: [
        { name: 'x', default: null },
        { name: 'y', default: null },
      ],
    })

    metrics.consume([
      createGroup(service, [
        createSpan({ attributes: { x: 'ab', y: 'c' } }),
        createSpan({ attributes: { x: 'a', y: 'bc' } }),
        createSpan({ attributes: { x: 'a\0y:b', y: 'c' } }),
        createSpan({ attributes: { x: 'a', y: 'b\0c' } }),
      ]),
    ])

    expect(listCalls(metrics.collect()).map(({ value }) => value)).toEqual([1n, 1n, 1n, 1n])
  })

  test('one value under two dimensions is two series', () => {
    const metrics = createTestMetrics({
      dimensions: [
        { name: 'x', default: null },
        { name: 'y', default: null },
      ],
    })

    metrics.consume([
      createGroup(service, [
        createSpan({ attributes: { x: 'v' } }),
        createSpan({ attributes: { y: 'v' } }),
      ]),
    ])

    expect(listCalls(metrics.collect())).toHaveLength(2)
  })

  test('names of attributes that every object has are names like others', () => {
    const metrics = createTestMetrics({ dimensions: [{ name: '__proto__', default: null }] })
    const attributes = [{ key: '__proto__', value: 'constructor' }]

    metrics.consume([createGroup(service, [{ ...createSpan(), attributes }])])

    expect(listValues(listCalls(metrics.collect()), '__proto__')).toEqual(['constructor'])
  })

  test('with all default dimensions excluded, all spans are one series without attributes', () => {
    const metrics = createTestMetrics({
      excludeDimensions: [
        'service.name',
        'span.name',
        'span.kind',
        'status.code',
        'collector.instance.id',
      ],
    })

    metrics.consume([
      createGroup(service, [createSpan({ name: 'a', kind: 1 }), createSpan({ name: 'b' })]),
    ])

    expect(listCalls(metrics.collect())).toMatchObject([{ attributes: [], value: 2n }])
  })

  test('one excluded default dimension merges what only it told apart', () => {
    const metrics = createTestMetrics({
      excludeDimensions: ['span.name', 'collector.instance.id'],
    })

    metrics.consume([createGroup(service, [createSpan({ name: 'a' }), createSpan({ name: 'b' })])])

    expect(listCalls(metrics.collect()).map(({ value }) => value)).toEqual([2n])
  })
})

describe('dimensions of one metric only', () => {
  const config = {
    callsDimensions: [{ name: 'error.type', default: null }],
    histogramDimensions: [{ name: 'http.route', default: 'none' }],
  }

  test('tell series of that metric apart and not of the other', () => {
    const metrics = createTestMetrics(config)

    metrics.consume([
      createGroup(service, [
        createSpan({ attributes: { 'error.type': 'a', 'http.route': '/x' } }),
        createSpan({ attributes: { 'error.type': 'b', 'http.route': '/x' } }),
        createSpan({ attributes: { 'error.type': 'b' } }),
      ]),
    ])
    const groups = metrics.collect()

    expect(listValues(listCalls(groups), 'error.type')).toEqual(['a', 'b'])
    expect(listValues(listCalls(groups), 'http.route')).toEqual([undefined, undefined])
    expect(listCalls(groups).map(({ value }) => value)).toEqual([1n, 2n])
    expect(listValues(listDurations(groups), 'http.route')).toEqual(['/x', 'none'])
    expect(listValues(listDurations(groups), 'error.type')).toEqual([undefined, undefined])
    expect(listDurations(groups).map(({ count }) => count)).toEqual([2n, 1n])
  })

  test('both metrics stand under one resource, calls first', () => {
    const metrics = createTestMetrics(config)

    metrics.consume([createGroup(service, [createSpan()])])
    const groups = metrics.collect()

    expect(groups).toHaveLength(1)
    expect(groups[0]?.scopes[0]?.items.map(({ data }) => data.type)).toEqual(['sum', 'histogram'])
  })

  test('a name in both lists appears once', () => {
    const metrics = createTestMetrics({
      dimensions: [{ name: 'region', default: 'general' }],
      callsDimensions: [{ name: 'region', default: 'special' }],
    })

    metrics.consume([createGroup(service, [createSpan()])])

    const [point] = listCalls(metrics.collect())
    expect(point?.attributes.filter(({ key }) => key === 'region')).toEqual([
      { key: 'region', value: 'special' },
    ])
  })
})
