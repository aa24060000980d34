import { renderMillis } from '../../../comparison/clock-trust.ts'
import type { TimeSeries } from '../charts/chart-points.ts'
import { TimeChart } from '../charts/time-chart.tsx'
import { NoTraces } from '../chrome/no-traces.tsx'
import { Empty } from '../chrome/parts.tsx'
import { runtimeClass } from '../chrome/runtime-name.tsx'
import { type Parameters, readParameter, viewHref } from '../state/address.ts'
import { ask, fromJson } from '../state/ask.ts'
import { countOf, formatRate } from '../state/format.ts'
import { usePolled } from '../state/use-polled.ts'
import { OperationTable } from './operation-table.tsx'
import { type Overview, readOverview } from './overview-answer.ts'
import { findWindow, OverviewControls, quantiles } from './overview-controls.tsx'
import { Totals } from './totals.tsx'

const refreshMillis = 2_000
const bucketsWanted = '60'

/** Rate, errors and durations over time, by runtime and by operation. */
export function OverviewView({ parameters }: { readonly parameters: Parameters }) {
  const window = findWindow(readParameter(parameters, 'window'))
  const runtime = readParameter(parameters, 'runtime')
  const operation = readParameter(parameters, 'operation')
  const quantile =
    quantiles.find(({ name }) => name === readParameter(parameters, 'quantile')) ?? quantiles[1]
  const polled = usePolled(
    JSON.stringify([window.name, runtime, operation]),
    (signal) => {
      const query = new URLSearchParams({ buckets: bucketsWanted })
      if (window.millis !== null)
        query.set('start', String(BigInt(Date.now() - window.millis) * 1_000_000n))
      if (runtime !== '') query.set('runtime', runtime)
      if (operation !== '') query.set('operation', operation)
      return ask(`/api/overview?${query}`, fromJson(readOverview), signal)
    },
    refreshMillis,
  )
  const { value: overview, problem } = polled.value

  return (
    <section class="view" aria-labelledby="view-title">
      <div class="view-head">
        <h1 id="view-title" tabIndex={-1}>
          Overview
        </h1>
        {overview !== undefined && overview.operations.length > 0 && <Totals overview={overview} />}
      </div>
      <OverviewControls parameters={parameters} window={window} quantile={quantile.name} />
      {problem !== undefined && (
        <Empty title="The collector cannot answer this">
          <p>{problem}</p>
        </Empty>
      )}
      {overview !== undefined &&
        (overview.operations.length === 0 ? (
          window.millis === null ? (
            <NoTraces what="requests" />
          ) : (
            <Nothing windowText={window.text} />
          )
        ) : (
          <>
            <Charts overview={overview} operation={operation} quantile={quantile} />
            <OperationTable overview={overview} parameters={parameters} />
            {overview.moreOperations > 0 && (
              <p class="muted">{countOf(overview.moreOperations, 'rarer operation')} not shown.</p>
            )}
          </>
        ))}
    </section>
  )
}

function Nothing({ windowText }: { readonly windowText: string }) {
  return (
    <>
      <p class="note">
        No requests in the last {windowText}.{' '}
        <a href={viewHref('overview', { window: 'all' })}>Show all that is stored</a>
      </p>
      <NoTraces what="requests" />
    </>
  )
}

function Charts({
  overview,
  operation,
  quantile,
}: {
  readonly overview: Overview
  readonly operation: string
  readonly quantile: (typeof quantiles)[number]
}) {
  const { firstBucketMillis: firstMillis, bucketMillis: stepMillis, series } = overview
  const seconds = readBucketSeconds(overview)
  const shared = { firstMillis, stepMillis } as const
  const tracesOf = (bucket: number, changes: Readonly<Record<string, string | number>>) =>
    viewHref('traces', {
      ...(operation === '' ? {} : { operation }),
      ...changes,
      start: nanosText(firstMillis + bucket * stepMillis),
      end: nanosText(firstMillis + (bucket + 1) * stepMillis),
    })
  const line = (
    read: (numbers: Overview['series'][number]['buckets'][number]) => number | null,
  ): readonly TimeSeries[] =>
    series.map(({ runtime, buckets }) => ({
      name: runtime || 'unnamed',
      color: runtimeClass(runtime),
      values: buckets.map(read),
    }))
  const total = (read: (numbers: Overview['series'][number]['buckets'][number]) => number) =>
    (series[0]?.buckets ?? []).map((_, bucket) =>
      series.reduce((sum, { buckets }) => sum + (buckets[bucket] ? read(buckets[bucket]) : 0), 0),
    )
  return (
    <div class="charts">
      <TimeChart
        {...shared}
        title="Rate"
        kind="lines"
        note="requests per second"
        href={viewHref('traces', { operation })}
        series={rates(series, seconds)}
        format={formatRate}
        hrefOf={({ name }, bucket) => tracesOf(bucket, runtimeOf(name))}
      />
      <TimeChart
        {...shared}
        title="Errors"
        href={viewHref('traces', { operation, status: 'error' })}
        kind="bars"
        note="requests"
        series={[
          { name: '5xx', color: 'is-5xx-fill', values: total(({ errors5xx }) => errors5xx) },
          { name: '4xx', color: 'is-4xx-fill', values: total(({ errors4xx }) => errors4xx) },
        ]}
        format={(count) => String(count)}
        hrefOf={({ name }, bucket) => tracesOf(bucket, { status: name })}
      />
      <TimeChart
        {...shared}
        title={`Duration, ${quantile.name}`}
        href={viewHref('traces', { operation })}
        kind="lines"
        note="of the server span, by its own clock"
        series={line(quantile.read)}
        format={renderMillis}
        formatTick={formatMillisTick}
        hrefOf={({ name, values }, bucket) =>
          tracesOf(bucket, {
            ...runtimeOf(name),
            minDurationMillis: roundDown(values[bucket] ?? 0),
          })
        }
      />
    </div>
  )
}

/**
 * How much of each bucket lies in the time that was asked for. Of the first and the last that may be
 * a sliver, and a rate of it would be noise: `null`.
 */
function readBucketSeconds(overview: Overview): readonly (number | null)[] {
  const { firstBucketMillis, bucketMillis, startMillis, endMillis, series } = overview
  return (series[0]?.buckets ?? []).map((_, bucket) => {
    const from = firstBucketMillis + bucket * bucketMillis
    const covered = Math.min(from + bucketMillis, endMillis) - Math.max(from, startMillis)
    return covered < bucketMillis / 2 ? null : covered / 1_000
  })
}

function rates(
  series: Overview['series'],
  seconds: readonly (number | null)[],
): readonly TimeSeries[] {
  return series.map(({ runtime, buckets }) => ({
    name: runtime || 'unnamed',
    color: runtimeClass(runtime),
    values: buckets.map(({ calls }, bucket) => {
      const covered = seconds[bucket] ?? null
      return covered === null ? null : calls / covered
    }),
  }))
}

/** Ticks are round numbers, and need no more digits than they have. */
function formatMillisTick(millis: number): string {
  return `${Number(millis.toPrecision(3))} ms`
}

function runtimeOf(name: string): Readonly<Record<string, string>> {
  return name === 'unnamed' ? {} : { runtime: name }
}

function nanosText(millis: number): string {
  return String(BigInt(millis) * 1_000_000n)
}

/** So that the request which is the quantile is among those that took at least as long. */
function roundDown(millis: number): string {
  return String(Math.floor(millis * 1_000) / 1_000)
}
