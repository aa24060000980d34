import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseLogsJson, parseMetricsJson, parseTracesJson } from '../decode-json.ts'
import { encodeLogsJson, encodeMetricsJson, encodeTracesJson } from '../encode-json.ts'

/** Parsed as plain JSON: what any other receiver would see. */
function readFixture(name: string): { readonly text: string; readonly value: unknown } {
  const text = readFileSync(new URL(`../testing/fixtures/${name}`, import.meta.url), 'utf8')
  return { text, value: JSON.parse(text) }
}

test('no groups are an empty request', () => {
  expect(encodeTracesJson([])).toBe('{}')
  expect(encodeLogsJson([])).toBe('{}')
  expect(encodeMetricsJson([])).toBe('{}')
})

test('events.json of the specification is written as it was read', () => {
  const { text, value } = readFixture('events.json')

  expect(JSON.parse(encodeLogsJson(parseLogsJson(text)))).toEqual(value)
})

test('metrics.json of the specification is written as it was read, but for its zeros', () => {
  const { text } = readFixture('metrics.json')
  const withoutDefaults = text.replace('"scale": 0,', '').replace('"zeroThreshold": 0,', '')

  expect(JSON.parse(encodeMetricsJson(parseMetricsJson(text)))).toEqual(JSON.parse(withoutDefaults))
})

test('ids are lower-case hex, 64-bit integers strings, enums numbers, bytes base64', () => {
  const span = {
    traceId: '5B8EFFF798038103D269B633813FC60C',
    spanId: 'eee19b7ec3c1b174',
    kind: 'SPAN_KIND_SERVER',
    startTimeUnixNano: '1544712660000000001',
    attributes: [
      { key: 'int', value: { intValue: 0 } },
      { key: 'bytes', value: { bytesValue: '-_8' } },
      {
        key: 'doubles',
        value: { arrayValue: { values: [{ doubleValue: 'NaN' }, { doubleValue: -1.5 }] } },
      },
      { key: 'empty', value: {} },
    ],
    status: { code: 0, message: '' },
  }
  const request = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] })

  const { resourceSpans } = JSON.parse(encodeTracesJson(parseTracesJson(request)))

  expect(resourceSpans[0].scopeSpans[0].spans[0]).toEqual({
    traceId: '5b8efff798038103d269b633813fc60c',
    spanId: 'eee19b7ec3c1b174',
    kind: 2,
    startTimeUnixNano: '1544712660000000001',
    attributes: [
      { key: 'int', value: { intValue: '0' } },
      { key: 'bytes', value: { bytesValue: '+/8=' } },
      {
        key: 'doubles',
        value: { arrayValue: { values: [{ doubleValue: 'NaN' }, { doubleValue: -1.5 }] } },
      },
      { key: 'empty', value: {} },
    ],
  })
})

test('a value, a point and a kind of metric are written even when they are a default', () => {
  const metric = '{"sum":{"dataPoints":[{"asInt":"0"},{"asDouble":0},{}]}}'
  const request = `{"resourceMetrics":[{"scopeMetrics":[{"metrics":[${metric},{"gauge":{}}]}]}]}`

  expect(encodeMetricsJson(parseMetricsJson(request))).toBe(request)
})

test('a minimum of 0 is not an absent minimum', () => {
  const metric = '{"histogram":{"dataPoints":[{"sum":0,"min":0,"max":0},{}]}}'
  const request = `{"resourceMetrics":[{"scopeMetrics":[{"metrics":[${metric}]}]}]}`

  expect(encodeMetricsJson(parseMetricsJson(request))).toBe(request)
})
