import { request as openRequest } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { traceIdOf } from '../../collector/testing/build-telemetry.ts'
import { countStored, sendSpans } from '../../collector/testing/send.ts'
import { buildRequests } from '../testing/build-requests.ts'
import { startAskedCollector } from '../testing/start-asked-collector.ts'

let asked: Awaited<ReturnType<typeof startAskedCollector>>

beforeAll(async () => {
  asked = await startAskedCollector()
  await sendSpans(asked, [
    ...buildRequests(40, { runtime: 'node' }),
    ...buildRequests(40, { runtime: 'bun' }),
  ])
})
afterAll(() => asked[Symbol.asyncDispose]())

test.each([
  ['a huge limit', 'find_traces', { limit: 1e9 }, /limit: .*<=50/],
  ['a limit that is text', 'find_traces', { limit: '20' }, /limit: .*Expected number/],
  ['an argument that is not there', 'overview', { please: 'yes' }, /please/],
  ['a trace id that is none', 'trace', { traceId: '../status' }, /expected 32 hex digits/],
  ['no trace id', 'spans', {}, /traceId/],
  ['a trace that is not stored', 'trace', { traceId: traceIdOf(999) }, /find_traces lists/],
  ['conditions that are wrong', 'find_traces', { where: 'a>=b' }, /expected a number after a>=/],
  ['conditions that never end', 'logs', { where: 'x'.repeat(1e5) }, /where: .*<=1000/],
  ['a cursor that is none', 'logs', { cursor: 'next' }, /expected the nextCursor/],
  ['a time that is none', 'operations', { start: 'yesterday' }, /expected a time such as/],
  ['a run that is not kept', 'find_traces', { run: 'last' }, /run|kept/],
  ['three traces', 'compare', { traces: [1, 2, 3].map(traceIdOf) }, /traces: /],
  ['two ways at once', 'compare', { by: 'a', since: '2026-01-01T00:00:00Z' }, /one of by, runs/],
  ['groups by what nobody has', 'compare', { by: 'app.no' }, /give by another/],
  ['a reference that is none', 'compare', { reference: 'php' }, /expected one of "bun", "node"/],
  ['an id of no difference', 'explain', { id: 'd000000' }, /ask compare again/],
])('%s is refused, and told what to do', async (_, name, given, reason) => {
  const answer = await asked.ask(name, given)

  expect(answer.text).toMatch(reason)
  expect(answer.isError).toBe(true)
})

describe('/mcp', () => {
  const ping = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' })

  function post(headers: Readonly<Record<string, string>>, body = ping, method = 'POST') {
    const all = {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...headers,
    }
    return new Promise<{ status: number; body: string }>((resolve, reject) => {
      openRequest(`${asked.url}/mcp`, { method, headers: all })
        .on('error', reject)
        .on('response', (response) => {
          const status = response.statusCode ?? 0
          void text(response).then((answer) => resolve({ status, body: answer }))
        })
        .end(body)
    })
  }

  test.each([
    ['a page of another origin', { origin: 'https://evil.example' }, 403],
    ['a name that leads here', { host: 'evil.example' }, 421],
    ['a client', {}, 200],
  ])('answers %s as every other question: %j', async (_, headers, status) => {
    expect((await post(headers)).status).toBe(status)
  })

  test.each(['TRACE', 'GET', 'DELETE', 'PUT', 'OPTIONS'])(
    'refuses %s, and goes on',
    async (method) => {
      const waiting = asked.ask('compare')

      expect((await post({}, '', method)).status).toBeGreaterThanOrEqual(400)
      expect((await waiting).isError).toBe(false)
    },
  )

  test('takes no body of more than 256 KiB', async () => {
    const { status, body } = await post({}, ' '.repeat(300 * 1024))

    expect(status).toBe(413)
    expect(body).toContain('the body is larger than 262144 bytes')
  })

  test.each(['{', '[]', '"x"', '{"jsonrpc":"2.0","id":1,"method":"no/such"}'])(
    'refuses %s, and goes on',
    async (body) => {
      expect((await post({}, body)).body).toContain('"error"')
      expect((await asked.ask('mark')).isError).toBe(false)
    },
  )
})

test('100 questions at once are all answered, and telemetry is received meanwhile', async () => {
  const before = await countStored(asked)
  const answers = Array.from({ length: 100 }, (_, index) =>
    asked.ask(index % 2 === 0 ? 'compare' : 'find_traces'),
  )
  const sent = await sendSpans(asked, buildRequests(5, { runtime: 'deno' }))
  const isFirst = Promise.race([Promise.all(answers).then(() => false), Promise.resolve(true)])

  expect(sent.status).toBe(200)
  expect(await isFirst).toBe(true)
  expect((await countStored(asked)).traces).toBe(before.traces + 5)
  for (const { text: answer, isError } of await Promise.all(answers)) {
    expect(isError).toBe(false)
    expect(answer).toMatch(/compared|GET/)
  }
})
