import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { SpanKind } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { OTLPTraceExporter as FetchTraceExporter } from '@opentelemetry/exporter-trace-otlp-http/build/src/platform/browser/OTLPTraceExporter.js'
import { LoggerProvider, type SdkLogRecord } from '@opentelemetry/sdk-logs'
import { BasicTracerProvider, type ReadableSpan } from '@opentelemetry/sdk-trace-base'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { encodeExportResponse } from '../../otlp/response/encode-response.ts'
import { findFreePort } from '../../plumbing/find-free-port.ts'
import { parseTelemetrySettings, type SignalSettings } from '../settings/settings.ts'
import type { Observed } from '../spans/encode-head.ts'
import type { WireWriter } from '../spans/wire-writer.ts'
import { writeRecord, writeSpan } from '../spans/write-span.ts'
import {
  accept,
  byName,
  neverAnswer,
  type OtlpReceiver,
  refuse,
  startOtlpReceiver,
  urlOf,
} from '../testing/otlp-receiver.ts'
import { writeBatch } from '../testing/write-batch.ts'
import type { Batch } from './batch.ts'
import { createBriefConnections } from './brief-connections.ts'
import type { ExporterOptions } from './exporter.ts'
import {
  createRecordSend,
  createSend,
  createSpanSend,
  ExportError,
  isRetryableExport,
  type SendOptions,
  sendEncoded,
  serializer,
} from './exporters.ts'
import { createGzipExporter } from './gzip-exporter.ts'

const timeoutMillis = 300

let receiver: OtlpReceiver
beforeEach(async () => {
  receiver = await startOtlpReceiver()
})
afterEach(async () => {
  await receiver[Symbol.asyncDispose]()
})

function settingsFor(url: string): SignalSettings {
  return parseTelemetrySettings({
    OTEL_EXPORTER_OTLP_ENDPOINT: url,
    OTEL_EXPORTER_OTLP_HEADERS: 'x-key=s3cr3t',
    OTEL_EXPORTER_OTLP_TIMEOUT: timeoutMillis,
  }).traces
}

function makeSpans(count = 1): readonly ReadableSpan[] {
  const spans: ReadableSpan[] = []
  const provider = new BasicTracerProvider({
    spanProcessors: [
      {
        onStart() {},
        onEnd: (span) => spans.push(span),
        async forceFlush() {},
        async shutdown() {},
      },
    ],
  })
  const tracer = provider.getTracer('test')
  for (let i = 0; i < count; i++) tracer.startSpan(`span ${i}`, { kind: SpanKind.SERVER }).end()
  return spans
}

/** Spans as they wait to be sent. */
function encode(count = 1): Batch {
  return takeAll(makeSpans(count), writeSpan)
}

function takeAll<T extends Observed>(
  items: readonly T[],
  write: (writer: WireWriter, item: T) => void,
): Batch {
  const batch = writeBatch(items, write)
  if (batch === undefined) throw new Error('expected items')
  return batch
}

/** How an export ended, and after how many milliseconds. */
async function attempt(sending: Promise<void>): Promise<{ error: unknown; millis: number }> {
  const start = performance.now()
  const error = await sending.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  return { error, millis: performance.now() - start }
}

const builds = [
  ['Node', (options: ExporterOptions) => sendEncoded(new OTLPTraceExporter(options))],
  [
    'fetch, as on Workers',
    (options: ExporterOptions) => sendEncoded(new FetchTraceExporter(options)),
  ],
  [
    'fetch, which compresses',
    (options: ExporterOptions) => createGzipExporter<Batch>(options, serializer),
  ],
] as const

const platforms: readonly [string, SendOptions][] = [
  ['lives on', {}],
  ['stands still between requests', createBriefConnections()],
]

