import { describe, expect, test } from 'vitest'
import { parseTelemetrySettings } from './settings.ts'

describe('parseTelemetrySettings', () => {
  test('without variables it has defaults', () => {
    const signal = {
      exporter: 'otlp',
      headers: {},
      compression: 'none',
      timeoutMillis: 800,
      delayMillis: 1000,
      queueMax: 1_000_000,
      batchMax: 512,
    }
    expect(parseTelemetrySettings({})).toEqual({
      disabled: false,
      serviceName: 'unknown_service',
      resourceAttributes: {},
      propagators: ['tracecontext', 'baggage'],
      traces: { ...signal, url: 'http://localhost:4318/v1/traces' },
      logs: { ...signal, url: 'http://localhost:4318/v1/logs' },
      sampler: { root: 'always_on', parentBased: true, ratio: 1 },
      limits: {
        spanAttributesMax: 128,
        spanAttributeCharactersMax: 4096,
        spanEventsMax: 128,
        spanLinksMax: 128,
        eventAttributesMax: 128,
        linkAttributesMax: 128,
        recordAttributesMax: 128,
        recordAttributeCharactersMax: 4096,
      },
      warnings: [],
    })
  })

  test.each([
    ['OTEL_SDK_DISABLED', '1', 'true or false', 'false'],
    [
      'OTEL_EXPORTER_OTLP_PROTOCOL',
      'grpc',
      'http/protobuf, the one that every runtime has here',
      '',
    ],
    ['OTEL_EXPORTER_OTLP_LOGS_PROTOCOL', 'http/json', 'http/protobuf', 'http/protobuf'],
    ['OTEL_EXPORTER_OTLP_COMPRESSION', 'zstd', 'one of gzip, none', 'none'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318', 'an http:// or https:// URL', ''],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', '/v1', 'an http:// or https:// URL', ''],
    [
      'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
      'grpc://collector:4317',
      'an http:// or https:// URL',
      '',
    ],
    ['OTEL_EXPORTER_OTLP_TIMEOUT', '-1', 'milliseconds as a whole number', '800'],
    ['OTEL_EXPORTER_OTLP_TRACES_TIMEOUT', '1.5', 'milliseconds as a whole number', '800'],
    ['OTEL_BSP_EXPORT_TIMEOUT', 'soon', 'milliseconds as a whole number', '30000'],
    ['OTEL_BSP_SCHEDULE_DELAY', '1e3', 'a whole number from 0 to 2147483647', '1000'],
    ['OTEL_BLRP_MAX_QUEUE_SIZE', '0', 'a whole number from 1 to 1000000', '1000000'],
    ['OTEL_BLRP_MAX_EXPORT_BATCH_SIZE', '0x10', 'a whole number from 1', '512'],
    ['OTEL_TRACES_SAMPLER', 'sometimes', 'one of always_on, ', 'parentbased_always_on'],
    ['OTEL_TRACES_SAMPLER_ARG', '1.01', 'a number from 0 to 1', '1'],
    ['OTEL_TRACES_SAMPLER_ARG', 'half', 'a number from 0 to 1', '1'],
    ['OTEL_TRACES_EXPORTER', 'zipkin', 'some of otlp, none', 'otlp'],
    ['OTEL_PROPAGATORS', 'b3', 'some of tracecontext, baggage, none', 'tracecontext,baggage'],
    ['OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT', '-1', 'a whole number from 0', '128'],
    ['OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT', '0', 'a whole number from 1', '4096'],
  ])('%s=%s is warned about and counts as not set', (name, value, expected, used) => {
    const { warnings, ...settings } = parseTelemetrySettings({ [name]: value })
    const { warnings: _, ...defaults } = parseTelemetrySettings({})
    expect(settings).toEqual(defaults)
    expect(warnings).toHaveLength(1)
    expect(warnings[0]?.variable).toBe(name)
    expect(warnings[0]?.message.startsWith(`${name}: expected ${expected}`)).toBe(true)
    expect(warnings[0]?.message).toContain(`got "${value}"`)
    expect(warnings[0]?.message).toMatch(new RegExp(`; .*${used}.* is used instead$`))
  })

  test('words may be written in any case', () => {
    expect(
      parseTelemetrySettings({
        OTEL_SDK_DISABLED: 'False',
        OTEL_TRACES_SAMPLER: 'Always_Off',
        OTEL_LOGS_EXPORTER: 'NONE',
        OTEL_EXPORTER_OTLP_PROTOCOL: 'HTTP/Protobuf',
        OTEL_EXPORTER_OTLP_COMPRESSION: 'GZIP',
        OTEL_PROPAGATORS: 'TraceContext',
      }),
    ).toMatchObject({
      disabled: false,
      sampler: { root: 'always_off' },
      logs: { exporter: 'none', compression: 'gzip' },
      propagators: ['tracecontext'],
      warnings: [],
    })
  })

  test('what nothing here reads is named once, without its value', () => {
    expect(
      parseTelemetrySettings({
        OTEL_METRICS_EXPORTER: 'none',
        OTEL_EXPORTER_OTLP_CLIENT_KEY: 's3cr3t',
        OTEL_LOG_LEVEL: '',
        OTEL_DENO: 'true',
        OTHER: 'x',
      }).warnings.map(({ message }) => message),
    ).toEqual([
      'OTEL_METRICS_EXPORTER, OTEL_EXPORTER_OTLP_CLIENT_KEY: not used by this service; its documentation lists what is',
    ])
  })

  test('what is quoted of a wrong value is bounded', () => {
    const { warnings } = parseTelemetrySettings({ OTEL_TRACES_SAMPLER: 'x'.repeat(1000) })
    expect(warnings[0]?.message).toMatch(/got "x{80}"; /)
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
      serviceName: 'unknown_service',
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

  test.each(['team', '=blue', 'a=1,b', 'a=%zz', '%zz=a'])('%j is discarded as a whole', (value) => {
    const { resourceAttributes, warnings } = parseTelemetrySettings({
      OTEL_RESOURCE_ATTRIBUTES: value,
    })
    expect(resourceAttributes).toEqual({})
    expect(warnings.map(({ message }) => message)).toEqual([
      'OTEL_RESOURCE_ATTRIBUTES: expected name=value pairs between commas, percent-encoded, got something else; nothing is used instead',
    ])
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

  test("a signal's own that is no URL leaves the common one", () => {
    expect(
      parseTelemetrySettings({
        OTEL_EXPORTER_OTLP_ENDPOINT: 'http://common:4318',
        OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'common',
      }).traces.url,
    ).toBe('http://common:4318/v1/traces')
  })

  test('user and password become a header, for the signals that go there', () => {
    const { traces, logs, warnings } = parseTelemetrySettings({
      OTEL_EXPORTER_OTLP_ENDPOINT: 'https://us%40er:p%C3%A4ss@common/otlp',
      OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'https://other/logs',
    })
    expect(traces).toMatchObject({
      url: 'https://common/otlp/v1/traces',
      headers: { authorization: `Basic ${Buffer.from('us@er:päss').toString('base64')}` },
    })
    expect(logs).toMatchObject({ url: 'https://other/logs', headers: {} })
    expect(warnings).toEqual([])
  })

  test('a header that is set goes before user and password of the URL', () => {
    expect(
      parseTelemetrySettings({
        OTEL_EXPORTER_OTLP_ENDPOINT: 'https://user:pass@common',
        OTEL_EXPORTER_OTLP_HEADERS: 'Authorization=Bearer%20x',
      }).traces.headers,
    ).toEqual({ authorization: 'Bearer x' })
  })

  test('one that may hold a secret is never repeated', () => {
    for (const value of ['grpc://user:s3cr3t@host', 'host?key=s3cr3t'])
      expect(
        JSON.stringify(parseTelemetrySettings({ OTEL_EXPORTER_OTLP_ENDPOINT: value })),
      ).not.toContain('s3cr3t')
  })

  test.each(['traces', 'logs'])(
    'one that ends in the path of %s is told what comes of it',
    (signal) => {
      const { warnings } = parseTelemetrySettings({
        OTEL_EXPORTER_OTLP_ENDPOINT: `http://u:s3cr3t@collector:4318/v1/${signal}`,
      })
      expect(warnings.map(({ message }) => message)).toEqual([
        `OTEL_EXPORTER_OTLP_ENDPOINT: ends in /v1/${signal}, and every signal adds its own path, so that telemetry goes to http://collector:4318/v1/${signal}/v1/traces; leave /v1/${signal} out`,
      ])
    },
  )
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
    's3cr3t',
    'a=s3cr3t%zz',
    'x-key=s3cr3t%0d%0aInjected: 1',
    'x-key=s3cr3t%E2%82%AC',
    'not%20a%20name=s3cr3t',
  ])('%s is discarded without being repeated, for it is secret', (value) => {
    const settings = parseTelemetrySettings({ OTEL_EXPORTER_OTLP_HEADERS: value })
    expect(settings.traces.headers).toEqual({})
    expect(settings.warnings).toHaveLength(1)
    expect(JSON.stringify(settings)).not.toContain('s3cr3t')
  })
})

describe('the exporter', () => {
  test('none keeps one signal inside', () => {
    const settings = parseTelemetrySettings({ OTEL_LOGS_EXPORTER: 'none' })
    expect([settings.traces.exporter, settings.logs.exporter]).toEqual(['otlp', 'none'])
  })

  test('of a list, the one there is', () => {
    const { traces, warnings } = parseTelemetrySettings({ OTEL_TRACES_EXPORTER: 'console, otlp' })
    expect(traces.exporter).toBe('otlp')
    expect(warnings).toHaveLength(1)
  })
})

describe('OTEL_PROPAGATORS', () => {
  test.each([
    ['none', []],
    ['baggage,tracecontext,baggage', ['tracecontext', 'baggage']],
    ['b3,tracecontext', ['tracecontext']],
  ])('%s', (value, propagators) => {
    expect(parseTelemetrySettings({ OTEL_PROPAGATORS: value }).propagators).toEqual(propagators)
  })
})

describe('limits', () => {
  test('of spans and of records go before the one of all attributes', () => {
    const { limits } = parseTelemetrySettings({
      OTEL_ATTRIBUTE_COUNT_LIMIT: '10',
      OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: '100',
      OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: '4',
      OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT: '5',
      OTEL_SPAN_EVENT_COUNT_LIMIT: '0',
      OTEL_SPAN_LINK_COUNT_LIMIT: '1',
      OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT: '2',
      OTEL_LINK_ATTRIBUTE_COUNT_LIMIT: '3',
    })
    expect(limits).toEqual({
      spanAttributesMax: 4,
      spanAttributeCharactersMax: 100,
      spanEventsMax: 0,
      spanLinksMax: 1,
      eventAttributesMax: 2,
      linkAttributesMax: 3,
      recordAttributesMax: 10,
      recordAttributeCharactersMax: 5,
    })
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

  test('an export is bounded by the time-out of its processor too, and 0 is none', () => {
    const millis = (variables: Record<string, string>) =>
      parseTelemetrySettings(variables).traces.timeoutMillis
    expect(millis({ OTEL_EXPORTER_OTLP_TIMEOUT: '60000' })).toBe(30_000)
    expect(millis({ OTEL_EXPORTER_OTLP_TIMEOUT: '0' })).toBe(30_000)
    expect(millis({ OTEL_EXPORTER_OTLP_TIMEOUT: '60000', OTEL_BSP_EXPORT_TIMEOUT: '0' })).toBe(
      60_000,
    )
    expect(
      millis({ OTEL_EXPORTER_OTLP_TIMEOUT: '0', OTEL_BSP_EXPORT_TIMEOUT: '0' }),
    ).toBeGreaterThan(24 * 60 * 60 * 1000)
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
})
