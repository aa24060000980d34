// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the Collector's references look like templates
import { describe, expect, test } from 'vitest'
import { readRefusal, validConfig, withConnector, withHttp } from '../testing/valid-config.ts'
import { ConfigError } from './config-error.ts'
import { readCollectorConfig } from './read-collector-config.ts'

const advice =
  'is not implemented by the embedded collector; remove it, or use the OpenTelemetry Collector (see README)'

describe('settings of the connector that are not implemented', () => {
  const at = 'c.yaml:15:5: connectors.span_metrics'

  test.each([
    [
      'events: { enabled: true, dimensions: [{ name: a }] }',
      `c.yaml:15:15: connectors.span_metrics.events.enabled: true ${advice}`,
    ],
    [
      'aggregation_temporality: AGGREGATION_TEMPORALITY_DELTA',
      `${at}.aggregation_temporality: "AGGREGATION_TEMPORALITY_DELTA" ${advice}`,
    ],
    [
      'histogram: { exponential: { max_size: 100 } }',
      `c.yaml:15:18: connectors.span_metrics.histogram.exponential: an exponential histogram ${advice}`,
    ],
    [
      'dimensions: [{ glob: "http.*" }]',
      `c.yaml:15:20: connectors.span_metrics.dimensions[0].glob: "http.*" ${advice}`,
    ],
    [
      'include_instrumentation_scope: [hono]',
      `${at}.include_instrumentation_scope: a list of 1 ${advice}`,
    ],
    ['add_resource_attributes: true', `${at}.add_resource_attributes: true ${advice}`],
    [
      'enable_metrics_sampling_method: true',
      `${at}.enable_metrics_sampling_method: true ${advice}`,
    ],
  ])('%s', (settings, message) => {
    expect(readRefusal(withConnector(settings))).toBe(message)
  })
})

