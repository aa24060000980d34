import { describe, expect, test } from 'vitest'
import { parse, validConfig, withConnector, withHttp } from '../testing/valid-config.ts'
import { readCollectorConfig } from './read-collector-config.ts'

describe("the repository's own collector.yaml", () => {
  const config = readCollectorConfig('observability/stack/collector.yaml', {})

  test('has the buckets of the telemetry contract', () => {
    expect(config.spanMetrics.histogram).toEqual({
      unit: 's',
      bounds: [
        0.0005, 0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15,
        0.2, 0.3, 0.5, 0.75, 1, 2.5, 5, 10,
      ],
    })
  })

  test('has its dimensions', () => {
    expect(config.spanMetrics.dimensions.map(({ name }) => name)).toEqual([
      'hono.runtime.name',
      'http.request.method',
      'http.route',
      'http.response.status_code',
      'db.system.name',
      'db.operation.name',
      'db.collection.name',
    ])
    expect(config.spanMetrics.excludeDimensions).toEqual(['collector.instance.id'])
  })

  test('has its names', () => {
    expect(config.spanMetrics.namespace).toBe('traces.spanmetrics')
    expect(config.metricRenames).toEqual([
      { type: 'name', from: 'traces.spanmetrics.duration', to: 'traces.spanmetrics.latency' },
      { type: 'unit', metric: 'traces.spanmetrics.latency', unit: '' },
      { type: 'attribute', from: 'service.name', to: 'service' },
    ])
  })

  test('listens on this machine alone, unless the environment says otherwise', () => {
    const elsewhere = readCollectorConfig('observability/stack/collector.yaml', {
      COLLECTOR_HOST: '0.0.0.0',
    })

    expect(config.endpoint).toEqual({ host: '127.0.0.1', port: 4318 })
    expect(elsewhere.endpoint).toEqual({ host: '0.0.0.0', port: 4318 })
    expect(config.bodyBytesMax).toBe(8 * 1024 * 1024)
  })
})

describe('what is not written', () => {
  test('reads as the connector of 0.165 has it', () => {
    const { spanMetrics } = parse(withConnector(''))

    expect(spanMetrics).toMatchObject({
      namespace: 'traces.span.metrics',
      dimensions: [],
      callsDimensions: [],
      histogramDimensions: [],
      excludeDimensions: [],
      exemplarsMax: 0,
      flushIntervalMillis: 60_000,
      metricsExpirationNanos: 0n,
      seriesExpirationNanos: 0n,
      resourcesMax: 1000,
      resourceKeyAttributes: [],
      aggregationCardinalityLimit: 0,
    })
    expect(spanMetrics.histogram).toEqual({
      unit: 'ms',
      bounds: [2, 4, 6, 8, 10, 50, 100, 200, 400, 800, 1000, 1400, 2000, 5000, 10000, 15000],
    })
  })

  test('reads as the OTLP receiver has it', () => {
    expect(parse(withHttp(''))).toMatchObject({
      endpoint: { host: 'localhost', port: 4318 },
      bodyBytesMax: 20_971_520,
      corsAllowedOrigins: [],
    })
  })

  test('the default buckets in seconds are the same durations', () => {
    const { spanMetrics } = parse(withConnector('histogram: { unit: S }'))

    expect(spanMetrics.histogram).toMatchObject({ unit: 's' })
    expect(spanMetrics.histogram?.bounds.slice(0, 3)).toEqual([0.002, 0.004, 0.006])
    expect(spanMetrics.histogram?.bounds.at(-1)).toBe(15)
  })

  test.each(['explicit: {}', 'explicit: { buckets: [] }', 'explicit: { buckets: }'])(
    'no buckets at all (%s) are no bounds, not the default ones',
    (histogram) => {
      expect(
        parse(withConnector(`histogram: { ${histogram} }`)).spanMetrics.histogram?.bounds,
      ).toEqual([])
    },
  )

  test('a setting without a value is as good as none', () => {
    const settings = [
      'namespace',
      'dimensions',
      'histogram',
      'exemplars',
      'events',
      'metrics_expiration',
    ]

    expect(parse(withConnector(settings.map((name) => `${name}:`).join('\n')))).toEqual(
      parse(withConnector('')),
    )
  })
})

