/** Stretches of time of equal length without gaps. */
export type Buckets = {
  readonly firstMillis: number
  readonly stepMillis: number
  readonly count: number
}

const second = 1_000
const minute = 60 * second
const hour = 60 * minute

/** Lengths by which people count time. */
const steps: readonly number[] = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * second),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * minute),
  ...[1, 2, 3, 6, 12, 24].map((n) => n * hour),
]

/**
 * At most `max` (2 or more) buckets that cover a time, of a length that people count by.
 *
 * They begin at multiples of that length, so that a question asked again a second later has the
 * same buckets, and nothing seems to move but at the end.
 */
export function chooseBuckets(startMillis: number, endMillis: number, max: number): Buckets {
  const day = 24 * hour
  // The first bucket begins early by up to one step, which may cost one more.
  const fits = (step: number) => countFrom(floorTo(startMillis, step), endMillis, step) <= max
  const stepMillis =
    steps.find(fits) ?? Math.ceil((endMillis - startMillis) / (max - 1) / day) * day
  const firstMillis = floorTo(startMillis, stepMillis)
  return { firstMillis, stepMillis, count: countFrom(firstMillis, endMillis, stepMillis) }
}

function floorTo(millis: number, step: number): number {
  return Math.floor(millis / step) * step
}

function countFrom(firstMillis: number, endMillis: number, step: number): number {
  return Math.max(1, Math.ceil((endMillis - firstMillis) / step))
}