describe('settings of the connector that nobody can use', () => {
  const at = 'c.yaml:15:5: connectors.span_metrics'
  const duration = 'expected a duration of at least 0 with its unit, such as 15s or 7500us'

  test.each([
    ['dimension: []', `${at}.dimension: unknown setting; did you mean dimensions?`],
    ['Namespace: x', `${at}.Namespace: unknown setting; did you mean namespace?`],
    [
      'histogram: { buckets: [] }',
      'c.yaml:15:18: connectors.span_metrics.histogram.buckets: unknown setting; expected one of disable, unit, explicit, exponential, dimensions',
    ],
    [
      '__proto__: {}',
      expect.stringMatching(
        /^c\.yaml:15:5: connectors\.span_metrics\.__proto__: unknown setting; expected one of namespace, /,
      ),
    ],
    ['namespace: 5', `${at}.namespace: expected a text, got 5`],
    ['namespace: [a]', `${at}.namespace: expected a text, got a list of 1`],
    ['dimensions: http.route', `${at}.dimensions: expected a list, got "http.route"`],
    [
      'dimensions: [http.route]',
      'c.yaml:15:18: connectors.span_metrics.dimensions[0]: expected a map, got "http.route"',
    ],
    [
      'dimensions: [{ default: x }]',
      'c.yaml:15:18: connectors.span_metrics.dimensions[0]: expected a name, got none',
    ],
    [
      'dimensions: [{ name: "" }]',
      'c.yaml:15:18: connectors.span_metrics.dimensions[0]: expected a name, got none',
    ],
    [
      'dimensions: [{ name: a, default: 1 }]',
      'c.yaml:15:29: connectors.span_metrics.dimensions[0].default: expected a text, got 1',
    ],
    [
      'dimensions: [{ name: a }, { name: a }]',
      'c.yaml:15:33: connectors.span_metrics.dimensions[1].name: duplicate dimension "a"; remove one of them',
    ],
    [
      'dimensions: [{ name: span.kind }]',
      'c.yaml:15:20: connectors.span_metrics.dimensions[0].name: duplicate dimension "span.kind"; remove one of them',
    ],
    [
      'calls_dimensions: [{ name: collector.instance.id }]',
      'c.yaml:15:26: connectors.span_metrics.calls_dimensions[0].name: duplicate dimension "collector.instance.id"; remove one of them',
    ],
    [
      'histogram: { dimensions: [{ name: status.code }] }',
      'c.yaml:15:33: connectors.span_metrics.histogram.dimensions[0].name: duplicate dimension "status.code"; remove one of them',
    ],
    [
      'histogram: { unit: us }',
      'c.yaml:15:18: connectors.span_metrics.histogram.unit: expected ms or s, got "us"',
    ],
    [
      'histogram: { disable: "true" }',
      'c.yaml:15:18: connectors.span_metrics.histogram.disable: expected true or false, got "true"',
    ],
    [
      'histogram: { explicit: {}, exponential: {} }',
      'c.yaml:15:32: connectors.span_metrics.histogram.exponential: explicit and exponential exclude each other; keep explicit',
    ],
    [
      'histogram: { explicit: { buckets: [1ms, 5] } }',
      `c.yaml:15:45: connectors.span_metrics.histogram.explicit.buckets[1]: ${duration}, got 5`,
    ],
    [
      'histogram: { explicit: { buckets: [-1ms] } }',
      `c.yaml:15:40: connectors.span_metrics.histogram.explicit.buckets[0]: ${duration}, got "-1ms"`,
    ],
    [
      'histogram: { explicit: { buckets: [2ms, 1ms] } }',
      'c.yaml:15:45: connectors.span_metrics.histogram.explicit.buckets[1]: expected a bound above the one before it, got "1ms"',
    ],
    [
      'histogram: { explicit: { buckets: [1ms, 1000us] } }',
      'c.yaml:15:45: connectors.span_metrics.histogram.explicit.buckets[1]: expected a bound above the one before it, got "1000us"',
    ],
    [
      'exemplars: { enabled: true, max_per_data_point: -1 }',
      'c.yaml:15:33: connectors.span_metrics.exemplars.max_per_data_point: expected an integer from 0 to 1000, got -1',
    ],
    [
      'exemplars: { enabled: 1 }',
      'c.yaml:15:18: connectors.span_metrics.exemplars.enabled: expected true or false, got 1',
    ],
    [
      'aggregation_temporality: CUMULATIVE',
      `${at}.aggregation_temporality: expected AGGREGATION_TEMPORALITY_CUMULATIVE, got "CUMULATIVE"`,
    ],
    ['metrics_flush_interval: -15s', `${at}.metrics_flush_interval: ${duration}, got "-15s"`],
    ['metrics_flush_interval: 15', `${at}.metrics_flush_interval: ${duration}, got 15`],
    [
      'metrics_flush_interval: 0s',
      `${at}.metrics_flush_interval: expected a duration from 1ms to 24h, got "0s"`,
    ],
    [
      'metrics_flush_interval: 25h',
      `${at}.metrics_flush_interval: expected a duration from 1ms to 24h, got "25h"`,
    ],
    ['metrics_expiration: never', `${at}.metrics_expiration: ${duration}, got "never"`],
    ['series_expiration: -1ns', `${at}.series_expiration: ${duration}, got "-1ns"`],
    [
      'resource_metrics_cache_size: 0',
      `${at}.resource_metrics_cache_size: expected an integer from 1 to 100000, got 0`,
    ],
    [
      'resource_metrics_key_attributes: [1]',
      'c.yaml:15:39: connectors.span_metrics.resource_metrics_key_attributes[0]: expected a text, got 1',
    ],
    [
      'aggregation_cardinality_limit: -1',
      `${at}.aggregation_cardinality_limit: expected an integer from 0 to 2147483647, got -1`,
    ],
    [
      'aggregation_cardinality_limit: 1.5',
      `${at}.aggregation_cardinality_limit: expected an integer from 0 to 2147483647, got 1.5`,
    ],
    [
      'dimensions_cache_size: many',
      `${at}.dimensions_cache_size: expected an integer from -2147483647 to 2147483647, got "many"`,
    ],
    [`namespace: { a: ${'x'.repeat(100)} }`, `${at}.namespace: expected a text, got a map`],
    [
      `metrics_expiration: ${'x'.repeat(100)}`,
      `${at}.metrics_expiration: ${duration}, got "${'x'.repeat(59)}…`,
    ],
    ['<<: { namespace: a }', `${at}.<<: merge keys are not read here; write the settings out`],
    ['namespace: *nowhere', `${at}.namespace: *nowhere names no anchor above it`],
  ])('%s', (settings, message) => {
    expect(readRefusal(withConnector(settings))).toEqual(message)
  })

  test('more buckets than anyone can scrape', () => {
    const buckets = Array.from({ length: 201 }, (_, index) => `${index}ms`)

    expect(readRefusal(withConnector(`histogram: { explicit: { buckets: [${buckets}] } }`))).toBe(
      'c.yaml:15:18: connectors.span_metrics.histogram.explicit: expected at most 200 buckets, got 201',
    )
  })
})

describe('the receiver', () => {
  const at = 'c.yaml:5:9: receivers.otlp.protocols.http'

  test.each([
    [
      'endpoint: 4318',
      `${at}.endpoint: expected host:port, such as 127.0.0.1:4318 or [::1]:4318, got 4318`,
    ],
    [
      'endpoint: localhost',
      `${at}.endpoint: expected host:port, such as 127.0.0.1:4318 or [::1]:4318, got "localhost"`,
    ],
    [
      'endpoint: a:65536',
      `${at}.endpoint: expected host:port, such as 127.0.0.1:4318 or [::1]:4318, got "a:65536"`,
    ],
    [
      'endpoint: "http://a:1"',
      `${at}.endpoint: expected host:port, such as 127.0.0.1:4318 or [::1]:4318, got "http://a:1"`,
    ],
    [
      'max_request_body_size: -1',
      `${at}.max_request_body_size: expected an integer from 0 to 536870912, got -1`,
    ],
    [
      'max_request_body_size: 8MiB',
      `${at}.max_request_body_size: expected an integer from 0 to 536870912, got "8MiB"`,
    ],
    ['tls: { cert_file: a }', `${at}.tls: a map ${advice}`],
    ['keepalive: { idle_timeout: 1m }', `${at}.keepalive: a map ${advice}`],
    [
      'cors: { max_age: 5 }',
      `c.yaml:5:17: receivers.otlp.protocols.http.cors.max_age: 5 ${advice}`,
    ],
    [
      'cors: { allowed_origin: [] }',
      'c.yaml:5:17: receivers.otlp.protocols.http.cors.allowed_origin: unknown setting; did you mean allowed_origins?',
    ],
    ['max_request_size: 1', expect.stringContaining(`${at}.max_request_size: unknown setting; `)],
  ])('%s', (settings, message) => {
    expect(readRefusal(withHttp(settings))).toEqual(message)
  })

  test('without HTTP there is nothing to listen on', () => {
    expect(readRefusal(validConfig.replace('http:', 'grpc:'))).toBe(
      'c.yaml:3:5: receivers.otlp.protocols: expected http, the one protocol that the embedded collector speaks',
    )
  })
})

