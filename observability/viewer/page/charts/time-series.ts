import { clockSteps } from './clock-steps.ts'

/** A line, or the part of a stack of bars, over the buckets of a chart. */
export type TimeSeries = {
  readonly name: string
  /** A class that sets `--own`. */
  readonly color: string
  /** One for each bucket; `null` where there is nothing to draw. */
  readonly values: readonly (number | null)[]
  /** Requests behind each point: a point without requests has no link and is passed over. */
  readonly counts: readonly number[]
}

/** One bucket of one series. */
export type Point = { readonly series: number; readonly bucket: number }

/** The sum of all series for each of `count` buckets; an absent value counts as 0. */
export function sumBuckets(series: readonly TimeSeries[], count: number): readonly number[] {
  return Array.from({ length: count }, (_, bucket) =>
    series.reduce((sum, { values }) => sum + (values[bucket] ?? 0), 0),
  )
}

/** Whether there is something at a point: a value that is drawn, and requests behind it. */
export function isPoint(series: readonly TimeSeries[], { series: index, bucket }: Point): boolean {
  const own = series[index]
  return own !== undefined && (own.values[bucket] ?? null) !== null && (own.counts[bucket] ?? 0) > 0
}

/**
 * The series whose point is nearest to a value in a bucket, or whose part of the stack holds it; -1 if there is none.
 */
export function findNearest(
  series: readonly TimeSeries[],
  bucket: number,
  value: number,
  isStack: boolean,
): number {
  let nearest = -1
  let least = Number.POSITIVE_INFINITY
  let below = 0
  for (const [index, { values }] of series.entries()) {
    const own = values[bucket] ?? 0
    const from = isStack ? below : own
    const to = isStack ? below + own : own
    below = to
    const distance = Math.max(0, from - value, value - to)
    if (!isPoint(series, { series: index, bucket }) || distance >= least) continue
    least = distance
    nearest = index
  }
  return nearest
}

/** The point that a key leads to, skipping empty ones; `undefined` if the key or the chart leads to none. */
export function movePoint(
  key: string,
  point: Point | undefined,
  series: readonly TimeSeries[],
  count: number,
): Point | undefined {
  const buckets = Array.from({ length: count }, (_, bucket) => bucket)
  const findIn = (index: number, order: readonly number[]) => {
    const bucket = order.find((one) => isPoint(series, { series: index, bucket: one }))
    return bucket === undefined ? undefined : { series: index, bucket }
  }
  const backwards = buckets.toReversed()
  const first = () => {
    const all = series.flatMap((_, index) => findIn(index, backwards) ?? [])
    return all.toSorted((a, b) => b.bucket - a.bucket)[0]
  }
  const isMove = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End'].includes(key)
  if (!isMove) return undefined
  if (point === undefined) return first()
  const { series: own, bucket: at } = point
  switch (key) {
    case 'ArrowLeft':
      return findIn(own, backwards.slice(count - at)) ?? point
    case 'ArrowRight':
      return findIn(own, buckets.slice(at + 1)) ?? point
    case 'Home':
      return findIn(own, buckets) ?? point
    case 'End':
      return findIn(own, backwards) ?? point
    default: {
      const step = key === 'ArrowDown' ? 1 : -1
      const others = series.map(
        (_, index) => (own + step * (index + 1) + series.length * 2) % series.length,
      )
      const next = others.find((index) => isPoint(series, { series: index, bucket: at }))
      return next === undefined ? point : { series: next, bucket: at }
    }
  }
}

const tickWidths = { clock: 78, day: 104 } as const
const dayMillis = 86_400_000

/** Buckets that get a time written below them: evenly apart, at round times where there are such. */
export function chooseTimeTicks(time: {
  readonly count: number
  readonly firstMillis: number
  readonly stepMillis: number
  readonly width: number
}): readonly number[] {
  const { count, firstMillis, stepMillis, width } = time
  const tickWidth = count * stepMillis > dayMillis ? tickWidths.day : tickWidths.clock
  const least = Math.ceil(count / Math.max(1, Math.floor(width / tickWidth)))
  const round = clockSteps.find(
    (millis) => millis >= least * stepMillis && millis % stepMillis === 0,
  )
  const every = round === undefined ? least : round / stepMillis
  const zoneMillis = new Date(firstMillis).getTimezoneOffset() * 60_000
  const offset = Math.round((firstMillis - zoneMillis) / stepMillis) % every
  const ticks: number[] = []
  for (let bucket = (every - offset) % every; bucket < count; bucket += every) ticks.push(bucket)
  return ticks
}
