import { describe, expect, test } from 'vitest'
import { parseTelemetrySettings } from './settings.ts'

describe('parseTelemetrySettings', () => {
  test('without variables it has defaults', () => {
    const signal = {
      exporter: 'otlp',
      headers: {},
      timeoutMillis: 800,
      delayMillis: 1000,
      queueMax: 2048,
      batchMax: 128,
    }
    expect(parseTelemetrySettings({})).toEqual({
      disabled: false,
      serviceName: 'todo-api',
      resourceAttributes: {},
      traces: { ...signal, url: 'http://localhost:4318/v1/traces' },
      logs: { ...signal, url: 'http://localhost:4318/v1/logs' },
      sampler: { root: 'always_on', parentBased: true, ratio: 1 },
    })
  })

  test('a variable that is empty or blank counts as not set', () => {
    const blank = {
      OTEL_SDK_DISABLED: '',
      OTEL_SERVICE_NAME: ' ',
      OTEL_RESOURCE_ATTRIBUTES: ' , ',
      OTEL_EXPORTER_OTLP_ENDPOINT: '',
      OTEL_EXPORTER_OTLP_TIMEOUT: '',
      OTEL_TRACES_SAMPLER: '',
    }
    expect(parseTelemetrySettings(blank)).toEqual(parseTelemetrySettings({}))
  })

  test('a binding may be a number or a boolean, as in wrangler.toml; others are no variables', () => {
    const settings = parseTelemetrySettings({
      OTEL_SDK_DISABLED: true,
      OTEL_EXPORTER_OTLP_TIMEOUT: 500,
      OTEL_SERVICE_NAME: { fetch() {} },
      OTEL_TRACES_SAMPLER: undefined,
    })
    expect(settings).toMatchObject({
      disabled: true,
      serviceName: 'todo-api',
      traces: { timeoutMillis: 500 },
    })
  })
})

describe('OTEL_SDK_DISABLED', () => {
  test.each(['true', 'TRUE', ' True '])('%j switches telemetry off', (value) => {
    expect(parseTelemetrySettings({ OTEL_SDK_DISABLED: value }).disabled).toBe(true)
  })

  test.each(['false', '1', 'yes'])(
    '%j does not: only true does, says the specification',
    (value) => {
      expect(parseTelemetrySettings({ OTEL_SDK_DISABLED: value }).disabled).toBe(false)
    },
  )
})

describe('the name of the service', () => {
  test('is OTEL_SERVICE_NAME, even when the resource attributes say another', () => {
    expect(
      parseTelemetrySettings({
        OTEL_SERVICE_NAME: 'by-name',
        OTEL_RESOURCE_ATTRIBUTES: 'service.name=by-attribute',
      }).serviceName,
    ).toBe('by-name')
  })

  test('is else that of the resource attributes', () => {
    expect(
      parseTelemetrySettings({ OTEL_RESOURCE_ATTRIBUTES: 'service.name=by-attribute' }).serviceName,
    ).toBe('by-attribute')
  })
})

describe('OTEL_RESOURCE_ATTRIBUTES', () => {
  test('are pairs between commas, percent-encoded, with blanks around them', () => {
    expect(
      parseTelemetrySettings({
        OTEL_RESOURCE_ATTRIBUTES:
          'team=blue , place=K%C3%B6ln%2C%20DE,empty=,equals=a=b,__proto__=x',
      }).resourceAttributes,
    ).toEqual(
      Object.fromEntries([
        ['team', 'blue'],
        ['place', 'Köln, DE'],
        ['empty', ''],
        ['equals', 'a=b'],
        ['__proto__', 'x'],
      ]),
    )
  })

  test.each(['team', '=blue', 'a=1,b', 'a=%zz', '%zz=a'])('%j is refused', (value) => {
    expect(() => parseTelemetrySettings({ OTEL_RESOURCE_ATTRIBUTES: value })).toThrow(
      /^OTEL_RESOURCE_ATTRIBUTES: expected name=value pairs between commas, percent-encoded, got something else as number [12]$/,
    )
  })
})

