import type { ServerResponse } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { WireRequest } from '../receive/receiver.ts'
import { answerWith, startDestination } from '../testing/start-destination.ts'
import { createForwarder, type Forwarder, type ForwarderOptions } from './forwarder.ts'

const secret = 'Bearer top-secret'

function createTestForwarder(endpoint: string, options: Partial<ForwarderOptions> = {}) {
  const lines: string[] = []
  const waits: number[] = []
  const forwarder = createForwarder({
    destination: { endpoint, headers: { authorization: secret } },
    queueBytesMax: 1_000_000,
    via: '1.1 test',
    log: (line) => lines.push(line),
    nowMillis: () => Date.UTC(2026, 0, 1),
    random: () => 0.999_999,
    timeoutMillis: 200,
    // Waiting is told to the test and not done, but for the turn that lets a server change its mind.
    wait: (millis) => {
      waits.push(millis)
      return setTimeout(20)
    },
    ...options,
  })
  return { forwarder, lines, waits }
}

const wire = (body: string, fields: Partial<WireRequest> = {}): WireRequest => ({
  signal: 'traces',
  encoding: 'json',
  body: Buffer.from(body),
  gzipped: undefined,
  via: undefined,
  ...fields,
})

const settled = (forwarder: Forwarder) =>
  expect.poll(() => forwarder.stats().waiting, { timeout: 5_000 }).toBe(0)

describe('what is forwarded', () => {
  test('arrives as it came, compressed, with the configured headers', async () => {
    await using destination = await startDestination()
    const { forwarder, lines } = createTestForwarder(`${destination.url}/base`)
    forwarder.add(wire('{"a": 1}', { signal: 'logs' }))
    await settled(forwarder)

    expect(destination.arrivals).toMatchObject([
      {
        path: '/base/v1/logs',
        headers: {
          authorization: secret,
          'content-type': 'application/json',
          'content-encoding': 'gzip',
          via: '1.1 test',
        },
      },
    ])
    expect(destination.arrivals[0]?.body.toString()).toBe('{"a": 1}')
    expect(lines).toEqual([])
  })

  test('is not compressed again when it came compressed', async () => {
    await using destination = await startDestination()
    const { forwarder } = createTestForwarder(destination.url)
    // The two bodies differ only here, so that the test sees which one was sent.
    forwarder.add(wire('decompressed', { gzipped: gzipSync('as it came'), encoding: 'protobuf' }))
    await settled(forwarder)

    expect(destination.arrivals[0]?.body.toString()).toBe('as it came')
    expect(destination.arrivals[0]?.headers['content-type']).toBe('application/x-protobuf')
  })

  test('names everyone who forwarded it before', async () => {
    await using destination = await startDestination()
    const { forwarder } = createTestForwarder(destination.url)
    forwarder.add(wire('{}', { via: '1.1 other' }))
    await settled(forwarder)

    expect(destination.arrivals[0]?.headers.via).toBe('1.1 other, 1.1 test')
  })
})

describe('a destination that says no for good', () => {
  test.each([400, 401, 404, 413, 500, 501, 307])('with %d is not asked again', async (status) => {
    await using destination = await startDestination(
      answerWith(status, status === 307 ? { location: '/elsewhere' } : {}),
    )
    const { forwarder, waits } = createTestForwarder(destination.url)
    forwarder.add(wire('{}'))
    await settled(forwarder)

    expect(destination.arrivals).toHaveLength(1)
    expect(waits).toEqual([])
    expect(forwarder.stats()).toMatchObject({ refused: 1, delivered: 0, isFailing: false })
  })

  test('is noted once, not for each request', async () => {
    await using destination = await startDestination(answerWith(400))
    const { forwarder, lines } = createTestForwarder(destination.url)
    for (let count = 0; count < 10; count += 1) forwarder.add(wire('{}'))
    await settled(forwarder)

    expect(lines).toEqual([
      `forwarding to ${destination.url}: 1 requests refused for good, the last with 400 Bad Request`,
    ])
    expect(forwarder.stats().refused).toBe(10)
  })
})

describe('a destination that takes a part', () => {
  test.each([
    ['json', 'application/json', '{"partialSuccess":{"rejectedSpans":"1","errorMessage":"no"}}', 1],
    ['json', 'application/json', '{"partialSuccess":{}}', 0],
    ['json', 'application/json', '{}', 0],
    ['protobuf', 'application/x-protobuf', '\n\x02\b\x01', 1],
    ['protobuf', 'application/x-protobuf', '', 0],
  ] as const)('is not sent the rest again (%s, %s, %j)', async (encoding, type, body, partly) => {
    await using destination = await startDestination(
      answerWith(200, { 'content-type': type }, body),
    )
    const { forwarder } = createTestForwarder(destination.url)
    forwarder.add(wire('{}', { encoding }))
    await settled(forwarder)

    expect(destination.arrivals).toHaveLength(1)
    expect(forwarder.stats()).toMatchObject({ delivered: 1, partlyDelivered: partly })
  })
})

