import { useSignal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import { verdictValuesMin } from '../../../../comparison/latency/latency-verdict.ts'
import type { StepTime } from '../../../../comparison/latency/step-times.ts'
import {
  clockMarks,
  describeClocks,
  renderMillis,
} from '../../../../comparison/trace/clock-trust.ts'
import { type Parameters, readParameter, readParameters } from '../../state/address.ts'
import { countOf, formatCount } from '../../state/format.ts'
import { createLaneWish, createRunWish, type LaneWish } from '../choose/lane-wish.ts'
import type { ComparedLane } from '../compared-operation.ts'
import type { LaneTraces } from '../from-traces.ts'
import { LaneName } from '../steps/lane-table.tsx'
import { Icicle } from './icicle.tsx'
import { icicleLevelsMax } from './icicle-boxes.ts'
import {
  findFirstStep,
  isJudged,
  type OperationTimes,
  readOperationTimes,
} from './operation-times.ts'
import { SlowestTraces } from './slowest-traces.tsx'
import { StepTable } from './step-table.tsx'
import { useStored } from './use-stored.ts'

/** The mean time of each step over many traces, one icicle for each lane on one scale. */
export function WhereTimeGoes({
  lanes,
  traces,
  status,
  parameters,
}: {
  readonly lanes: readonly ComparedLane[]
  /** By lane, in their order. */
  readonly traces: readonly LaneTraces[]
  /** The status that these were answered with; `null` if there is no other. */
  readonly status: number | null
  readonly parameters: Parameters
}) {
  const times = useMemo(() => readOperationTimes(lanes, traces), [traces])
  const operation = readParameter(parameters, 'operation')
  const isOfTraces = readParameters(parameters, 'trace').length > 0
  const stored = useStored(isOfTraces ? '' : operation, parameters, traces)
  const wish = useSignal<StepTime | undefined>(undefined)
  const chosen = times.steps.find((step) => step === wish.value) ?? findFirstStep(times)
  const wholeMillis = Math.max(0, ...times.lanes.map(({ totalMillis }) => totalMillis))
  return (
    <section class="time-goes" aria-labelledby="time-goes-title">
      <h2 class="part-title" id="time-goes-title">
        Where the time goes, step by step
      </h2>
      {wholeMillis === 0 || chosen === undefined ? (
        <p class="muted">
          {times.lanes.length === 0
            ? 'A clock was set while these requests were recorded, so none of their times can be trusted.'
            : 'By the clocks of these requests, no step took any time.'}
        </p>
      ) : (
        <>
          <p class="time-goes-note">
            Mean time of each step. A box is as wide as the step with all below it; its number is
            the step by itself, and ×2 means twice in a request. Choose a step to see where it took
            longest. The arrow keys move from step to step.
          </p>
          <div class="icicles">
            {times.lanes.map((lane) => (
              <div key={lane.name} class="icicle-lane">
                <div class="icicle-head">
                  <LaneName lane={lane} />
                  <b>{renderMillis(lane.totalMillis)}</b>
                  <span class="muted">
                    {describeSample(lane.traces.length, stored.get(lane.name), status)}
                  </span>
                </div>
                <Icicle
                  lane={lane}
                  times={times}
                  wholeMillis={wholeMillis}
                  chosen={chosen}
                  onChoose={(step) => {
                    wish.value = step
                  }}
                />
              </div>
            ))}
          </div>
          <ul class="time-goes-notes">
            {describeJudgement(times).map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
          <SlowestTraces
            step={chosen}
            lanes={times.lanes}
            conditionsOf={isOfTraces ? null : (lane) => conditionsOf(lane, parameters)}
            times={parameters.filter(([name]) => timeNames.includes(name))}
          />
          <StepTable times={times} />
        </>
      )}
    </section>
  )
}

const timeNames: readonly string[] = ['start', 'end', 'window']

function conditionsOf(lane: string, parameters: Parameters): LaneWish['conditions'] {
  const isOfRuns = readParameters(parameters, 'between').length > 0
  const by = readParameter(parameters, 'by') || 'runtime'
  return (isOfRuns ? createRunWish(lane) : createLaneWish(by, lane)).conditions
}

function describeSample(count: number, stored = 0, status: number | null): string {
  const sample = count === 1 ? '1 request' : `mean of ${countOf(count, 'request')}`
  if (stored <= count) return sample
  const latest = count === 1 ? 'the latest' : `mean of the latest ${formatCount(count)}`
  const answered = status === null ? '' : ` answered with ${status},`
  return `${latest}${answered} of ${countOf(stored, 'request')}`
}

/** What the marks say, or why there are none. */
function describeJudgement({ lanes, steps, growths }: OperationTimes): readonly string[] {
  const [reference, ...others] = lanes
  const sentences: string[] = []
  if (reference !== undefined && others.length > 0) {
    const few = lanes.filter(({ traces }) => traces.length < verdictValuesMin)
    const judged = others.filter((lane) => isJudged(lane) && !few.includes(lane))
    if (growths.size > 0)
      sentences.push(
        `▲ grew by the hatched part, ▼ shrank against ${reference.name}: by more than chance explains, and at least a tenth of the step and a hundredth of the request.`,
      )
    else if (judged.length > 0 && isJudged(reference) && !few.includes(reference))
      sentences.push(
        `No step grew or shrank against ${reference.name} by more than chance explains.`,
      )
    if (few.length > 0)
      sentences.push(
        `Too few requests on ${few.map(({ name }) => name).join(', ')} to say what grew: that takes ${verdictValuesMin} on both sides.`,
      )
  }
  for (const [clock, own] of Map.groupBy(lanes, (lane) => lane.clock)) {
    const isUnjudged = others.length > 0 && own.some((lane) => !isJudged(lane))
    const notJudged = isUnjudged ? ', so what grew is not judged' : ''
    if (clock === 'unknown' && isUnjudged)
      sentences.push(`${describeClocks(own).join()}${notJudged}.`)
    else if (clockMarks[clock].mark !== '')
      sentences.push(
        `${own.map(({ name }) => name).join(', ')}: ${clockMarks[clock].meaning}${notJudged}.`,
      )
  }
  if (steps.some(({ depth }) => depth >= icicleLevelsMax))
    sentences.push(`Steps deeper than ${icicleLevelsMax} levels are in the table only.`)
  return sentences
}