describe('the endpoint', () => {
  test.each([
    ['http://collector:4318', 'http://collector:4318/v1/traces'],
    ['http://collector:4318/', 'http://collector:4318/v1/traces'],
    ['https://example.com/otlp', 'https://example.com/otlp/v1/traces'],
    ['https://example.com/otlp/?k=v', 'https://example.com/otlp/v1/traces?k=v'],
  ])('%s gets the path of the signal', (endpoint, url) => {
    expect(parseTelemetrySettings({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }).traces.url).toBe(url)
  })

  test("a signal's own is taken as it is, and leaves the other signal alone", () => {
    const settings = parseTelemetrySettings({
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://common:4318',
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://own:4318/spans',
      OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'http://logs:4318',
    })
    expect(settings.traces.url).toBe('http://own:4318/spans')
    expect(settings.logs.url).toBe('http://logs:4318/')
  })

  test.each([
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', '/v1'],
    ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'grpc://collector:4317'],
  ])('%s is refused when it is %s', (name, value) => {
    expect(() => parseTelemetrySettings({ [name]: value })).toThrow(
      `${name}: expected an http:// or https:// URL, got "${value}"`,
    )
  })
})

describe('headers', () => {
  test('those of a signal are added to the common ones and win over them', () => {
    const settings = parseTelemetrySettings({
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Basic%20dXNlcg==,x-scope=common',
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'x-scope=traces',
    })
    expect(settings.traces.headers).toEqual({
      authorization: 'Basic dXNlcg==',
      'x-scope': 'traces',
    })
    expect(settings.logs.headers).toEqual({ authorization: 'Basic dXNlcg==', 'x-scope': 'common' })
  })

  test.each([
    ['s3cr3t', 'expected name=value pairs between commas'],
    ['a=s3cr3t%zz', 'expected name=value pairs between commas'],
    ['x-key=s3cr3t%0d%0aInjected: 1', 'expected a value that a header may have for x-key'],
    ['x-key=s3cr3t%E2%82%AC', 'expected a value that a header may have for x-key'],
  ])('%s is refused without being repeated, for it is secret', (value, message) => {
    const parse = () => parseTelemetrySettings({ OTEL_EXPORTER_OTLP_HEADERS: value })
    expect(parse).toThrow(`OTEL_EXPORTER_OTLP_HEADERS: ${message}`)
    expect(parse).not.toThrow('s3cr3t')
  })

  test('a name that no header may have is refused', () => {
    expect(() =>
      parseTelemetrySettings({ OTEL_EXPORTER_OTLP_LOGS_HEADERS: 'not%20a%20name=x' }),
    ).toThrow('OTEL_EXPORTER_OTLP_LOGS_HEADERS: expected names of headers, got "not a name"')
  })
})

