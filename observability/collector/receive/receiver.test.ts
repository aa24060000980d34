import { request as openRequest } from 'node:http'
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { encodeTracesJson } from '../../otlp/encode-json.ts'
import {
  buildGroup,
  buildLogRecord,
  buildSpan,
  spanIdOf,
  traceIdOf,
} from '../testing/build-telemetry.ts'
import {
  countStored,
  json,
  post,
  protobuf,
  readStatus,
  sendLogs,
  sendSpans,
  tracesBody,
} from '../testing/send.ts'
import { ask, startTestCollector } from '../testing/start-test-collector.ts'

describe('a request that is fine', () => {
  test.each(['/v1/traces', '/v1/logs', '/v1/metrics'])(
    'without content succeeds on %s in both encodings',
    async (path) => {
      await using collector = await startTestCollector()

      const inJson = await post(collector, '{}', {}, path)
      expect([inJson.status, inJson.headers.get('content-type'), await inJson.text()]).toEqual([
        200,
        json,
        '{}',
      ])
      const inProtobuf = await post(collector, '', { 'content-type': protobuf }, path)
      expect([inProtobuf.status, inProtobuf.headers.get('content-type')]).toEqual([200, protobuf])
      expect((await inProtobuf.arrayBuffer()).byteLength).toBe(0)
    },
  )

  test.each([
    'application/json; charset=utf-8',
    'Application/JSON',
    'APPLICATION/JSON;CHARSET=UTF-8',
  ])('may name its type as %s', async (contentType) => {
    await using collector = await startTestCollector()
    const response = await post(collector, tracesBody(), { 'content-type': contentType })

    expect(response.status).toBe(200)
    expect((await countStored(collector)).spans).toBe(1)
  })

  test.each([
    ['gzip', gzipSync],
    ['GZIP', gzipSync],
    ['x-gzip', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['zlib', deflateSync],
    ['zstd', zstdCompressSync],
    ['identity', (body: string) => Buffer.from(body)],
  ])('may be encoded as %s', async (encoding, encode) => {
    await using collector = await startTestCollector()
    const body = new Uint8Array(encode(tracesBody()))
    const response = await post(collector, body, { 'content-encoding': encoding })

    expect(response.status).toBe(200)
    expect((await countStored(collector)).spans).toBe(1)
  })

  test('may hold text that is not UTF-8, which is replaced', async () => {
    await using collector = await startTestCollector()
    const body = Buffer.from(tracesBody(1, { name: 'a?b' }))
    body[body.indexOf('a?b') + 1] = 0xff

    expect((await post(collector, new Uint8Array(body))).status).toBe(200)
    const { traces } = await ask<{ traces: unknown[] }>(collector, '/api/traces')
    expect(traces).toMatchObject([{ rootName: 'a\ufffdb' }])
  })

  test('may come in chunks, without a length', async () => {
    await using collector = await startTestCollector()
    const body = tracesBody()
    const request = openRequest(`${collector.url}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': json, 'transfer-encoding': 'chunked' },
    })
    for (let at = 0; at < body.length; at += 50) {
      request.write(body.slice(at, at + 50))
      await delay(1)
    }
    const status = await new Promise((resolve, reject) => {
      request
        .on('response', (response) => resolve(response.resume().statusCode))
        .on('error', reject)
      request.end()
    })

    expect(status).toBe(200)
    expect((await countStored(collector)).spans).toBe(1)
  })

  test('may ask first whether to go ahead', async () => {
    await using collector = await startTestCollector()
    const body = tracesBody()
    const request = openRequest(`${collector.url}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': json, 'content-length': body.length, expect: '100-continue' },
    })
    request.flushHeaders()
    await new Promise((resolve) => request.once('continue', resolve))
    const status = await new Promise((resolve) => {
      request.on('response', (response) => resolve(response.resume().statusCode)).end(body)
    })

    expect(status).toBe(200)
  })

  test('keeps its connection open for the next one', async () => {
    await using collector = await startTestCollector()
    const socket = connect(collector.port, '127.0.0.1')
    const body = tracesBody()
    const request = `POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: ${json}\r\ncontent-length: ${body.length}\r\n\r\n${body}`
    const answers: string[] = []
    socket.on('data', (chunk) => answers.push(chunk.toString()))
    for (let count = 1; count <= 3; count += 1) {
      socket.write(request)
      await expect.poll(() => answers.join('').match(/HTTP\/1.1 200/g)?.length).toBe(count)
    }
    socket.destroy()
  })

  test('may be one of many at the same time', async () => {
    await using collector = await startTestCollector()
    const responses = await Promise.all(
      Array.from({ length: 100 }, (_, n) =>
        post(collector, new Uint8Array(gzipSync(tracesBody(n + 1))), {
          'content-encoding': 'gzip',
        }),
      ),
    )

    expect(responses.map(({ status }) => status)).toEqual(Array.from({ length: 100 }, () => 200))
    expect(await countStored(collector)).toMatchObject({ traces: 100, spans: 100 })
  })

  test('sent again after a lost answer is stored once', async () => {
    await using collector = await startTestCollector()
    await post(collector, tracesBody())
    const again = await post(collector, tracesBody())

    expect(again.status).toBe(200)
    expect((await countStored(collector)).spans).toBe(1)
  })
})

