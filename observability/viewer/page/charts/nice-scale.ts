/** A scale from 0 to a round number that is not below the largest value. */
export type NiceScale = {
  readonly max: number
  /** From 0 to `max`, evenly. */
  readonly ticks: readonly number[]
}

/** Steps of 1, 2, 2.5 or 5 times a power of ten; of whole numbers where only those make sense. */
export function createNiceScale(largest: number, { whole = false } = {}): NiceScale {
  if (!(largest > 0) || !Number.isFinite(largest)) return { max: 1, ticks: [0, 1] }
  const power = 10 ** Math.floor(Math.log10(largest))
  for (const step of [0.2, 0.25, 0.5, 1, 2, 2.5, 5].map((factor) => factor * power)) {
    const count = Math.ceil(largest / step - 1e-9)
    if (count > 4 || (whole && !Number.isInteger(step))) continue
    const ticks = Array.from({ length: count + 1 }, (_, index) => round(index * step))
    return { max: round(count * step), ticks }
  }
  return { max: largest, ticks: [0, largest] }
}

/** Without the noise of binary fractions: 0.6 and not 0.6000000000000001. */
function round(value: number): number {
  return Number(value.toPrecision(12))
}
