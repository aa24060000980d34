import { describe, expect, test } from 'vitest'
import { createFacts } from './create-results.ts'
import { isLate, lagMillisMax, lateShareMax, type MeasureOptions, measure } from './measure.ts'
import type { PlayedRequest } from './play/play-round.ts'
import { createFakeSink, startFakeService } from './testing/fake-service.ts'

const operations = ['a', 'b', 'c', 'd'].map((name) => ({ name, request: { path: '/things' } }))

function play(own: Partial<MeasureOptions> & Pick<MeasureOptions, 'targets'>) {
  return measure({
    scenario: { name: 'test', operations },
    rounds: 10,
    warmUpRounds: 1,
    ratePerSecond: 400,
    seed: 1,
    onCold: async () => {},
    onProgress: () => {},
    ...own,
  })
}

/** By round, of each what `read` gives, in the order of sending. */
function listOrders(
  requests: readonly PlayedRequest[],
  read: (request: PlayedRequest) => string,
): readonly string[] {
  const rounds = Map.groupBy(
    requests.toSorted((a, b) => a.sentAt - b.sentAt),
    ({ round }) => round,
  )
  return [...rounds.values()].map((own) => [...new Set(own.map(read))].join(''))
}

describe('within a round', () => {
  test('runtimes and operations come in orders by chance, which the seed repeats', async () => {
    const sink = createFakeSink()
    await using x = await startFakeService({ name: 'x', sink })
    await using y = await startFakeService({ name: 'y', sink })
    const targets = [
      { name: 'x', url: x.url },
      { name: 'y', url: y.url },
    ]
    const { requests } = await play({ targets })
    const runtimes = listOrders(requests, ({ runtime }) => runtime)
    expect(new Set(runtimes)).toEqual(new Set(['xy', 'yx']))
    const ofX = requests.filter(({ runtime }) => runtime === 'x')
    const ofY = requests.filter(({ runtime }) => runtime === 'y')
    const orders = listOrders(ofX, ({ operation }) => operation)
    expect(new Set(orders).size).toBeGreaterThan(5)
    // Both get the same order in the same round.
    expect(listOrders(ofY, ({ operation }) => operation)).toEqual(orders)

    const again = await play({ targets })
    expect(listOrders(again.requests, ({ runtime }) => runtime)).toEqual(runtimes)
    const other = await play({ targets, seed: 2 })
    expect(listOrders(other.requests, ({ runtime }) => runtime)).not.toEqual(runtimes)
  })

  test('a request is sent at its time, whether or not those before it have been answered', async () => {
    const sink = createFakeSink()
    await using x = await startFakeService({ name: 'x', sink, delayMillis: () => 250 })
    const { requests } = await play({ targets: [{ name: 'x', url: x.url }], rounds: 2 })
    for (const round of [1, 2]) {
      const own = requests.filter((one) => one.round === round)
      const lastSent = Math.max(...own.map(({ sentAt }) => sentAt))
      const firstEnd = Math.min(...own.map(({ endedAt }) => endedAt))
      expect(lastSent).toBeLessThan(firstEnd)
    }
  })
})

describe('the lag of the driver itself', () => {
  test('is told, and a run in which it is too large carries no latency', async () => {
    const sink = createFakeSink()
    await using x = await startFakeService({ name: 'x', sink })
    const targets = [{ name: 'x', url: x.url }]
    // Whatever else this process has to do, it is at it nearly all the time.
    const busy = setInterval(() => {
      for (const until = performance.now() + 12; performance.now() < until; );
    }, 1)
    try {
      const { rejection, lag, lateRequests, requests } = await play({ targets })
      expect(lateRequests / requests.length).toBeGreaterThan(lateShareMax)
      expect(lag?.maxMillis).toBeGreaterThan(lagMillisMax)
      expect(rejection).toBe(
        `the driver itself sent ${lateRequests} of ${requests.length} requests more than 2 ms late: this machine is too busy to time anything`,
      )
    } finally {
      clearInterval(busy)
    }
  })

  const request: PlayedRequest = {
    operation: 'a',
    runtime: 'x',
    round: 1,
    traceId: '0'.repeat(32),
    spanId: '0'.repeat(16),
    isSent: true,
    isResent: false,
    method: 'GET',
    url: 'http://127.0.0.1:1/a',
    intendedAt: 100,
    sentAt: 101,
    endedAt: 110,
    answer: null,
    answerBytes: 0,
    error: null,
    fault: null,
  }

  test('is in a latency, which begins when the request should have been sent', () => {
    const late = { ...request, sentAt: request.intendedAt + lagMillisMax + 0.01 }
    const lost = { ...request, error: 'no answer within 10 s' }
    expect([request, late].map(isLate)).toEqual([false, true])
    const requests = [request, late, lost]
    const result = { operation: 'a', runtime: 'x', repetitions: [] }
    // What was sent late is not timed, what was not answered has no time.
    expect(createFacts(result, { requests, cold: [] }).latencyByRound).toEqual([10, null, null])
  })
})
