import { judgeStepGrowth } from '../../../../comparison/latency/step-growth.ts'
import {
  type LaneStepTime,
  measureSteps,
  type StepOccurrence,
  type StepTime,
} from '../../../../comparison/latency/step-times.ts'
import type { ComparedLane } from '../compared-operation.ts'
import type { FetchedTrace, LaneTraces } from '../from-traces.ts'

/** Where the time of an operation went, over all traces that were fetched of it. */
export type OperationTimes = {
  /** The reference first; those without a trace whose times can be trusted are absent. */
  readonly lanes: readonly TimedLane[]
  /** Depth first. */
  readonly steps: readonly StepTime[]
  /** Milliseconds by which a step grew or shrank against the reference. */
  readonly growths: ReadonlyMap<LaneStepTime, number>
}

export type TimedLane = Pick<ComparedLane, 'name' | 'runtime' | 'clock' | 'traceHref'> & {
  readonly traces: readonly FetchedTrace[]
  /** Mean of the whole request. */
  readonly totalMillis: number
}

/** @param traces By lane, in the order of the lanes. */
export function readOperationTimes(
  lanes: readonly ComparedLane[],
  traces: readonly LaneTraces[],
): OperationTimes {
  const timed = lanes.flatMap(({ name, runtime, clock, traceHref }, index) => {
    const trusted = (traces[index] ?? []).filter(({ isDurationTrusted }) => isDurationTrusted)
    return trusted.length === 0 ? [] : [{ name, runtime, clock, traceHref, traces: trusted }]
  })
  const steps = measureSteps(
    new Map(timed.map((lane) => [lane.name, lane.traces.map(({ tree }) => tree)])),
  )
  const tops = steps.filter(({ parent }) => parent === null)
  const judged = timed[0] !== undefined && isJudged(timed[0]) ? timed.filter(isJudged) : []
  return {
    lanes: timed.map((lane) => ({
      ...lane,
      totalMillis: tops.reduce((sum, top) => sum + (top.lanes.get(lane.name)?.totalMillis ?? 0), 0),
    })),
    steps,
    growths: judgeStepGrowth(steps, new Map(judged.map((lane) => [lane.name, lane.traces.length]))),
  }
}

/** A clock that stands still between I/O says nothing of what code took. */
export function isJudged({ clock }: Pick<ComparedLane, 'clock'>): boolean {
  return clock !== 'io-only'
}

/** The step to look at first: the one that grew most, or else the one that takes most by itself. */
export function findFirstStep({ steps, growths }: OperationTimes): StepTime | undefined {
  const largest = (read: (step: LaneStepTime) => number) => {
    let found: StepTime | undefined
    let most = 0
    for (const step of steps) {
      const size = Math.max(...[...step.lanes.values()].map(read))
      if (size > most) [found, most] = [step, size]
    }
    return found
  }
  return largest((own) => growths.get(own) ?? 0) ?? largest(({ selfMillis }) => selfMillis)
}

const slowestMax = 5

/** The traces in which a step took longest by itself, the slowest first. */
export function listSlowest(step: StepTime, lane: TimedLane) {
  const found = step.lanes.get(lane.name)?.occurrences ?? []
  return found
    .toSorted((a: StepOccurrence, b) => b.selfMillis - a.selfMillis)
    .slice(0, slowestMax)
    .flatMap((occurrence) => {
      const trace = lane.traces[occurrence.trace]
      return trace === undefined ? [] : [{ ...occurrence, trace }]
    })
}
