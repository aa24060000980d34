import { type TimeParts as Parts, timePartNames } from '../../../comparison/latency/time-parts.ts'
import { type ClockTrust, renderClockMillis } from '../../../comparison/trace/clock-trust.ts'
import { partNames } from './segments.ts'

/** The parts of a request's time, as one bar with its legend. */
export function TimeParts({
  parts,
  clock,
  totalMillis,
}: {
  readonly parts: Parts
  readonly clock: ClockTrust
  readonly totalMillis: number
}) {
  const shown = timePartNames.flatMap((part) =>
    part === 'network' || parts[part] <= 0 ? [] : [{ part, millis: parts[part] }],
  )
  if (totalMillis <= 0 || shown.length === 0) return null
  return (
    <figure class="time-parts">
      <div class="stack" aria-hidden="true">
        {shown.map(({ part, millis }) => (
          <i
            key={part}
            class={`part-${part}`}
            style={{ width: `${(millis / totalMillis) * 100}%` }}
          />
        ))}
      </div>
      <figcaption>
        {shown.map(({ part, millis }) => (
          <span key={part} class="legend">
            <i class={`swatch part-${part}`} aria-hidden="true" />
            {partNames[part]} <b>{renderClockMillis(millis, clock)}</b>{' '}
            <span class="muted">{Math.round((millis / totalMillis) * 100)} %</span>
          </span>
        ))}
        <span class="muted">
          by the server's clock, without the network and queueing that a client waits for
        </span>
      </figcaption>
    </figure>
  )
}
