import { clockSteps } from './clock-steps.ts'

/** A scale from 0 to a round number that is not below the largest value. */
export type NiceScale = {
  readonly max: number
  /** From 0 to `max`, evenly. */
  readonly ticks: readonly number[]
}

/** What the numbers of a scale are: counts have no half, and durations are round as on a clock. */
export type ScaleUnit = 'any' | 'count' | 'millis'

const ticksMax = 4

/** Steps of 1, 2 or 5 times a power of ten. */
export function createNiceScale(largest: number, unit: ScaleUnit): NiceScale {
  if (!(largest > 0) || !Number.isFinite(largest)) return { max: 1, ticks: [0, 1] }
  const step = chooseStep(largest, ticksMax, unit)
  const count = Math.ceil(largest / step - 1e-9)
  const ticks = Array.from({ length: count + 1 }, (_, index) => withoutNoise(index * step))
  return { max: withoutNoise(count * step), ticks }
}

/**
 * Round times from one to another, both included: at most `countMax` and one. None if the second is not behind the first.
 */
export function listMillisTicks(
  fromMillis: number,
  toMillis: number,
  countMax: number,
): readonly number[] {
  const length = toMillis - fromMillis
  if (!(length > 0) || !Number.isFinite(length)) return []
  const step = chooseStep(length, countMax, 'millis')
  const first = Math.ceil(fromMillis / step - 1e-9)
  const last = Math.floor(toMillis / step + 1e-9)
  return Array.from({ length: last - first + 1 }, (_, n) => withoutNoise((first + n) * step))
}

const minuteMillis = 60_000

/** The smallest round step of which at most `countMax` cover a length; from a minute on, one that clocks have. */
function chooseStep(length: number, countMax: number, unit: ScaleUnit): number {
  const least = (length / countMax) * (1 - 1e-9)
  const clockStep = clockSteps.find((step) => step >= least)
  if (unit === 'millis' && length >= minuteMillis && clockStep !== undefined) return clockStep
  const power = 10 ** Math.floor(Math.log10(least))
  const step = ([1, 2, 5].find((factor) => factor * power >= least) ?? 10) * power
  return unit === 'count' ? Math.max(1, step) : step
}

/** Without that of binary fractions: 0.6 and not 0.6000000000000001. */
function withoutNoise(value: number): number {
  return Number(value.toPrecision(12))
}
