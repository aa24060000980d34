import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { traceIdOf } from '../testing/build-telemetry.ts'
import { countStored, json, post, protobuf, readRpcStatus, tracesBody } from '../testing/send.ts'
import { ask, startTestCollector } from '../testing/start-test-collector.ts'

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
    const response = await post(collector, '{}', {}, '/v1/profiles')

    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ code: 5 })
  })

  test.each([
    [
      'unknown',
      'snappy',
      Buffer.from('{}'),
      /^content-encoding: expected identity, gzip, x-gzip, deflate, zlib, zstd, got "snappy"$/,
    ],
    ['two', 'gzip, gzip', gzipSync(gzipSync('{}')), /^content-encoding: expected/],
    ['corrupt', 'gzip', Buffer.from('{}'), /^the body is not valid gzip: /],
    ['truncated', 'gzip', gzipSync(tracesBody()).subarray(0, 60), /^the body is not valid gzip: /],
    ['damaged', 'gzip', damage(gzipSync(tracesBody())), /^the body is not valid gzip: /],
    ['empty', 'gzip', Buffer.alloc(0), /^the body is not valid gzip: /],
    ['corrupt', 'deflate', Buffer.from('{}'), /^the body is not valid deflate: /],
    ['corrupt', 'zlib', Buffer.from('{}'), /^the body is not valid zlib: /],
    ['corrupt', 'zstd', Buffer.from('{}'), /^the body is not valid zstd: /],
    ['of a window of 128 MiB', 'zstd', wideZstd(tracesBody()), /^the body is not valid zstd: /],
  ])('for a content encoding that is %s (%s)', async (_what, encoding, body, message) => {
    await using collector = await startTestCollector()
    const bytes = new Uint8Array(body)
    const response = await post(collector, bytes, { 'content-encoding': encoding })

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
    const response = await post(collector, body)

    expect([response.status, response.headers.get('content-type')]).toEqual([400, json])
    expect(await response.json()).toEqual({ code: 3, message: expect.stringMatching(message) })
  })

  test('for values nested too deep', async () => {
    await using collector = await startTestCollector()
    const value = `${'{"arrayValue":{"values":['.repeat(500)}{"intValue":1}${']}}'.repeat(500)}`
    const body = `{"resourceSpans":[{"resource":{"attributes":[{"key":"deep","value":${value}}]}}]}`
    const response = await post(collector, body)

    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ message: expect.stringContaining('nested') })
  })

  test.each([
    ['gibberish', Uint8Array.from(Buffer.from('hello'))],
    ['a length past the end', Uint8Array.of(0x0a, 0x7f, 0x00)],
    ['JSON', Uint8Array.from(Buffer.from('{"resourceSpans":[]}'))],
  ])('for protobuf that is %s, in protobuf', async (_what, body) => {
    await using collector = await startTestCollector()
    const response = await post(collector, body, { 'content-type': protobuf })

    expect([response.status, response.headers.get('content-type')]).toEqual([400, protobuf])
    const status = await readRpcStatus(response)
    expect(status.code).toBe(3)
    expect(status.message).not.toBe('')
  })

  test('nothing already stored is lost, whatever comes after it', async () => {
    await using collector = await startTestCollector()
    await post(collector, tracesBody(1))
    const bad = ['', '{', '[]', '{"resourceSpans":7}', '\0']
    for (const body of bad) await post(collector, body)
    await post(collector, new Uint8Array(gzipSync(Buffer.alloc(50_000_000))), {
      'content-encoding': 'gzip',
    })
    for (const body of bad) await post(collector, body, { 'content-type': protobuf })
    await post(collector, tracesBody(2))

    expect((await countStored(collector)).traces).toBe(2)
  })
})

test('a body with any byte changed, or cut anywhere, is taken or refused, and nothing else happens', async () => {
  await using collector = await startTestCollector()
  await post(collector, tracesBody(1))
  const bodies = [
    { type: json, body: Buffer.from(tracesBody(2)) },
    { type: protobuf, body: Buffer.from('0a0c0a0a0a0161120512030a0162', 'hex') },
  ]
  const statuses = new Set<number>()
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...bodies),
      fc.nat(),
      fc.integer({ min: 0, max: 255 }),
      fc.boolean(),
      async ({ type, body }, at, byte, isCut) => {
        const position = at % body.length
        const changed = Uint8Array.from(isCut ? body.subarray(0, position) : body)
        if (!isCut) changed[position] = byte
        const response = await post(collector, changed, { 'content-type': type })
        statuses.add(response.status)
        expect([200, 400]).toContain(response.status)
        expect(response.headers.get('content-type')).toBe(type)
      },
    ),
    { numRuns: 300 },
  )

  expect(statuses).toEqual(new Set([200, 400]))
  expect(await ask(collector, `/api/traces/${traceIdOf(1)}`)).toMatchObject({ resourceSpans: [{}] })
})

function damage(bytes: Buffer): Buffer {
  const damaged = Buffer.from(bytes)
  damaged.writeUInt8((damaged.at(-5) ?? 0) ^ 0xff, damaged.length - 5)
  return damaged
}

/** One raw block in a frame that says it needs a window of 2^27 bytes: by RFC 8878, 3.1.1. */
function wideZstd(text: string): Buffer {
  const block = Buffer.alloc(3)
  block.writeUIntLE((text.length << 3) | 1, 0, 3)
  return Buffer.concat([Buffer.from('28b52ffd0088', 'hex'), block, Buffer.from(text)])
}
