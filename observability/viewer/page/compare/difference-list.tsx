import { runtimeClass } from '../chrome/runtime-name.tsx'
import type { ComparedDifference } from './compared-operation.ts'

/** Differences where they are: who, what, and why it is expected where somebody said so. */
export function DifferenceList({
  differences,
  shownMax,
}: {
  readonly differences: readonly ComparedDifference[]
  readonly shownMax: number
}) {
  if (differences.length === 0) return null
  const more = differences.length - shownMax
  return (
    <ul class="differences">
      {differences.slice(0, shownMax).map(({ lane, text, reason }, index) => (
        <li key={index} class={reason === null ? '' : 'is-known'}>
          <span class={`runtime ${runtimeClass(lane)}`}>
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
