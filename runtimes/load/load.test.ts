import { once } from 'node:events'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import * as v from 'valibot'
import { expect, test } from 'vitest'
import { createSeededRandom } from '../../observability/comparison/statistics/seeded-random.ts'
import type { Span } from '../../observability/otlp/model.ts'
import { startChild } from '../processes/child.ts'
import { projectFolder } from '../processes/project-folder.ts'
import { findRuntimes } from '../runtimes.ts'
import { launchForTest } from '../testing/launch-for-test.ts'
import { startTestCollector } from '../testing/traces-for-test.ts'
import { createLoadTally } from './load-tally.ts'
import { inFlightMax, playLoad } from './play-load.ts'
import { createSpanSender, waitingSpansMax } from './span-sender.ts'

const tracesSchema = v.object({ traces: v.array(v.object({ services: v.array(v.string()) })) })

async function startLoad(args: readonly string[]) {
  const lines: string[] = []
  const child = await startChild({
    program: process.execPath,
    args: [join(projectFolder, 'runtimes', 'load', 'load.ts'), ...args],
    env: process.env,
    onLine: (line) => lines.push(line),
  })
  return { child, lines }
}

test('a service is asked at the rate, its traces have their roots, and nothing is left behind', async () => {
  await using collector = await startTestCollector()
  const [node] = findRuntimes(['node'])
  if (node === undefined) throw new Error('expected node in the list')
  await using service = await launchForTest(node, {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_BSP_SCHEDULE_DELAY: '100',
  })

  const { child, lines } = await startLoad([
    ...['--target', `node=${service.url}`, '--rate', '20', '--seconds', '3'],
    ...['--collector', collector.url],
  ])
  expect(await child.ended).toBe('exit code 0')
  await delay(500)

  const [, requests = '', failed] =
    /^node {2}(\d+) requests, .*, (\d+) failed$/.exec(lines.at(-1) ?? '') ?? []
  expect(failed).toBe('0')
  // 60 in the mean; far enough from it that chance stays within.
  expect(Number(requests)).toBeGreaterThan(25)
  expect(Number(requests)).toBeLessThan(110)
  const answer = await fetch(`${collector.url}/api/traces?limit=200`)
  const { traces } = v.parse(tracesSchema, await answer.json())
  const whole = traces.filter((trace) => trace.services.includes('compare-driver'))
  expect(whole).toHaveLength(Number(requests))
  expect(await (await fetch(`${service.url}/api/v1/todos`)).json()).toEqual([])
})

test('a target that nobody is at is named, has no roots in the collector, and ends it', async () => {
  await using collector = await startTestCollector()
  const { child, lines } = await startLoad([
    ...['--target', 'nobody=http://127.0.0.1:9', '--rate', '20', '--collector', collector.url],
  ])
  expect(await child.ended).toBe('exit code 1')
  expect(lines.join('\n')).toMatch(
    /^nobody: [A-Z]+ http:\/\/127\.0\.0\.1:9\/api\/v1\/todos\S*: connect ECONNREFUSED 127\.0\.0\.1:9$/m,
  )
  expect(lines.at(-1)).toBe('nothing worked on nobody')
  const answer = await fetch(`${collector.url}/api/traces?limit=200`)
  expect(v.parse(tracesSchema, await answer.json()).traces).toEqual([])
}, 20_000)

