import { renderMillis } from '../../../comparison/trace/clock-trust.ts'
import type { RequestNumbers } from '../../../wire/overview.ts'
import { TimeChart } from '../charts/time-chart.tsx'
import type { TimeSeries } from '../charts/time-series.ts'
import { Nothing } from '../chrome/nothing.tsx'
import { Empty, Waiting } from '../chrome/parts.tsx'
import { runtimeClass } from '../chrome/runtime-name.tsx'
import { groupCondition } from '../find/group-condition.ts'
import { type Parameters, readParameter, viewHref } from '../state/address.ts'
import { ask, fromJson } from '../state/asking/ask.ts'
import { usePolled } from '../state/asking/use-polled.ts'
import { countOf, formatMillisTick, formatRate } from '../state/format.ts'
import { findWindow, nanosText, readTimes } from '../state/read-times.ts'
import { OperationTable } from './operation-table.tsx'
import { type Overview, readOverview } from './overview-answer.ts'
import { findUnknown, OverviewControls, quantiles } from './overview-controls.tsx'
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
            <Charts
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
      {overview !== undefined && overview.leftOut > 0 && (
        <p class="muted">
          {countOf(overview.leftOut, 'request')} left out: without an end, at an impossible time, or
          older than 30 days.
        </p>
      )}
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

/** A condition for traces, so that a number leads to what it counts and to nothing older. */
type Since = { readonly spanStart?: string; readonly spanEnd?: string }

function readSince(overview: Overview | undefined, isLimited: boolean, isPast: boolean): Since {
  if (overview === undefined || !isLimited) return {}
  const spanStart = nanosText(overview.startMillis)
  return isPast ? { spanStart, spanEnd: nanosText(overview.endMillis) } : { spanStart }
}

function Charts({
  overview,
  asked,
  by,
  quantile,
  since,
}: {
  readonly overview: Overview
  readonly asked: { readonly operation: string; readonly runtime: string }
  readonly by: string
  readonly quantile: (typeof quantiles)[number]
  readonly since: Since
}) {
  const { firstBucketMillis: firstMillis, bucketMillis: stepMillis, series } = overview
  const seconds = readBucketSeconds(overview)
  const conditionOf = (name: string) => groupCondition(by, name === 'unnamed' ? '' : name)
  const shared = { firstMillis, stepMillis } as const
  const tracesOf = (bucket: number, changes: Readonly<Record<string, string | number>>) => {
    const from = firstMillis + bucket * stepMillis
    return viewHref('traces', {
      ...asked,
      ...changes,
      // The overview leaves out the part of the first bucket before the window.
      spanStart: nanosText(Math.max(from, overview.startMillis)),
      spanEnd: nanosText(from + stepMillis),
    })
  }
  const line = (
    read: (numbers: RequestNumbers, bucket: number) => number | null,
  ): readonly TimeSeries[] =>
    series.map(({ group, buckets }) => ({
      name: group || 'unnamed',
      color: runtimeClass(group),
      values: buckets.map(read),
      counts: buckets.map(({ calls }) => calls),
    }))
  const errors = (name: string, read: (numbers: RequestNumbers) => number): TimeSeries => {
    const counts = (series[0]?.buckets ?? []).map((_, bucket) =>
      series.reduce((sum, { buckets }) => sum + (buckets[bucket] ? read(buckets[bucket]) : 0), 0),
    )
    return { name, color: `is-${name}-fill`, values: counts, counts }
  }
  return (
    <div class="charts">
      <TimeChart
        {...shared}
        title="Rate"
        kind="lines"
        note="requests per second"
        href={viewHref('traces', { ...asked, ...since })}
        series={line(({ calls }, bucket) => readRate(calls, seconds[bucket] ?? 0, stepMillis))}
        format={formatRate}
        hrefOf={({ name }, bucket) => tracesOf(bucket, conditionOf(name))}
      />
      <TimeChart
        {...shared}
        title="Errors"
        href={viewHref('traces', { ...asked, ...since, status: '5xx' })}
        kind="bars"
        note="requests"
        series={[
          errors('5xx', ({ errors5xx }) => errors5xx),
          errors('4xx', ({ errors4xx }) => errors4xx),
        ]}
        format={(count) => countOf(count, 'request')}
        formatTick={String}
        hrefOf={({ name }, bucket) => tracesOf(bucket, { status: name })}
      />
      <TimeChart
        {...shared}
        title={`Duration, ${quantile.name}`}
        href={viewHref('traces', { ...asked, ...since })}
        kind="lines"
        note="of server spans, each by its own clock"
        series={line(quantile.read)}
        format={renderMillis}
        formatTick={formatMillisTick}
        hrefOf={({ name, values }, bucket) =>
          tracesOf(bucket, {
            ...conditionOf(name),
            minDurationMillis: roundDown(values[bucket] ?? 0),
          })
        }
      />
    </div>
  )
}

/** How many seconds of each bucket lie in the time that was asked for. */
function readBucketSeconds(overview: Overview): readonly number[] {
  const { firstBucketMillis, bucketMillis, startMillis, endMillis, series } = overview
  return (series[0]?.buckets ?? []).map((_, bucket) => {
    const from = firstBucketMillis + bucket * bucketMillis
    return (Math.min(from + bucketMillis, endMillis) - Math.max(from, startMillis)) / 1_000
  })
}

/**
 * In a bucket that has just begun, a few requests would give an extreme rate and no request a fall to 0. So requests
 * are counted against at least half a bucket, and an empty one is not drawn.
 */
function readRate(calls: number, seconds: number, bucketMillis: number): number | null {
  const least = bucketMillis / 2_000
  if (calls === 0 && seconds < least) return null
  return calls / Math.max(seconds, least)
}

/** So that the request which is the quantile is among those that took at least as long. */
function roundDown(millis: number): string {
  return String(Math.floor(millis * 1_000) / 1_000)
}