describe('the protocol', () => {
  test('http/json is the one there is', () => {
    expect(() => parseTelemetrySettings({ OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' })).not.toThrow()
  })

  test.each(['OTEL_EXPORTER_OTLP_PROTOCOL', 'OTEL_EXPORTER_OTLP_LOGS_PROTOCOL'])(
    '%s names itself when it asks for another',
    (name) => {
      expect(() => parseTelemetrySettings({ [name]: 'grpc' })).toThrow(
        `${name}: expected http/json, the one that works on every runtime, got "grpc"`,
      )
    },
  )

  test("a signal's own counts before the common one", () => {
    expect(() =>
      parseTelemetrySettings({
        OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
        OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/json',
        OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: 'http/json',
      }),
    ).not.toThrow()
  })
})

describe('the exporter', () => {
  test('none keeps one signal inside', () => {
    const settings = parseTelemetrySettings({ OTEL_LOGS_EXPORTER: 'none' })
    expect([settings.traces.exporter, settings.logs.exporter]).toEqual(['otlp', 'none'])
  })

  test('another than otlp and none is refused', () => {
    expect(() => parseTelemetrySettings({ OTEL_TRACES_EXPORTER: 'zipkin' })).toThrow(
      'OTEL_TRACES_EXPORTER: expected one of otlp, none, got "zipkin"',
    )
  })
})

describe('numbers', () => {
  test("a signal's own time-out counts before the common one", () => {
    const settings = parseTelemetrySettings({
      OTEL_EXPORTER_OTLP_TIMEOUT: '2000',
      OTEL_EXPORTER_OTLP_LOGS_TIMEOUT: '300',
    })
    expect([settings.traces.timeoutMillis, settings.logs.timeoutMillis]).toEqual([2000, 300])
  })

  test('each signal has its own delay, queue and batch', () => {
    const settings = parseTelemetrySettings({
      OTEL_BSP_SCHEDULE_DELAY: '0',
      OTEL_BSP_MAX_QUEUE_SIZE: '100',
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '10',
      OTEL_BLRP_SCHEDULE_DELAY: '5',
      OTEL_BLRP_MAX_QUEUE_SIZE: '7',
      OTEL_BLRP_MAX_EXPORT_BATCH_SIZE: '6',
    })
    expect(settings.traces).toMatchObject({ delayMillis: 0, queueMax: 100, batchMax: 10 })
    expect(settings.logs).toMatchObject({ delayMillis: 5, queueMax: 7, batchMax: 6 })
  })

  test('a batch is never larger than the queue', () => {
    expect(parseTelemetrySettings({ OTEL_BSP_MAX_QUEUE_SIZE: '5' }).traces.batchMax).toBe(5)
  })

  test.each([
    ['OTEL_EXPORTER_OTLP_TIMEOUT', 1, 600_000],
    ['OTEL_EXPORTER_OTLP_TRACES_TIMEOUT', 1, 600_000],
    ['OTEL_BSP_SCHEDULE_DELAY', 0, 600_000],
    ['OTEL_BLRP_SCHEDULE_DELAY', 0, 600_000],
    ['OTEL_BSP_MAX_QUEUE_SIZE', 1, 1_000_000],
    ['OTEL_BLRP_MAX_EXPORT_BATCH_SIZE', 1, 1_000_000],
  ])('%s is a whole number from %i to %i', (name, min, max) => {
    for (const value of [`${min}`, `${max}`])
      expect(() => parseTelemetrySettings({ [name]: value })).not.toThrow()
    for (const value of [`${min - 1}`, `${max + 1}`, '1.5', '1e3', '0x10', 'soon', '-1'])
      expect(() => parseTelemetrySettings({ [name]: value })).toThrow(
        `${name}: expected a whole number from ${min} to ${max}, got "${value}"`,
      )
  })
})

describe('the sampler', () => {
  test.each([
    ['always_on', { root: 'always_on', parentBased: false, ratio: 1 }],
    ['always_off', { root: 'always_off', parentBased: false, ratio: 0 }],
    ['traceidratio', { root: 'traceidratio', parentBased: false, ratio: 0.25 }],
    ['parentbased_always_on', { root: 'always_on', parentBased: true, ratio: 1 }],
    ['parentbased_always_off', { root: 'always_off', parentBased: true, ratio: 0 }],
    ['parentbased_traceidratio', { root: 'traceidratio', parentBased: true, ratio: 0.25 }],
  ])('%s', (name, sampler) => {
    const variables = { OTEL_TRACES_SAMPLER: name, OTEL_TRACES_SAMPLER_ARG: '0.25' }
    expect(parseTelemetrySettings(variables).sampler).toEqual(sampler)
  })

  test('a ratio is all when it is not given', () => {
    expect(parseTelemetrySettings({ OTEL_TRACES_SAMPLER: 'traceidratio' }).sampler.ratio).toBe(1)
  })

  test('an unknown name is refused', () => {
    expect(() => parseTelemetrySettings({ OTEL_TRACES_SAMPLER: 'sometimes' })).toThrow(
      'OTEL_TRACES_SAMPLER: expected one of always_on, always_off, traceidratio, parentbased_always_on, parentbased_always_off, parentbased_traceidratio, got "sometimes"',
    )
  })

  test.each(['1.01', '-0.1', 'half', 'NaN'])('a ratio of %s is refused', (value) => {
    expect(() =>
      parseTelemetrySettings({
        OTEL_TRACES_SAMPLER: 'traceidratio',
        OTEL_TRACES_SAMPLER_ARG: value,
      }),
    ).toThrow(`OTEL_TRACES_SAMPLER_ARG: expected a number from 0 to 1, got "${value}"`)
  })

  test('what is quoted of a wrong value is bounded', () => {
    expect(() => parseTelemetrySettings({ OTEL_TRACES_SAMPLER: 'x'.repeat(1000) })).toThrow(
      /got "x{80}"$/,
    )
  })
})
