import { describe, expect, test } from 'vitest'
import { parseLogsJson, parseMetricsJson, parseTracesJson } from '../decode-json.ts'
import {
  parseData,
  parseRecord,
  parseSpan,
  parseValue,
  withSpan,
} from '../testing/json-requests.ts'
import { pooledStringsMax } from './pool-string.ts'

describe('what a sender may do', () => {
  test('an empty request is no groups', () => {
    expect(parseTracesJson('{}')).toEqual([])
    expect(parseLogsJson('{"resourceLogs":[]}')).toEqual([])
    expect(parseMetricsJson('{"resourceMetrics":null}')).toEqual([])
  })

  test('null is an absent field, whatever its type', () => {
    const fields = ['traceId', 'name', 'kind', 'startTimeUnixNano', 'flags', 'attributes', 'status']
    const nulls = fields.map((field) => `"${field}":null`).join()

    expect(parseSpan(`{${nulls}}`)).toEqual(parseSpan('{}'))
    expect(parseValue('null')).toBeNull()
    expect(parseValue('{"stringValue":null}')).toBeNull()
  })

  test('the .proto’s own snake_case names are read, and values that look like one are kept', () => {
    const camel = JSON.stringify({
      resourceSpans: [
        {
          resource: { droppedAttributesCount: 2 },
          scopeSpans: [{ schemaUrl: 'u', spans: [{ startTimeUnixNano: '5', parentSpanId: '0b' }] }],
        },
      ],
    })
      .replace('0b', '000000000000000b')
      .replace('"spans":[{', '"spans":[{"name":"trace_id","traceState":"\\"span_id\\": \\"a\\"",')
    const snake = camel.replace(/"\w+":/g, (name) =>
      name.replace(/[A-Z]/g, (c) => `_${c}`.toLowerCase()),
    )

    expect(snake).toContain('"resource_spans":')
    expect(parseTracesJson(snake)).toEqual(parseTracesJson(camel))
    expect(parseTracesJson(snake)[0]?.scopes[0]?.items[0]).toMatchObject({
      name: 'trace_id',
      traceState: '"span_id": "a"',
      startNanos: 5n,
    })
  })

  test('null in a list of messages is an empty one', () => {
    expect(parseSpan('{"attributes":[null],"events":[null]}')).toEqual(
      parseSpan('{"attributes":[{}],"events":[{}]}'),
    )
    expect(parseValue('{"arrayValue":{"values":[null]}}')).toEqual({ values: [null] })
  })

  test.each(['"abc"', '"xyz"', '7', `"${'g'.repeat(32)}"`])(
    'a log record with the trace id %s is one without',
    (id) => {
      expect(parseRecord(`{"traceId":${id},"spanId":${id},"severityText":"a"}`)).toEqual(
        parseRecord('{"severityText":"a"}'),
      )
    },
  )

  test('unknown fields are ignored', () => {
    const span = parseSpan('{"name":"a","somethingNew":[{"deep":[1,[2]]}]}')

    expect(span).toEqual(parseSpan('{"name":"a"}'))
  })

  test('an id may be empty, or of only zeros, which means the same', () => {
    expect(parseSpan('{"traceId":"","parentSpanId":""}')).toEqual(parseSpan('{}'))
    expect(parseSpan(`{"traceId":"${'0'.repeat(32)}","parentSpanId":"0000000000000000"}`)).toEqual(
      parseSpan('{}'),
    )
  })

  test('enums are numbers, also ones yet unknown, or names', () => {
    expect(parseSpan('{"kind":3}')?.kind).toBe(3)
    expect(parseSpan('{"kind":99}')?.kind).toBe(99)
    expect(parseSpan('{"kind":"SPAN_KIND_CLIENT"}')?.kind).toBe(3)
    expect(parseSpan('{"status":{"code":"STATUS_CODE_ERROR"}}')?.status.code).toBe(2)
    expect(parseRecord('{"severityNumber":"SEVERITY_NUMBER_TRACE"}')?.severityNumber).toBe(1)
    expect(parseRecord('{"severityNumber":"SEVERITY_NUMBER_WARN2"}')?.severityNumber).toBe(14)
    expect(parseRecord('{"severityNumber":"SEVERITY_NUMBER_FATAL4"}')?.severityNumber).toBe(24)
    expect(
      parseData('{"sum":{"aggregationTemporality":"AGGREGATION_TEMPORALITY_CUMULATIVE"}}'),
    ).toMatchObject({ temporality: 2 })
  })

  test('integers are numbers or strings', () => {
    expect(parseSpan('{"flags":"257","droppedLinksCount":3}')).toMatchObject({
      flags: 257,
      droppedLinksCount: 3,
    })
    expect(parseSpan('{"flags":-0}')?.flags).toBe(0)
    expect(parseValue('{"intValue":-5}')).toBe(-5n)
    expect(parseValue('{"intValue":"-5"}')).toBe(-5n)
  })

  test('doubles may be NaN and infinite, as strings', () => {
    expect(parseValue('{"doubleValue":"NaN"}')).toBeNaN()
    expect(parseValue('{"doubleValue":"Infinity"}')).toBe(Infinity)
    expect(parseValue('{"doubleValue":"-Infinity"}')).toBe(-Infinity)
    expect(parseValue('{"doubleValue":"1.5e3"}')).toBe(1500)
    expect(parseValue('{"doubleValue":-0}')).toBe(-0)
    expect(parseValue('{"doubleValue":12345678901234567890}')).toBe(Number(12345678901234567890n))
  })

  test('bytes are base64 in both alphabets, with or without padding', () => {
    const bytes = Uint8Array.of(0xfb, 0xff, 1, 2)

    for (const text of ['+/8BAg==', '-_8BAg==', '+/8BAg']) {
      expect(parseValue(`{"bytesValue":"${text}"}`)).toEqual(bytes)
    }
    expect(parseValue('{"bytesValue":""}')).toEqual(new Uint8Array())
  })

  test('of two kinds of value the last one wins', () => {
    expect(parseValue('{"stringValue":"a","intValue":"1"}')).toBe(1n)
    expect(parseValue('{"intValue":"1","stringValue":"a","boolValue":null}')).toBe('a')
    expect(parseData('{"gauge":{},"sum":{}}')).toMatchObject({ type: 'sum' })
  })

  test('a value of the profiling signal is read as empty, as the specification asks', () => {
    expect(parseValue('{"stringValueStrindex":4}')).toBeNull()
  })

  test('strings stay what they were however many others came between', () => {
    const names = Array.from({ length: 3 * pooledStringsMax }, (_, index) => `name ${index}`)
    const spans = [...names, ...names].map((name) => `{"name":"${name}"}`)

    const [group] = parseTracesJson(withSpan(spans.join()))

    expect(group?.scopes[0]?.items.map(({ name }) => name)).toEqual([...names, ...names])
  })

  test('half a surrogate pair is U+FFFD, in texts and keys alike, and a whole one is kept', () => {
    const span = parseSpan(
      String.raw`{"name":"a\ud83db \ude80\ud83d \ud83d\ude80","attributes":[{"key":"\udfff","value":{"stringValue":"\ud800"}}]}`,
    )

    expect(span?.name).toBe('a\ufffdb \ufffd\ufffd 🚀')
    expect(span?.attributes).toEqual([{ key: '\ufffd', value: '\ufffd' }])
  })

  test('__proto__ and constructor are keys like any other', () => {
    const span = parseSpan(
      '{"__proto__":{"name":"forged"},"constructor":1,"attributes":[{"key":"__proto__",' +
        '"value":{"__proto__":{"intValue":"6"},"stringValue":"x"}}],"endTimeUnixNano":1544712660000000001}',
    )

    expect(span?.name).toBe('')
    expect(span?.attributes).toEqual([{ key: '__proto__', value: 'x' }])
    expect(Object.getPrototypeOf({})).not.toHaveProperty('name')
  })
})

