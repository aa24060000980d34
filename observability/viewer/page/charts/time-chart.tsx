import { useSignal } from '@preact/signals'
import { formatStretch, formatTick } from '../state/format.ts'
import { readShortcut } from '../state/read-shortcut.ts'
import { Bars, Line } from './chart-marks.tsx'
import { createNiceScale, type ScaleUnit } from './nice-scale.ts'
import {
  chooseTimeTicks,
  findNearest,
  isPoint,
  movePoint,
  type Point,
  sumBuckets,
  type TimeSeries,
} from './time-series.ts'
import { useWidth } from './use-width.ts'

type TimeChartProps = {
  readonly title: string
  readonly kind: 'lines' | 'bars'
  readonly unit: ScaleUnit
  readonly series: readonly TimeSeries[]
  readonly firstMillis: number
  readonly stepMillis: number
  /** With its unit. */
  readonly format: (value: number) => string
  /** Defaults to `format`. */
  readonly formatTick?: (value: number) => string
  /** The link of a point. */
  readonly hrefOf: (series: TimeSeries, bucket: number) => string
  /** The chart's link while no point is chosen. */
  readonly href: string
  readonly note?: string
  /** Said in place of lines and bars where there is none. */
  readonly emptyText?: string
}

/** By name and time: series come and go, and time goes on. */
type Chosen = { readonly name: string; readonly millis: number }

const height = 150
const margin = { top: 8, right: 8, bottom: 20, left: 52 } as const

/**
 * Values over time. A single link lies over the chart and follows the point under the pointer, or the one chosen by the
 * arrow keys: hundreds of links would block keyboard users.
 */
export function TimeChart(props: TimeChartProps) {
  const { title, series, kind, unit, firstMillis, stepMillis, format, hrefOf, note } = props
  const [element, width] = useWidth()
  const chosen = useSignal<Chosen | undefined>(undefined)
  const count = Math.max(1, ...series.map(({ values }) => values.length))
  const spanMillis = count * stepMillis
  const inner = {
    width: Math.max(40, width - margin.left - margin.right),
    height: height - margin.top - margin.bottom,
  }
  const values = series.flatMap((one) => one.values.map((value) => value ?? 0))
  const isEmpty = series.every((one) => one.values.every((value) => value === null))
  const largest = Math.max(0, ...(kind === 'bars' ? sumBuckets(series, count) : values))
  const scale = createNiceScale(largest, unit)
  const xOf = (bucket: number) => margin.left + ((bucket + 0.5) / count) * inner.width
  const yOf = (value: number) => margin.top + inner.height * (1 - value / scale.max)
  const point = findPoint(chosen.value, props)
  const shown = point && series[point.series]
  const choose = (next: Point | undefined) => {
    const name = next && series[next.series]?.name
    chosen.value =
      next === undefined || name === undefined
        ? undefined
        : { name, millis: firstMillis + next.bucket * stepMillis }
  }

  const onPointerMove = (event: PointerEvent) => {
    const box = element.current?.getBoundingClientRect()
    if (box === undefined) return
    const x = (event.clientX - box.left - margin.left) / inner.width
    const bucket = Math.max(0, Math.min(count - 1, Math.floor(x * count)))
    const y = (event.clientY - box.top - margin.top) / inner.height
    const nearest = findNearest(series, bucket, (1 - y) * scale.max, kind === 'bars')
    choose(nearest === -1 ? undefined : { series: nearest, bucket })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (readShortcut('chart', event) !== 'move') return
    const next = movePoint(event.key, point, series, count)
    if (next === undefined) return
    event.preventDefault()
    choose(next)
  }

  return (
    <figure class="chart">
      <figcaption>
        <h2>{title}</h2>
        {note !== undefined && <span class="muted">{note}</span>}
        <Legend series={series} />
      </figcaption>
      <div class="plot" ref={element}>
        <svg width={width} height={height} aria-hidden="true">
          {scale.ticks.map((tick) => (
            <g key={tick}>
              <line
                class="grid"
                x1={margin.left}
                x2={width - margin.right}
                y1={yOf(tick)}
                y2={yOf(tick)}
              />
              <text class="axis" x={margin.left - 6} y={yOf(tick) + 3.5} text-anchor="end">
                {(props.formatTick ?? format)(tick)}
              </text>
            </g>
          ))}
          {chooseTimeTicks({ count, firstMillis, stepMillis, width: inner.width }).map((bucket) => (
            <text
              key={bucket}
              class="axis"
              x={xOf(bucket)}
              y={height - 4}
              text-anchor={
                xOf(bucket) < margin.left + 28
                  ? 'start'
                  : xOf(bucket) > width - 34
                    ? 'end'
                    : 'middle'
              }
            >
              {formatTick(firstMillis + bucket * stepMillis, stepMillis, spanMillis)}
            </text>
          ))}
          {kind === 'lines'
            ? series.map((one) => <Line key={one.name} series={one} xOf={xOf} yOf={yOf} />)
            : series.map((one, index) => (
                <Bars
                  key={one.name}
                  all={series}
                  index={index}
                  barWidth={Math.max(1.5, (inner.width / count) * 0.75)}
                  xOf={xOf}
                  yOf={yOf}
                />
              ))}
          {point && shown && (
            <g class={shown.color}>
              <line
                class="cross"
                x1={xOf(point.bucket)}
                x2={xOf(point.bucket)}
                y1={margin.top}
                y2={height - margin.bottom}
              />
              {kind === 'lines' && (
                <circle
                  class="point is-chosen"
                  cx={xOf(point.bucket)}
                  cy={yOf(shown.values[point.bucket] ?? 0)}
                  r={4.5}
                />
              )}
            </g>
          )}
        </svg>
        <a
          class="plot-link"
          href={point && shown ? hrefOf(shown, point.bucket) : props.href}
          onPointerMove={onPointerMove}
          onPointerLeave={() => choose(undefined)}
          onKeyDown={onKeyDown}
        >
          <span class="hidden" aria-live="polite">
            {describe(title, point, props)}
          </span>
        </a>
        {props.emptyText !== undefined && isEmpty && <p class="plot-empty">{props.emptyText}</p>}
        {point && <Tip {...props} point={point} x={xOf(point.bucket)} width={width} />}
      </div>
    </figure>
  )
}

