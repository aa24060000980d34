import { once } from 'node:events'
import { request as openRequest } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { json, post, protobuf, readRpcStatus } from '../testing/send.ts'
import { startTestCollector } from '../testing/start-test-collector.ts'

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
        const byLength = await post(collector, body)
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

  test('refused to one who asked first closes the connection, since a body may come or not', async () => {
    await using collector = await startTestCollector({ bounds })
    const socket = connect(collector.port, '127.0.0.1')
    socket.write(
      'POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: text/plain\r\ncontent-length: 5\r\nexpect: 100-continue\r\n\r\n',
    )
    const [answer] = await once(socket, 'data')
    socket.destroy()

    expect(String(answer)).toMatch(/^HTTP\/1\.1 415 /)
    expect(String(answer)).toMatch(/^connection: close\r$/im)
  })

  test('at the limit is still taken', async () => {
    await using collector = await startTestCollector({ bounds })
    const atLimit = await post(collector, '{}'.padEnd(10_000))
    const above = await post(collector, '{}'.padEnd(10_001))

    expect([atLimit.status, above.status]).toEqual([200, 413])
  })

  test('after decompression is a 413 too, in the encoding of the request', async () => {
    await using collector = await startTestCollector({ bounds })
    const atLimit = await post(collector, new Uint8Array(gzipSync('{}'.padEnd(10_000))), {
      'content-encoding': 'gzip',
    })
    const above = await post(collector, new Uint8Array(gzipSync('{}'.padEnd(10_001))), {
      'content-encoding': 'gzip',
      'content-type': protobuf,
    })

    expect([atLimit.status, above.status]).toEqual([200, 413])
    expect(await readRpcStatus(above)).toEqual({
      code: 8,
      message: 'the body is larger than 10000 bytes after decompression',
    })
  })

  test.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['zstd', zstdCompressSync],
  ])(
    'that inflates a thousandfold (%s) costs no more than the limit',
    async (encoding, compress) => {
      await using collector = await startTestCollector()
      // 1 GB of zeros in 1 MB, as 64 members: making it must not take the memory either.
      const member = compress(Buffer.alloc(2 ** 24))
      const bomb = new Uint8Array(Buffer.concat(Array.from({ length: 64 }, () => member)))
      const before = process.memoryUsage.rss()
      for (let count = 0; count < 5; count += 1) {
        const response = await post(collector, bomb, { 'content-encoding': encoding })
        expect(response.status).toBe(413)
      }

      // The collector is in this process; inflated whole, the bombs would take 5 GB.
      expect(process.memoryUsage.rss() - before).toBeLessThan(200_000_000)
    },
  )
})