describe('64-bit integers keep all digits', () => {
  const digits = ['1544712660123456789', '9007199254740993', '18446744073709551615', '0']

  test.each(digits)('%s nanoseconds, as number and as string', (nanos) => {
    expect(parseSpan(`{"startTimeUnixNano":${nanos}}`)?.startNanos).toBe(BigInt(nanos))
    expect(parseSpan(`{"startTimeUnixNano":"${nanos}"}`)?.startNanos).toBe(BigInt(nanos))
    expect(parseSpan(`{"endTimeUnixNano"\n:\n ${nanos}\n}`)?.endNanos).toBe(BigInt(nanos))
  })

  test.each(['-9223372036854775808', '9223372036854775807'])('%s as a value', (int) => {
    expect(parseValue(`{"intValue":${int}}`)).toBe(BigInt(int))
    expect(parseValue(`{"intValue":"${int}"}`)).toBe(BigInt(int))
  })

  test('in a list of bucket counts', () => {
    const data = parseData(
      '{"histogram":{"dataPoints":[{"count":9007199254740993,"bucketCounts":[9007199254740993,"1",2]}]}}',
    )

    expect(data).toMatchObject({
      points: [{ count: 9007199254740993n, bucketCounts: [9007199254740993n, 1n, 2n] }],
    })
  })
})
