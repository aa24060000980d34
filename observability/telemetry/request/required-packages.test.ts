import type { httpInstrumentationMiddleware } from '@hono/otel'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { LoggerProvider } from '@opentelemetry/sdk-logs'
import { NodeTracerProvider, type ReadableSpan } from '@opentelemetry/sdk-trace-node'
import { Hono } from 'hono'
import { beforeEach, expect, test, vi } from 'vitest'
import { parseTelemetrySettings } from '../settings/settings.ts'
import { createTelemetry, type TelemetryOptions } from '../telemetry.ts'
import { startOtlpReceiver } from '../testing/otlp-receiver.ts'

// The packages that the service is to use, watched at work: what they do is what they did.

const opened = vi.hoisted(() => ({ requests: 0, isAbsent: false }))
vi.mock('@hono/otel', async (importOriginal) => {
  const original = await importOriginal<typeof import('@hono/otel')>()
  return {
    httpInstrumentationMiddleware(...config: Parameters<typeof httpInstrumentationMiddleware>) {
      const middleware = original.httpInstrumentationMiddleware(...config)
      return (...args: Parameters<typeof middleware>) => {
        opened.requests += 1
        return opened.isAbsent ? (async () => args[1]())() : middleware(...args)
      }
    },
  }
})

beforeEach(() => {
  opened.requests = 0
  opened.isAbsent = false
})

async function answer(requests: number, options: Partial<TelemetryOptions> = {}) {
  const receiver = await startOtlpReceiver()
  const telemetry = createTelemetry({
    settings: parseTelemetrySettings({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }),
    scope: { name: 'test', version: '1.2.3' },
    resource: {},
    writeLine: () => {},
    schedule: 'caller',
    ...options,
  })
  const app = new Hono().get('/:id', (c) => {
    telemetry.log({ severity: 'info', event: 'asked', message: 'asked' })
    return c.text('hello')
  })
  const fetch = telemetry.trace(app)
  opened.requests = 0
  for (let i = 0; i < requests; i += 1)
    expect(await (await fetch(new Request('http://localhost/1'))).text()).toBe('hello')
  await telemetry.close()
  return receiver
}

test('@hono/otel opens the server span of each request: without it there is none', async () => {
  await using receiver = await answer(3)
  expect(opened.requests).toBe(3)
  expect(receiver.spans().map(({ item }) => item.name)).toEqual([
    'GET /:id',
    'GET /:id',
    'GET /:id',
  ])

  opened.isAbsent = true
  await using without = await answer(3)
  expect(without.spans()).toEqual([])
})

test('the provider decides: a processor that somebody adds gets every span whole', async () => {
  const started: string[] = []
  const ended: ReadableSpan[] = []
  await using receiver = await answer(2, {
    makeTracerProvider: (config) =>
      new NodeTracerProvider({
        ...config,
        spanProcessors: [
          {
            onStart: (span) => {
              started.push(span.spanContext().spanId)
              span.setAttribute('added', 'by a processor')
            },
            onEnd: (span) => ended.push(span),
            async forceFlush() {},
            async shutdown() {},
          },
          ...(config.spanProcessors ?? []),
        ],
      }),
  })
  expect(started).toEqual(receiver.spans().map(({ item }) => item.spanId))
  expect(ended).toHaveLength(2)
  expect(ended[0]).toMatchObject({
    name: 'GET /:id',
    ended: true,
    attributes: { added: 'by a processor', 'http.route': '/:id', 'http.response.status_code': 200 },
    resource: { attributes: { 'service.name': 'unknown_service' } },
    instrumentationScope: { name: 'test', version: '1.2.3' },
  })
  expect(JSON.stringify(receiver.spans()[0]?.item.attributes, hex)).toContain('by a processor')
})

test('a processor that fails does not fail a request', async () => {
  await using receiver = await answer(2, {
    makeTracerProvider: (config) =>
      new NodeTracerProvider({
        ...config,
        spanProcessors: [
          ...(config.spanProcessors ?? []),
          {
            onStart() {},
            onEnd() {
              throw new Error('a bug of a processor')
            },
            async forceFlush() {},
            async shutdown() {},
          },
        ],
      }),
  })
  expect(receiver.spans()).toHaveLength(2)
})

test('the logger of sdk-logs emits the records, the exporter of the package sends', async () => {
  const { getLogger } = LoggerProvider.prototype
  let emitted = 0
  vi.spyOn(LoggerProvider.prototype, 'getLogger').mockImplementation(function (
    this: LoggerProvider,
    ...args
  ) {
    const logger = getLogger.apply(this, args)
    const { emit } = logger
    logger.emit = (record) => {
      emitted += 1
      emit.call(logger, record)
    }
    return logger
  })
  const exporting = vi.spyOn(OTLPTraceExporter.prototype, 'export')
  await using receiver = await answer(2)
  expect(emitted).toBe(2)
  expect(receiver.records()).toHaveLength(2)
  expect(exporting).toHaveBeenCalledOnce()
  expect(receiver.spans()).toHaveLength(2)
})

function hex(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}