describe('a request that is partly fine', () => {
  const body = encodeTracesJson([
    buildGroup([
      buildSpan({ spanId: spanIdOf(1) }),
      buildSpan({ spanId: '' }),
      buildSpan({ traceId: '', spanId: spanIdOf(2) }),
      buildSpan({ traceId: '0'.repeat(32), spanId: spanIdOf(3) }),
    ]),
  ])

  test('is a success that counts the spans without ids, which are neither stored nor counted', async () => {
    await using collector = await startTestCollector()
    const response = await post(collector, body)

    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({
      partialSuccess: {
        rejectedSpans: '3',
        errorMessage: '3 spans have no trace id or no span id',
      },
    })
    expect(await readStatus(collector)).toMatchObject({
      received: { spans: 1 },
      rejected: { spans: 3 },
      stored: { spans: 1 },
    })
    const metrics = await (await fetch(`${collector.url}/metrics`)).text()
    expect(metrics).toMatch(/^traces_spanmetrics_calls_total\{.*\} 1$/m)
  })

  test('is told how many spans a full trace had no room for', async () => {
    await using collector = await startTestCollector({ bounds: { spansPerTraceMax: 3 } })
    const spans = [1, 2, 3, 4, 5].map((id) => buildSpan({ spanId: spanIdOf(id) }))
    const response = await sendSpans(collector, [buildGroup(spans)])

    expect(await response.json()).toEqual({
      partialSuccess: {
        rejectedSpans: '2',
        errorMessage:
          '2 spans are counted but not stored: a trace holds at most 3 spans and 16777216 bytes',
      },
    })
  })

  test('is told how many log records a full trace had no room for', async () => {
    await using collector = await startTestCollector({ bounds: { logRecordsPerTraceMax: 1 } })
    const record = buildLogRecord({ traceId: traceIdOf(1) })
    const response = await sendLogs(collector, [buildGroup([record, record])])

    expect(await response.json()).toEqual({
      partialSuccess: {
        rejectedLogRecords: '1',
        errorMessage:
          '1 log records are not stored: a trace holds at most 1 log records and 16777216 bytes',
      },
    })
  })

  test.each([
    [
      '/v1/traces',
      '{"resourceLogs":[{}]}',
      'resourceSpans[].scopeSpans[].spans[], got "resourceLogs"',
    ],
    [
      '/v1/traces',
      '{"resourceSpans":[{"spans":[{}]}]}',
      'resourceSpans[].scopeSpans[].spans[], got "resourceSpans"',
    ],
    [
      '/v1/logs',
      '{"resourceSpans":[{}]}',
      'resourceLogs[].scopeLogs[].logRecords[], got "resourceSpans"',
    ],
    [
      '/v1/metrics',
      '{"resourceSpans":[{}]}',
      'resourceMetrics[].scopeMetrics[].metrics[], got "resourceSpans"',
    ],
  ])('to %s that is %s is told that nothing was found in it', async (path, body, expected) => {
    await using collector = await startTestCollector()
    const response = await post(collector, body, {}, path)

    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({
      partialSuccess: { errorMessage: `nothing was found in the request: expected ${expected}` },
    })
  })

  test('in protobuf is told that nothing was found in it', async () => {
    await using collector = await startTestCollector()
    const onlyResource = Uint8Array.of(0x0a, 0x02, 0x0a, 0x00)
    const response = await post(collector, onlyResource, { 'content-type': protobuf })

    expect(Buffer.from(await response.arrayBuffer()).toString()).toContain(
      'nothing was found in the request: expected resourceSpans[].scopeSpans[].spans[]',
    )
  })

  test('a log record needs neither id', async () => {
    await using collector = await startTestCollector()
    const logs = '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"stringValue":"a"}}]}]}]}'
    const response = await post(collector, logs, {}, '/v1/logs')

    expect(await response.text()).toBe('{}')
    expect((await countStored(collector)).looseLogRecords).toBe(1)
  })
})
