import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseLogsJson, parseMetricsJson, parseTracesJson } from '../decode-json.ts'
import { parseLogsProtobuf, parseMetricsProtobuf, parseTracesProtobuf } from '../decode-protobuf.ts'
import { encodeLogsJson, encodeMetricsJson, encodeTracesJson } from '../encode-json.ts'
import { arbitraryLogs, arbitraryMetrics, arbitraryTraces } from '../testing/arbitrary-model.ts'
import {
  encodeLogsByProtobufjs,
  encodeMetricsByProtobufjs,
  encodeTracesByProtobufjs,
} from '../testing/protobufjs-encode.ts'
import { receive } from '../testing/receive.ts'

test('traces written by protobufjs are read as they were', () => {
  fc.assert(
    fc.property(arbitraryTraces, (traces) => {
      expect(parseTracesProtobuf(encodeTracesByProtobufjs(traces))).toEqual(traces)
    }),
  )
})

test('logs written by protobufjs are read as they were', () => {
  fc.assert(
    fc.property(arbitraryLogs, (logs) => {
      expect(parseLogsProtobuf(encodeLogsByProtobufjs(logs))).toEqual(logs)
    }),
  )
})

test('metrics written by protobufjs are read as they were', () => {
  fc.assert(
    fc.property(arbitraryMetrics, (metrics) => {
      expect(parseMetricsProtobuf(encodeMetricsByProtobufjs(metrics))).toEqual(metrics.map(receive))
    }),
  )
})

test('traces written as JSON are read as they were', () => {
  fc.assert(
    fc.property(arbitraryTraces, (traces) => {
      expect(parseTracesJson(encodeTracesJson(traces))).toEqual(traces)
    }),
  )
})

test('logs written as JSON are read as they were', () => {
  fc.assert(
    fc.property(arbitraryLogs, (logs) => {
      expect(parseLogsJson(encodeLogsJson(logs))).toEqual(logs)
    }),
  )
})

test('metrics written as JSON are read as they were', () => {
  fc.assert(
    fc.property(arbitraryMetrics, (metrics) => {
      expect(parseMetricsJson(encodeMetricsJson(metrics))).toEqual(metrics)
    }),
  )
})

test('64-bit integers may be unquoted', () => {
  const unquote = (json: string) =>
    json.replace(/"(\w*UnixNano|intValue|asInt|count|zeroCount)":"(-?\d+)"/g, '"$1":$2')
  fc.assert(
    fc.property(arbitraryTraces, arbitraryMetrics, (traces, metrics) => {
      expect(parseTracesJson(unquote(encodeTracesJson(traces)))).toEqual(traces)
      expect(parseMetricsJson(unquote(encodeMetricsJson(metrics)))).toEqual(metrics)
    }),
  )
})
