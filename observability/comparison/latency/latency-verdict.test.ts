import { describe, expect, test } from 'vitest'
import { createSeededRandom } from '../statistics/seeded-random.ts'
import type { ClockTrust } from '../trace/clock-trust.ts'
import { renderLatencySentence } from './latency-sentence.ts'
import { judgeLatencies, type LatencySample, verdictValuesMin } from './latency-verdict.ts'
import { breakDownTime } from './time-breakdown.ts'

type Shape = {
  readonly count?: number
  readonly noise?: number
  readonly connect?: number
  readonly clock?: ClockTrust
}

/** `base` ms of server work and `connect` ms of connecting, with noise that seeds fix. */
function sample(
  runtime: string,
  base: number,
  { count = 50, noise = 0.2, connect = 0, clock = 'precise' }: Shape = {},
): LatencySample {
  const random = createSeededRandom(runtime.charCodeAt(0))
  const requests = Array.from({ length: count }, () => {
    const server = base + random.next() * noise
    const parts = { network: 0, server, wait: 0, connect, database: 0 }
    return { clientMillis: server + connect, parts, clock }
  })
  const millis = requests.map(({ clientMillis }) => clientMillis)
  return { operation: 'get', runtime, millis, breakdown: breakDownTime(requests) }
}

function judge(own: LatencySample, reference = sample('node', 1)) {
  const verdict = judgeLatencies([reference, own], 'node', createSeededRandom(1)).get(own)
  if (verdict === undefined) throw new Error('expected a verdict, got none')
  return { ...verdict, sentence: renderLatencySentence('get', own.runtime, 'node', verdict) }
}

