import { describe, expect, test } from 'vitest'
import { parseLogsJson, parseTracesJson } from '../decode-json.ts'
import { encodeLogsJson, encodeTracesJson } from '../encode-json.ts'
import { encodeLogsByProtobufjs, encodeTracesByProtobufjs } from '../testing/protobufjs-encode.ts'
import { parseOtlpFile } from './parse-otlp-file.ts'

const resource =
  '"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"checkout"}}]}'
const spans = parseTracesJson(
  `{"resourceSpans":[{${resource},"scopeSpans":[{"spans":[{"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203331","name":"GET /cart","kind":2,"startTimeUnixNano":"1796000000000000001","endTimeUnixNano":"1796000000100000000"}]}]}]}`,
)
const logs = parseLogsJson(
  `{"resourceLogs":[{${resource},"scopeLogs":[{"logRecords":[{"timeUnixNano":"1796000000000000001","severityNumber":9,"body":{"stringValue":"listed"}}]}]}]}`,
)
const all = [
  { spans, logs: [] },
  { spans: [], logs },
]

/** Field 1, and the length of a message of less than 16,384 bytes. */
const lengthOf = ({ length }: Uint8Array) =>
  Buffer.from(length < 128 ? [0x0a, length] : [0x0a, (length & 0x7f) | 0x80, length >> 7])

const lengthFirst = (message: Uint8Array) => {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(message.length)
  return Buffer.concat([length, message])
}

describe('a file of OTLP', () => {
  test.each([
    ['lines of JSON', `${encodeTracesJson(spans)}\n\n${encodeLogsJson(logs)}\r\n`],
    ['lines with a byte order mark', `\uFEFF${encodeTracesJson(spans)}\n${encodeLogsJson(logs)}`],
  ])('of %s is read', (_, text) => {
    expect(parseOtlpFile(Buffer.from(text))).toEqual(all)
  })

  test('of one document over many lines, spans and records together, is read', () => {
    const document = {
      ...JSON.parse(encodeTracesJson(spans)),
      ...JSON.parse(encodeLogsJson(logs)),
    }
    expect(parseOtlpFile(Buffer.from(JSON.stringify(document, null, 2)))).toEqual([{ spans, logs }])
  })

  test('of one request in protobuf is read, whichever of the two it is', () => {
    expect(parseOtlpFile(Buffer.from(encodeTracesByProtobufjs(spans)))).toEqual([all[0]])
    expect(parseOtlpFile(Buffer.from(encodeLogsByProtobufjs(logs)))).toEqual([all[1]])
  })

  test('of many requests in protobuf, each after its length, is read', () => {
    const file = [encodeTracesByProtobufjs(spans), encodeLogsByProtobufjs(logs)].map(lengthFirst)
    expect(parseOtlpFile(Buffer.concat(file))).toEqual(all)
  })

  test('as Tempo answers for a trace is read, by both versions of its API and in both encodings', () => {
    const base64 = (hex: string) => Buffer.from(hex, 'hex').toString('base64')
    const json = encodeTracesJson(spans)
      .replace('0af7651916cd43dd8448eb211c80319c', base64('0af7651916cd43dd8448eb211c80319c'))
      .replace('b7ad6b7169203331', base64('b7ad6b7169203331'))
      .replace('"kind":2', '"kind":"SPAN_KIND_SERVER"')
    const { resourceSpans } = JSON.parse(json)
    const message = encodeTracesByProtobufjs(spans)
    // TraceByIDResponse: the trace in field 1, metrics in field 2.
    const second = Buffer.concat([lengthOf(message), message, Buffer.from([0x12, 0])])
    for (const file of [
      JSON.stringify({ batches: resourceSpans }),
      JSON.stringify({ trace: { resourceSpans }, metrics: {} }, null, 2),
      message,
      second,
    ])
      expect(parseOtlpFile(Buffer.from(file))).toEqual([{ spans, logs: [] }])
  })

  test.each([
    ['', 'the file is empty, expected OTLP as JSON or protobuf'],
    ['hello', /^neither JSON nor protobuf of OTLP: /],
    ['{"traces":[]}', /^line 1: expected resourceSpans or resourceLogs as in OTLP, .* Jaeger/],
    [`${encodeTracesJson(spans)}\n{"resourceSpans":[{`, /^line 2: .*JSON/],
    [
      `${encodeTracesJson(spans)}\n{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"x"}]}]}]}`,
      'line 2: resourceSpans[0].scopeSpans[0].spans[0].traceId: expected 32 hex digits, got "x"',
    ],
  ])('that is %j is refused by its line and what was expected', (text, message) => {
    expect(() => parseOtlpFile(Buffer.from(text))).toThrow(message)
  })
})
