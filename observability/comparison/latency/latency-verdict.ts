import { bootstrapInterval, prepareQuantile, weightedMean } from '../statistics/bootstrap.ts'
import { exactMedian } from '../statistics/exact-quantile.ts'
import { adjustByHolm } from '../statistics/holm.ts'
import { type MannWhitney, testMannWhitney } from '../statistics/mann-whitney.ts'
import type { SeededRandom } from '../statistics/seeded-random.ts'
import type { ClockTrust } from '../trace/clock-trust.ts'
import type { Estimate } from './latency-summary.ts'
import type { TimeBreakdown } from './time-breakdown.ts'
import { type TimePartName, timePartNames } from './time-parts.ts'

/** Fewer measurements than this on either side carry no verdict. */
export const verdictValuesMin = 20

/** Two runtimes whose medians surely lie this close are called alike. */
export const alikeRatioMax = 1.1

/** How likely a run of equal runtimes may call any of them slower or faster, over all its tests. */
const falseClaimMax = 0.02

/** Effects below this are called negligible (Romano and others, 2006), however sure they are. */
export const negligibleDelta = 0.147

/** One runtime's durations of one operation, by round; `null` if a round does not count. */
export type LatencySample = {
  readonly operation: string
  readonly runtime: string
  readonly millis: readonly (number | null)[]
  /** `null` without traces. */
  readonly breakdown: TimeBreakdown | null
}

/** The comparison of one runtime's latency with the reference's. */
export type LatencyVerdict = {
  /**
   * `slower` or `faster` only when all agree: the interval of the ratio leaves out 1, the test
   * is significant among all tests of the run, whichever quarter of the rounds is left out, and the effect is not
   * negligible. `alike` when
   * the whole interval is within a tenth of 1. Otherwise `unclear`; `too-few` below
   * `verdictValuesMin` measurements.
   */
  readonly verdict: 'slower' | 'faster' | 'alike' | 'unclear' | 'too-few'
  /** Median over the reference's median. */
  readonly ratio: Estimate
  readonly differenceMillis: number
  /** `pValue` as it is for this test alone. */
  readonly test: MannWhitney
  /** Of the rounds without the stretch that speaks most for a difference, and Holm's over all tests of the run. */
  readonly adjustedPValue: number
  /** The part that the difference mostly comes from, where the traces and clocks carry that. */
  readonly leadingPart: LeadingPart | null
}

/** The part of a request's time that explains most of a latency difference. */
export type LeadingPart = {
  readonly part: TimePartName
  /** Share of the difference between the means of the middle halves; 0 to 1, or a little above. */
  readonly share: Estimate
}

/**
 * Compares each sample with the reference's of the same operation.
 *
 * @param isPaired Whether a round is the same moment on both sides.
 * @returns By sample; those of the reference, and those that have nothing to be compared with,
 *   are absent.
 */
export function judgeLatencies(
  samples: readonly LatencySample[],
  reference: string,
  random: SeededRandom,
  isPaired = true,
): ReadonlyMap<LatencySample, LatencyVerdict> {
  const drafts = samples.flatMap((sample) => {
    if (sample.runtime === reference) return []
    const base = samples.find(
      ({ operation, runtime }) => operation === sample.operation && runtime === reference,
    )
    if (base === undefined) return []
    const [own, other] = isPaired ? [sample, base] : setApart(sample, base)
    const rounds = Math.max(sample.millis.length, base.millis.length)
    const draft = compareSamples(own, other, random, rounds)
    return draft ? [{ sample, own, base: other, ...draft }] : []
  })
  const adjusted = adjustByHolm(drafts.map(({ leastSure }) => leastSure))
  return new Map(
    drafts.map(({ sample, own, base, ratio, test, differenceMillis, count }, index) => {
      const adjustedPValue = adjusted[index] ?? 1
      const verdict =
        count < verdictValuesMin ? 'too-few' : decide(ratio, test.delta, adjustedPValue)
      const leadingPart =
        verdict === 'slower' || verdict === 'faster'
          ? findLeadingPart(own.breakdown, base.breakdown, random)
          : null
      return [sample, { verdict, ratio, differenceMillis, test, adjustedPValue, leadingPart }]
    }),
  )
}

/**
 * The same two with no round in common, so that the bootstrap draws of one without the other: requests that nobody
 * paired have nothing to do with each other.
 */
function setApart(
  sample: LatencySample,
  base: LatencySample,
): readonly [LatencySample, LatencySample] {
  const before = base.millis.map(() => null)
  const after = sample.millis.map(() => null)
  const shift = ({ breakdown }: LatencySample, head: readonly null[], tail: readonly null[]) =>
    breakdown && { ...breakdown, byRound: [...head, ...breakdown.byRound, ...tail] }
  return [
    { ...sample, millis: [...before, ...sample.millis], breakdown: shift(sample, before, []) },
    { ...base, millis: [...base.millis, ...after], breakdown: shift(base, [], after) },
  ]
}

