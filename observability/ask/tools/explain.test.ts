import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as v from 'valibot'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sendSpans } from '../../collector/testing/send.ts'
import { encodeTracesJson } from '../../otlp/encode-json.ts'
import { buildRequests } from '../testing/build-requests.ts'
import { startAskedCollector } from '../testing/start-asked-collector.ts'

let asked: Awaited<ReturnType<typeof startAskedCollector>>

beforeAll(async () => {
  asked = await startAskedCollector({
    declared: {
      reference: 'node',
      known: [
        {
          runtime: 'workers',
          reason: 'the edge says where it is',
          matches: { kind: 'attribute.extra', subject: 'cloud.region' },
        },
      ],
    },
  })
  const routes = ['/slow', '/many', '/failing', '/new']
  for (const route of routes) await sendSpans(asked, buildRequests(30, { runtime: 'node', route }))
  await sendSpans(asked, [
    ...buildRequests(30, { runtime: 'workers', route: '/slow', databaseMillis: 60 }),
    ...buildRequests(30, { runtime: 'workers', route: '/many', queries: 12 }),
    ...buildRequests(20, { runtime: 'workers', route: '/failing' }),
    ...buildRequests(10, {
      runtime: 'workers',
      route: '/failing',
      status: 500,
      message: 'connection terminated',
    }),
    ...buildRequests(30, {
      runtime: 'workers',
      route: '/new',
      attributes: { 'cloud.region': 'edge', 'app.cached': true },
    }),
  ])
})
afterAll(() => asked[Symbol.asyncDispose]())

/** What `compare` names that matches, explained. */
async function explain(pattern: RegExp, given: Record<string, unknown> = {}): Promise<string> {
  const compared = await asked.ask('compare', given)
  const line = compared.text.split('\n').find((one) => pattern.test(one)) ?? compared.text
  const [id] = /[fdt][0-9a-f]{6}/.exec(line) ?? []
  return (await asked.ask('explain', { id, ...given })).text
}

test('a slow database is explained by its part of the time and its step', async () => {
  const text = await explain(/time: .*GET \/slow 200/)

  expect(text).toMatch(/"workers": mean \d+\.\d ms: .*database 5\d\.\d ms/)
  expect(text).toMatch(/"SELECT todos": 2\.00 ms on "node", 5\d\.\d ms on "workers", beyond chance/)
})

test('a query in a loop is explained by how many there are', async () => {
  expect(await explain(/time: .*GET \/many 200/)).toMatch(
    /"SELECT todos": .* on "node", .* in 12\.0 spans on "workers", beyond chance; longest in trace/,
  )
})

test('a failure is explained by where it begins, and by traces of it', async () => {
  const text = await explain(/failure: .*GET \/failing/)

  expect(text).toMatch(/"GET \/failing 500" 10/)
  expect(text).toMatch(/10 × "GET \/failing": "connection terminated"/)
  expect(text).toMatch(/trace [0-9a-f]{32}, span [0-9a-f]{16}/)
})

test('a declared difference is explained by its reason', async () => {
  expect(await explain(/the edge says where it is/)).toMatch(
    /declared, because: "the edge says where it is"/,
  )
})

test('what differs between two traces is explained by both', async () => {
  const [first, second] = await Promise.all(
    ['node', 'workers'].map(async (runtime) => {
      const where = `http.route=/many hono.runtime.name=${runtime}`
      return (await asked.ask('find_traces', { where, limit: 1 })).text.slice(0, 32)
    }),
  )

  expect(await explain(/time: .*SELECT todos takes/, { traces: [first, second] })).toMatch(
    /"workers": .* of its own in 12 spans; the trace waited/,
  )
})

test('what came since a mark is compared with what came before', async () => {
  const [, since = ''] = /mark: (\S+)/.exec((await asked.ask('mark')).text) ?? []
  const startMillis = Date.parse(since) + 1_000
  await sendSpans(asked, [
    ...buildRequests(30, { runtime: 'node', route: '/slow', startMillis, databaseMillis: 30 }),
  ])

  const { text } = await asked.ask('compare', { since, where: 'hono.runtime.name=node' })

  expect(text).toMatch(/"before" 120 \(reference\), "since" 30/)
  expect(text).toMatch(/time: "since takes .* the time of before on GET \/slow 200/)
})

test('two runs are compared, each a file that was imported', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ask-runs-'))
  try {
    await using kept = await startAskedCollector({ runs: { folder, keepMax: 5, isFresh: false } })
    const runs: string[] = []
    for (const queries of [1, 8]) {
      const body = encodeTracesJson(buildRequests(30, { runtime: 'node', queries }))
      const answer = await fetch(`${kept.url}/api/runs?name=a`, { method: 'POST', body })
      runs.push(v.parse(v.object({ id: v.string() }), await answer.json()).id)
    }

    const { text } = await kept.ask('compare', { runs })

    expect(text).toContain(`"${runs[0]}" 30 (reference), "${runs[1]}" 30`)
    expect(text).toMatch(/difference: ".*SELECT todos #2: span is extra/)
    expect(text).toMatch(/time: ".* takes .* the time of .*work in the database/)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
