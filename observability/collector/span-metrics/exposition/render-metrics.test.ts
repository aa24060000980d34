import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Attribute, Metric, NumberPoint, ResourceMetrics } from '../../../otlp/model.ts'
import { Temporality } from '../../../otlp/model.ts'
import {
  createGroup,
  createSpan,
  createTestMetrics,
  type TestAttributes,
  toAttributes,
  toNanos,
} from '../../testing/build-spans.ts'
import { parseExposition } from '../../testing/parse-exposition.ts'
import { type MetricRename, renameMetrics } from '../rename-metrics.ts'
import { renderMetrics } from './render-metrics.ts'

const renames: readonly MetricRename[] = [
  { type: 'name', from: 'traces.spanmetrics.duration', to: 'traces.spanmetrics.latency' },
  { type: 'unit', metric: 'traces.spanmetrics.latency', unit: '' },
  { type: 'attribute', from: 'service.name', to: 'service' },
]

/** Two requests of one route, as the repository's own configuration shows them. */
function collectTwoRequests() {
  const metrics = createTestMetrics({
    namespace: 'traces.spanmetrics',
    histogram: { unit: 's', bounds: [0.0005, 0.01, 1] },
    dimensions: [
      { name: 'http.route', default: null },
      { name: 'http.response.status_code', default: null },
    ],
    exemplarsMax: 5,
  })
  const attributes = { 'http.route': '/todos/:id', 'http.response.status_code': 200n }
  metrics.setSeconds(1_700_000_000)
  metrics.consume([
    createGroup({ 'service.name': 'todo-api' }, [
      createSpan({ name: 'GET /todos/:id', attributes, durationNanos: 7_500_000n }),
      createSpan({
        name: 'GET /todos/:id',
        attributes,
        durationNanos: 2_000_000_000n,
        spanId: 'ffffffffffffffff',
      }),
    ]),
  ])
  return renameMetrics(metrics.collect(), renames)
}

const labels =
  'service_name="todo-api",span_name="GET /todos/:id",span_kind="SPAN_KIND_SERVER",' +
  'status_code="STATUS_CODE_UNSET",http_route="/todos/:id",http_response_status_code="200",' +
  'service="todo-api"'
const trace = 'trace_id="0af7651916cd43dd8448eb211c80319c"'

describe('the span metrics of two requests', () => {
  test('in OpenMetrics', () => {
    expect(renderMetrics(collectTwoRequests(), 'openmetrics')).toBe(
      `# TYPE traces_spanmetrics_calls counter
# HELP traces_spanmetrics_calls Spans that have ended.
traces_spanmetrics_calls_total{${labels}} 2 # {${trace},span_id="ffffffffffffffff"} 2 1700000000
traces_spanmetrics_calls_created{${labels}} 1700000000
# TYPE traces_spanmetrics_latency histogram
# HELP traces_spanmetrics_latency How long spans took.
traces_spanmetrics_latency_bucket{${labels},le="0.0005"} 0
traces_spanmetrics_latency_bucket{${labels},le="0.01"} 1 # {${trace},span_id="b7ad6b7169203331"} 0.0075 1700000000
traces_spanmetrics_latency_bucket{${labels},le="1.0"} 1
traces_spanmetrics_latency_bucket{${labels},le="+Inf"} 2 # {${trace},span_id="ffffffffffffffff"} 2 1700000000
traces_spanmetrics_latency_sum{${labels}} 2.0075
traces_spanmetrics_latency_count{${labels}} 2
traces_spanmetrics_latency_created{${labels}} 1700000000
# EOF
`,
    )
  })

  test('in the Prometheus text format', () => {
    expect(renderMetrics(collectTwoRequests(), 'prometheus')).toBe(
      `# TYPE traces_spanmetrics_calls_total counter
# HELP traces_spanmetrics_calls_total Spans that have ended.
traces_spanmetrics_calls_total{${labels}} 2
# TYPE traces_spanmetrics_latency histogram
# HELP traces_spanmetrics_latency How long spans took.
traces_spanmetrics_latency_bucket{${labels},le="0.0005"} 0
traces_spanmetrics_latency_bucket{${labels},le="0.01"} 1
traces_spanmetrics_latency_bucket{${labels},le="1"} 1
traces_spanmetrics_latency_bucket{${labels},le="+Inf"} 2
traces_spanmetrics_latency_sum{${labels}} 2.0075
traces_spanmetrics_latency_count{${labels}} 2
`,
    )
  })

  test('without renaming, the name ends with its unit and OpenMetrics says it', () => {
    const metrics = createTestMetrics()
    metrics.consume([createGroup({ 'service.name': 's' }, [createSpan()])])

    const lines = renderMetrics(metrics.collect(), 'openmetrics').split('\n')

    expect(lines).toContain('# TYPE traces_span_metrics_duration_milliseconds histogram')
    expect(lines).toContain('# UNIT traces_span_metrics_duration_milliseconds milliseconds')
  })
})