test('a stop ends it at once and in good order, and a target on which nothing worked is a failure', async () => {
  const server = createServer((_, response) => response.destroy()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  const { child, lines } = await startLoad([
    ...['--target', `nobody=http://127.0.0.1:${port}`, '--rate', '50'],
    ...['--collector', 'http://user:s3cr3t@127.0.0.1:9'],
  ])
  await expect
    .poll(() => lines.join('\n'), { timeout: 10_000 })
    .toContain('the collector takes no spans: http://127.0.0.1:9/v1/traces: bad port')
  expect(lines.join('\n')).not.toContain('s3cr3t')
  const before = Date.now()
  await child.stop()
  server.close()

  expect(await child.ended).toBe('exit code 1')
  expect(Date.now() - before).toBeLessThan(4000)
  expect(lines.at(-1)).toBe('nothing worked on nobody')
  const [, requests, failed] = /(\d+) requests, .*, (\d+) failed$/.exec(lines.at(-2) ?? '') ?? []
  expect(Number(failed)).toBeGreaterThan(0)
  expect(failed).toBe(requests)
})

test('a target that answers 404 to everything is a failure, though a scenario expects one here and there', async () => {
  const server = createServer((_, response) => response.writeHead(404).end()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0

  const { child, lines } = await startLoad([
    ...['--target', `elsewhere=http://127.0.0.1:${port}`, '--rate', '50', '--seconds', '2'],
    ...['--collector', 'http://127.0.0.1:9'],
  ])

  expect(await child.ended).toBe('exit code 1')
  expect(lines.at(-1)).toBe('nothing worked on elsewhere')
  server.close()
})

test('a target that answers nothing has no more than a number of requests to answer', async () => {
  let asked = 0
  const server = createServer(() => {
    asked += 1
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  const stop = new AbortController()
  let skipped = 0
  const played = playLoad({
    targets: [{ name: 'silent', url: `http://127.0.0.1:${port}` }],
    scenario: { name: 'one', operations: [{ name: 'get', request: { path: '/' } }] },
    ratePerSecond: 500,
    random: createSeededRandom(1),
    signal: stop.signal,
    onPlayed: () => {},
    onSkipped: () => {
      skipped += 1
    },
    onSpans: () => {},
  })
  await expect.poll(() => skipped, { timeout: 5000 }).toBeGreaterThan(10)
  stop.abort()
  expect(asked).toBe(inFlightMax)
  server.closeAllConnections()
  await played
  server.close()
})

test('spans wait for a collector up to a number', async () => {
  const bodies: string[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    bodies.push(body)
    response.end('{}')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  const sender = createSpanSender(
    { url: `http://127.0.0.1:${port}`, headers: {}, version: '1' },
    () => {},
  )
  const spans = Array.from({ length: waitingSpansMax + 7 }, (): Span => ({ ...emptySpan }))
  sender.add(spans)
  sender.add(spans)
  await sender.close()
  server.close()

  expect(bodies.join('').match(/"spanId"/g)).toHaveLength(waitingSpansMax)
})

const emptySpan: Span = {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  parentSpanId: '',
  traceState: '',
  flags: 1,
  name: 'a',
  kind: 3,
  startNanos: 1n,
  endNanos: 2n,
  attributes: [],
  droppedAttributesCount: 0,
  events: [],
  droppedEventsCount: 0,
  links: [],
  droppedLinksCount: 0,
  status: { code: 0, message: '' },
}

test('a tally counts an unexpected error and no answer as failures, and begins anew', () => {
  const tally = createLoadTally(['a', 'long'])
  const answer = { status: 200, headers: [], body: { format: 'empty' } } as const
  const played = { sentAt: 0, answer, error: null, fault: null } as const
  const fault = {
    kind: 'answer.unexpected',
    subject: '',
    expected: '404',
    actual: '503',
  } as const
  tally.add({ ...played, runtime: 'a', endedAt: 10 })
  tally.add({ ...played, runtime: 'a', endedAt: 20 })
  tally.add({ ...played, runtime: 'a', endedAt: 30, fault })
  tally.add({ ...played, runtime: 'a', endedAt: 40, error: 'refused' })
  tally.skip('a')

  expect(tally.takeLines(2)).toEqual([
    'a     4 requests, 2.0 a second, p50 25.0 ms, p95 38.5 ms, 2 failed, 1 not sent, too many were without an answer',
    'long  0 requests, 0.0 a second, 0 failed',
  ])
  expect(tally.takeLines(2)[0]).toBe('a     0 requests, 0.0 a second, 0 failed')
  tally.add({ ...played, runtime: 'long', endedAt: 40, fault })
  expect(tally.listBroken()).toEqual(['long'])
})
