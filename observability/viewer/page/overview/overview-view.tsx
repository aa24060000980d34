import { Nothing } from '../chrome/nothing.tsx'
import { Empty, Waiting } from '../chrome/parts.tsx'
import { type Parameters, readParameter, viewHref } from '../state/address.ts'
import { ask, fromJson } from '../state/asking/ask.ts'
import { usePolled } from '../state/asking/use-polled.ts'
import { countOf } from '../state/format.ts'
import { findWindow, nanosText, readTimes } from '../state/read-times.ts'
import { OperationTable } from './operation-table.tsx'
import { type Overview, readOverview } from './overview-answer.ts'
import { OverviewCharts, type Since } from './overview-charts.tsx'
import { findUnknown, OverviewControls, quantiles } from './overview-controls.tsx'
import { StrangeTimes } from './strange-times.tsx'
import { Totals } from './totals.tsx'

const refreshMillis = 2_000
const bucketsWanted = '60'

/** Rate, errors and durations over time, by runtime and by operation. */
export function OverviewView({ parameters }: { readonly parameters: Parameters }) {
  const window = findWindow(readParameter(parameters, 'window'), '15m')
  const asked = ['start', 'end'].map((name) => readParameter(parameters, name))
  const isBetween = asked.some((time) => time !== '')
  const runtime = readParameter(parameters, 'runtime')
  const operation = readParameter(parameters, 'operation')
  const by = readParameter(parameters, 'by') || 'runtime'
  const quantile =
    quantiles.find(({ name }) => name === readParameter(parameters, 'quantile')) ?? quantiles[1]
  const polled = usePolled(
    JSON.stringify([window.name, ...asked, runtime, operation, by]),
    (signal) => {
      const query = new URLSearchParams({ buckets: bucketsWanted, by })
      for (const [name, value] of Object.entries(readTimes(parameters, Date.now(), '15m')))
        query.set(name, value)
      if (runtime !== '') query.set('runtime', runtime)
      if (operation !== '') query.set('operation', operation)
      return ask(`/api/overview?${query}`, fromJson(readOverview), signal)
    },
    refreshMillis,
  )
  const { value: overview, problem } = polled.value
  const since = readSince(overview, isBetween || window.millis !== null, isBetween)

  return (
    <section class="view" aria-labelledby="view-title">
      <div class="view-head">
        <h1 id="view-title" tabIndex={-1}>
          Overview
        </h1>
        {overview !== undefined && overview.operations.length > 0 && (
          <Totals overview={overview} conditions={{ operation, runtime, ...since }} />
        )}
      </div>
      <OverviewControls parameters={parameters} window={window} quantile={quantile.name} />
      {findUnknown(parameters).map((sentence) => (
        <p key={sentence} class="note">
          {sentence}
        </p>
      ))}
      {overview === undefined && problem === undefined && <Waiting />}
      {problem !== undefined && (
        <Empty title="The collector cannot answer this">
          <p>{problem}</p>
        </Empty>
      )}
      {overview !== undefined &&
        (overview.operations.length === 0 ? (
          <Nothing
            what="requests"
            view="overview"
            parameters={parameters}
            conditions={[]}
            window="15m"
          />
        ) : (
          <>
            {overview.series.length === 0 && <NothingOf operation={operation} runtime={runtime} />}
            <OverviewCharts
              overview={overview}
              asked={{ operation, runtime }}
              by={by}
              quantile={quantile}
              since={since}
            />
            <OperationTable overview={overview} parameters={parameters} since={since} />
            {overview.moreOperations > 0 && (
              <p class="muted">{countOf(overview.moreOperations, 'rarer operation')} not shown.</p>
            )}
          </>
        ))}
      {overview !== undefined && <StrangeTimes overview={overview} />}
    </section>
  )
}

function NothingOf({
  operation,
  runtime,
}: {
  readonly operation: string
  readonly runtime: string
}) {
  return (
    <p class="note">
      No requests {operation !== '' && `of ${operation} `}
      {runtime !== '' && `on ${runtime} `}in this time.{' '}
      <a href={viewHref('overview')}>Show everything</a>
    </p>
  )
}

function readSince(overview: Overview | undefined, isLimited: boolean, isPast: boolean): Since {
  if (overview === undefined || !isLimited) return {}
  const spanStart = nanosText(overview.startMillis)
  return isPast ? { spanStart, spanEnd: nanosText(overview.endMillis) } : { spanStart }
}
