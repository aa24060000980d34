import { renderMillis } from '../../../comparison/trace/clock-trust.ts'
import { HttpStatus } from '../chrome/parts.tsx'
import { RuntimeName } from '../chrome/runtime-name.tsx'
import { ServiceName } from '../chrome/service-name.tsx'
import { traceHref } from '../state/address.ts'
import type { TraceSummary } from '../state/asking/answers.ts'
import { countOf, formatMoment, formatPrecise } from '../state/format.ts'

/** In pixels; a narrow screen takes two lines to say as much. */
export const traceRowHeights = { wide: 30, narrow: 50 } as const

/** The heads of the columns of `TraceRow`. */
export function TraceRowHeader() {
  return (
    <div class="trace-row is-header" role="row" aria-rowindex={1}>
      <span role="columnheader">
        <span class="hidden">Select</span>
      </span>
      <span role="columnheader">Started</span>
      <span role="columnheader">Service</span>
      <span role="columnheader">Runtime</span>
      <span role="columnheader">Operation</span>
      <span role="columnheader">Status</span>
      <span role="columnheader" class="is-number">
        Duration
      </span>
      <span role="columnheader" class="is-number">
        Spans
      </span>
      <span role="columnheader" class="is-number">
        Logs
      </span>
    </div>
  )
}

/** One line of the list. Only the current row is reached by Tab; arrow keys move between rows. */
export function TraceRow(props: {
  readonly trace: TraceSummary
  readonly index: number
  readonly isCurrent: boolean
  readonly isSelected: boolean
  readonly onToggle: (traceId: string) => void
}) {
  const { trace, index, isCurrent, isSelected, onToggle } = props
  const tabIndex = isCurrent ? 0 : -1
  const name = trace.name || '(no name)'
  return (
    <div
      class={`trace-row ${trace.failureCount > 0 ? 'is-failed' : ''} ${isSelected ? 'is-selected' : ''}`}
      role="row"
      aria-rowindex={index + 2}
    >
      <span role="cell" class="cell-select">
        <input
          type="checkbox"
          checked={isSelected}
          tabIndex={tabIndex}
          aria-label={`Select ${name} of ${trace.runtime ?? trace.service ?? 'an unknown service'} to compare`}
          onChange={() => onToggle(trace.traceId)}
        />
      </span>
      <span role="cell" class="cell-time" title={formatPrecise(trace.startNanos)}>
        {formatMoment(trace.startNanos, Date.now())}
      </span>
      <span role="cell" class="cell-service">
        <ServiceName name={trace.service} others={trace.services} />
      </span>
      <span role="cell" class="cell-runtime">
        <RuntimeName name={trace.runtime === trace.service ? null : trace.runtime} />
      </span>
      <span role="cell" class="cell-name">
        <a class="row-link" href={traceHref(trace.traceId)} data-row={index} tabIndex={tabIndex}>
          {name}
        </a>
        {trace.failureCount > 0 && (
          <span class="badge is-bad">{countOf(trace.failureCount, 'error')}</span>
        )}
      </span>
      <span role="cell" class="cell-status">
        <HttpStatus status={trace.httpStatus} />
      </span>
      <Duration millis={trace.durationMillis} isTrusted={trace.isDurationTrusted} />
      <span role="cell" class="cell-spans is-number">
        {trace.spanCount}
      </span>
      <span role="cell" class="cell-logs is-number">
        {trace.logCount}
      </span>
    </div>
  )
}

function Duration({ millis, isTrusted }: { readonly millis: number; readonly isTrusted: boolean }) {
  return (
    <span
      role="cell"
      class="cell-duration is-number"
      title={`${millis} ms${isTrusted ? '' : ': impossible, because a clock was set meanwhile'}`}
    >
      {isTrusted && (
        <i class="duration-bar" aria-hidden="true" style={{ width: `${barPercent(millis)}%` }} />
      )}
      <span>{isTrusted ? renderMillis(millis) : `${renderMillis(millis)} ✗`}</span>
    </span>
  )
}

/** On a logarithmic scale from 0.1 ms to 10 s, so that bars compare across lists. */
function barPercent(millis: number): number {
  return Math.max(2, Math.min(100, (Math.log10(Math.max(millis, 0.1)) + 1) * 20))
}
