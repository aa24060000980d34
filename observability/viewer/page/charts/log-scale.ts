/** A logarithmic scale, with round numbers on it. */
export type LogScale = {
  /** Where a value is, in percent; at an end if it lies beyond. */
  readonly place: (value: number) => number
  readonly ticks: readonly number[]
}

const ticksMax = 5
/** A clock that stands still gives 0, which no such scale has: less than this is at its start. */
const leastValue = 0.001

/** From 1, 2 or 5 times a power of ten to another such number, around all values from 0.001 on. */
export function createLogScale(values: readonly number[]): LogScale {
  const drawn = values.filter((value) => value >= leastValue && Number.isFinite(value))
  const most = drawn.reduce((largest, value) => Math.max(largest, value), 0) || 1
  const least = drawn.reduce((smallest, value) => Math.min(smallest, value), most)
  const rounds = listRounds(Math.floor(Math.log10(least)), Math.ceil(Math.log10(most)) + 1)
  const low = rounds.findLast((round) => round <= least) ?? least
  const found = rounds.find((round) => round >= most) ?? most
  const high = found > low ? found : low * 10
  const within = rounds.filter((round) => round >= low && round <= high)
  const powers = within.filter(isPowerOfTen)
  const length = Math.log10(high / low)
  return {
    ticks: within.length <= ticksMax ? within : thinOut(powers),
    place: (value) => (value <= low ? 0 : Math.min(100, (Math.log10(value / low) / length) * 100)),
  }
}

function listRounds(fromPower: number, toPower: number): readonly number[] {
  const powers = Array.from({ length: toPower - fromPower + 1 }, (_, n) => fromPower + n)
  return powers.flatMap((power) =>
    [1, 2, 5].map((factor) => Number((factor * 10 ** power).toPrecision(1))),
  )
}

function isPowerOfTen(value: number): boolean {
  return Number.isInteger(Math.round(Math.log10(value) * 1e9) / 1e9)
}

function thinOut(ticks: readonly number[]): readonly number[] {
  const step = Math.ceil(ticks.length / ticksMax)
  return ticks.filter((_, index) => index % step === 0)
}