describe('pipelines', () => {
  const change = (from: string, to: string) => readRefusal(validConfig.replace(from, to))

  test.each([
    [
      'exporters: [debug, span_metrics]',
      'exporters: [debug]',
      'c.yaml:19:3: service.pipelines: expected one traces pipeline with span_metrics among its exporters, got none',
    ],
    [
      'receivers: [span_metrics]',
      'receivers: [otlp]',
      'c.yaml:19:3: service.pipelines: expected one metrics pipeline with span_metrics as its receiver, got none',
    ],
    [
      'receivers: [span_metrics]',
      'receivers: [span_metrics, otlp]',
      'c.yaml:24:5: service.pipelines.metrics/spans: expected the span metrics alone, got otlp as well; give it a pipeline of its own',
    ],
    [
      'processors: [transform/names]',
      'processors: [filter/x]',
      `c.yaml:26:20: service.pipelines.metrics/spans.processors[0]: "filter/x" ${advice}`,
    ],
    [
      'processors: [transform/names]',
      'processors: [transform/other]',
      'c.yaml:26:20: service.pipelines.metrics/spans.processors[0]: transform/other is not defined under processors',
    ],
    [
      'processors: [batch]',
      'processors: [tail_sampling]',
      `c.yaml:22:20: service.pipelines.traces.processors[0]: tail_sampling before the span metrics ${advice}`,
    ],
    [
      'receivers: [otlp]',
      'receivers: [zipkin]',
      'c.yaml:20:5: service.pipelines.traces: expected an otlp receiver, got none',
    ],
    [
      'receivers: [otlp]',
      'receivers: [otlp/two]',
      'c.yaml:20:5: service.pipelines.traces: otlp/two is not defined under receivers',
    ],
    [
      '    metrics/spans:',
      '    metrics/more: { receivers: [span_metrics] }\n    metrics/spans:',
      'c.yaml:25:5: service.pipelines.metrics/spans: expected one metrics pipeline with span_metrics as its receiver, got a second one',
    ],
    ['  pipelines:', '  pipeline:', 'c.yaml:18:1: service: expected service.pipelines, got none'],
    [
      '    namespace: n',
      '    namespace: n\n  spanmetrics/b:',
      'c.yaml:16:3: connectors.spanmetrics/b: expected one span metrics connector, got a second one beside connectors.span_metrics',
    ],
    [
      '  span_metrics:',
      '  count:',
      'c.yaml:13:1: connectors: expected a span_metrics connector, got none',
    ],
    ['connectors:', 'connector:', 'c.yaml:1:1: expected connectors, got none'],
  ])('%s → %s', (from, to, message) => {
    expect(change(from, to)).toBe(message)
  })
})

describe('the file itself', () => {
  test('that is not there is named', () => {
    expect(() => readCollectorConfig('nowhere/collector.yaml')).toThrow(
      new ConfigError(
        'nowhere/collector.yaml: no such file; expected the configuration of the collector',
      ),
    )
  })

  test('that is a folder says why it cannot be read', () => {
    expect(() => readCollectorConfig('observability')).toThrow(
      'observability: cannot be read (EISDIR); expected the configuration of the collector',
    )
  })

  test.each([
    ['', 'c.yaml:1:1: expected a map, got nothing'],
    ['hello', 'c.yaml:1:1: expected a map, got "hello"'],
    ['a: [1, 2\nb: 3', expect.stringMatching(/^c\.yaml:2:1: not valid YAML: flow sequence /)],
    ['a: 1\na: 2', 'c.yaml:2:1: not valid YAML: map keys must be unique'],
    ['a:\n\t- b', 'c.yaml:2:1: not valid YAML: tabs are not allowed as indentation'],
    ['a: 1\n---\nb: 2', expect.stringMatching(/^c\.yaml:2:1: not valid YAML: /)],
    ['connectors: {? [a] : b}', 'c.yaml:1:1: connectors: expected a plain key'],
  ])('%#: %.20s', (text, message) => {
    expect(readRefusal(text)).toEqual(message)
  })

  test('that contains itself is refused', () => {
    expect(readRefusal(withConnector('dimensions: &d [*d]'))).toContain('names no anchor above it')
  })
})