test('nothing to list is an empty text, but for the end mark of OpenMetrics', () => {
  expect(renderMetrics([], 'prometheus')).toBe('')
  expect(renderMetrics([], 'openmetrics')).toBe('# EOF\n')
})

test('the overflow series is labelled as such', () => {
  const metrics = createTestMetrics({ aggregationCardinalityLimit: 1 })
  metrics.consume([
    createGroup({ 'service.name': 's' }, [createSpan({ name: 'a' }), createSpan({ name: 'b' })]),
  ])

  const { samples } = parseExposition(
    renderMetrics(metrics.collect(), 'openmetrics'),
    'openmetrics',
  )

  expect(samples.find(({ labels: it }) => it.otel_metric_overflow === 'true')).toMatchObject({
    name: 'traces_span_metrics_calls_total',
    labels: { otel_metric_overflow: 'true' },
    value: 1,
  })
})

describe('resources that come to the same labels', () => {
  const collect = () => {
    const metrics = createTestMetrics({ exemplarsMax: 1 })
    for (const [index, instance] of ['1', '2', '3'].entries()) {
      metrics.setSeconds(100 - index)
      metrics.consume([
        createGroup({ 'service.name': 's', 'service.instance.id': instance }, [
          createSpan({ durationNanos: BigInt(index) * 50_000_000n }),
        ]),
      ])
    }
    return metrics.collect()
  }

  test.each(['openmetrics', 'prometheus'] as const)('are summed in %s', (format) => {
    const { samples } = parseExposition(renderMetrics(collect(), format), format)
    const read = (name: string) => samples.filter((it) => it.name.endsWith(name))

    expect(read('_total').map(({ value }) => value)).toEqual([3])
    expect(read('_bucket').map(({ value }) => value)).toEqual([1, 1, 3, 3])
    expect(read('_sum').map(({ value }) => value)).toEqual([150])
    expect(read('_count').map(({ value }) => value)).toEqual([3])
  })

  test('began when the first of them did', () => {
    const { samples } = parseExposition(renderMetrics(collect(), 'openmetrics'), 'openmetrics')

    expect(samples.filter(({ name }) => name.endsWith('_created'))).toMatchObject([
      { value: 98 },
      { value: 98 },
    ])
  })

  test('refuse to be summed over different bounds, for the result would be a lie', () => {
    const collectWith = (bound: number) => {
      const metrics = createTestMetrics({ histogram: { unit: 'ms', bounds: [bound] } })
      metrics.consume([createGroup({ 'service.name': 's' }, [createSpan()])])
      return metrics.collect()
    }

    expect(() => renderMetrics([...collectWith(1), ...collectWith(2)], 'prometheus')).toThrow(
      /expected one list of bounds, got two/,
    )
  })
})

test('the order of series does not depend on which resource was seen last', () => {
  const render = (...services: readonly string[]) => {
    const metrics = createTestMetrics()
    for (const name of services) {
      metrics.consume([createGroup({ 'service.name': name }, [createSpan()])])
    }
    return renderMetrics(metrics.collect(), 'prometheus')
  }

  expect(render('b', 'a')).toBe(render('a', 'b'))
})

