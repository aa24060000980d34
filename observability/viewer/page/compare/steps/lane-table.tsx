import { timePartNames } from '../../../../comparison/latency/time-parts.ts'
import { exactQuantile } from '../../../../comparison/statistics/exact-quantile.ts'
import {
  describeClocks,
  renderClockMillis,
  renderMillis,
} from '../../../../comparison/trace/clock-trust.ts'
import { runtimeClass } from '../../chrome/runtime-name.tsx'
import { countOf } from '../../state/format.ts'
import { partNames } from '../../trace/segments.ts'
import type { ComparedLane, ComparedOperation } from '../compared-operation.ts'

/** With fewer values the quantile is little more than the largest. */
const shownQuantiles = [
  { name: 'p50', probability: 0.5, valuesMin: 1 },
  { name: 'p95', probability: 0.95, valuesMin: 20 },
  { name: 'p99', probability: 0.99, valuesMin: 100 },
] as const

/** One line for each lane: durations, where the time went, how much differs. */
export function LaneTable({
  operation,
  durationsOf,
  laneName,
}: {
  readonly operation: ComparedOperation
  readonly durationsOf: string
  /** What a lane is, such as `Version`. */
  readonly laneName: string
}) {
  const { lanes } = operation
  const longest = Math.max(...lanes.map(({ time }) => time?.totalMillis ?? 0), 0)
  const parts = timePartNames.filter((part) =>
    lanes.some(({ time }) => (time?.parts[part] ?? 0) > 0),
  )
  const areMany = lanes.some(({ durationsMillis }) => durationsMillis.length > 1)
  return (
    <>
      <div class="table-scroll" tabIndex={0} role="group" aria-label="Durations and differences">
        <table class="lanes">
          <thead>
            <tr>
              <th scope="col">{laneName}</th>
              <th scope="col">Differences</th>
              {areMany ? (
                <>
                  <th scope="col" class="is-number">
                    Requests
                  </th>
                  <th scope="col" class="is-number">
                    p50
                  </th>
                  <th scope="col" class="is-number">
                    p95
                  </th>
                  <th scope="col" class="is-number">
                    p99
                  </th>
                </>
              ) : (
                <th scope="col" class="is-number">
                  Took
                </th>
              )}
              <th scope="col" class="cell-parts">
                Where the time goes
              </th>
            </tr>
          </thead>
          <tbody>
            {lanes.map((lane, index) => (
              <tr key={lane.name}>
                <th scope="row">
                  <LaneName lane={lane} />
                </th>
                <td>
                  {index === 0 ? (
                    <span class="muted">reference</span>
                  ) : (
                    <LaneDifferences lane={lane} operation={operation} />
                  )}
                </td>
                {areMany ? <Quantiles lane={lane} /> : <Took lane={lane} />}
                <td class="cell-parts">
                  <PartsBar lane={lane} longest={longest} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="compare-legend">
        {parts.map((part) => (
          <span key={part} class="legend">
            <i class={`swatch part-${part}`} aria-hidden="true" />
            {part === 'network' ? 'network and queueing' : partNames[part]}
          </span>
        ))}
        <span class="muted">{durationsOf}</span>
        {describeClocks(lanes).map((sentence) => (
          <span key={sentence} class="muted">
            {sentence}
          </span>
        ))}
      </p>
    </>
  )
}

function LaneDifferences({
  lane,
  operation,
}: {
  readonly lane: ComparedLane
  readonly operation: ComparedOperation
}) {
  const own = operation.differences.filter((difference) => difference.lane === lane.name)
  const known = own.filter(({ reason }) => reason !== null).length
  if (known === own.length && known > 0) {
    return <span class="badge is-good">{countOf(known, 'known difference')}</span>
  }
  return <DifferenceCount count={own.length - known} />
}

/** The name in its runtime's colour, as a link to the trace if there is one. */
export function LaneName({
  lane,
}: {
  readonly lane: Pick<ComparedLane, 'name' | 'runtime' | 'traceHref'>
}) {
  return (
    <span class={`runtime ${runtimeClass(lane.runtime)}`}>
      <i class="dot" aria-hidden="true" />
      {lane.traceHref === null ? lane.name : <a href={lane.traceHref}>{lane.name}</a>}
    </span>
  )
}

/** The first row of a table that has a column for each lane. */
export function LanesHead({
  first,
  lanes,
}: {
  readonly first: string
  readonly lanes: readonly Pick<ComparedLane, 'name' | 'runtime' | 'traceHref'>[]
}) {
  return (
    <thead>
      <tr>
        <th scope="col">{first}</th>
        {lanes.map((lane) => (
          <th scope="col" key={lane.name}>
            <LaneName lane={lane} />
          </th>
        ))}
      </tr>
    </thead>
  )
}

/** `same` for 0. */
export function DifferenceCount({ count }: { readonly count: number }) {
  if (count === 0) return <span class="badge is-good">same</span>
  return <span class="badge">{countOf(count, 'difference')}</span>
}

function Quantiles({ lane: { durationsMillis, durationClock } }: { readonly lane: ComparedLane }) {
  return (
    <>
      <td class="is-number">{durationsMillis.length}</td>
      {shownQuantiles.map(({ name, probability, valuesMin }) => {
        const millis = exactQuantile(durationsMillis, probability)
        return millis === null || durationsMillis.length < valuesMin ? (
          <td key={name} class="is-number muted" title={`needs ${valuesMin} requests`}>
            –
          </td>
        ) : (
          <td key={name} class="is-number" title={`${millis} ms`}>
            {renderClockMillis(millis, durationClock)}
          </td>
        )
      })}
    </>
  )
}

function Took({ lane: { durationsMillis, durationClock } }: { readonly lane: ComparedLane }) {
  const [millis] = durationsMillis
  // A clock was set while it was recorded.
  if (millis === undefined) return <td class="is-number">–</td>
  return (
    <td class="is-number" title={`${millis} ms`}>
      {renderClockMillis(millis, durationClock)}
    </td>
  )
}

function PartsBar({
  lane: { time },
  longest,
}: {
  readonly lane: ComparedLane
  readonly longest: number
}) {
  if (time === null || longest <= 0) return <span class="muted">–</span>
  const shown = timePartNames.filter((part) => time.parts[part] > 0)
  const text = shown.map((part) => `${part} ${renderMillis(time.parts[part])}`).join(', ')
  return (
    <span class="parts-bar" role="img" aria-label={text} title={text}>
      {shown.map((part) => (
        <i
          key={part}
          class={`part-${part}`}
          style={{ width: `${(time.parts[part] / longest) * 100}%` }}
        />
      ))}
    </span>
  )
}
