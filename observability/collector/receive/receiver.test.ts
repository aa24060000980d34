import { request as openRequest } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { encodeTracesJson } from '../../otlp/encode-json.ts'
import type { CollectorStatus } from '../read-status.ts'
import { buildGroup, buildSpan, spanIdOf, traceIdOf } from '../testing/build-telemetry.ts'
import { ask, startTestCollector } from '../testing/start-test-collector.ts'

const json = 'application/json'
const protobuf = 'application/x-protobuf'

/** A request with one span of trace `n`. */
const tracesBody = (n = 1, span: Parameters<typeof buildSpan>[0] = {}) =>
  encodeTracesJson([buildGroup([buildSpan({ traceId: traceIdOf(n), ...span })])])

const post = (
  url: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
  path = '/v1/traces',
) => fetch(`${url}${path}`, { method: 'POST', headers: { 'content-type': json, ...headers }, body })

const countStored = async (collector: { url: string }) =>
  (await ask<CollectorStatus>(collector, '/api/status')).stored

/** A `google.rpc.Status` in protobuf: its code (field 1) and message (field 2). */
async function readStatusMessage(response: Response): Promise<{ code: number; message: string }> {
  const bytes = Buffer.from(await response.arrayBuffer())
  expect([bytes[0], bytes[2]]).toEqual([0x08, 0x12])
  const lengthBytes = (bytes[3] ?? 0) > 127 ? 2 : 1
  return { code: bytes[1] ?? -1, message: bytes.subarray(3 + lengthBytes).toString('utf8') }
}

describe('a request that is fine', () => {
  test.each(['/v1/traces', '/v1/logs', '/v1/metrics'])(
    'without content succeeds on %s in both encodings',
    async (path) => {
      await using collector = await startTestCollector()

      const inJson = await post(collector.url, '{}', {}, path)
      expect([inJson.status, inJson.headers.get('content-type'), await inJson.text()]).toEqual([
        200,
        json,
        '{}',
      ])
      const inProtobuf = await post(collector.url, '', { 'content-type': protobuf }, path)
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
    const response = await post(collector.url, tracesBody(), { 'content-type': contentType })

    expect(response.status).toBe(200)
    expect((await countStored(collector)).spans).toBe(1)
  })

  test.each([
    ['gzip', gzipSync],
    ['GZIP', gzipSync],
    ['x-gzip', gzipSync],
    ['deflate', deflateSync],
    ['identity', (body: string) => Buffer.from(body)],
  ])('may be encoded as %s', async (encoding, encode) => {
    await using collector = await startTestCollector()
    const body = new Uint8Array(encode(tracesBody()))
    const response = await post(collector.url, body, { 'content-encoding': encoding })

    expect(response.status).toBe(200)
    expect((await countStored(collector)).spans).toBe(1)
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
        post(collector.url, new Uint8Array(gzipSync(tracesBody(n + 1))), {
          'content-encoding': 'gzip',
        }),
      ),
    )

    expect(responses.map(({ status }) => status)).toEqual(Array.from({ length: 100 }, () => 200))
    expect(await countStored(collector)).toMatchObject({ traces: 100, spans: 100 })
  })

  test('sent again after a lost answer is stored once', async () => {
    await using collector = await startTestCollector()
    await post(collector.url, tracesBody())
    const again = await post(collector.url, tracesBody())

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
    const response = await post(collector.url, body)

    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({
      partialSuccess: {
        rejectedSpans: '3',
        errorMessage: '3 spans have no trace id or no span id',
      },
    })
    expect(await ask<CollectorStatus>(collector, '/api/status')).toMatchObject({
      received: { spans: 1 },
      rejected: { spans: 3 },
      stored: { spans: 1 },
    })
    const metrics = await (await fetch(`${collector.url}/metrics`)).text()
    expect(metrics).toMatch(/^traces_spanmetrics_calls_total\{.*\} 1$/m)
  })

  test('a log record needs neither id', async () => {
    await using collector = await startTestCollector()
    const logs = '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"stringValue":"a"}}]}]}]}'
    const response = await post(collector.url, logs, {}, '/v1/logs')

    expect(await response.text()).toBe('{}')
    expect((await countStored(collector)).looseLogRecords).toBe(1)
  })
})