describe('exemplars', () => {
  test('stand on the bucket they belong to, the last seen one of each', () => {
    const metrics = createTestMetrics({ exemplarsMax: 5 })
    const millis = [1, 2, 10, 10.5, 100, 200]
    metrics.setSeconds(50)
    for (const [index, duration] of millis.entries()) {
      if (index === 5) metrics.flush()
      metrics.consume([
        createGroup({ 'service.name': 's' }, [
          createSpan({
            durationNanos: BigInt(duration * 1e6),
            spanId: `${index}`.padStart(16, '0'),
          }),
        ]),
      ])
    }
    const text = renderMetrics(metrics.collect(), 'openmetrics')
    const buckets = parseExposition(text, 'openmetrics').samples.filter(({ name }) =>
      name.endsWith('_bucket'),
    )

    expect(buckets.map(({ labels: it, exemplar }) => [it.le, exemplar?.value])).toEqual([
      ['2.0', 2],
      ['10.0', 10],
      ['100.0', 100],
      ['+Inf', 200],
    ])
    expect(buckets[0]?.exemplar?.labels).toEqual({
      trace_id: '0af7651916cd43dd8448eb211c80319c',
      span_id: '0000000000000001',
    })
    expect(buckets[0]?.exemplar?.seconds).toBe(50)
  })

  test('of exactly a bound stand on that bucket and on no other', () => {
    const metrics = createTestMetrics({ exemplarsMax: 5 })
    metrics.consume([
      createGroup({ 'service.name': 's' }, [createSpan({ durationNanos: 2_000_000n })]),
    ])
    const { samples } = parseExposition(
      renderMetrics(metrics.collect(), 'openmetrics'),
      'openmetrics',
    )

    expect(
      samples.filter(({ labels: it, exemplar }) => it.le && exemplar).map((it) => it.labels.le),
    ).toEqual(['2.0'])
  })

  test('whose labels are longer than 128 characters are left out', () => {
    const metrics = createTestMetrics({ exemplarsMax: 5 })
    metrics.consume([
      createGroup({ 'service.name': 's' }, [createSpan({ traceId: 'a'.repeat(98) })]),
    ])

    const { samples } = parseExposition(
      renderMetrics(metrics.collect(), 'openmetrics'),
      'openmetrics',
    )
    expect(samples.every(({ exemplar }) => exemplar === undefined)).toBe(true)
  })
})