describe('what is written', () => {
  test('every implemented setting arrives', () => {
    const { spanMetrics } = parse(
      withConnector(`namespace: ""
dimensions: [{ name: a }, { name: b, default: none }]
calls_dimensions: [{ name: c }]
exclude_dimensions: [span.name]
histogram:
  unit: ms
  explicit: { buckets: [0s, 0.5ms, 7500us, 1m] }
  dimensions: [{ name: d }]
exemplars: { enabled: true, max_per_data_point: 7 }
aggregation_temporality: AGGREGATION_TEMPORALITY_CUMULATIVE
metrics_flush_interval: 1.5s
metrics_expiration: 1h
series_expiration: 1m30s
resource_metrics_cache_size: 12
resource_metrics_key_attributes: [service.name]
aggregation_cardinality_limit: 34
dimensions_cache_size: 56
metric_timestamp_cache_size: 78
events: { enabled: false, dimensions: [{ name: e }] }
include_instrumentation_scope: []
add_resource_attributes: false
enable_metrics_sampling_method: false`),
    )

    expect(spanMetrics).toMatchObject({
      namespace: '',
      dimensions: [
        { name: 'a', default: null },
        { name: 'b', default: 'none' },
      ],
      callsDimensions: [{ name: 'c', default: null }],
      histogramDimensions: [{ name: 'd', default: null }],
      excludeDimensions: ['span.name'],
      histogram: { unit: 'ms', bounds: [0, 0.5, 7.5, 60_000] },
      exemplarsMax: 7,
      flushIntervalMillis: 1_500,
      metricsExpirationNanos: 3_600_000_000_000n,
      seriesExpirationNanos: 90_000_000_000n,
      resourcesMax: 12,
      resourceKeyAttributes: ['service.name'],
      aggregationCardinalityLimit: 34,
    })
  })

  test('a disabled histogram is none', () => {
    expect(parse(withConnector('histogram: { disable: true }')).spanMetrics.histogram).toBeNull()
  })

  test('exemplars that are not enabled are none, whatever their number', () => {
    const { spanMetrics } = parse(withConnector('exemplars: { max_per_data_point: 9 }'))

    expect(spanMetrics.exemplarsMax).toBe(0)
  })

  test.each(['spanmetrics', 'span_metrics/web', 'spanmetrics/web'])(
    'the connector may be called %s',
    (name) => {
      expect(parse(validConfig.replaceAll('span_metrics', name)).spanMetrics.namespace).toBe('n')
    },
  )

  test.each([
    ['endpoint: 0.0.0.0:1', { host: '0.0.0.0', port: 1 }],
    ['endpoint: ":4318"', { host: '', port: 4318 }],
    ['endpoint: "[::1]:0"', { host: '::1', port: 0 }],
    ['endpoint: collector.example:65535', { host: 'collector.example', port: 65_535 }],
  ])('%s is understood', (setting, endpoint) => {
    expect(parse(withHttp(setting)).endpoint).toEqual(endpoint)
  })

  test('allowed origins arrive as they are written', () => {
    const text = withHttp(
      'cors: { allowed_origins: ["http://localhost:*"], allowed_headers: ["*"] }',
    )

    expect(parse(text).corsAllowedOrigins).toEqual(['http://localhost:*'])
  })

  test('a body size of 0 is the default, as in the Collector', () => {
    expect(parse(withHttp('max_request_body_size: 0')).bodyBytesMax).toBe(20_971_520)
  })

  test('an anchor may be used more than once', () => {
    const { spanMetrics } = parse(
      withConnector('dimensions: &d [{ name: a }]\ncalls_dimensions: *d'),
    )

    expect(spanMetrics.callsDimensions).toEqual(spanMetrics.dimensions)
  })
})
