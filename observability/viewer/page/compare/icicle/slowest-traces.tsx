import type { StepTime } from '../../../../comparison/latency/step-times.ts'
import { renderMillis } from '../../../../comparison/trace/clock-trust.ts'
import { quoteValue } from '../../find/read-completion.ts'
import { type Parameters, traceHref, viewHref } from '../../state/address.ts'
import { countOf, formatMoment } from '../../state/format.ts'
import { readSpanMillis } from '../../trace/held-trace.ts'
import { LaneName } from '../steps/lane-table.tsx'
import { listSlowest, type TimedLane } from './operation-times.ts'

/** The traces in which a step took longest, of each lane, and where there are more of them. */
export function SlowestTraces({
  step,
  lanes,
  conditionsOf,
  times,
}: {
  readonly step: StepTime
  readonly lanes: readonly TimedLane[]
  /** How the list is asked for one lane; `null` where a lane is a trace by itself. */
  readonly conditionsOf: ((lane: string) => Readonly<Record<string, string>>) | null
  /** The times that the view is asked for. */
  readonly times: Parameters
}) {
  return (
    <section class="slowest">
      <h3 aria-live="polite">
        Where <span class="slowest-step">{step.label || '(no name)'}</span> took longest by itself
      </h3>
      <div class="slowest-lanes">
        {lanes.map((lane) => {
          const slowest = listSlowest(step, lane)
          return (
            <div key={lane.name}>
              <LaneName lane={{ ...lane, traceHref: null }} />
              {slowest.length === 0 ? (
                <p class="muted">has no such step</p>
              ) : (
                <ol>
                  {slowest.map(({ trace, selfMillis, spanCount, longest }) => (
                    <li key={trace.traceId}>
                      <a
                        href={traceHref(trace.traceId, {
                          span: longest.span.spanId,
                          ...(trace.run !== undefined && { run: trace.run }),
                        })}
                      >
                        {renderMillis(selfMillis)}
                      </a>{' '}
                      <span class="muted">
                        {spanCount > 1 && `in ${countOf(spanCount, 'span')}, `}
                        {formatMoment(longest.span.startNanos, Date.now())}
                      </span>
                    </li>
                  ))}
                </ol>
              )}
              {conditionsOf !== null && slowest.length > 0 && (
                <ListLink
                  slowest={slowest.map(({ longest: { span } }) => ({
                    name: span.name,
                    millis: readSpanMillis(span),
                  }))}
                  conditions={conditionsOf(lane.name)}
                  times={times}
                />
              )}
            </div>
          )
        })}
      </div>
    </section>
  )
}

/** All that is stored is more than what was fetched; the list can be asked for a span's name and duration. */
function ListLink({
  slowest,
  conditions: { where = '', ...conditions },
  times,
}: {
  readonly slowest: readonly { readonly name: string; readonly millis: number }[]
  readonly conditions: Readonly<Record<string, string>>
  readonly times: Parameters
}) {
  const name = slowest[0]?.name ?? ''
  // Down to a microsecond, so that these are among them.
  const least = Math.floor(Math.min(...slowest.map(({ millis }) => millis)) * 1000) / 1000
  const query = [where, `name=${quoteValue(name)}`, `duration>=${least}ms`]
  return (
    <a
      href={viewHref(
        'traces',
        { ...conditions, where: query.filter((one) => one !== '').join(' '), sort: 'duration' },
        times,
      )}
    >
      All stored traces with such a span of {renderMillis(least)} or more
    </a>
  )
}
