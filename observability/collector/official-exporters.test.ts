import { request as openRequest } from 'node:http'
import { context, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { SeverityNumber } from '@opentelemetry/api-logs'
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { ProtobufLogsSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  InMemoryLogRecordExporter,
  LoggerProvider,
  type LogRecordExporter,
  SimpleLogRecordProcessor,
} from '@opentelemetry/sdk-logs'
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type SpanExporter,
} from '@opentelemetry/sdk-trace-base'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { CollectorStatus } from '../wire/status.ts'
import type { TracePage } from '../wire/traces.ts'
import { ask, startTestCollector } from './testing/start-test-collector.ts'

// The senders that people use, unchanged, against the real server.

const resource = resourceFromAttributes({
  'service.name': 'todo-api',
  'hono.runtime.name': 'node',
})

/** A request with a statement that fails, as an adapter records it. */
async function recordTrace(exporter: SpanExporter): Promise<string> {
  const provider = new BasicTracerProvider({
    resource,
    spanProcessors: [new SimpleSpanProcessor(exporter)],
  })
  const tracer = provider.getTracer('test', '1.2.3')
  const server = tracer.startSpan('GET /api/v1/todos/:id', {
    kind: SpanKind.SERVER,
    attributes: {
      'http.request.method': 'GET',
      'http.route': '/api/v1/todos/:id',
      'http.response.status_code': 500,
      share: 0.25,
      tags: ['a', 'b'],
    },
  })
  const statement = tracer.startSpan(
    'SELECT todos',
    { kind: SpanKind.CLIENT },
    trace.setSpan(context.active(), server),
  )
  statement.recordException(new Error('the database is away'))
  statement.setStatus({ code: SpanStatusCode.ERROR, message: 'away' })
  statement.end()
  server.end()
  await provider.forceFlush()
  return server.spanContext().traceId
}

async function recordLog(exporter: LogRecordExporter, span: Span): Promise<void> {
  const provider = new LoggerProvider({
    resource,
    processors: [new SimpleLogRecordProcessor({ exporter })],
  })
  provider.getLogger('test').emit({
    severityNumber: SeverityNumber.WARN,
    severityText: 'WARN',
    eventName: 'todo.not_found',
    body: 'no such todo',
    attributes: { 'todo.count': 3, 'todo.share': 0.5 },
    context: trace.setSpan(context.active(), span),
  })
  await provider.forceFlush()
}

const createSpan = () => new BasicTracerProvider().getTracer('test').startSpan('a')

const expectTrace = async (collector: { url: string }, traceId: string) => {
  await expect
    .poll(async () => (await ask<TracePage>(collector, '/api/traces')).traces)
    .toMatchObject([{ spanCount: 2 }])
  const { traces } = await ask<TracePage>(collector, '/api/traces?status=5xx&runtime=node')
  expect(traces).toMatchObject([
    {
      traceId,
      rootName: 'GET /api/v1/todos/:id',
      service: 'todo-api',
      route: '/api/v1/todos/:id',
      httpStatus: 500,
      status: 'error',
      errorCount: 1,
    },
  ])
  const whole = await ask(collector, `/api/traces/${traceId}`)
  const text = JSON.stringify(whole)
  expect(text).toContain('{"key":"http.response.status_code","value":{"intValue":"500"}}')
  expect(text).toContain('{"key":"share","value":{"doubleValue":0.25}}')
  expect(text).toContain('"exception.message","value":{"stringValue":"the database is away"}')
}

const expectLog = async (collector: { url: string }, span: Span) => {
  const { traceId, spanId } = span.spanContext()
  await expect
    .poll(() => ask(collector, `/api/logs?traceId=${traceId}&event=todo.not_found`))
    .toMatchObject({
      logs: [
        {
          severity: 'warn',
          body: 'no such todo',
          eventName: 'todo.not_found',
          attributes: [
            { key: 'todo.count', value: { intValue: '3' } },
            { key: 'todo.share', value: { doubleValue: 0.5 } },
          ],
          traceId,
          spanId,
          service: 'todo-api',
          runtime: 'node',
        },
      ],
    })
}

describe.each(['none', 'gzip'])(
  'the exporters that write JSON, with compression %s,',
  (compression) => {
    beforeEach(() => {
      // How a person asks for it, without a line of code.
      vi.stubEnv('OTEL_EXPORTER_OTLP_COMPRESSION', compression)
    })
    afterEach(() => {
      vi.unstubAllEnvs()
    })

    test('are understood for traces', async () => {
      await using collector = await startTestCollector()
      const url = `${collector.url}/v1/traces`
      const traceId = await recordTrace(new OTLPTraceExporter({ url }))

      await expectTrace(collector, traceId)
    })

    test('are understood for logs', async () => {
      await using collector = await startTestCollector()
      const url = `${collector.url}/v1/logs`
      const span = createSpan()
      await recordLog(new OTLPLogExporter({ url }), span)

      await expectLog(collector, span)
    })
  },
)

describe('the bytes of the protobuf exporters', () => {
  const post = (url: string, body: Uint8Array | undefined) =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-protobuf' },
      body: new Uint8Array(body ?? []),
    })

  test('are understood for traces', async () => {
    await using collector = await startTestCollector()
    const memory = new InMemorySpanExporter()
    const traceId = await recordTrace(memory)
    const spans = memory.getFinishedSpans()
    const response = await post(
      `${collector.url}/v1/traces`,
      ProtobufTraceSerializer.serializeRequest(spans),
    )
    const answer = new Uint8Array(await response.arrayBuffer())

    expect(response.status).toBe(200)
    // An SDK reads the answer too: it must find that everything was taken.
    expect(ProtobufTraceSerializer.deserializeResponse(answer).partialSuccess ?? null).toBeNull()
    await expectTrace(collector, traceId)
  })

  test('are understood for logs', async () => {
    await using collector = await startTestCollector()
    const memory = new InMemoryLogRecordExporter()
    const span = createSpan()
    await recordLog(memory, span)
    const records = memory.getFinishedLogRecords()
    await post(`${collector.url}/v1/logs`, ProtobufLogsSerializer.serializeRequest(records))

    await expectLog(collector, span)
  })
})

test('an exporter that is told to come back later does so', async () => {
  await using collector = await startTestCollector({ bounds: { inFlightRequestsMax: 1 } })
  const url = `${collector.url}/v1/traces`
  const slow = openRequest(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-length': 2 },
  })
  slow.write('{')
  const readStatus = () => ask<CollectorStatus>(collector, '/api/status')
  await expect.poll(readStatus).toMatchObject({ inFlight: { requests: 1 } })

  const recorded = recordTrace(new OTLPTraceExporter({ url }))
  // Two spans, two requests, both turned away.
  await expect.poll(readStatus).toMatchObject({ rejected: { requests: { 503: 2 } } })
  slow.on('response', (response) => response.resume()).end('}')
  const traceId = await recorded

  await expectTrace(collector, traceId)
})
