import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { launchNotes } from '../../contract/testing/launch-notes.ts'
import { findRuntimes } from '../../runtimes.ts'

test('an answer waits so long at most for a silent collector, and the next ones not at all', async () => {
  const timeoutMillis = 300
  const sockets = new Set<Socket>()
  const silent = createServer((socket) => sockets.add(socket)).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const address = silent.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const [lambda] = findRuntimes(['lambda'])
  if (lambda === undefined) throw new Error('expected lambda in the list')
  try {
    await using service = await launchNotes(lambda, {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_EXPORTER_OTLP_TIMEOUT: String(timeoutMillis),
    })
    const measure = async () => {
      const since = performance.now()
      await (await fetch(`${service.url}/notes`)).arrayBuffer()
      return performance.now() - since
    }
    // Being asked whether it is ready has told it already that nobody answers.
    const held = [await measure(), await measure(), await measure()]
    await delay(10 * timeoutMillis)
    const tried = await measure()
    const heldAgain = [await measure(), await measure(), await measure()]

    expect(Math.max(...held, ...heldAgain)).toBeLessThan(timeoutMillis * 0.9)
    expect(tried).toBeGreaterThan(timeoutMillis * 0.9)
    expect(tried).toBeLessThan(timeoutMillis + 600)
  } finally {
    for (const socket of sockets) socket.destroy()
    silent.close()
  }
})
