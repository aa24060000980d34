import { describe, expect, test } from 'vitest'
import { createSeededRandom } from '../../comparison/statistics/seeded-random.ts'
import { SpanKind, StatusCode } from '../../otlp/model.ts'
import { waitUntil } from '../sources/wait-until.ts'
import { createClientSpans, toEpochNanos } from './client-spans.ts'
import { createSchedule, type PlayedRequest } from './play-round.ts'
import { createRequest } from './prepare-operation.ts'
import type { Scenario } from './scenario.ts'

const scenario: Scenario = {
  name: 'letters',
  operations: ['a', 'b', 'c', 'd'].map((name) => ({ name, request: { path: '/' } })),
}

describe('a schedule', () => {
  test('has every operation once, by chance of the seed alone', () => {
    const plan = (seed: number) => createSchedule(scenario, 100, createSeededRandom(seed))
    expect(plan(1)).toEqual(plan(1))
    expect(plan(1)).not.toEqual(plan(2))
    expect(
      plan(1)
        .map(({ operation }) => operation)
        .toSorted(),
    ).toEqual(['a', 'b', 'c', 'd'])
  })

  test('has gaps of the rate on average, and none that is endless', () => {
    const random = createSeededRandom(3)
    const gaps = Array.from({ length: 2000 }, () => createSchedule(scenario, 100, random)).flatMap(
      (schedule) => schedule.map(({ gapMillis }) => gapMillis),
    )
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length
    expect(mean).toBeGreaterThan(9.5)
    expect(mean).toBeLessThan(10.5)
    expect(Math.max(...gaps)).toBeLessThanOrEqual(40)
  })
})

test('waiting never ends early, and a moment that has passed is now', async () => {
  for (const millis of [0.3, 1, 3, 12]) {
    const at = performance.now() + millis
    await waitUntil(at)
    expect(performance.now()).toBeGreaterThanOrEqual(at)
  }
  const before = performance.now()
  await waitUntil(before - 100)
  expect(performance.now() - before).toBeLessThan(50)
})

test('a request is JSON unless its scenario says otherwise, and always carries its parent', () => {
  const json = createRequest({ path: '/a', body: { a: 1 } }, 'p')
  expect(json).toEqual({
    method: 'GET',
    path: '/a',
    headers: {
      'user-agent': 'compare-driver',
      accept: '*/*',
      'content-type': 'application/json',
      traceparent: 'p',
    },
    body: '{"a":1}',
  })
  const text = createRequest(
    {
      method: 'POST',
      path: '/a',
      body: 'x',
      headers: { 'Content-Type': 'text/csv', Accept: 'a/b' },
    },
    'p',
  )
  expect(text.headers).toMatchObject({
    'content-type': 'text/csv',
    accept: 'a/b',
    traceparent: 'p',
  })
  expect(createRequest({ path: '/' }, 'p').headers).not.toHaveProperty('content-type')
})

describe("the driver's span", () => {
  const played: PlayedRequest = {
    operation: 'get',
    runtime: 'node',
    round: 7,
    traceId: 'a'.repeat(32),
    spanId: 'b'.repeat(16),
    method: 'GET',
    url: 'https://api.example/things/1',
    intendedAt: 9.75,
    sentAt: 10,
    endedAt: 12.5,
    answer: { status: 200, headers: [], body: { format: 'empty' } },
    error: null,
    isSent: true,
    answerBytes: 0,
    isResent: false,
    fault: null,
  }

  test('is a CLIENT span from sending to the last byte, at the root of the trace', () => {
    const [span] = createClientSpans([played])
    expect(span).toMatchObject({
      traceId: played.traceId,
      spanId: played.spanId,
      parentSpanId: '',
      name: 'GET get',
      kind: SpanKind.client,
      status: { code: StatusCode.unset },
    })
    expect((span?.endNanos ?? 0n) - (span?.startNanos ?? 0n)).toBe(2_500_000n)
    expect(
      Object.fromEntries(span?.attributes.map(({ key, value }) => [key, value]) ?? []),
    ).toEqual({
      'http.request.method': 'GET',
      'url.full': 'https://api.example/things/1',
      'server.address': 'api.example',
      'server.port': 443n,
      'http.response.status_code': 200n,
      'compare.operation': 'get',
      'compare.runtime': 'node',
      'compare.round': 7n,
      'compare.lag_millis': 0.25,
    })
  })

  test('is an error for 4xx and 5xx, and when nothing came', () => {
    const refused = {
      ...played,
      answer: { ...played.answer, status: 404, headers: [], body: { format: 'empty' } },
    } as const
    const lost = { ...played, answer: null, error: 'no answer within 10 s' }
    const [a, b] = createClientSpans([refused, lost])
    expect(a?.status.code).toBe(StatusCode.error)
    expect(b?.status).toEqual({ code: StatusCode.error, message: 'no answer within 10 s' })
    expect(a?.attributes).toContainEqual({ key: 'error.type', value: '404' })
    expect(b?.attributes).toContainEqual({ key: 'error.type', value: 'no_answer' })
  })

  test('tells the time of the wall clock to the microsecond', () => {
    const nanos = toEpochNanos(performance.now())
    expect(Math.abs(Number(nanos / 1_000_000n) - Date.now())).toBeLessThan(2000)
    expect(toEpochNanos(1.0005) - toEpochNanos(1)).toBe(500n)
  })
})
