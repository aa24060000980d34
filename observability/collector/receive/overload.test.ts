import { request as openRequest } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { json, post, readStatus, tracesBody } from '../testing/send.ts'
import { startTestCollector } from '../testing/start-test-collector.ts'

describe('overload', () => {
  test('is a 503 that says when to come back, and passes', async () => {
    await using collector = await startTestCollector({
      bounds: { inFlightRequestsMax: 1, bodyGraceMillis: 60_000 },
    })
    const slow = openRequest(`${collector.url}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': json, 'content-length': 2 },
    })
    slow.write('{')
    await expect
      .poll(() => readStatus(collector))
      .toMatchObject({
        inFlight: { requests: 1, bytes: 1 },
      })

    const refused = await post(collector, '{}')
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
    expect((await post(collector, '{}')).status).toBe(200)
  })

  test('in bytes is a 503 too, and gives back what was taken', async () => {
    await using collector = await startTestCollector({ bounds: { inFlightBytesMax: 1_000 } })
    const statuses: number[] = []
    for (let count = 0; count < 3; count += 1) {
      statuses.push((await post(collector, '{}'.padEnd(1_001))).status)
      statuses.push((await post(collector, '{}'.padEnd(1_000))).status)
    }

    expect(statuses).toEqual([503, 200, 503, 200, 503, 200])
    expect(await readStatus(collector)).toMatchObject({
      inFlight: { requests: 0, bytes: 0 },
      rejected: { requests: { 503: 3 } },
    })
  })

  test.each([
    ['many slow bodies', { inFlightRequestsMax: 4 }, '{'],
    ['slow bodies that hold much', { inFlightBytesMax: 4_000 }, '{'.padEnd(1_000)],
  ])('by %s ends the slowest of them, and good ones are taken', async (_, bounds, begun) => {
    await using collector = await startTestCollector({ bounds: { ...bounds, bodyGraceMillis: 0 } })
    const ended: string[] = []
    const slow = [1, 2, 3, 4].map(() => {
      const socket = connect(collector.port, '127.0.0.1').on('error', () => {})
      socket.write(
        `POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: ${json}\r\ncontent-length: 99999\r\n\r\n${begun}`,
      )
      socket.on('data', (chunk) => ended.push(String(chunk)))
      return socket
    })
    await expect
      .poll(() => readStatus(collector))
      .toMatchObject({ inFlight: { requests: 4, bytes: 4 * begun.length } })

    for (let n = 1; n <= 3; n += 1) expect((await post(collector, tracesBody(n))).status).toBe(200)

    expect(ended[0]).toMatch(/^HTTP\/1\.1 408 /)
    expect(ended[0]).toContain('the body arrives too slowly, and others wait')
    for (const socket of slow) socket.destroy()
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

  test('that goes on and on after it was refused is cut off after 64 MiB', async () => {
    await using collector = await startTestCollector({ bounds: { bodyBytesMax: 10 } })
    const socket = connect(collector.port, '127.0.0.1')
    socket.on('error', () => {}).resume()
    socket.write(
      `POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: ${json}\r\ncontent-length: 1000000000\r\n\r\n`,
    )
    const chunk = Buffer.alloc(2 ** 20)
    let sent = 0
    while (!socket.destroyed && sent < 1_000) {
      sent += 1
      await new Promise((resolve) => socket.write(chunk, resolve))
    }

    // What the two sockets hold on the way comes on top.
    expect(sent).toBeGreaterThan(64)
    expect(sent).toBeLessThan(100)
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
      const inFlight = async () => (await readStatus(collector)).inFlight
      await expect.poll(inFlight, { interval: 5 }).toMatchObject({ requests: 1 })
      request.destroy()
      await expect.poll(inFlight, { interval: 5 }).toMatchObject({ requests: 0 })
    }

    await expect
      .poll(() => readStatus(collector))
      .toMatchObject({
        inFlight: { requests: 0, bytes: 0 },
        rejected: { requests: { 400: 20 } },
      })
    expect((await post(collector, tracesBody())).status).toBe(200)
  })
})
