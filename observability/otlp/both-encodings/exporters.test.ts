import { SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api'
import { SeverityNumber } from '@opentelemetry/api-logs'
import {
  JsonLogsSerializer,
  JsonMetricsSerializer,
  JsonTraceSerializer,
  ProtobufLogsSerializer,
  ProtobufMetricsSerializer,
  ProtobufTraceSerializer,
} from '@opentelemetry/otlp-transformer'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  InMemoryLogRecordExporter,
  LoggerProvider,
  SimpleLogRecordProcessor,
} from '@opentelemetry/sdk-logs'
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base'
import { expect, test } from 'vitest'
import { parseLogsJson, parseMetricsJson, parseTracesJson } from '../decode-json.ts'
import { parseLogsProtobuf, parseMetricsProtobuf, parseTracesProtobuf } from '../decode-protobuf.ts'
import { receive } from '../testing/receive.ts'

// What the official JavaScript exporters put on the wire. Their two encodings of the
// same data must come out as one model.

const resource = resourceFromAttributes({ 'service.name': 'todo-api', 'process.pid': 4242 })
const link = {
  traceId: '5b8efff798038103d269b633813fc60c',
  spanId: 'eee19b7ec3c1b174',
  traceFlags: TraceFlags.SAMPLED,
}

function toText(bytes: Uint8Array | undefined): string {
  return new TextDecoder().decode(bytes)
}

test('spans of the official exporters are one model in both encodings', () => {
  const exporter = new InMemorySpanExporter()
  const provider = new BasicTracerProvider({
    resource,
    spanProcessors: [new SimpleSpanProcessor(exporter)],
  })
  const span = provider.getTracer('@hono/otel', '1.1.2').startSpan('GET /api/v1/todos/:id', {
    kind: SpanKind.SERVER,
    startTime: [1544712660, 123456789],
    attributes: {
      'http.response.status_code': 200,
      'url.path': '/api/v1/todos/ü🚀',
      ratio: 0.25,
      negative: -17,
      cached: false,
      list: ['a', 'b'],
      numbers: [1, -2.5],
    },
    links: [{ context: link, attributes: { why: 'retry' } }],
  })
  span.addEvent('db.connection.acquired', { waited: 1.5 }, [1544712660, 200000001])
  span.recordException(new Error('boom'), [1544712660, 300000000])
  span.setStatus({ code: SpanStatusCode.ERROR, message: 'boom' })
  span.end([1544712661, 1])
  const spans = exporter.getFinishedSpans()

  const traces = parseTracesProtobuf(ProtobufTraceSerializer.serializeRequest(spans) ?? Buffer.of())

  expect(parseTracesJson(toText(JsonTraceSerializer.serializeRequest(spans)))).toEqual(traces)
  expect(traces).toMatchObject([
    {
      resource: {
        attributes: [
          { key: 'service.name', value: 'todo-api' },
          { key: 'process.pid', value: 4242n },
        ],
      },
      scopes: [
        {
          scope: { name: '@hono/otel', version: '1.1.2' },
          items: [
            {
              ...{ traceId: span.spanContext().traceId, spanId: span.spanContext().spanId },
              parentSpanId: '',
              name: 'GET /api/v1/todos/:id',
              kind: 2,
              startNanos: 1544712660123456789n,
              endNanos: 1544712661000000001n,
              attributes: [
                { key: 'http.response.status_code', value: 200n },
                { key: 'url.path', value: '/api/v1/todos/ü🚀' },
                { key: 'ratio', value: 0.25 },
                { key: 'negative', value: -17n },
                { key: 'cached', value: false },
                { key: 'list', value: { values: ['a', 'b'] } },
                { key: 'numbers', value: { values: [1n, -2.5] } },
              ],
              events: [
                {
                  name: 'db.connection.acquired',
                  timeNanos: 1544712660200000001n,
                  attributes: [{ key: 'waited', value: 1.5 }],
                },
                { name: 'exception', timeNanos: 1544712660300000000n },
              ],
              links: [
                {
                  traceId: link.traceId,
                  spanId: link.spanId,
                  attributes: [{ key: 'why', value: 'retry' }],
                },
              ],
              status: { code: 2, message: 'boom' },
            },
          ],
        },
      ],
    },
  ])
})