describe('the verdict on a latency', () => {
  test('is slower, by how much and by what', () => {
    const { sentence, ...verdict } = judge(sample('workers', 1, { connect: 2 }))
    expect(verdict).toMatchObject({ verdict: 'slower', leadingPart: { part: 'connect' } })
    expect(verdict.ratio.value).toBeCloseTo(3.1 / 1.1, 1)
    expect(sentence).toMatch(
      /^workers takes 2\.\d\d× the time of node on get \(2\.0\d ms more in the median; 95 % interval of the ratio 2\.\d\d–2\.\d\d\), nearly all of it opening a connection$/,
    )
  })

  test('is faster where everything says so', () => {
    expect(judge(sample('bun', 0.5)).sentence).toMatch(/^bun takes 0\.5\d× the time of node on get/)
  })

  test('is alike where the interval is narrow around 1', () => {
    expect(judge(sample('deno', 1.01)).sentence).toMatch(
      /^deno takes as long as node on get, within 10 %/,
    )
  })

  test('is unclear where the interval is wide and spans 1', () => {
    const own = sample('deno', 1, { noise: 9, count: 25 })
    expect(judge(own, sample('node', 1, { noise: 9, count: 25 })).sentence).toMatch(
      /^deno and node cannot be told apart on get/,
    )
  })

  test('is none with too few measurements, however clear they look', () => {
    const few = { count: verdictValuesMin - 1 }
    expect(judge(sample('deno', 9, few), sample('node', 1, few)).sentence).toBe(
      'deno on get: too few measurements for a verdict, at least 20 are needed',
    )
    const enough = { count: verdictValuesMin }
    expect(judge(sample('deno', 9, enough), sample('node', 1, enough)).verdict).toBe('slower')
  })

  test.each([
    ['precise', 'connect'],
    ['millisecond', 'connect'],
    ['io-only', undefined],
    ['unknown', undefined],
  ] as const)('on a clock that is %s the cause of 2.5 ms is %s', (clock, part) => {
    expect(judge(sample('workers', 1, { connect: 2.5, clock })).leadingPart?.part).toBe(part)
  })

  test('a clock of whole milliseconds carries no cause below two', () => {
    const own = sample('workers', 1, { connect: 1.9, clock: 'millisecond' })
    expect(judge(own)).toMatchObject({ verdict: 'slower', leadingPart: null })
  })

  test('a cause that varies too much is not claimed', () => {
    const own = sample('workers', 1, { connect: 2 })
    const breakdown = breakDownTime(
      own.millis.map((clientMillis, index) => ({
        clientMillis: clientMillis ?? 0,
        clock: 'precise',
        parts: {
          network: index % 2 === 0 ? 40 : -38,
          server: 1,
          wait: 0,
          connect: 0,
          database: 0,
        },
      })),
    )
    expect(judge({ ...own, breakdown })).toMatchObject({ verdict: 'slower', leadingPart: null })
  })

  describe('claims nothing while one of its conditions is not met:', () => {
    /** So many rounds of each, evenly mixed, with a last digit of its own for each round. */
    function mix(
      runtime: string,
      parts: readonly (readonly [count: number, millis: number | null])[],
    ): LatencySample {
      const values = parts.flatMap(([count, value]) =>
        Array.from({ length: count }, (_, index) => ({ value, at: (index + 0.5) / count })),
      )
      const millis = values
        .toSorted((a, b) => a.at - b.at)
        .map(({ value }, round) => value && value + round / 1e9)
      return { operation: 'get', runtime, millis, breakdown: null }
    }

    test('an effect that is negligible, however sure it is', () => {
      const node = mix('node', [
        [840, 0.1],
        [400, 1],
        [760, 9],
      ])
      const deno = mix('deno', [
        [760, 0.1],
        [400, 1.5],
        [840, 9],
      ])
      const { verdict, test: found, adjustedPValue, ratio } = judge(deno, node)
      expect(adjustedPValue).toBeLessThan(0.01)
      expect(ratio.low).toBeGreaterThan(1.4)
      expect(found.delta).toBeLessThan(0.147)
      expect(verdict).toBe('unclear')
    })

    test('a ratio whose interval reaches 1, though the test is significant', () => {
      const node = mix('node', [[1000, 1]])
      const deno = mix('deno', [
        [59, 2],
        [41, 0.5],
        [900, null],
      ])
      const { verdict, test: found, adjustedPValue, ratio } = judge(deno, node)
      expect(adjustedPValue).toBeLessThan(0.02)
      expect(found.delta).toBeGreaterThan(0.147)
      expect(ratio.low).toBeLessThan(1)
      expect(verdict).toBe('unclear')
    })

    test('a quarter of the rounds in a row, in which it was slow and outside of which it was not', () => {
      const node = sample('node', 3, { count: 80, noise: 1 })
      const isBusy = (round: number) => round >= 13 && round < 33
      const { millis } = sample('deno', 3, { count: 80, noise: 1 })
      const busy = millis.map((value, round) => (isBusy(round) ? (value ?? 0) * 5 : value))
      const {
        verdict,
        test: found,
        ratio,
      } = judge({ operation: 'get', runtime: 'deno', millis: busy, breakdown: null }, node)
      expect(found.pValue).toBeLessThan(0.02)
      expect(ratio.low).toBeGreaterThan(1)
      expect(verdict).toBe('unclear')
    })

    test('a test that is significant alone, but not among ten', () => {
      const node = mix('node', [[20, 1]])
      const deno = mix('deno', [
        [17, 2],
        [3, 0.5],
      ])
      expect(judge(deno, node).verdict).toBe('slower')

      const all = Array.from({ length: 10 }, (_, index) =>
        [node, deno].map((one) => ({ ...one, operation: `o${index}` })),
      ).flat()
      const verdicts = [...judgeLatencies(all, 'node', createSeededRandom(1)).values()]
      expect(verdicts.map(({ ratio }) => (ratio.low ?? 0) > 1)).not.toContain(false)
      expect(verdicts.map(({ verdict }) => verdict)).not.toContain('slower')
    })

    test('a cause whose share may be anything from a fifth to four', () => {
      const parted = (runtime: string, clientMillis: number, connects: readonly number[]) => ({
        ...sample(runtime, clientMillis, { noise: 0.01 }),
        breakdown: breakDownTime(
          connects.map((connect) => ({
            clientMillis,
            clock: 'precise',
            parts: { network: 0, server: clientMillis - connect, wait: 0, connect, database: 0 },
          })),
        ),
      })
      const reference = parted('node', 1, Array<number>(50).fill(0))
      const sure = parted('workers', 6, Array<number>(10).fill(3))
      expect(judge(sure, reference).leadingPart?.part).toBe('connect')
      const unsure = parted('workers', 6, [6, 6, 0, 6, 0, 6, 0, 6, 0, 0])
      expect(judge(unsure, reference)).toMatchObject({ verdict: 'slower', leadingPart: null })
    })
  })

  test('a cause is not claimed on the word of a reference whose clock tells nothing', () => {
    const own = sample('workers', 1, { connect: 2.5 })
    const reference = sample('node', 1, { clock: 'io-only' })
    expect(judge(own, reference)).toMatchObject({ verdict: 'slower', leadingPart: null })
  })

  test('many tests are not given the chance of one', () => {
    const samples = Array.from({ length: 40 }, (_, index) => [
      { ...sample('node', 1, { noise: 1 }), operation: `o${index}` },
      { ...sample('deno', 1.2, { noise: 1, count: 30 }), operation: `o${index}` },
    ]).flat()
    const all = [...judgeLatencies(samples, 'node', createSeededRandom(1)).values()]
    for (const { adjustedPValue, test } of all) {
      expect(adjustedPValue).toBeGreaterThan(test.pValue)
    }
  })

  test('an operation that the reference was not timed for has none', () => {
    const own = { ...sample('deno', 1), operation: 'other' }
    expect(judgeLatencies([sample('node', 1), own], 'node', createSeededRandom(1)).size).toBe(0)
  })

  test('rounds that do not count are left out on both sides', () => {
    const own = sample('deno', 1)
    const spoilt = own.millis.map((millis, round) => (round < 10 ? 1000 : millis))
    const left = own.millis.map((millis, round) => (round < 10 ? null : millis))
    expect(judge({ ...own, millis: left }).ratio.value).toBeLessThan(1.05)
    expect(judge({ ...own, millis: spoilt }).ratio.high).toBeGreaterThan(1)
  })
})