describe('a destination that is slow', () => {
  test('has at most eight requests to answer at once', async () => {
    const held: ServerResponse[] = []
    await using destination = await startDestination((response) => void held.push(response))
    const { forwarder } = createTestForwarder(destination.url, { timeoutMillis: 60_000 })
    for (let n = 0; n < 20; n += 1) forwarder.add(wire(`${n}`))
    await expect.poll(() => held.length).toBe(8)
    await setTimeout(50)
    expect(held).toHaveLength(8)

    destination.answer(answerWith(200))
    for (const response of held) response.end()
    await settled(forwarder)
    expect(forwarder.stats().delivered).toBe(20)
  })

  test('and talkative is heard no further than needed', async () => {
    await using destination = await startDestination(answerWith(200, {}, 'x'.repeat(5_000_000)))
    const { forwarder } = createTestForwarder(destination.url)
    forwarder.add(wire('{}'))
    await settled(forwarder)

    expect(forwarder.stats().delivered).toBe(1)
  })
})

describe('a destination that is overloaded', () => {
  test.each([429, 502, 503, 504])('with %d is asked again, later each time', async (status) => {
    await using destination = await startDestination(answerWith(status))
    const { forwarder, waits } = createTestForwarder(destination.url)
    forwarder.add(wire('{}'))
    await expect.poll(() => waits.length).toBeGreaterThanOrEqual(3)
    destination.answer(answerWith(200))
    await settled(forwarder)

    expect(waits.slice(0, 3)).toEqual([1_000, 2_000, 4_000])
    expect(forwarder.stats()).toMatchObject({ delivered: 1, dropped: 0 })
  })

  test.each([
    ['in seconds', '7', 7_000],
    ['by a date', 'Thu, 01 Jan 2026 00:00:09 GMT', 9_000],
    ['for longer than an hour', '999999', 3_600_000],
    ['in words', 'later', 1_000],
  ])('is left alone for as long as it asks, %s', async (_how, retryAfter, millis) => {
    await using destination = await startDestination(answerWith(503, { 'retry-after': retryAfter }))
    const { forwarder, waits } = createTestForwarder(destination.url)
    forwarder.add(wire('{}'))
    await expect.poll(() => waits.length).toBeGreaterThanOrEqual(1)
    destination.answer(answerWith(200))
    await settled(forwarder)

    expect(waits[0]).toBe(millis)
  })

  test('is tried with one request at a time, and then gets all of them', async () => {
    await using destination = await startDestination(answerWith(503))
    /** How many requests had arrived whenever it began to wait. */
    const arrivedByWait: number[] = []
    const { forwarder } = createTestForwarder(destination.url, {
      wait(_millis) {
        arrivedByWait.push(destination.arrivals.length)
        return setTimeout(20)
      },
    })
    for (let n = 0; n < 30; n += 1) forwarder.add(wire(`${n}`))
    await expect.poll(() => arrivedByWait.length).toBeGreaterThanOrEqual(6)
    // The first failure finds others under way; from then on each wait is for one request.
    const [third = 0, fourth, fifth, sixth] = arrivedByWait.slice(2)
    expect([fourth, fifth, sixth]).toEqual([third + 1, third + 2, third + 3])
    destination.answer(answerWith(200))
    await settled(forwarder)

    const arrived = new Set(destination.arrivals.map(({ body }) => body.toString()))
    expect(arrived.size).toBe(30)
    expect(forwarder.stats()).toMatchObject({ delivered: 30, dropped: 0 })
  })
})

