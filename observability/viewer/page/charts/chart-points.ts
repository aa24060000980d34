/** A line, or the part of a stack of bars, over the buckets of a chart. */
export type TimeSeries = {
  readonly name: string
  /** A class that sets `--own`. */
  readonly color: string
  /** One for each bucket; `null` where nothing happened. */
  readonly values: readonly (number | null)[]
}

/** One bucket of one series. */
export type Point = { readonly series: number; readonly bucket: number }

export function sumBuckets(series: readonly TimeSeries[], count: number): readonly number[] {
  return Array.from({ length: count }, (_, bucket) =>
    series.reduce((sum, { values }) => sum + (values[bucket] ?? 0), 0),
  )
}

export function findNearest(
  series: readonly TimeSeries[],
  bucket: number,
  distance: (value: number) => number,
): number {
  let nearest = -1
  let least = Number.POSITIVE_INFINITY
  for (const [index, { values }] of series.entries()) {
    const value = values[bucket] ?? null
    if (value === null || distance(value) >= least) continue
    least = distance(value)
    nearest = index
  }
  return nearest
}

/** The chosen point, where there still is one: series come and go. */
export function clampPoint(
  point: Point | undefined,
  series: readonly TimeSeries[],
  count: number,
): Point | undefined {
  if (point === undefined || series.length === 0) return undefined
  return {
    series: Math.min(point.series, series.length - 1),
    bucket: Math.min(point.bucket, count - 1),
  }
}

export function movePoint(
  key: string,
  point: Point | undefined,
  series: readonly TimeSeries[],
  count: number,
): Point | undefined {
  if (series.length === 0) return undefined
  const from = point ?? { series: 0, bucket: count }
  const wrap = (index: number) => (index + series.length) % series.length
  switch (key) {
    case 'ArrowLeft':
      return { ...from, bucket: Math.max(0, from.bucket - 1) }
    case 'ArrowRight':
      return { ...from, bucket: Math.min(count - 1, from.bucket + 1) }
    case 'ArrowDown':
      return { bucket: Math.min(from.bucket, count - 1), series: wrap(from.series + 1) }
    case 'ArrowUp':
      return { bucket: Math.min(from.bucket, count - 1), series: wrap(from.series - 1) }
    case 'Home':
      return { ...from, bucket: 0 }
    case 'End':
      return { ...from, bucket: count - 1 }
    default:
      return undefined
  }
}

const tickWidth = 78

export function chooseTimeTicks(count: number, width: number): readonly number[] {
  const step = Math.max(1, Math.ceil(count / Math.max(1, Math.floor(width / tickWidth))))
  const ticks: number[] = []
  for (let bucket = 0; bucket < count; bucket += step) ticks.push(bucket)
  return ticks
}
