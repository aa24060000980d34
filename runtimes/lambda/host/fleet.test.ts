import { once } from 'node:events'
import { createServer } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import * as v from 'valibot'
import { expect, test } from 'vitest'
import { InvokeError } from './invoke-error.ts'
import { hostForTest } from './testing/host-for-test.ts'

/** Answers with its process id, after the milliseconds that the path says; `/throw`, `/exit` and `/loop` do that. */
const source = `
export const handler = async ({ rawPath }) => {
  const since = Date.now()
  if (rawPath === '/throw') throw new RangeError('out of range')
  if (rawPath === '/exit') process.exit(3)
  if (rawPath === '/loop') for (;;);
  await new Promise((resolve) => setTimeout(resolve, Number(rawPath.slice(1))))
  return { pid: process.pid, since, until: Date.now() }
}`

const answerSchema = v.object({ pid: v.number(), since: v.number(), until: v.number() })
const readAnswer = async (response: Response) => v.parse(answerSchema, await response.json())
const pidOf = async (response: Response) => (await readAnswer(response)).pid

test.skipIf(process.platform === 'win32')('between events a function stands still', async () => {
  await using host = await hostForTest(`
    let ticks = 0
    setInterval(() => { ticks += 1 }, 10)
    export const handler = async () => ({ ticks })`)
  const ticksSchema = v.object({ ticks: v.number() })
  const countTicks = async () => v.parse(ticksSchema, await (await fetch(host.url)).json()).ticks

  const before = await countTicks()
  await delay(600)
  const after = await countTicks()

  expect(after - before).toBeLessThan(20) // 60 if it had gone on
})

test.skipIf(process.platform === 'win32').each([
  { flush: 'no', arrived: ['/1', '/2'] },
  { flush: 'yes', arrived: ['/1', '/2', '/3'] },
])(
  'what is sent after the answer waits for the next event, flushed: $flush',
  async ({ flush, arrived }) => {
    const seen: string[] = []
    const receiver = createServer((request, response) => {
      seen.push(request.url ?? '')
      response.end()
    }).listen(0, '127.0.0.1')
    await once(receiver, 'listening')
    const address = receiver.address()
    const port = typeof address === 'object' ? address?.port : undefined
    await using host = await hostForTest(
      `
    const wait = (millis) => new Promise((resolve) => setTimeout(resolve, millis))
    const sendLater = async (path) => {
      await wait(400)
      await fetch('http://127.0.0.1:${port}' + path)
    }
    export const handler = async ({ rawPath }) => {
      const sent = sendLater(rawPath)
      await (process.env.FLUSH === 'yes' ? sent : wait(100))
      return {}
    }`,
      { variables: { FLUSH: flush } },
    )

    for (const path of ['/1', '/2', '/3']) {
      await fetch(`${host.url}${path}`)
      await delay(500)
    }
    receiver.close()

    expect(seen).toEqual(arrived)
  },
)

test('requests one after the other are served by one process', async () => {
  await using host = await hostForTest(source, { environmentsMax: 4 })
  const pids = new Set<number>()
  for (let round = 0; round < 10; round += 1) pids.add(await pidOf(await fetch(`${host.url}/0`)))

  expect(pids.size).toBe(1)
})

test('requests at one time are served by several, up to a number, and each has one at a time', async () => {
  await using host = await hostForTest(source, { environmentsMax: 2 })
  const answers = await Promise.all(
    Array.from({ length: 6 }, async () => readAnswer(await fetch(`${host.url}/400`))),
  )
  const byPid = Map.groupBy(answers, ({ pid }) => pid)

  expect(byPid.size).toBe(2)
  for (const served of byPid.values()) {
    const sorted = served.toSorted((a, b) => a.since - b.since)
    for (const [index, { since }] of sorted.entries())
      expect(since).toBeGreaterThanOrEqual(sorted[index - 1]?.until ?? 0)
  }
})

test('past a number that wait, a request is refused', async () => {
  await using host = await hostForTest(source, { waitingMax: 2 })
  await fetch(`${host.url}/0`)
  await delay(200) // until it has asked for the next event
  const answers = await Promise.all(Array.from({ length: 5 }, () => fetch(`${host.url}/300`)))
  const statuses = answers.map(({ status }) => status).sort()

  expect(statuses).toEqual([200, 200, 200, 429, 429])
})

