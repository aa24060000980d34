import { expect, test } from 'vitest'
import { createSeededRandom } from '../statistics/seeded-random.ts'
import { judgeLatencies, type LatencySample } from './latency-verdict.ts'

const runs = 1000
const operations = 2
const requests = 30

/** Latencies as they are: mostly alike, with a tail. */
function draw(random: ReturnType<typeof createSeededRandom>): number {
  return 3 - Math.log(1 - random.next()) * (random.next() < 0.05 ? 10 : 1)
}

test('of 1,000 comparisons of equal groups that nothing pairs, at most 2 % make any claim', () => {
  const random = createSeededRandom(7)
  let claims = 0
  for (let run = 0; run < runs; run += 1) {
    const samples = Array.from({ length: operations }, (_, index) =>
      ['1.0', '1.1'].map(
        (runtime): LatencySample => ({
          operation: `operation ${index}`,
          runtime,
          millis: Array.from({ length: requests }, () => draw(random)),
          breakdown: null,
        }),
      ),
    ).flat()
    const verdicts = [...judgeLatencies(samples, '1.0', random, false).values()]
    if (verdicts.some(({ verdict }) => verdict === 'slower' || verdict === 'faster')) claims += 1
  }
  expect(claims).toBeLessThanOrEqual(runs * 0.02)
}, 120_000)
