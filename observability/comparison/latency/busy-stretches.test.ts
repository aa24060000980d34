import { expect, test } from 'vitest'
import { createSeededRandom } from '../statistics/seeded-random.ts'
import { busyShareMax, judgeLatencies, type LatencySample } from './latency-verdict.ts'

const runs = 1000
const rounds = 30
const runtimes = ['node', 'deno', 'bun']

// A machine that is busy while one runtime has its turn, again and again for a while, makes that runtime slow then.
// Nothing pairs that away: the others were not asked at that moment.
test('of 1,000 runs of equal runtimes, each with a busy stretch on one of them, at most 2 % make any claim', () => {
  const random = createSeededRandom(11)
  let claims = 0
  for (let run = 0; run < runs; run += 1) {
    const victim = runtimes[random.nextInt(runtimes.length)]
    const length = Math.floor(random.next() * busyShareMax * rounds) + 1
    const from = random.nextInt(rounds - length)
    const factor = 2 + random.next() * 8
    const isBusy = (runtime: string, round: number) =>
      runtime === victim && round >= from && round < from + length
    const samples = runtimes.map(
      (runtime): LatencySample => ({
        operation: 'get',
        runtime,
        millis: Array.from({ length: rounds }, (_, round) => {
          const millis = 3 - Math.log(1 - random.next()) * (random.next() < 0.05 ? 10 : 1)
          return isBusy(runtime, round) ? millis * factor : millis
        }),
        breakdown: null,
      }),
    )
    const verdicts = [...judgeLatencies(samples, 'node', random).values()]
    if (verdicts.some(({ verdict }) => verdict === 'slower' || verdict === 'faster')) claims += 1
  }
  expect(claims).toBeLessThanOrEqual(runs * 0.02)
}, 120_000)
