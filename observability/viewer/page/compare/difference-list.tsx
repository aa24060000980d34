import { runtimeClass } from '../chrome/runtime-name.tsx'
import type { ComparedDifference, ComparedLane } from './compared-operation.ts'

/** Differences in their context: runtime, difference, and the reason if it is declared. */
export function DifferenceList({
  differences,
  lanes,
  shownMax,
}: {
  readonly differences: readonly ComparedDifference[]
  readonly lanes: readonly ComparedLane[]
  readonly shownMax: number
}) {
  if (differences.length === 0) return null
  const more = differences.length - shownMax
  const runtimeOf = (name: string) => lanes.find((lane) => lane.name === name)?.runtime ?? name
  return (
    <ul class="differences">
      {differences.slice(0, shownMax).map(({ lane, text, reason }, index) => (
        <li key={index} class={reason === null ? '' : 'is-known'}>
          <span class={`runtime ${runtimeClass(runtimeOf(lane))}`}>
            <i class="dot" aria-hidden="true" />
            {lane}
          </span>{' '}
          {text}
          {reason !== null && <span class="muted"> (known: {reason})</span>}
        </li>
      ))}
      {more > 0 && <li class="muted">and {more} more</li>}
    </ul>
  )
}
