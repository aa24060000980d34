import type { Signal } from '@preact/signals'
import type { CriticalStretch } from '../../../../comparison/latency/critical-path.ts'
import { readClockTrust, renderClockMillis } from '../../../../comparison/trace/clock-trust.ts'
import { countOf, formatShare } from '../../state/format.ts'
import { findMostCritical } from './critical-marks.ts'

/** What the line below the bars means, where most of it goes, and whether it is drawn. */
export function CriticalLegend({
  path,
  isShown,
}: {
  readonly path: readonly CriticalStretch[]
  readonly isShown: Signal<boolean>
}) {
  const most = findMostCritical(path)
  const [node] = most?.nodes ?? []
  if (most === undefined || node === undefined) return null
  const clock = readClockTrust(node.resource.attributes)
  return (
    <p class="critical-legend">
      <label class="legend">
        <input
          type="checkbox"
          checked={isShown.value}
          onChange={(event) => {
            isShown.value = event.currentTarget.checked
          }}
        />
        <i class="critical-mark" aria-hidden="true" />
        Critical path
      </label>
      <span class="muted">
        what the end waited for; most of it <b>{node.span.name || '(no name)'}</b>:{' '}
        {renderClockMillis(most.millis, clock)}, {formatShare(most.share)}
        {most.nodes.size > 1 && `, in ${countOf(most.nodes.size, 'span')}`}
      </span>
    </p>
  )
}
