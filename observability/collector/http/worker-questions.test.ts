import { expect, test } from 'vitest'
import { startTestCollector } from '../testing/start-test-collector.ts'

/** A program of a few lines that answers as it is told by the body of a question. */
const program = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort, workerData } from 'node:worker_threads'
    parentPort.on('message', ({ id, method, body }) => {
      if (body === 'fail') throw new Error('as it was told')
      if (body === 'wait') return
      const answer = JSON.stringify({ method, body, ...workerData })
      parentPort.postMessage({ id, status: 200, headers: { 'x-own': 'yes' }, body: answer })
    })`)}`,
)

test('a question is passed to the program whole, and its answer sent', async () => {
  await using collector = await startTestCollector({ mcpProgram: program })

  const answer = await fetch(`${collector.url}/mcp`, { method: 'POST', body: 'hello' })

  expect(answer.headers.get('x-own')).toBe('yes')
  expect(answer.headers.get('cross-origin-resource-policy')).toBe('same-origin')
  expect(await answer.json()).toEqual({
    method: 'POST',
    body: 'hello',
    collectorUrl: collector.url,
  })
})

test('a program that fails is said and started again', async () => {
  const lines: string[] = []
  await using collector = await startTestCollector({
    mcpProgram: program,
    log: (line) => lines.push(line),
  })
  const ask = (body: string) => fetch(`${collector.url}/mcp`, { method: 'POST', body })

  expect((await ask('fail')).status).toBe(500)
  expect((await ask('hello')).status).toBe(200)
  expect(lines).toEqual(['what answers questions failed: as it was told'])
})

test('of more questions than may wait, the next is told to come later', async () => {
  await using collector = await startTestCollector({ mcpProgram: program })
  const ask = (body: string) => fetch(`${collector.url}/mcp`, { method: 'POST', body })
  const asked = Array.from({ length: 257 }, () => ask('wait'))

  const refused = await Promise.any(asked)

  expect(refused.status).toBe(503)
  expect(refused.headers.get('retry-after')).toBe('1')
  expect((await fetch(`${collector.url}/ready`)).status).toBe(200)
  await Promise.all([collector.close(), Promise.allSettled(asked)])
})

test('without a program nothing is there', async () => {
  await using collector = await startTestCollector()

  expect((await fetch(`${collector.url}/mcp`)).status).toBe(404)
})