test('log records of the official exporters are one model in both encodings', () => {
  const exporter = new InMemoryLogRecordExporter()
  const provider = new LoggerProvider({
    resource,
    processors: [new SimpleLogRecordProcessor({ exporter })],
  })
  provider.getLogger('todo-api').emit({
    eventName: 'todo.created',
    severityNumber: SeverityNumber.WARN2,
    severityText: 'WARN',
    timestamp: [1544712660, 123456789],
    observedTimestamp: [1544712660, 123456790],
    body: { text: 'created', tags: ['a', 1, 2.5, true, null], raw: Uint8Array.of(0, 255) },
    attributes: { 'todo.id': 'x', 'todo.count': 3 },
  })
  const records = exporter.getFinishedLogRecords()

  const logs = parseLogsProtobuf(ProtobufLogsSerializer.serializeRequest(records) ?? Buffer.of())

  expect(parseLogsJson(toText(JsonLogsSerializer.serializeRequest(records)))).toEqual(logs)
  expect(logs[0]?.scopes[0]?.items).toMatchObject([
    {
      timeNanos: 1544712660123456789n,
      observedTimeNanos: 1544712660123456790n,
      severityNumber: 14,
      severityText: 'WARN',
      eventName: 'todo.created',
      body: {
        entries: [
          { key: 'text', value: 'created' },
          { key: 'tags', value: { values: ['a', 1n, 2.5, true, null] } },
          { key: 'raw', value: Uint8Array.of(0, 255) },
        ],
      },
      attributes: [
        { key: 'todo.id', value: 'x' },
        { key: 'todo.count', value: 3n },
      ],
      traceId: '',
    },
  ])
})

test('metrics of the official exporters are one model in both encodings', () => {
  const time = {
    startTime: [1544712660, 1] satisfies [number, number],
    endTime: [1544712661, 2] satisfies [number, number],
    attributes: { 'http.route': '/' },
  }
  const descriptor = { name: 'requests', description: 'how many', unit: '1', valueType: 1 }
  const cumulative = { descriptor, aggregationTemporality: 1 }
  const buckets = { boundaries: [0.5, 1], counts: [1, 2, 0] }
  const data = {
    resource,
    scopeMetrics: [
      {
        scope: { name: 'meter', version: '1' },
        metrics: [
          {
            ...cumulative,
            dataPointType: 3 as const,
            isMonotonic: true,
            dataPoints: [{ ...time, value: 7 }],
          },
          { ...cumulative, dataPointType: 2 as const, dataPoints: [{ ...time, value: -3 }] },
          {
            ...cumulative,
            dataPointType: 0 as const,
            dataPoints: [{ ...time, value: { buckets, count: 3, sum: 2.25, min: 0.25, max: 1 } }],
          },
          {
            ...cumulative,
            dataPointType: 1 as const,
            dataPoints: [
              {
                ...time,
                value: {
                  ...{ count: 5, sum: 9, min: -1, max: 4, scale: -2, zeroCount: 1 },
                  positive: { offset: -3, bucketCounts: [1, 0, 200] },
                  negative: { offset: 2, bucketCounts: [1] },
                },
              },
            ],
          },
        ],
      },
    ],
  }

  const metrics = parseMetricsProtobuf(
    ProtobufMetricsSerializer.serializeRequest(data) ?? Buffer.of(),
  )

  const fromJson = parseMetricsJson(toText(JsonMetricsSerializer.serializeRequest(data)))
  expect(fromJson.map(receive)).toEqual(metrics)
  const attributes = [{ key: 'http.route', value: '/' }]
  const point = { attributes, startNanos: 1544712660000000001n, timeNanos: 1544712661000000002n }
  expect(fromJson[0]?.scopes[0]?.items).toMatchObject([
    {
      name: 'requests',
      data: { type: 'sum', temporality: 2, isMonotonic: true, points: [{ ...point, value: 7 }] },
    },
    { description: 'how many', data: { type: 'gauge', points: [{ ...point, value: -3 }] } },
    {
      unit: '1',
      data: {
        type: 'histogram',
        points: [
          {
            ...point,
            count: 3n,
            sum: 2.25,
            min: 0.25,
            max: 1,
            bucketCounts: [1n, 2n, 0n],
            bounds: [0.5, 1],
          },
        ],
      },
    },
    {
      data: {
        type: 'exponentialHistogram',
        points: [
          {
            ...point,
            ...{ count: 5n, sum: 9, min: -1, max: 4, scale: -2, zeroCount: 1n },
            positive: { offset: -3, counts: [1n, 0n, 200n] },
            negative: { offset: 2, counts: [1n] },
          },
        ],
      },
    },
  ])
})
