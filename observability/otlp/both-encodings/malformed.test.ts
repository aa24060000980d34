import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseLogsJson, parseMetricsJson, parseTracesJson } from '../decode-json.ts'
import { parseLogsProtobuf, parseMetricsProtobuf, parseTracesProtobuf } from '../decode-protobuf.ts'
import { encodeLogsJson, encodeMetricsJson, encodeTracesJson } from '../encode-json.ts'
import { DecodeError } from '../refusals/decode-error.ts'
import { arbitraryLogs, arbitraryMetrics, arbitraryTraces } from '../testing/arbitrary-model.ts'
import {
  encodeLogsByProtobufjs,
  encodeMetricsByProtobufjs,
  encodeTracesByProtobufjs,
} from '../testing/protobufjs-encode.ts'

// Whatever comes in, the answer is a value or a DecodeError: anything else would be a
// 500 of the receiver, or its end.

const numRuns = 300

function expectValueOrDecodeError(parse: () => unknown): void {
  try {
    expect(parse()).toBeInstanceOf(Array)
  } catch (error) {
    expect(error).toBeInstanceOf(DecodeError)
  }
}

const protobufParsers = [parseTracesProtobuf, parseLogsProtobuf, parseMetricsProtobuf]
const jsonParsers = [parseTracesJson, parseLogsJson, parseMetricsJson]

const arbitraryBytes = fc.oneof(
  arbitraryTraces.map(encodeTracesByProtobufjs),
  arbitraryLogs.map(encodeLogsByProtobufjs),
  arbitraryMetrics.map(encodeMetricsByProtobufjs),
)
const arbitraryText = fc.oneof(
  arbitraryTraces.map(encodeTracesJson),
  arbitraryLogs.map(encodeLogsJson),
  arbitraryMetrics.map(encodeMetricsJson),
)

const changes = fc.array(
  fc.record({ at: fc.double({ min: 0, max: 0.999, noNaN: true }), byte: fc.nat(255) }),
  { minLength: 1, maxLength: 8 },
)

test('protobuf with changed bytes is read or refused, by any of the decoders', () => {
  fc.assert(
    fc.property(arbitraryBytes, changes, (bytes, edits) => {
      const changed = Uint8Array.from(bytes)
      for (const { at, byte } of edits) changed[Math.floor(at * changed.length)] = byte
      for (const parse of protobufParsers) expectValueOrDecodeError(() => parse(changed))
    }),
    { numRuns },
  )
})

test('bytes at random are read as protobuf or refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      for (const parse of protobufParsers) expectValueOrDecodeError(() => parse(bytes))
    }),
    { numRuns: 1000 },
  )
})

test('protobuf cut off anywhere but between two resources is refused', () => {
  const bytes = encodeTracesByProtobufjs(
    parseTracesJson(
      readFileSync(new URL('../testing/fixtures/trace.json', import.meta.url), 'utf8'),
    ),
  )
  for (let length = 1; length < bytes.length; length += 1) {
    expect(() => parseTracesProtobuf(bytes.slice(0, length)), `${length} bytes`).toThrow(
      DecodeError,
    )
  }
})

test('protobuf cut off anywhere is read or refused', () => {
  fc.assert(
    fc.property(arbitraryBytes, fc.double({ min: 0, max: 1, noNaN: true }), (bytes, at) => {
      const cut = bytes.slice(0, Math.floor(at * bytes.length))
      for (const parse of protobufParsers) expectValueOrDecodeError(() => parse(cut))
    }),
    { numRuns },
  )
})

test('JSON with changed characters is read or refused, by any of the decoders', () => {
  const characters = fc.constantFrom(...'"[]{},:0123456789-.eENaulrtf\\ x')
  const edits = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), characters), {
    minLength: 1,
    maxLength: 4,
  })
  fc.assert(
    fc.property(arbitraryText, edits, (text, changed) => {
      let edited = text
      for (const [at, character] of changed) {
        const index = Math.floor(at * edited.length)
        edited = edited.slice(0, index) + character + edited.slice(index + 1)
      }
      for (const parse of jsonParsers) expectValueOrDecodeError(() => parse(edited))
    }),
    { numRuns },
  )
})

test('JSON of the right names with values of any type is read or refused', () => {
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'medium' },
      fc.constantFrom<unknown>(null, true, 0, -1, 1.5, '', '7', 'ff', 1e300, 'NaN'),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...fieldNames), tie('value'), { maxKeys: 6 }),
    ),
  }))
  const names = fc.constantFrom('resourceSpans', 'resourceLogs', 'resourceMetrics')
  fc.assert(
    fc.property(fc.dictionary(names, fc.array(value, { maxLength: 3 })), (request) => {
      for (const parse of jsonParsers)
        expectValueOrDecodeError(() => parse(JSON.stringify(request)))
    }),
    { numRuns: 1000 },
  )
})

const fieldNames = [
  ...['resource', 'scopeSpans', 'scopeLogs', 'scopeMetrics', 'spans', 'logRecords', 'metrics'],
  ...[
    'attributes',
    'key',
    'value',
    'stringValue',
    'intValue',
    'arrayValue',
    'kvlistValue',
    'values',
  ],
  ...['traceId', 'kind', 'status', 'code', 'events', 'links', 'body', 'flags', 'startTimeUnixNano'],
  ...['sum', 'gauge', 'histogram', 'dataPoints', 'asInt', 'asDouble', 'bucketCounts', 'exemplars'],
  ...['__proto__', 'constructor'],
]