describe('a request that is refused', () => {
  test.each(['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])('for the method %s', async (method) => {
    await using collector = await startTestCollector()
    const response = await fetch(`${collector.url}/v1/traces`, { method })

    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST'])
    expect(await response.json()).toEqual({ code: 12, message: `expected POST, got ${method}` })
  })

  test.each(['', 'text/plain', 'application/jsonp', 'application/protobuf'])(
    'for the content type %j',
    async (contentType) => {
      await using collector = await startTestCollector()
      const response = await fetch(`${collector.url}/v1/traces`, {
        method: 'POST',
        headers: contentType === '' ? {} : { 'content-type': contentType },
        body: new Uint8Array(Buffer.from('{}')),
      })

      expect(response.status).toBe(415)
      expect(await response.json()).toEqual({
        code: 3,
        message: `content-type: expected application/json or application/x-protobuf, got "${contentType}"`,
      })
    },
  )

  test('for its path', async () => {
    await using collector = await startTestCollector()
    const response = await post(collector.url, '{}', {}, '/v1/profiles')

    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ code: 5 })
  })

  test.each([
    ['unknown', 'zstd', Buffer.from('{}'), /^content-encoding: expected gzip, .* got "zstd"$/],
    ['two', 'gzip, gzip', gzipSync(gzipSync('{}')), /^content-encoding: expected/],
    ['corrupt', 'gzip', Buffer.from('{}'), /^the body is not valid gzip: /],
    ['truncated', 'gzip', gzipSync(tracesBody()).subarray(0, 60), /^the body is not valid gzip: /],
    ['damaged', 'gzip', damage(gzipSync(tracesBody())), /^the body is not valid gzip: /],
    ['empty', 'gzip', Buffer.alloc(0), /^the body is not valid gzip: /],
    ['corrupt', 'deflate', Buffer.from('{}'), /^the body is not valid deflate: /],
  ])('for a content encoding that is %s (%s)', async (_what, encoding, body, message) => {
    await using collector = await startTestCollector()
    const bytes = new Uint8Array(body)
    const response = await post(collector.url, bytes, { 'content-encoding': encoding })

    expect(response.status).toBe(400)
    expect(await response.json()).toEqual({ code: 3, message: expect.stringMatching(message) })
  })

  test.each([
    ['nothing', '', /^expected JSON/],
    ['half of it', tracesBody().slice(0, 200), /^expected JSON/],
    ['a list', '[]', /expected a JSON object/],
    [
      'a wrong type',
      '{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":7}]}]}]}',
      /^resourceSpans\[0\]\.scopeSpans\[0\]\.spans\[0\]\.name: expected a string, got 7$/,
    ],
    [
      'a wrong id',
      '{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"abc"}]}]}]}',
      /spans\[0\]\.traceId: expected 32 hex digits, got "abc"$/,
    ],
    ['nesting without end', `${'{"a":['.repeat(50_000)}`, /expected JSON/],
  ])('for JSON that is %s, and says where', async (_what, body, message) => {
    await using collector = await startTestCollector()
    const response = await post(collector.url, body)

    expect([response.status, response.headers.get('content-type')]).toEqual([400, json])
    expect(await response.json()).toEqual({ code: 3, message: expect.stringMatching(message) })
  })

  test('for values nested too deep', async () => {
    await using collector = await startTestCollector()
    const value = `${'{"arrayValue":{"values":['.repeat(500)}{"intValue":1}${']}}'.repeat(500)}`
    const body = `{"resourceSpans":[{"resource":{"attributes":[{"key":"deep","value":${value}}]}}]}`
    const response = await post(collector.url, body)

    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ message: expect.stringContaining('nested') })
  })

  test('for JSON that is not UTF-8', async () => {
    await using collector = await startTestCollector()
    const response = await post(collector.url, Uint8Array.of(0x7b, 0xff, 0x7d))

    expect(response.status).toBe(400)
    expect(await response.json()).toEqual({ code: 3, message: 'the body is not valid UTF-8' })
  })

  test.each([
    ['gibberish', Uint8Array.from(Buffer.from('hello'))],
    ['a length past the end', Uint8Array.of(0x0a, 0x7f, 0x00)],
    ['JSON', Uint8Array.from(Buffer.from('{"resourceSpans":[]}'))],
  ])('for protobuf that is %s, in protobuf', async (_what, body) => {
    await using collector = await startTestCollector()
    const response = await post(collector.url, body, { 'content-type': protobuf })

    expect([response.status, response.headers.get('content-type')]).toEqual([400, protobuf])
    const status = await readStatusMessage(response)
    expect(status.code).toBe(3)
    expect(status.message).not.toBe('')
  })

  test('nothing already stored is lost, whatever comes after it', async () => {
    await using collector = await startTestCollector()
    await post(collector.url, tracesBody(1))
    const bad = ['', '{', '[]', '{"resourceSpans":7}', '\0']
    for (const body of bad) await post(collector.url, body)
    await post(collector.url, new Uint8Array(gzipSync(Buffer.alloc(50_000_000))), {
      'content-encoding': 'gzip',
    })
    for (const body of bad) await post(collector.url, body, { 'content-type': protobuf })
    await post(collector.url, tracesBody(2))

    expect((await countStored(collector)).traces).toBe(2)
  })
})

