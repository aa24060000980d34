import { useSignal } from '@preact/signals'
import type { LaneStepTime, StepTime } from '../../../../comparison/latency/step-times.ts'
import { renderMillis } from '../../../../comparison/trace/clock-trust.ts'
import { runtimeClass } from '../../chrome/runtime-name.tsx'
import { readShortcut } from '../../state/read-shortcut.ts'
import { type IcicleBox, layOutIcicle, readIcicleMove } from './icicle-boxes.ts'
import type { OperationTimes, TimedLane } from './operation-times.ts'

/** In pixels. */
const levelHeight = 26

/** One lane's steps as boxes, as wide as they took: a request at the top, what it did below. */
export function Icicle({
  lane,
  times,
  wholeMillis,
  chosen,
  onChoose,
}: {
  readonly lane: TimedLane
  readonly times: OperationTimes
  /** What the whole width stands for. */
  readonly wholeMillis: number
  readonly chosen: StepTime | undefined
  readonly onChoose: (step: StepTime) => void
}) {
  const boxes = layOutIcicle(times.steps, lane.name, wholeMillis)
  const levels = boxes.reduce((most, { step }) => Math.max(most, step.depth + 1), 0)
  // One stop of the Tab key, from which the arrow keys lead on.
  const focused = useSignal(0)
  const stop = boxes[focused.value] === undefined ? 0 : focused.value
  return (
    <div
      class={`icicle ${runtimeClass(lane.runtime)}`}
      role="group"
      aria-label={`Steps of ${lane.name}`}
      style={{ height: `${levels * levelHeight}px` }}
      onKeyDown={(event) => {
        if (readShortcut('icicle', event) !== 'move') return
        const to = readIcicleMove(event.key, boxes, stop)
        const next = to === undefined ? undefined : event.currentTarget.children[to]
        if (to === undefined || !(next instanceof HTMLElement)) return
        event.preventDefault()
        focused.value = to
        next.focus()
      }}
    >
      {boxes.map((box, index) => (
        <Box
          // Steps have no id but their place.
          key={index}
          box={box}
          growth={times.growths.get(box.own)}
          wholeMillis={wholeMillis}
          isChosen={box.step === chosen}
          isStop={index === stop}
          onChoose={() => {
            focused.value = index
            onChoose(box.step)
          }}
        />
      ))}
    </div>
  )
}

function Box({
  box: { step, own, leftMillis },
  growth,
  wholeMillis,
  isChosen,
  isStop,
  onChoose,
}: {
  readonly box: IcicleBox
  readonly growth: number | undefined
  readonly wholeMillis: number
  readonly isChosen: boolean
  readonly isStop: boolean
  readonly onChoose: () => void
}) {
  const name = step.label || '(no name)'
  const facts = `${renderMillis(own.selfMillis)} by itself, ${renderMillis(own.totalMillis)} with what is below`
  return (
    <button
      type="button"
      class={`icicle-box ${growth !== undefined && growth > 0 ? 'is-grown' : ''}`}
      title={`${name}: ${facts}`}
      aria-pressed={isChosen}
      tabIndex={isStop ? 0 : -1}
      style={{
        left: `${(leftMillis / wholeMillis) * 100}%`,
        width: `${(own.totalMillis / wholeMillis) * 100}%`,
        top: `${step.depth * levelHeight}px`,
      }}
      onClick={onChoose}
    >
      {growth !== undefined && growth > 0 && (
        <i
          class="grown-part"
          aria-hidden="true"
          style={{ width: `${Math.min(1, growth / own.totalMillis) * 100}%` }}
        />
      )}
      <Growth millis={growth} /> {name} <StepNumbers own={own} />
    </button>
  )
}

/** Mean time by itself, and how often a request takes the step unless it is once. */
export function StepNumbers({ own }: { readonly own: LaneStepTime }) {
  const perRequest = Number(own.spansPerTrace.toPrecision(2))
  return (
    <span class="step-numbers">
      {renderMillis(own.selfMillis)}
      {perRequest !== 1 && ` ×${perRequest}`}
    </span>
  )
}

/** `▲ 2.10 ms` for what grew, `▼ 2.10 ms` for what shrank, else nothing. */
export function Growth({ millis }: { readonly millis: number | undefined }) {
  if (millis === undefined) return null
  const isGrown = millis > 0
  return (
    <b class={`growth ${isGrown ? 'is-grown' : ''}`}>
      <span class="hidden">{isGrown ? 'grew by' : 'shrank by'}</span>
      <span aria-hidden="true">{isGrown ? '▲' : '▼'}</span> {renderMillis(Math.abs(millis))}
    </b>
  )
}