function Legend({ series }: { readonly series: readonly TimeSeries[] }) {
  return (
    <span class="chart-legend">
      {series.map(({ name, color }) => (
        <span key={name} class={color} title={name}>
          <i class="dot" aria-hidden="true" /> {name}
        </span>
      ))}
    </span>
  )
}

/** The chosen point, where there still is something. */
function findPoint(chosen: Chosen | undefined, props: TimeChartProps): Point | undefined {
  if (chosen === undefined) return undefined
  const { series, firstMillis, stepMillis } = props
  const point = {
    series: series.findIndex(({ name }) => name === chosen.name),
    bucket: Math.round((chosen.millis - firstMillis) / stepMillis),
  }
  return isPoint(series, point) ? point : undefined
}

function Tip({
  series,
  firstMillis,
  stepMillis,
  format,
  point,
  x,
  width,
}: TimeChartProps & { readonly point: Point; readonly x: number; readonly width: number }) {
  return (
    <div
      class={`tip ${x > width / 2 ? 'is-left' : ''}`}
      style={x > width / 2 ? { right: `${width - x + 10}px` } : { left: `${x + 10}px` }}
      aria-hidden="true"
    >
      <b>{describeTime(firstMillis, stepMillis, point)}</b>
      {series.map(({ name, color, values }, index) => {
        const value = values[point.bucket] ?? null
        if (value === null || !isPoint(series, { series: index, bucket: point.bucket })) return null
        return (
          <span key={name} class={`${color} ${index === point.series ? 'is-chosen' : ''}`}>
            <i class="dot" /> {name} <em>{format(value)}</em>
          </span>
        )
      })}
    </div>
  )
}

function describeTime(firstMillis: number, stepMillis: number, { bucket }: Point): string {
  const from = firstMillis + bucket * stepMillis
  return formatStretch(from, from + stepMillis, Date.now())
}

function describe(title: string, point: Point | undefined, props: TimeChartProps): string {
  const { series, firstMillis, stepMillis, format } = props
  const own = point && series[point.series]
  if (!point || !own) {
    const names = series.map(({ name }) => name).join(', ') || 'nothing yet'
    return `${title} over time: ${names}. Arrow keys choose a point, Enter shows its traces.`
  }
  const value = format(own.values[point.bucket] ?? 0)
  return `${title}: ${own.name}, ${describeTime(firstMillis, stepMillis, point)}, ${value}. Show its traces.`
}