function compareSamples(
  sample: LatencySample,
  base: LatencySample,
  random: SeededRandom,
  roundsOfOne: number,
) {
  const own = sample.millis.filter((value) => value !== null)
  const others = base.millis.filter((value) => value !== null)
  const [median, baseMedian] = [exactMedian(own), exactMedian(others)]
  const test = testMannWhitney(own, others)
  if (median === null || baseMedian === null || test === null || baseMedian <= 0) return null
  const quantile = prepareQuantile(sample.millis)
  const baseQuantile = prepareQuantile(base.millis)
  const rounds = Math.max(sample.millis.length, base.millis.length)
  const interval = bootstrapInterval(
    rounds,
    (weights) => {
      const above = quantile(weights, 0.5)
      const below = baseQuantile(weights, 0.5)
      return above === null || below === null ? null : above / below
    },
    random,
  )
  const count = Math.min(own.length, others.length)
  return {
    ratio: {
      value: median / baseMedian,
      low: interval?.low ?? null,
      high: interval?.high ?? null,
    },
    differenceMillis: median - baseMedian,
    test,
    leastSure: findLeastSure(sample, base, roundsOfOne),
    count,
  }
}

/** A stretch of the rounds so long may be busy on one runtime alone, and makes no claim. */
export const busyShareMax = 0.25

/** Stretches that are left out begin so far apart, in shares of the rounds. */
const stepShare = 0.05

/**
 * The p-value without the stretch of rounds that speaks most for a difference: what made one runtime slow for a while
 * is in that stretch, and what is slow by itself is slow outside of it too.
 *
 * Each stretch is longer than `busyShareMax` by a step, so that one of them holds the whole of a busy one.
 */
function findLeastSure(sample: LatencySample, base: LatencySample, roundsOfOne: number): number {
  const rounds = Math.max(sample.millis.length, base.millis.length)
  const step = Math.max(1, Math.floor(roundsOfOne * stepShare))
  const length = Math.ceil(roundsOfOne * busyShareMax) + step - 1
  let least = 0
  for (let from = 0; from < rounds; from += step) {
    const isOutside = (value: number | null, round: number): value is number =>
      value !== null && (round < from || round >= from + length)
    const [own, others] = [sample, base].map(({ millis }) => millis.filter(isOutside))
    least = Math.max(least, testMannWhitney(own ?? [], others ?? [])?.pValue ?? 1)
  }
  return least
}

function decide(
  { low, high }: Estimate,
  delta: number,
  adjustedPValue: number,
): LatencyVerdict['verdict'] {
  if (low === null || high === null) return 'unclear'
  const isSure = adjustedPValue < falseClaimMax && Math.abs(delta) >= negligibleDelta
  if (low >= 1 / alikeRatioMax && high <= alikeRatioMax) return 'alike'
  if (isSure && low > 1 && delta > 0) return 'slower'
  if (isSure && high < 1 && delta < 0) return 'faster'
  return 'unclear'
}

/** Smaller shares are not worth a sentence, and wider intervals do not support one. */
const shareMin = 0.25
const shareWidthMax = 0.5

function findLeadingPart(
  breakdown: TimeBreakdown | null,
  base: TimeBreakdown | null,
  random: SeededRandom,
): LeadingPart | null {
  if (breakdown === null || base === null) return null
  const whole = breakdown.clientMillis - base.clientMillis
  const [leading] = timePartNames
    .map((part) => ({ part, millis: breakdown.parts[part] - base.parts[part] }))
    .sort((a, b) => b.millis / whole - a.millis / whole)
  if (leading === undefined || whole === 0) return null
  const { part, millis } = leading
  if (!carries(breakdown.clock, millis) || !carries(base.clock, millis)) return null
  const readers = [breakdown, base].map(({ byRound }) => ({
    whole: byRound.map((request) => request?.clientMillis ?? null),
    part: byRound.map((request) => request?.parts[part] ?? null),
  }))
  const interval = bootstrapInterval(
    Math.max(...readers.map((reader) => reader.whole.length)),
    (weights) => {
      const [wholeOwn, wholeBase] = readers.map((reader) => weightedMean(reader.whole, weights))
      const [partOwn, partBase] = readers.map((reader) => weightedMean(reader.part, weights))
      if (wholeOwn == null || wholeBase == null || partOwn == null || partBase == null) return null
      return (partOwn - partBase) / (wholeOwn - wholeBase)
    },
    random,
  )
  const share = millis / whole
  if (interval === null || share < shareMin || interval.low <= 0) return null
  if (interval.high - interval.low > shareWidthMax) return null
  return { part, share: { value: share, ...interval } }
}

/**
 * Whether a clock can show a difference of that size. A clock of whole milliseconds is off by up to one at either end
 * of a duration; a clock that stands still while code runs, or an unknown clock, shows nothing.
 */
function carries(clock: ClockTrust, millis: number): boolean {
  return clock === 'precise' || (clock === 'millisecond' && Math.abs(millis) >= 2)
}
