import type { TimeSeries } from './time-series.ts'

/** A series as a line, interrupted where buckets have no value. */
export function Line({
  series,
  xOf,
  yOf,
}: {
  readonly series: TimeSeries
  readonly xOf: (bucket: number) => number
  readonly yOf: (value: number) => number
}) {
  const runs = splitRuns(series.values)
  return (
    <g class={series.color}>
      {runs.map((run) => (
        <path
          key={run.from}
          class="line"
          d={run.values
            .map(
              (value, index) =>
                `${index === 0 ? 'M' : 'L'}${xOf(run.from + index).toFixed(1)} ${yOf(value).toFixed(1)}`,
            )
            .join('')}
        />
      ))}
      {runs.flatMap((run) =>
        run.values.map((value, index) => (
          <circle
            key={run.from + index}
            class="point"
            cx={xOf(run.from + index)}
            cy={yOf(value)}
            r={run.values.length === 1 ? 2.5 : 1.6}
          />
        )),
      )}
    </g>
  )
}

/** One series as bars, on top of the series before it. */
export function Bars({
  all,
  index,
  barWidth,
  xOf,
  yOf,
}: {
  readonly all: readonly TimeSeries[]
  readonly index: number
  readonly barWidth: number
  readonly xOf: (bucket: number) => number
  readonly yOf: (value: number) => number
}) {
  const own = all[index]
  if (own === undefined) return null
  return (
    <g class={own.color}>
      {own.values.map((value, bucket) => {
        if (value === null || value === 0) return null
        const below = all
          .slice(0, index)
          .reduce((sum, { values }) => sum + (values[bucket] ?? 0), 0)
        const top = yOf(below + value)
        return (
          <rect
            key={bucket}
            class="bar-rect"
            x={xOf(bucket) - barWidth / 2}
            y={top}
            width={barWidth}
            height={yOf(below) - top}
          />
        )
      })}
    </g>
  )
}

/** Stretches without a gap. */
function splitRuns(
  values: readonly (number | null)[],
): readonly { readonly from: number; readonly values: readonly number[] }[] {
  const runs: { from: number; values: number[] }[] = []
  let open = false
  for (const [index, value] of values.entries()) {
    if (value === null) {
      open = false
      continue
    }
    if (!open) runs.push({ from: index, values: [] })
    runs.at(-1)?.values.push(value)
    open = true
  }
  return runs
}