describe('a destination that cannot be reached', () => {
  test('is said to fail once and to work again once, and then has everything', async () => {
    const gone = await startDestination()
    await gone[Symbol.asyncDispose]()
    const { forwarder, lines, waits } = createTestForwarder(gone.url)
    for (let n = 0; n < 5; n += 1) forwarder.add(wire(`${n}`))
    await expect.poll(() => waits.length).toBeGreaterThanOrEqual(3)
    expect(forwarder.stats()).toMatchObject({ delivered: 0, waiting: 5, isFailing: true })
    await using back = await startDestination(answerWith(200), gone.port)
    await settled(forwarder)

    expect(back.arrivals).toHaveLength(5)
    expect(lines).toEqual([
      `forwarding to ${gone.url} fails (ECONNREFUSED); keeping what fits and trying again`,
      expect.stringMatching(/ works again after 0\.0 s, \d+ failed tries and 0 dropped requests$/),
    ])
  })

  test('because it never answers is given up on in time and tried again', async () => {
    await using destination = await startDestination(() => {})
    const { forwarder, waits, lines } = createTestForwarder(destination.url)
    forwarder.add(wire('{}'))
    await expect.poll(() => waits.length).toBe(1)
    destination.answer(answerWith(200))
    await settled(forwarder)

    expect(forwarder.stats().delivered).toBe(1)
    expect(lines[0]).toContain('aborted due to timeout')
  })

  test('because it hangs up half-way is tried again', async () => {
    await using destination = await startDestination((response) => {
      response.writeHead(200, { 'content-length': 100 }).write('{')
      response.destroy()
    })
    const { forwarder, waits } = createTestForwarder(destination.url)
    forwarder.add(wire('{}'))
    await expect.poll(() => waits.length).toBeGreaterThanOrEqual(1)
    destination.answer(answerWith(200))
    await settled(forwarder)

    expect(forwarder.stats().delivered).toBe(1)
  })

  test('never has its headers logged', async () => {
    const gone = await startDestination()
    await gone[Symbol.asyncDispose]()
    const { forwarder, lines, waits } = createTestForwarder(`${gone.url}?key=hidden`)
    forwarder.add(wire('{}'))
    await expect.poll(() => waits.length).toBeGreaterThanOrEqual(1)
    await forwarder.close(0)

    expect(`${lines} ${JSON.stringify(forwarder.stats())}`).not.toMatch(/secret|hidden/)
  })
})

describe('what waits', () => {
  test('is bounded: the oldest is dropped and counted, and the newest arrives', async () => {
    const gone = await startDestination()
    await gone[Symbol.asyncDispose]()
    const { forwarder, lines, waits } = createTestForwarder(gone.url, { queueBytesMax: 500 })
    for (let n = 0; n < 100; n += 1) {
      const text = `${n}`.padEnd(40)
      forwarder.add(wire(text, { gzipped: gzipSync(text) }))
    }
    await expect.poll(() => waits.length).toBeGreaterThanOrEqual(1)
    expect(forwarder.stats().waitingBytes).toBeLessThanOrEqual(500)
    expect(forwarder.stats().dropped).toBeGreaterThan(70)
    await using back = await startDestination(answerWith(200), gone.port)
    await settled(forwarder)

    const { delivered, dropped } = forwarder.stats()
    expect(delivered + dropped).toBe(100)
    expect(back.arrivals.map(({ body }) => body.toString().trim())).toContain('99')
    expect(lines.at(-1)).toMatch(/[1-9]\d* dropped requests$/)
  })

  test('is bounded also while it is being compressed', async () => {
    await using destination = await startDestination()
    const { forwarder } = createTestForwarder(destination.url, { queueBytesMax: 1_000 })
    for (let n = 0; n < 10; n += 1) forwarder.add(wire(`${n}`.padEnd(400)))
    await settled(forwarder)

    expect(forwarder.stats()).toMatchObject({ delivered: 2, dropped: 8 })
  })

  test('larger than the whole bound is dropped by itself', async () => {
    await using destination = await startDestination()
    const { forwarder } = createTestForwarder(destination.url, { queueBytesMax: 30 })
    const random = Buffer.from(crypto.getRandomValues(new Uint8Array(100)))
    forwarder.add(wire('', { gzipped: gzipSync(random) }))
    await settled(forwarder)

    expect(forwarder.stats()).toMatchObject({ delivered: 0, dropped: 1 })
  })
})

describe('closing', () => {
  test('first sends what waits', async () => {
    await using destination = await startDestination()
    const { forwarder } = createTestForwarder(destination.url)
    for (let n = 0; n < 50; n += 1) forwarder.add(wire(`${n}`))
    await forwarder.close(2_000)

    expect(destination.arrivals).toHaveLength(50)
    expect(forwarder.stats()).toMatchObject({ delivered: 50, dropped: 0, waiting: 0 })
  })

  test('does not wait for long, and counts what is left as dropped', async () => {
    await using destination = await startDestination(() => {})
    const { forwarder } = createTestForwarder(destination.url, { timeoutMillis: 60_000 })
    for (let n = 0; n < 20; n += 1) forwarder.add(wire(`${n}`))
    const startMillis = performance.now()
    await forwarder.close(300)

    expect(performance.now() - startMillis).toBeLessThan(1_000)
    expect(forwarder.stats().dropped).toBe(20)
  })

  test('takes nothing more', async () => {
    await using destination = await startDestination()
    const { forwarder } = createTestForwarder(destination.url)
    await forwarder.close(100)
    forwarder.add(wire('{}'))

    expect(forwarder.stats().waiting).toBe(0)
  })
})
