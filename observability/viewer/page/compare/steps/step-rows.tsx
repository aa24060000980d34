import { useSignal } from '@preact/signals'
import type { ReportStep } from '../../../../comparison/report/report-schema.ts'
import { renderClockMillis } from '../../../../comparison/trace/clock-trust.ts'
import { AxisTicks, createTimeAxis, gridStyle } from '../../charts/time-axis.tsx'
import { runtimeClass } from '../../chrome/runtime-name.tsx'
import { countOf } from '../../state/format.ts'
import type { ComparedDifference, ComparedLane, ComparedOperation } from '../compared-operation.ts'
import { DifferenceList } from '../difference-list.tsx'
import { StepDetails } from './step-details.tsx'

/** Further steps are shown on demand: each needs several elements for each lane. */
const shownStepsMax = 300

/** Traces laid over each other: a row for each step, in it a bar for each lane, all on one scale. */
export function StepRows({ operation }: { readonly operation: ComparedOperation }) {
  const { lanes, steps, stepsLeftOut = 0, differences } = operation
  const areAllShown = useSignal(false)
  const shown = areAllShown.value ? steps : steps.slice(0, shownStepsMax)
  const hidden = steps.length - shown.length
  const longest = steps
    .flatMap(({ spans }) => spans)
    .reduce(
      (most, { startMillis, durationMillis }) => Math.max(most, startMillis + durationMillis),
      0.001,
    )
  const axis = createTimeAxis(0, longest)
  return (
    <div class="steps" role="list" aria-label="Steps" style={gridStyle(axis)}>
      <div class="step is-scale" aria-hidden="true">
        <span class="muted">{countOf(steps.length + stepsLeftOut, 'step')}</span>
        <span class="lane">
          <AxisTicks axis={axis} />
        </span>
      </div>
      {shown.map((step, index) => (
        <StepRow
          // Steps have no id but their place.
          key={`${index} ${step.path.at(-1)}`}
          step={step}
          lanes={lanes}
          longest={longest}
          differences={differences.filter((difference) => difference.step === index)}
        />
      ))}
      {hidden > 0 && (
        <div class="step-more" role="listitem">
          <button
            type="button"
            class="quiet"
            onClick={() => {
              areAllShown.value = true
            }}
          >
            Show {countOf(hidden, 'more step')}
          </button>
        </div>
      )}
      {hidden === 0 && stepsLeftOut > 0 && (
        <div class="step-more muted" role="listitem">
          {countOf(stepsLeftOut, 'more step')} not shown here; the traces themselves have them all.
        </div>
      )}
    </div>
  )
}

function StepRow(props: {
  readonly step: ReportStep
  readonly lanes: readonly ComparedLane[]
  readonly longest: number
  readonly differences: readonly ComparedDifference[]
}) {
  const { step, lanes, longest, differences } = props
  const isOpen = useSignal(false)
  const unexpected = differences.filter(({ reason }) => reason === null)
  return (
    <div
      class={`step ${unexpected.length > 0 ? 'differs' : ''} ${isOpen.value ? 'is-open' : ''}`}
      role="listitem"
    >
      <div
        class="step-name"
        style={{ paddingLeft: `min(${Math.min(step.depth, 24) * 14}px, 45%)` }}
      >
        <button
          type="button"
          class="step-button"
          aria-expanded={isOpen.value}
          onClick={() => {
            isOpen.value = !isOpen.peek()
          }}
        >
          <i class={`opener ${isOpen.value ? 'is-open' : ''}`} aria-hidden="true" />
          <span class="text" title={step.path.at(-1)}>
            {step.path.at(-1) || '(no name)'}
          </span>
        </button>
        <DifferenceList differences={differences} lanes={lanes} shownMax={isOpen.value ? 100 : 3} />
      </div>
      <div class="step-lanes">
        {lanes.map((lane) => (
          <Bar key={lane.name} lane={lane} step={step} longest={longest} />
        ))}
      </div>
      {isOpen.value && <StepDetails step={step} lanes={lanes} differences={differences} />}
    </div>
  )
}

function Bar({
  lane,
  step,
  longest,
}: {
  readonly lane: ComparedLane
  readonly step: ReportStep
  readonly longest: number
}) {
  const span = step.spans.find(({ runtime }) => runtime === lane.name)
  if (span === undefined) {
    return (
      <div class="step-lane is-absent">
        <span class="hidden">{lane.name}: </span>
        <span class="absent-text">{lane.name} has no such span</span>
      </div>
    )
  }
  const left = (span.startMillis / longest) * 100
  const width = (span.durationMillis / longest) * 100
  const text = renderClockMillis(span.durationMillis, lane.clock)
  const isLate = left + width > 78
  return (
    <div
      class={`step-lane ${runtimeClass(lane.runtime)}`}
      title={`${lane.name}: ${span.durationMillis} ms`}
    >
      <span class="hidden">
        {lane.name}: {text}
        {span.status === 'error' && ', failed'}
      </span>
      <i
        class={`bar ${span.status === 'error' ? 'is-failed' : ''}`}
        aria-hidden="true"
        style={{ left: `${left}%`, width: `${width}%` }}
      />
      {span.events.map((event, index) => (
        <i
          key={index}
          class="event-mark"
          aria-hidden="true"
          title={event.name}
          style={{ left: `${((span.startMillis + event.offsetMillis) / longest) * 100}%` }}
        />
      ))}
      <b
        class={`bar-label ${isLate && left <= 22 ? 'is-inside' : ''}`}
        aria-hidden="true"
        style={
          isLate && left > 22
            ? { right: `${100 - left}%` }
            : isLate
              ? { left: `${left}%` }
              : { left: `${left + width}%` }
        }
      >
        <span class="lane-name">{lane.name}</span> {text}
      </b>
    </div>
  )
}
