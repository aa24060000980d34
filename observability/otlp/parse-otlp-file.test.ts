import { describe, expect, test } from 'vitest'
import { parseLogsJson, parseTracesJson } from './decode-json.ts'
import { encodeLogsJson, encodeTracesJson } from './encode-json.ts'
import { parseOtlpFile } from './parse-otlp-file.ts'
import { encodeLogsByProtobufjs, encodeTracesByProtobufjs } from './testing/protobufjs-encode.ts'

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

  test.each([
    ['', 'the file is empty, expected OTLP as JSON or protobuf'],
    ['hello', /^neither JSON nor protobuf of OTLP: /],
    ['{"data":[]}', 'line 1: expected resourceSpans or resourceLogs, got neither'],
    [`${encodeTracesJson(spans)}\n{"resourceSpans":[{`, /^line 2: .*JSON/],
    [
      `${encodeTracesJson(spans)}\n{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"x"}]}]}]}`,
      'line 2: resourceSpans[0].scopeSpans[0].spans[0].traceId: expected 32 hex digits, got "x"',
    ],
  ])('that is %j is refused by its line and what was expected', (text, message) => {
    expect(() => parseOtlpFile(Buffer.from(text))).toThrow(message)
  })
})
