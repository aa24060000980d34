import { runtimeClass } from '../chrome/runtime-name.tsx'
import { countOf } from '../state/format.ts'
import type { ComparedDifference, ComparedLane } from './compared-operation.ts'

/** Differences in their context: runtime and difference; declared ones, with the reason, are folded. */
export function DifferenceList({
  differences,
  lanes,
  shownMax,
}: {
  readonly differences: readonly ComparedDifference[]
  readonly lanes: readonly ComparedLane[]
  readonly shownMax: number
}) {
  const runtimeOf = (name: string) => lanes.find((lane) => lane.name === name)?.runtime ?? name
  const [open, known] = [false, true].map((isKnown) =>
    differences.filter(({ reason }) => (reason !== null) === isKnown),
  )
  const items = (own: readonly ComparedDifference[] = []) => (
    <ul class="differences">
      {own.slice(0, shownMax).map(({ lane, text, reason }, index) => (
        <li key={index} class={reason === null ? '' : 'is-known'}>
          <span class={`runtime ${runtimeClass(runtimeOf(lane))}`}>
            <i class="dot" aria-hidden="true" />
            {lane}
          </span>{' '}
          {text}
          {reason !== null && <span class="muted"> (known: {reason})</span>}
        </li>
      ))}
      {own.length > shownMax && <li class="muted">and {own.length - shownMax} more</li>}
    </ul>
  )
  return (
    <>
      {open && open.length > 0 && items(open)}
      {known && known.length > 0 && (
        <details class="known">
          <summary class="muted">{countOf(known.length, 'known difference')}</summary>
          {items(known)}
        </details>
      )}
    </>
  )
}