describe.each(builds)('an export by the build for %s', (_, create) => {
  function send(url: string, spans = encode()) {
    return attempt(createSend<Batch>(settingsFor(url), {}, create)(spans))
  }

  test('arrives as OTLP in protobuf with the headers it was given', async () => {
    const { error } = await send(receiver.url, encode(3))
    expect(error).toBeUndefined()
    expect(receiver.spans().map(({ item }) => item.name)).toEqual(['span 0', 'span 1', 'span 2'])
    expect(receiver.requests[0]).toMatchObject({ method: 'POST', url: '/v1/traces' })
    expect(receiver.requests[0]?.headers).toMatchObject({
      'content-type': 'application/x-protobuf',
      'x-key': 's3cr3t',
    })
  })

  test('of which a part was refused counts as sent: it must not be sent again', async () => {
    receiver.answerWith((outgoing) => {
      outgoing
        .writeHead(200, { 'content-type': 'application/x-protobuf' })
        .end(encodeExportResponse('traces', 'protobuf', { rejected: 1, message: 'too old' }))
    })
    expect((await send(receiver.url)).error).toBeUndefined()
  })

  test.each([400, 401, 403, 404, 413, 500])('answered %i may not be sent again', async (status) => {
    receiver.answerWith(refuse(status))
    const { error, millis } = await send(receiver.url)
    expect(error).toBeInstanceOf(ExportError)
    expect(error).toHaveProperty('message', expect.stringMatching(`^answered ${status}`))
    expect(isRetryableExport(error)).toBe(false)
    expect(millis).toBeLessThan(timeoutMillis)
  })

  test.each([429, 502, 503, 504])(
    'answered %i may be sent again, and says so soon',
    async (status) => {
      receiver.answerWith(refuse(status, { 'retry-after': '7' }))
      const { error, millis } = await send(receiver.url)
      expect(error).toBeInstanceOf(ExportError)
      expect(isRetryableExport(error)).toBe(true)
      expect(millis).toBeLessThan(timeoutMillis)
      expect(receiver.requests).toHaveLength(1)
    },
  )

  test('to a port that nobody listens on may be sent again, and says so soon', async () => {
    const { error, millis } = await send(`http://127.0.0.1:${await findFreePort()}`)
    expect(error).toBeInstanceOf(ExportError)
    expect(error).toHaveProperty('message', expect.stringContaining('ECONNREFUSED'))
    expect(isRetryableExport(error)).toBe(true)
    expect(millis).toBeLessThan(timeoutMillis)
  })

  test('to a name with two addresses says why nobody answers', async () => {
    const { error } = await send(`http://localhost:${await findFreePort()}`)
    expect(error).toHaveProperty('message', expect.stringContaining('ECONNREFUSED'))
  })

  test('that nobody answers ends in time, and may be sent again', async () => {
    receiver.answerWith(neverAnswer)
    const { error, millis } = await send(receiver.url)
    expect(error).toBeInstanceOf(ExportError)
    expect(isRetryableExport(error)).toBe(true)
    expect(millis).toBeLessThan(timeoutMillis + 400)
  })

  test('that is answered a byte now and then ends in time', async () => {
    receiver.answerWith((outgoing) => {
      outgoing.writeHead(200, { 'content-type': 'application/x-protobuf' })
      const dribble = setInterval(() => outgoing.write(' '), 50)
      outgoing.on('close', () => clearInterval(dribble))
    })
    const { error, millis } = await send(receiver.url)
    expect(millis).toBeLessThan(timeoutMillis + 400)
    // The build for fetch does not wait for the body, once it knows the status.
    if (error !== undefined) expect(isRetryableExport(error)).toBe(true)
  })

  test('over a connection that is cut may be sent again', async () => {
    receiver.answerWith((outgoing) => outgoing.destroy())
    const { error } = await send(receiver.url)
    expect(isRetryableExport(error)).toBe(true)
  })

  test('to something that does not speak HTTP ends in time', async () => {
    const sockets: Socket[] = []
    const server = createServer((socket) => {
      sockets.push(socket)
      socket.on('error', () => {})
      socket.end('SSH-2.0-OpenSSH\r\n')
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { error, millis } = await send(urlOf(server.address()))
    expect(error).toBeInstanceOf(ExportError)
    expect(millis).toBeLessThan(timeoutMillis + 400)
    for (const socket of sockets) socket.destroy()
    server.close()
  })
})

test('what cannot be sent is refused for good, and leaves no timer', async () => {
  const send = createSend<Batch>(settingsFor(receiver.url), {}, () => ({
    export() {
      throw new Error('broken')
    },
  }))
  const { error, millis } = await attempt(send(encode()))
  expect(error).toHaveProperty('message', 'cannot be sent: broken')
  expect(isRetryableExport(error)).toBe(false)
  expect(millis).toBeLessThan(timeoutMillis)
})

describe.each(platforms)('exporters of a process that %s', (_, platform) => {
  test('send batch after batch, and go on after a failure', async () => {
    const send = createSpanSend(settingsFor(receiver.url), platform)
    await send(encode())
    receiver.answerWith(refuse(503))
    await expect(send(encode())).rejects.toThrow(ExportError)
    receiver.answerWith(neverAnswer)
    await expect(send(encode())).rejects.toThrow(ExportError)
    receiver.answerWith(accept)
    await send(encode(2))
    expect(receiver.spans()).toHaveLength(3)
  })

  test('many at once all arrive', async () => {
    // 50 connections at once on a busy machine take longer than a request may by default.
    const { traces } = parseTelemetrySettings({
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_EXPORTER_OTLP_TIMEOUT: '10000',
    })
    const send = createSpanSend(traces, platform)
    await send(encode())
    await Promise.all(Array.from({ length: 50 }, () => send(encode())))
    expect(receiver.spans()).toHaveLength(51)
  })

  test('log records arrive as well', async () => {
    const records: SdkLogRecord[] = []
    const logger = new LoggerProvider({
      processors: [
        {
          onEmit: (record) => records.push(record),
          async forceFlush() {},
          async shutdown() {},
        },
      ],
    }).getLogger('test')
    logger.emit({ body: 'hello', attributes: { answer: 42 } })
    const { logs } = parseTelemetrySettings({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url })
    await createRecordSend(logs, platform)(takeAll(records, writeRecord))
    const [arrived] = receiver.records()
    expect(arrived?.item.body).toBe('hello')
    expect(byName(arrived?.item.attributes ?? [])).toEqual({ answer: 42n })
    expect(receiver.requests[0]?.url).toBe('/v1/logs')
  })
})

test.each(platforms)(
  'a process that %s obeys no variable for certificates that is documented to do nothing',
  async (_, platform) => {
    vi.stubEnv('OTEL_EXPORTER_OTLP_CLIENT_KEY', import.meta.filename)
    vi.stubEnv('OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE', import.meta.filename)
    const url = `https://127.0.0.1:${await findFreePort()}`
    const sending = createSpanSend(settingsFor(url), platform)(encode())
    vi.unstubAllEnvs()
    // With this file for a key there would be no attempt at all.
    await expect(sending).rejects.toThrow('ECONNREFUSED')
  },
)

test('batches are sent over one connection', async () => {
  const send = createSpanSend(settingsFor(receiver.url))
  for (let i = 0; i < 5; i++) await send(encode())
  expect(receiver.connections()).toBe(1)
})

test.each(['node', 'fetch'] as const)('gzip is obeyed by the build for %s', async (build) => {
  const { traces } = parseTelemetrySettings({
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
  })
  await createSpanSend(traces, { exporterBuild: build })(encode(3))
  expect(receiver.requests[0]?.headers['content-encoding']).toBe('gzip')
  expect(receiver.spans()).toHaveLength(3)
})

test('an error that is not ours is not tried again', () => {
  expect(isRetryableExport(new Error('a bug'))).toBe(false)
  expect(isRetryableExport(undefined)).toBe(false)
})
