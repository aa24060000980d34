import { once } from 'node:events'
import { createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findFreePort } from '../../observability/plumbing/find-free-port.ts'
import { presentRuntimes } from '../testing/present-runtimes.ts'
import { awaitTrace, startTestCollector } from '../testing/traces-for-test.ts'
import { launchNotes } from './testing/launch-notes.ts'

/** Takes connections and never says a word. */
let blackHole: { readonly url: string; close(): void }
beforeAll(async () => {
  const sockets = new Set<{ destroy(): void }>()
  const server = createServer((socket) => sockets.add(socket)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  blackHole = {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    close() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
})
afterAll(() => blackHole.close())

describe.each(presentRuntimes)('$name', (runtime) => {
  test('without a collector it answers as ever, and says so once', async () => {
    const port = await findFreePort()
    await using service = await launchNotes(runtime, {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      WEB_CONCURRENCY: '1', // each process of a platform that starts several says it once
    })
    for (let round = 0; round < 5; round += 1) {
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => fetch(`${service.url}/notes`)),
      )
      expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200))
      await new Promise((resolve) => setTimeout(resolve, 300))
    }

    await expect
      .poll(() => service.lines.filter((line) => line.includes('telemetry.export_failed')).length)
      .toBe(1)
  })

  test('what was kept during an outage arrives when the collector is back', async () => {
    const port = await findFreePort()
    await using service = await launchNotes(runtime, {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_BSP_SCHEDULE_DELAY: '50',
      OTEL_BLRP_SCHEDULE_DELAY: '50',
    })
    const lost = await fetch(`${service.url}/notes`)
    const traceId = lost.headers.get('x-trace-id') ?? ''
    await expect.poll(() => service.lines.join('\n')).toContain('telemetry.export_failed')

    await using collector = await startTestCollector(port)
    // A Worker runs only while it is asked something.
    const arrived = async () => {
      await fetch(`${service.url}/health`)
      return awaitTrace(
        collector.url,
        traceId,
        ({ spans, logs }) => spans.length >= 2 && logs.length === 1,
      )
    }
    await expect
      .poll(arrived, { timeout: 15_000, interval: 500 })
      .toMatchObject({ logs: [{ record: { eventName: 'note.listed' } }] })
    await expect.poll(() => service.lines.join('\n')).toContain('telemetry.export_recovered')
  })

  test('a collector that never answers delays no response, and a stop by seconds at most', async () => {
    const settings = { OTEL_EXPORTER_OTLP_ENDPOINT: blackHole.url, OTEL_BSP_SCHEDULE_DELAY: '10' }
    const service = await launchNotes(runtime, settings)
    const millis: number[] = []
    for (let request = 0; request < 30; request += 1) {
      const since = performance.now()
      await (await fetch(`${service.url}/notes`)).arrayBuffer()
      millis.push(performance.now() - since)
    }
    const since = performance.now()
    await service[Symbol.asyncDispose]()

    // An export gives up after a second; a response that waited for one would take as long.
    expect(Math.max(...millis)).toBeLessThan(900)
    expect(performance.now() - since).toBeLessThan(6000)
  })
})