test('behind requests that take long, a request is refused after a time', async () => {
  await using host = await hostForTest(source, { waitMillisMax: 300 })
  await fetch(`${host.url}/0`)
  const long = fetch(`${host.url}/3000`)
  await delay(100) // until it has the environment
  const order: string[] = []
  const refused = fetch(`${host.url}/0`).finally(() => order.push('refused'))
  const served = long.finally(() => order.push('served'))

  expect((await refused).status).toBe(429)
  expect((await served).status).toBe(200)
  expect(order).toEqual(['refused', 'served'])
})

test('a function that throws answers 502, and lives on', async () => {
  await using host = await hostForTest(source)
  const before = await pidOf(await fetch(`${host.url}/0`))
  const failed = await fetch(`${host.url}/throw`)

  expect(failed.status).toBe(502)
  expect(await failed.json()).toEqual({ message: 'Internal Server Error' })
  expect(await pidOf(await fetch(`${host.url}/0`))).toBe(before)
  expect(host.lines).toContain('RangeError: out of range')
})

test('a function that ends answers 502, and another takes its place', async () => {
  await using host = await hostForTest(source)
  const before = await pidOf(await fetch(`${host.url}/0`))

  expect((await fetch(`${host.url}/exit`)).status).toBe(502)
  expect(await pidOf(await fetch(`${host.url}/0`))).not.toBe(before)
  expect(host.lines.join('\n')).toMatch(/Runtime\.ExitError: .*exit code 3/)
})

test.each(['/60000', '/loop'])('a function that takes too long is ended: %s', async (path) => {
  await using host = await hostForTest(source, { timeoutMillis: 300 })
  const before = await pidOf(await fetch(`${host.url}/0`))

  expect((await fetch(`${host.url}${path}`)).status).toBe(504)
  expect(await pidOf(await fetch(`${host.url}/0`))).not.toBe(before)
  expect(host.lines.join('\n')).toMatch(/Task timed out after 0\.3 seconds/)
  expect(() => process.kill(before, 0)).toThrow('ESRCH')
})

test.each([
  ['throws', 'throw new Error("no such thing")', /no such thing/],
  ['exports no handler', 'export const other = 1', /Runtime\.HandlerNotFound/],
  ['is not JavaScript', 'export const', /Runtime\.UserCodeSyntaxError/],
  ['ends', 'process.exit(7)', /Runtime\.ExitError: .*exit code 7/],
])('a function that cannot start is a 502 for each request: it %s', async (_, broken, message) => {
  await using host = await hostForTest(broken, { environmentsMax: 2 })
  const answers = await Promise.all([fetch(host.url), fetch(host.url), fetch(host.url)])

  expect(answers.map(({ status }) => status)).toEqual([502, 502, 502])
  expect(host.lines.join('\n')).toMatch(message)
  await expect(host.fleet.warmUp()).rejects.toThrow(InvokeError)
})

test('a function that is never ready is ended', async () => {
  await using host = await hostForTest(
    'await new Promise((resolve) => setTimeout(resolve, 60_000))',
    { initMillisMax: 300 },
  )

  expect((await fetch(host.url)).status).toBe(504)
})

test('a stop ends what runs, what stands still and what is still starting', async () => {
  const host = await hostForTest(source, { environmentsMax: 3 })
  const still = await pidOf(await fetch(`${host.url}/0`))
  const answers = [fetch(`${host.url}/60000`), fetch(`${host.url}/60000`)].map((answer) =>
    answer.then(
      ({ status }) => status,
      () => 'cut off',
    ),
  )
  await delay(20)
  await host[Symbol.asyncDispose]()

  expect(() => process.kill(still, 0)).toThrow('ESRCH')
  for (const answer of await Promise.all(answers)) expect(answer).not.toBe(200)
  await expect(host.fleet.invoke({ requestId: '', traceId: '', event: '' })).rejects.toThrow(
    'the host is stopping',
  )
})