function damage(bytes: Buffer): Buffer {
  const damaged = Buffer.from(bytes)
  damaged.writeUInt8((damaged.at(-5) ?? 0) ^ 0xff, damaged.length - 5)
  return damaged
}

describe('a body over the limit', () => {
  const bounds = { bodyBytesMax: 10_000 }
  const tooLarge = {
    code: 8,
    message: 'the body is larger than 10000 bytes',
  }

  test('is a 413 by its length alone, before any of it is sent', async () => {
    await using collector = await startTestCollector({ bounds })
    const request = openRequest(`${collector.url}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': json, 'content-length': 1_000_000_000, expect: '100-continue' },
    })
    let continued = false
    request.on('continue', () => {
      continued = true
    })
    request.flushHeaders()
    const answer = await new Promise<string>((resolve, reject) => {
      request.on('response', (response) => resolve(text(response))).on('error', reject)
    })
    request.on('error', () => {}).destroy()

    expect(JSON.parse(answer)).toEqual(tooLarge)
    expect(continued).toBe(false)
  })

  test.each([1_000, 10_000_000])(
    'is answered to a sender that goes on for %d bytes more, by length and in chunks',
    async (more) => {
      await using collector = await startTestCollector({ bounds })
      const body = new Uint8Array(10_000 + more)
      for (let count = 0; count < 5; count += 1) {
        const byLength = await post(collector.url, body)
        expect([byLength.status, await byLength.json()]).toEqual([413, tooLarge])

        const inChunks = await fetch(`${collector.url}/v1/traces`, {
          method: 'POST',
          headers: { 'content-type': json },
          body: new Blob([body]).stream(),
          duplex: 'half',
        })
        expect([inChunks.status, await inChunks.json()]).toEqual([413, tooLarge])
      }
    },
  )

  test('is answered to a sender that reads nothing until it has said everything', async () => {
    await using collector = await startTestCollector({ bounds })
    const socket = connect(collector.port, '127.0.0.1').pause()
    const chunk = Buffer.alloc(100_000)
    socket.write(
      `POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: ${json}\r\ncontent-length: ${200 * chunk.length}\r\n\r\n`,
    )
    for (let count = 0; count < 200; count += 1) {
      // Fails with EPIPE or ECONNRESET where the answer was followed by closing the socket.
      await new Promise<void>((resolve, reject) => {
        socket.write(chunk, (error) => (error ? reject(error) : resolve()))
      })
    }

    expect(await text(socket)).toMatch(/^HTTP\/1\.1 413 Payload Too Large\r\n/)
  })

  test('at the limit is still taken', async () => {
    await using collector = await startTestCollector({ bounds })
    const atLimit = await post(collector.url, '{}'.padEnd(10_000))
    const above = await post(collector.url, '{}'.padEnd(10_001))

    expect([atLimit.status, above.status]).toEqual([200, 413])
  })

  test('after decompression is a 413 too, in the encoding of the request', async () => {
    await using collector = await startTestCollector({ bounds })
    const atLimit = await post(collector.url, new Uint8Array(gzipSync('{}'.padEnd(10_000))), {
      'content-encoding': 'gzip',
    })
    const above = await post(collector.url, new Uint8Array(gzipSync('{}'.padEnd(10_001))), {
      'content-encoding': 'gzip',
      'content-type': protobuf,
    })

    expect([atLimit.status, above.status]).toEqual([200, 413])
    expect(await readStatusMessage(above)).toEqual({
      code: 8,
      message: 'the body is larger than 10000 bytes after decompression',
    })
  })

  test('that inflates a thousandfold costs no more than the limit', async () => {
    await using collector = await startTestCollector()
    // 1 GB of zeros in 1 MB, as 64 members: making it must not take the memory either.
    const member = gzipSync(Buffer.alloc(2 ** 24))
    const bomb = new Uint8Array(Buffer.concat(Array.from({ length: 64 }, () => member)))
    const before = process.memoryUsage.rss()
    for (let count = 0; count < 5; count += 1) {
      const response = await post(collector.url, bomb, { 'content-encoding': 'gzip' })
      expect(response.status).toBe(413)
    }

    // The collector is in this process; inflated whole, the bombs would take 5 GB.
    expect(process.memoryUsage.rss() - before).toBeLessThan(200_000_000)
  })
})

describe('overload', () => {
  test('is a 503 that says when to come back, and passes', async () => {
    await using collector = await startTestCollector({ bounds: { inFlightRequestsMax: 1 } })
    const slow = openRequest(`${collector.url}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': json, 'content-length': 2 },
    })
    slow.write('{')
    await expect
      .poll(() => ask<CollectorStatus>(collector, '/api/status'))
      .toMatchObject({
        inFlight: { requests: 1, bytes: 1 },
      })

    const refused = await post(collector.url, '{}')
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1'])
    expect(await refused.json()).toEqual({
      code: 14,
      message: 'too much is in flight, try again later',
    })

    const finished = new Promise((resolve) => {
      slow.on('response', (response) => resolve(response.resume().statusCode))
    })
    slow.end('}')
    expect(await finished).toBe(200)
    expect((await post(collector.url, '{}')).status).toBe(200)
  })

  test('in bytes is a 503 too, and gives back what was taken', async () => {
    await using collector = await startTestCollector({ bounds: { inFlightBytesMax: 1_000 } })
    const statuses: number[] = []
    for (let count = 0; count < 3; count += 1) {
      statuses.push((await post(collector.url, '{}'.padEnd(1_001))).status)
      statuses.push((await post(collector.url, '{}'.padEnd(1_000))).status)
    }

    expect(statuses).toEqual([503, 200, 503, 200, 503, 200])
    expect(await ask<CollectorStatus>(collector, '/api/status')).toMatchObject({
      inFlight: { requests: 0, bytes: 0 },
      rejected: { requests: { 503: 3 } },
    })
  })

  test('in connections closes the next one', async () => {
    await using collector = await startTestCollector({ bounds: { connectionsMax: 2 } })
    const sockets = [1, 2, 3].map(() => connect(collector.port, '127.0.0.1').on('error', () => {}))
    await expect.poll(() => sockets.filter(({ closed }) => closed).length).toBe(1)
    for (const socket of sockets) socket.destroy()
  })
})

