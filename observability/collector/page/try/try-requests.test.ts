import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { tryResultsSchema, tryTargetsSchema } from '../../../wire/try.ts'
import { answerWith, startDestination } from '../../testing/start-destination.ts'
import { startTestCollector } from '../../testing/start-test-collector.ts'
import { parseTryPlan } from './try-plan.ts'

const own = { 'x-requested-by': 'viewer' }

test('a POST sends each request to each service, and tells how it went', async () => {
  await using service = await startDestination(answerWith(201))
  const closed = await startDestination()
  await closed[Symbol.asyncDispose]()
  await using collector = await startTestCollector({
    tryPlan: parseTryPlan(
      [`up=${service.url}`, `down=${closed.url}`],
      ['GET /a?b=c', 'POST /a {"title":"x"}'],
    ),
  })
  const described = await fetch(`${collector.url}/api/try`)

  expect(v.parse(tryTargetsSchema, await described.json())).toEqual({
    services: [
      { name: 'up', url: service.url },
      { name: 'down', url: closed.url },
    ],
    requests: ['GET /a?b=c', 'POST /a {"title":"x"}'],
  })
  expect(service.arrivals).toEqual([])

  const played = await fetch(`${collector.url}/api/try`, { method: 'POST', headers: own })

  expect(v.parse(tryResultsSchema, await played.json())).toEqual({
    results: [
      { service: 'up', request: 'GET /a?b=c', status: 201 },
      { service: 'up', request: 'POST /a {"title":"x"}', status: 201 },
      { service: 'down', request: 'GET /a?b=c', status: null },
      { service: 'down', request: 'POST /a {"title":"x"}', status: null },
    ],
  })
  expect(service.arrivals.map(({ path }) => path)).toEqual(['/a?b=c', '/a'])
  expect(service.arrivals[1]?.headers['content-type']).toBe('application/json')
  expect(service.arrivals[1]?.body.toString()).toBe('{"title":"x"}')
})

test('a redirect is not followed', async () => {
  await using elsewhere = await startDestination()
  await using service = await startDestination(answerWith(302, { location: elsewhere.url }))
  await using collector = await startTestCollector({
    tryPlan: parseTryPlan([`a=${service.url}`], ['GET /']),
  })
  const played = await fetch(`${collector.url}/api/try`, { method: 'POST', headers: own })

  expect(await played.json()).toMatchObject({ results: [{ status: 302 }] })
  expect(elsewhere.arrivals).toEqual([])
})

test('what another page may send is refused, and sends nothing', async () => {
  await using service = await startDestination()
  await using collector = await startTestCollector({
    tryPlan: parseTryPlan([`a=${service.url}`], ['GET /']),
  })
  const refusals: readonly Record<string, string>[] = [
    {},
    { 'x-requested-by': 'someone' },
    { ...own, origin: 'http://evil.example' },
    { ...own, origin: 'null' },
    { ...own, origin: `http://127.0.0.1:${collector.port + 1}` },
    { ...own, 'sec-fetch-site': 'same-site' },
  ]
  for (const headers of refusals) {
    const answer = await fetch(`${collector.url}/api/try`, { method: 'POST', headers })
    expect(answer.status, JSON.stringify(headers)).toBe(403)
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
  }
  expect((await fetch(`${collector.url}/api/try`, { method: 'DELETE', headers: own })).status).toBe(
    405,
  )
  const asked = await fetch(`${collector.url}/api/try`, {
    method: 'OPTIONS',
    headers: { origin: 'http://evil.example', 'access-control-request-headers': 'x-requested-by' },
  })
  expect(asked.headers.get('access-control-allow-origin')).toBeNull()
  expect(service.arrivals).toEqual([])
})

describe('while requests are being sent', () => {
  test('another wish is refused', async () => {
    const answers: (() => void)[] = []
    await using service = await startDestination((response) => {
      answers.push(() => response.end())
    })
    await using collector = await startTestCollector({
      tryPlan: parseTryPlan([`a=${service.url}`], ['GET /']),
    })
    const ask = () => fetch(`${collector.url}/api/try`, { method: 'POST', headers: own })
    const first = ask()
    await expect.poll(() => answers.length).toBe(1)

    expect((await ask()).status).toBe(409)
    answers[0]?.()
    expect((await first).status).toBe(200)
  })
})
