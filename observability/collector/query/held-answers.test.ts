import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, test } from 'vitest'
import {
  buildAttributes,
  buildGroup,
  buildSpan,
  spanIdOf,
  traceIdOf,
} from '../testing/build-telemetry.ts'
import { sendSpans } from '../testing/send.ts'
import { startTestCollector } from '../testing/start-test-collector.ts'

/** Twice this is longer than what sockets take before anybody reads. */
const longText = 'x'.repeat(7_000_000)

/** A collector that may hold one long answer and nothing besides, whose connection is given with it. */
async function startWithUnreadAnswer(answerMillisMax: number) {
  const bounds = { answerBytesMax: 1_000, answerMillisMax }
  const collector = await startTestCollector({ bounds })
  const attributes = buildAttributes({ text: longText })
  for (const spanId of [1, 2].map(spanIdOf)) {
    const span = buildSpan({ traceId: traceIdOf(1), spanId, attributes })
    await sendSpans(collector, [buildGroup([span])])
  }
  const unread = connect(collector.port, '127.0.0.1').on('error', () => {})
  unread.write(`GET /api/traces/${traceIdOf(1)} HTTP/1.1\r\nhost: localhost\r\n\r\n`)
  await once(unread, 'readable')
  return { ...collector, unread, ask: () => fetch(`${collector.url}/api/status`) }
}

test('answers that nobody reads are held up to a bound, and given up with their connection', async () => {
  await using collector = await startWithUnreadAnswer(60_000)
  const refused = await collector.ask()
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1'])
  expect(await refused.json()).toMatchObject({
    detail: 'too many answers are waiting to be read, ask again later',
  })

  collector.unread.destroy()
  await expect.poll(async () => (await collector.ask()).status).toBe(200)
})

test('one that is not read in time closes its connection', async () => {
  await using collector = await startWithUnreadAnswer(300)
  await expect.poll(async () => (await collector.ask()).status, { timeout: 10_000 }).toBe(200)
  collector.unread.resume()
  await once(collector.unread, 'close')
})
