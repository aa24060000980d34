import { describe, expect, test } from 'vitest'
import { encodeLogsJson, encodeTracesJson } from './encode-json.ts'
import type { ResourceLogs, ResourceSpans } from './model.ts'
import { parseOtlpFile } from './parse-otlp-file.ts'
import { encodeLogsByProtobufjs, encodeTracesByProtobufjs } from './testing/protobufjs-encode.ts'

const scope = { name: 'test', version: '', attributes: [], droppedAttributesCount: 0 }
const resource = {
  attributes: [{ key: 'service.name', value: 'checkout' }],
  droppedAttributesCount: 0,
}
const spans: readonly ResourceSpans[] = [
  {
    resource,
    schemaUrl: '',
    scopes: [
      {
        scope,
        schemaUrl: '',
        items: [
          {
            traceId: '0af7651916cd43dd8448eb211c80319c',
            spanId: 'b7ad6b7169203331',
            parentSpanId: '',
            traceState: '',
            flags: 0,
            name: 'GET /cart',
            kind: 2,
            startNanos: 1_796_000_000_000_000_001n,
            endNanos: 1_796_000_000_100_000_000n,
            attributes: [],
            droppedAttributesCount: 0,
            events: [],
            droppedEventsCount: 0,
            links: [],
            droppedLinksCount: 0,
            status: { code: 0, message: '' },
          },
        ],
      },
    ],
  },
]
const logRecords: readonly ResourceLogs[] = [
  {
    resource,
    schemaUrl: '',
    scopes: [
      {
        scope,
        schemaUrl: '',
        items: [
          {
            timeNanos: 1_796_000_000_000_000_001n,
            observedTimeNanos: 0n,
            severityNumber: 9,
            severityText: '',
            body: 'listed',
            attributes: [],
            droppedAttributesCount: 0,
            flags: 0,
            traceId: '',
            spanId: '',
            eventName: '',
          },
        ],
      },
    ],
  },
]
const all = [
  { spans, logRecords: [] },
  { spans: [], logRecords },
]

const lengthFirst = (message: Uint8Array) => {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(message.length)
  return Buffer.concat([length, message])
}

describe('a file of OTLP', () => {
  test.each([
    ['lines of JSON', `${encodeTracesJson(spans)}\n\n${encodeLogsJson(logRecords)}\r\n`],
    [
      'lines with a byte order mark',
      `\uFEFF${encodeTracesJson(spans)}\n${encodeLogsJson(logRecords)}`,
    ],
  ])('of %s is read', (_, text) => {
    expect(parseOtlpFile(Buffer.from(text))).toEqual(all)
  })

  test('of one document over many lines, spans and records together, is read', () => {
    const document = {
      ...JSON.parse(encodeTracesJson(spans)),
      ...JSON.parse(encodeLogsJson(logRecords)),
    }
    expect(parseOtlpFile(Buffer.from(JSON.stringify(document, null, 2)))).toEqual([
      { spans, logRecords },
    ])
  })

  test('of one request in protobuf is read, whichever of the two it is', () => {
    expect(parseOtlpFile(Buffer.from(encodeTracesByProtobufjs(spans)))).toEqual([all[0]])
    expect(parseOtlpFile(Buffer.from(encodeLogsByProtobufjs(logRecords)))).toEqual([all[1]])
  })

  test('of many requests in protobuf, each after its length, is read', () => {
    const file = [encodeTracesByProtobufjs(spans), encodeLogsByProtobufjs(logRecords)].map(
      lengthFirst,
    )
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
