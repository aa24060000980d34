import { renderRoundMillis } from '../../../comparison/trace/clock-trust.ts'
import { listMillisTicks } from './nice-scale.ts'

/** A stretch of time along which bars are drawn, with round times on it. */
export type TimeAxis = {
  readonly fromMillis: number
  readonly toMillis: number
  readonly ticks: readonly number[]
}

const ticksMax = 6

/** The axis from one time to another. */
export function createTimeAxis(fromMillis: number, toMillis: number): TimeAxis {
  return { fromMillis, toMillis, ticks: listMillisTicks(fromMillis, toMillis, ticksMax) }
}

/** The lines at the ticks of an axis, for the style of an element around its `lane`s. */
export function gridStyle(axis: TimeAxis): Readonly<Record<string, string>> {
  const [first = axis.fromMillis, second = axis.toMillis] = axis.ticks
  const step = place(axis, second) - place(axis, first)
  return { '--tick-from': `${place(axis, first)}%`, '--tick-step': `${step > 0 ? step : 100}%` }
}

/** The times below the head of a list of bars. */
export function AxisTicks({ axis }: { readonly axis: TimeAxis }) {
  return (
    <>
      {axis.ticks.map((tick) => (
        <i
          key={tick}
          class={`tick ${place(axis, tick) > 88 ? 'is-last' : ''}`}
          style={{ left: `${place(axis, tick)}%` }}
        >
          {renderRoundMillis(tick)}
        </i>
      ))}
    </>
  )
}

/** In percent of the axis. */
function place({ fromMillis, toMillis }: TimeAxis, millis: number): number {
  return toMillis > fromMillis ? ((millis - fromMillis) / (toMillis - fromMillis)) * 100 : 0
}