describe('labels', () => {
  const point = (attributes: readonly Attribute[], value = 1n): NumberPoint => ({
    attributes,
    startNanos: 0n,
    timeNanos: toNanos(1),
    flags: 0,
    value,
    exemplars: [],
  })
  const group = (points: readonly NumberPoint[], part: Partial<Metric> = {}): ResourceMetrics => ({
    resource: { attributes: [], droppedAttributesCount: 0 },
    schemaUrl: '',
    scopes: [
      {
        scope: { name: '', version: '', attributes: [], droppedAttributesCount: 0 },
        schemaUrl: '',
        items: [
          {
            name: 'x',
            description: '',
            unit: '',
            metadata: [],
            data: { type: 'sum', points, temporality: Temporality.cumulative, isMonotonic: true },
            ...part,
          },
        ],
      },
    ],
  })
  const renderLine = (attributes: TestAttributes) =>
    renderMetrics([group([point(toAttributes(attributes))])], 'prometheus').split('\n')[1]

  test.each<[string, TestAttributes, string]>([
    ['dots become underscores', { 'a.b.c': 'v' }, 'x_total{a_b_c="v"} 1'],
    ['runs of others become one', { 'a.-_ä b': 'v' }, 'x_total{a_b="v"} 1'],
    ['a digit gets a word before it', { '1a': 'v' }, 'x_total{key_1a="v"} 1'],
    ['a reserved name loses its underscores', { __name__: 'v' }, 'x_total{_name_="v"} 1'],
    ['a name of nothing usable is left out', { '…': 'v' }, 'x_total 1'],
    ['an empty value is left out', { a: '', b: null }, 'x_total 1'],
    ['two that collide are joined', { a_b: '2', 'a.b': '1' }, 'x_total{a_b="1;2"} 1'],
    [
      'other types are written as text',
      { a: 200n, b: true, c: 0.5 },
      'x_total{a="200",b="true",c="0.5"} 1',
    ],
    [
      'quotes, backslashes and newlines are escaped',
      { a: 'q"b\\n\n' },
      'x_total{a="q\\"b\\\\n\\n"} 1',
    ],
    [
      'NUL and half a surrogate pair are replaced',
      { a: '\0\ud800x' },
      'x_total{a="\ufffd\ufffdx"} 1',
    ],
  ])('%s', (_, attributes, line) => {
    expect(renderLine(attributes)).toBe(line)
  })

  test('a histogram with an attribute le keeps its buckets apart from it', () => {
    const metrics = createTestMetrics({ dimensions: [{ name: 'le', default: null }] })
    metrics.consume([
      createGroup({ 'service.name': 's' }, [createSpan({ attributes: { le: '2.0' } })]),
    ])

    const text = renderMetrics(metrics.collect(), 'openmetrics')

    expect(text).toContain('exported_le="2.0",le="2.0"')
    expect(() => parseExposition(text, 'openmetrics')).not.toThrow()
  })

  test('texts that only differ in what cannot be written are one series', () => {
    const text = renderMetrics(
      [group([point(toAttributes({ a: '\0' })), point(toAttributes({ a: '\ud800' }))])],
      'openmetrics',
    )

    expect(parseExposition(text, 'openmetrics').samples[0]).toMatchObject({ value: 2 })
  })

  test('help is one line, escaped', () => {
    const help = group([point([])], { description: 'a "b"\\\nc' })

    expect(renderMetrics([help], 'openmetrics')).toContain('# HELP x a \\"b\\"\\\\\\nc\n')
    expect(renderMetrics([help], 'prometheus')).toContain('# HELP x_total a "b"\\\\\\nc\n')
  })

  test('a sum that may fall is a gauge', () => {
    const data = {
      type: 'sum',
      points: [point([], -5n)],
      temporality: Temporality.cumulative,
      isMonotonic: false,
    } as const

    expect(renderMetrics([group([], { data })], 'prometheus')).toBe('# TYPE x gauge\nx -5\n')
  })

  test('a delta is left out, for it would be taken for a total', () => {
    const data = {
      type: 'sum',
      points: [point([])],
      temporality: Temporality.delta,
      isMonotonic: true,
    } as const

    expect(renderMetrics([group([], { data })], 'prometheus')).toBe('')
  })

  test('one name for two types cannot be listed', () => {
    const data = { type: 'gauge', points: [point([])] } as const

    expect(() => renderMetrics([group([point([])]), group([], { data })], 'prometheus')).toThrow(
      'x: expected one type, got a counter and a gauge',
    )
  })
})

test('whatever spans are called and carry, the exposition reads back', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({
      unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
    }),
    fc.constantFrom('\n', '"', '\\', '\\n', '\0', '\ud800', '\udc00', '\u2028', '\r', '# EOF', '}'),
  )
  const span = fc
    .record({ name: text, attributes: fc.record({ 'a.b': text, a_b: text, le: text }) })
    .map(createSpan)
  const names = ['a.b', 'a_b', 'le']

  fc.assert(
    fc.property(fc.array(span, { minLength: 1, maxLength: 10 }), text, (spans, service) => {
      const metrics = createTestMetrics({
        exemplarsMax: 5,
        dimensions: names.map((name) => ({ name, default: null })),
      })
      metrics.consume([createGroup({ 'service.name': service }, spans)])

      for (const format of ['openmetrics', 'prometheus'] as const) {
        const { samples } = parseExposition(renderMetrics(metrics.collect(), format), format)
        const total = samples
          .filter(({ name }) => name.endsWith('_total'))
          .reduce((sum, { value }) => sum + value, 0)

        expect(total).toBe(spans.length)
      }
    }),
  )
})
