import { adjustByHolm } from '../statistics/holm.ts'
import { testMannWhitney } from '../statistics/mann-whitney.ts'
import { negligibleDelta, verdictValuesMin } from './latency-verdict.ts'
import type { LaneStepTime, StepTime } from './step-times.ts'

/** How likely a comparison of equal lanes may call any step of any lane grown or shrunk. */
const falseClaimMax = 0.01

/** A smaller change of a step, and one of a smaller part of the whole request, is nobody's concern. */
const stepShareMin = 0.1
const requestShareMin = 0.01

/**
 * Finds the steps that grew or shrank against the reference, by their own time in each trace.
 *
 * That takes `verdictValuesMin` traces on both sides. The change must be more than chance explains (Mann-Whitney,
 * corrected by Holm over all steps and lanes), and large enough: a tenth of the step and a hundredth of the request.
 *
 * @param traceCounts Of each lane that is to be judged; the first is the reference.
 * @returns Milliseconds by lane of a step, below 0 where it shrank; what did not change is absent.
 */
export function judgeStepGrowth(
  steps: readonly StepTime[],
  traceCounts: ReadonlyMap<string, number>,
): ReadonlyMap<LaneStepTime, number> {
  const [[reference, baseCount] = ['', 0], ...others] = traceCounts
  const leastMillis =
    requestShareMin *
    steps
      .filter(({ parent }) => parent === null)
      .reduce((sum, { lanes }) => sum + (lanes.get(reference)?.totalMillis ?? 0), 0)
  const tests = steps.flatMap(({ lanes }) =>
    others.flatMap(([name, count]) => {
      const own = lanes.get(name)
      const base = lanes.get(reference)
      if (own === undefined || Math.min(count, baseCount) < verdictValuesMin) return []
      const baseMillis = base?.selfMillis ?? 0
      // What is too small to matter either way takes no part, or a trace of many names would hide what grew.
      if (Math.max(own.selfMillis, baseMillis) < leastMillis) return []
      const test = testMannWhitney(listMillis(own, count), listMillis(base, baseCount))
      return test === null ? [] : [{ own, baseMillis, ...test }]
    }),
  )
  const adjusted = adjustByHolm(tests.map(({ pValue }) => pValue))
  return new Map(
    tests.flatMap(({ own, baseMillis, delta }, index) => {
      const differenceMillis = own.selfMillis - baseMillis
      const size = Math.abs(differenceMillis)
      const isSure = (adjusted[index] ?? 1) <= falseClaimMax && Math.abs(delta) >= negligibleDelta
      // The means of two samples can be one way while most pairs are the other: an outlier is no growth.
      const agrees = differenceMillis * delta > 0
      const isLarge = size >= baseMillis * stepShareMin && size >= leastMillis
      return isSure && agrees && isLarge ? [[own, differenceMillis] as const] : []
    }),
  )
}

/** Own time of a step in each trace; nothing where a trace has it not. */
function listMillis(step: LaneStepTime | undefined, traceCount: number): readonly number[] {
  const found = step?.occurrences.map(({ selfMillis }) => selfMillis) ?? []
  return [...found, ...Array.from({ length: traceCount - found.length }, () => 0)]
}
