import { renderMillis, renderRoundMillis } from '../../../comparison/trace/clock-trust.ts'
import type { RequestNumbers } from '../../../wire/overview.ts'
import { TimeChart } from '../charts/time-chart.tsx'
import type { TimeSeries } from '../charts/time-series.ts'
import { runtimeClass } from '../chrome/runtime-name.tsx'
import { groupCondition } from '../find/group-condition.ts'
import { viewHref } from '../state/address.ts'
import { countOf, formatRate } from '../state/format.ts'
import { nanosText } from '../state/read-times.ts'
import type { Overview } from './overview-answer.ts'
import { p99CallsMin, type quantiles } from './overview-controls.tsx'

/** A condition for traces, so that a number leads to what it counts and to nothing older. */
export type Since = { readonly spanStart?: string; readonly spanEnd?: string }

type Asked = { readonly operation: string; readonly runtime: string }

/** Rate, errors and durations over time; each point leads to its traces. */
export function OverviewCharts({
  overview,
  asked,
  by,
  quantile,
  since,
}: {
  readonly overview: Overview
  readonly asked: Asked
  readonly by: string
  readonly quantile: (typeof quantiles)[number]
  readonly since: Since
}) {
  const { firstBucketMillis: firstMillis, bucketMillis: stepMillis, series } = overview
  const seconds = readBucketSeconds(overview)
  const conditionOf = (name: string) => groupCondition(by, name === 'unnamed' ? '' : name)
  const shared = { firstMillis, stepMillis } as const
  const tracesOf = (bucket: number, changes: Readonly<Record<string, string | number>>) =>
    viewHref('traces', { ...asked, ...changes, ...readBucketTimes(overview, bucket) })
  const line = (read: ReadPoint) => createLines(series, read)
  return (
    <div class="charts">
      <TimeChart
        {...shared}
        title="Rate"
        kind="lines"
        unit="any"
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
        unit="count"
        note="requests"
        series={createErrors(series)}
        format={(count) => countOf(count, 'request')}
        formatTick={String}
        hrefOf={({ name }, bucket) => tracesOf(bucket, { status: name })}
      />
      <TimeChart
        {...shared}
        title={`Duration, ${quantile.name}`}
        href={viewHref('traces', { ...asked, ...since })}
        kind="lines"
        unit="millis"
        note="of server spans, each by its own clock"
        emptyText={
          quantile.name === 'p99'
            ? `p99 needs ${p99CallsMin} requests for each point, and no stretch of time has as many.`
            : 'No durations in this time.'
        }
        series={line(quantile.read)}
        format={renderMillis}
        formatTick={renderRoundMillis}
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

type ReadPoint = (numbers: RequestNumbers, bucket: number) => number | null

function createLines(series: Overview['series'], read: ReadPoint): readonly TimeSeries[] {
  return series.map(({ group, buckets }) => ({
    name: group || 'unnamed',
    color: runtimeClass(group),
    values: buckets.map(read),
    counts: buckets.map(({ calls }) => calls),
  }))
}

function createErrors(series: Overview['series']): readonly TimeSeries[] {
  const sum = (name: string, read: (numbers: RequestNumbers) => number): TimeSeries => {
    const counts = (series[0]?.buckets ?? []).map((_, bucket) =>
      series.reduce(
        (total, { buckets }) => total + (buckets[bucket] ? read(buckets[bucket]) : 0),
        0,
      ),
    )
    return { name, color: `is-${name}-fill`, values: counts, counts }
  }
  return [sum('5xx', ({ errors5xx }) => errors5xx), sum('4xx', ({ errors4xx }) => errors4xx)]
}

/** The overview leaves out the part of the first bucket before the window. */
function readBucketTimes(overview: Overview, bucket: number): Since {
  const from = overview.firstBucketMillis + bucket * overview.bucketMillis
  return {
    spanStart: nanosText(Math.max(from, overview.startMillis)),
    spanEnd: nanosText(from + overview.bucketMillis),
  }
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