describe('a sender that is slow or gone', () => {
  test('is told so after a bounded while', async () => {
    await using collector = await startTestCollector({ bounds: { bodyMillisMax: 100 } })
    const request = openRequest(`${collector.url}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': json, 'content-length': 100 },
    })
    request.write('{')
    const answer = await new Promise<string>((resolve, reject) => {
      request.on('response', (response) => resolve(text(response))).on('error', reject)
    })
    request.on('error', () => {}).destroy()

    expect(JSON.parse(answer)).toEqual({
      code: 4,
      message: 'the body did not arrive within 100 ms',
    })
  })

  test('with its headers is cut off', async () => {
    await using collector = await startTestCollector({ bounds: { headersMillisMax: 100 } })
    const socket = connect(collector.port, '127.0.0.1')
    socket.write('POST /v1/traces HTTP/1.1\r\n')

    expect(await text(socket)).toMatch(/^HTTP\/1\.1 408 /)
  })

  test('to end what was refused is cut off after two seconds', async () => {
    await using collector = await startTestCollector({ bounds: { bodyBytesMax: 10 } })
    const socket = connect(collector.port, '127.0.0.1')
    socket.write(
      `POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: ${json}\r\ncontent-length: 1000000\r\n\r\n`,
    )
    const startMillis = performance.now()

    expect(await text(socket)).toMatch(/^HTTP\/1\.1 413 /)
    expect(performance.now() - startMillis).toBeGreaterThan(1_900)
  })

  test('takes nothing with it when it hangs up half-way', async () => {
    await using collector = await startTestCollector()
    for (let count = 0; count < 20; count += 1) {
      const request = openRequest(`${collector.url}/v1/traces`, {
        method: 'POST',
        headers: { 'content-type': json, 'content-length': 100 },
      })
      request.on('error', () => {}).write('{"resource')
      await delay(5)
      request.destroy()
    }

    await expect
      .poll(() => ask<CollectorStatus>(collector, '/api/status'))
      .toMatchObject({
        inFlight: { requests: 0, bytes: 0 },
        rejected: { requests: { 400: 20 } },
      })
    expect((await post(collector.url, tracesBody())).status).toBe(200)
  })
})

describe('a page in a browser', () => {
  const page = 'https://app.example'
  const preflight = (url: string, origin: string) =>
    fetch(`${url}/v1/traces`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      },
    })

  test('may not send, unless its origin is listed', async () => {
    await using collector = await startTestCollector()
    const asked = await preflight(collector.url, page)
    const sent = await post(collector.url, '{}', { origin: page })

    expect(asked.status).toBe(405)
    expect(asked.headers.get('access-control-allow-origin')).toBeNull()
    expect(sent.headers.get('access-control-allow-origin')).toBeNull()
  })

  test('may send from an origin that is listed, and reads the answer, also of a refusal', async () => {
    await using collector = await startTestCollector({ corsOrigins: [page] })
    const asked = await preflight(collector.url, page)
    expect(asked.status).toBe(204)
    expect(asked.headers.get('access-control-allow-origin')).toBe(page)
    expect(asked.headers.get('access-control-allow-methods')).toBe('POST')
    expect(asked.headers.get('access-control-allow-headers')).toContain('content-type')
    expect(asked.headers.get('access-control-allow-credentials')).toBeNull()

    for (const body of ['{}', '[']) {
      const sent = await post(collector.url, body, { origin: page })
      expect(sent.headers.get('access-control-allow-origin')).toBe(page)
      expect(sent.headers.get('vary')).toBe('origin')
    }
    const other = await preflight(collector.url, 'https://evil.example')
    expect(other.headers.get('access-control-allow-origin')).toBeNull()
  })

  test('may be listed with a star for a part, or for all', async () => {
    await using some = await startTestCollector({ corsOrigins: ['https://*.example'] })
    await using all = await startTestCollector({ corsOrigins: ['*'] })
    const allowed = async (url: string, origin: string) =>
      (await preflight(url, origin)).headers.get('access-control-allow-origin')

    expect(await allowed(some.url, page)).toBe(page)
    expect(await allowed(some.url, 'https://app.example.evil')).toBeNull()
    expect(await allowed(some.url, 'https://appxexample')).toBeNull()
    expect(await allowed(all.url, page)).toBe('*')
  })
})
