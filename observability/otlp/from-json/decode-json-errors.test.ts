import { describe, expect, test } from 'vitest'
import { parseTracesJson } from '../decode-json.ts'
import { quotedCharsMax } from '../refusals/decode-error.ts'
import { errorOf, parseData, parseRecord, parseSpan } from '../testing/json-requests.ts'

describe('a field that is not what the .proto says names its path', () => {
  const span = 'resourceSpans[0].scopeSpans[0].spans[0]'
  const value = `${span}.attributes[0].value`

  test.each([
    ['{"traceId":"abc"}', `${span}.traceId: expected 32 hex digits, got "abc"`],
    [
      '{"spanId":"eee19b7ec3c1b17g"}',
      `${span}.spanId: expected 16 hex digits, got "eee19b7ec3c1b17g"`,
    ],
    ['{"parentSpanId":7}', `${span}.parentSpanId: expected 16 hex digits, got 7`],
    ['{"links":[{},{"traceId":"0"}]}', `${span}.links[1].traceId: expected 32 hex digits, got "0"`],
    ['{"name":5}', `${span}.name: expected a string, got 5`],
    ['{"kind":"SERVER"}', `${span}.kind: expected a number or name of the enum, got "SERVER"`],
    ['{"kind":2.5}', `${span}.kind: expected a 32-bit integer, got 2.5`],
    ['{"kind":2147483648}', `${span}.kind: expected a 32-bit integer, got 2147483648`],
    ['{"flags":-1}', `${span}.flags: expected an unsigned 32-bit integer, got -1`],
    ['{"flags":4294967296}', `${span}.flags: expected an unsigned 32-bit integer, got 4294967296`],
    ['{"flags":"1.0"}', `${span}.flags: expected an unsigned 32-bit integer, got "1.0"`],
    [
      '{"startTimeUnixNano":1.5}',
      `${span}.startTimeUnixNano: expected an unsigned 64-bit integer, got 1.5`,
    ],
    [
      '{"startTimeUnixNano":-1}',
      `${span}.startTimeUnixNano: expected an unsigned 64-bit integer, got -1`,
    ],
    [
      '{"startTimeUnixNano":""}',
      `${span}.startTimeUnixNano: expected an unsigned 64-bit integer, got ""`,
    ],
    [
      '{"startTimeUnixNano":"0x10"}',
      `${span}.startTimeUnixNano: expected an unsigned 64-bit integer, got "0x10"`,
    ],
    [
      '{"endTimeUnixNano":18446744073709551616}',
      `${span}.endTimeUnixNano: expected an unsigned 64-bit integer, got 18446744073709551616`,
    ],
    // Rounded by the sender, or about to be rounded by us: its last digits are not known.
    [
      '{"endTimeUnixNano":1.544712660123456789e18}',
      `${span}.endTimeUnixNano: expected an unsigned 64-bit integer, got 1544712660123456800`,
    ],
    ['{"attributes":{}}', `${span}.attributes: expected an array, got an object`],
    ['{"attributes":["a"]}', `${span}.attributes[0]: expected an object, got "a"`],
    ['{"attributes":[{"key":true}]}', `${span}.attributes[0].key: expected a string, got true`],
    ['{"attributes":[{"value":"text"}]}', `${value}: expected an object, got "text"`],
    [
      '{"attributes":[{"value":{"boolValue":"true"}}]}',
      `${value}.boolValue: expected true or false, got "true"`,
    ],
    [
      '{"attributes":[{"value":{"intValue":"9223372036854775808"}}]}',
      `${value}.intValue: expected a 64-bit integer, got "9223372036854775808"`,
    ],
    [
      '{"attributes":[{"value":{"doubleValue":"1,5"}}]}',
      `${value}.doubleValue: expected a double, got "1,5"`,
    ],
    [
      '{"attributes":[{"value":{"doubleValue":1e999}}]}',
      `${value}.doubleValue: expected a double, got Infinity`,
    ],
    [
      '{"attributes":[{"value":{"bytesValue":"$$$$"}}]}',
      `${value}.bytesValue: expected base64, got "$$$$"`,
    ],
    [
      '{"attributes":[{"value":{"bytesValue":"AAAAA"}}]}',
      `${value}.bytesValue: expected base64, got "AAAAA"`,
    ],
    [
      '{"attributes":[{"value":{"arrayValue":{"values":[{},{"intValue":[]}]}}}]}',
      `${value}.arrayValue.values[1].intValue: expected a 64-bit integer, got an array`,
    ],
    ['{"status":[]}', `${span}.status: expected an object, got an array`],
    [
      '{"status":{"code":"OK"}}',
      `${span}.status.code: expected a number or name of the enum, got "OK"`,
    ],
    [
      '{"events":[{"timeUnixNano":true}]}',
      `${span}.events[0].timeUnixNano: expected an unsigned 64-bit integer, got true`,
    ],
  ])('%s', (json, message) => {
    expect(errorOf(() => parseSpan(json))).toBe(message)
  })

  test('in the resource, the scope and the groups', () => {
    const group = 'resourceSpans[1]'

    expect(errorOf(() => parseTracesJson('{"resourceSpans":{}}'))).toBe(
      'resourceSpans: expected an array, got an object',
    )
    expect(
      errorOf(() =>
        parseTracesJson('{"resourceSpans":[{},{"resource":{"attributes":[{"key":1}]}}]}'),
      ),
    ).toBe(`${group}.resource.attributes[0].key: expected a string, got 1`)
    expect(
      errorOf(() =>
        parseTracesJson('{"resourceSpans":[{},{"scopeSpans":[{"scope":{"name":1}}]}]}'),
      ),
    ).toBe(`${group}.scopeSpans[0].scope.name: expected a string, got 1`)
    expect(errorOf(() => parseTracesJson('{"resourceSpans":[{},{"schemaUrl":1}]}'))).toBe(
      `${group}.schemaUrl: expected a string, got 1`,
    )
  })

  test('in log records, such as the body that the specification’s own example once had', () => {
    expect(errorOf(() => parseRecord('{"body":{"kvlistValue":[{"key":"type"}]}}'))).toBe(
      'resourceLogs[0].scopeLogs[0].logRecords[0].body.kvlistValue: expected an object, got an array',
    )
    expect(errorOf(() => parseRecord('{"severityNumber":"INFO"}'))).toBe(
      'resourceLogs[0].scopeLogs[0].logRecords[0].severityNumber: expected a number or name of the enum, got "INFO"',
    )
  })

  test.each([
    [
      '{"gauge":{"dataPoints":[{"asInt":"1.5"}]}}',
      'gauge.dataPoints[0].asInt: expected a 64-bit integer, got "1.5"',
    ],
    [
      '{"gauge":{"dataPoints":[{"asDouble":"x"}]}}',
      'gauge.dataPoints[0].asDouble: expected a double, got "x"',
    ],
    ['{"sum":{"isMonotonic":1}}', 'sum.isMonotonic: expected true or false, got 1'],
    [
      '{"histogram":{"dataPoints":[{"bucketCounts":[1,-1]}]}}',
      'histogram.dataPoints[0].bucketCounts[1]: expected an unsigned 64-bit integer, got -1',
    ],
    [
      '{"histogram":{"dataPoints":[{"explicitBounds":[1,null]}]}}',
      'histogram.dataPoints[0].explicitBounds[1]: expected an element, got null',
    ],
    [
      '{"histogram":{"dataPoints":[{"exemplars":[{"spanId":"1"}]}]}}',
      'histogram.dataPoints[0].exemplars[0].spanId: expected 16 hex digits, got "1"',
    ],
    [
      '{"exponentialHistogram":{"dataPoints":[{"positive":{"offset":0.5}}]}}',
      'exponentialHistogram.dataPoints[0].positive.offset: expected a 32-bit integer, got 0.5',
    ],
    [
      '{"summary":{"dataPoints":[{"quantileValues":[{"quantile":[]}]}]}}',
      'summary.dataPoints[0].quantileValues[0].quantile: expected a double, got an array',
    ],
  ])('in metrics: %s', (json, message) => {
    expect(errorOf(() => parseData(json))).toBe(
      `resourceMetrics[0].scopeMetrics[0].metrics[0].${message}`,
    )
  })

  test('with what came cut short', () => {
    const message = errorOf(() => parseSpan(`{"traceId":"${'x'.repeat(100_000)}"}`))

    expect(message).toBe(
      `${span}.traceId: expected 32 hex digits, got "${'x'.repeat(quotedCharsMax)}…"`,
    )
  })
})

describe('text that is not a request', () => {
  test.each(['', '[]', 'null', '"a"', '17', '{', '{"resourceSpans":[}', '\u0000', 'resourceSpans'])(
    '%j is refused',
    (text) => {
      expect(errorOf(() => parseTracesJson(text))).toMatch(/^expected (a )?JSON/)
    },
  )
})
