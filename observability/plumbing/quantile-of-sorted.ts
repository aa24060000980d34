/**
 * By linear interpolation between closest ranks: type 7 of Hyndman and Fan.
 *
 * @param sorted Ascending.
 * @param probability 0 to 1.
 * @returns `NaN` without values.
 */
export function quantileOfSorted(sorted: Float64Array, probability: number): number {
  const rank = (sorted.length - 1) * probability
  const below = sorted[Math.floor(rank)] ?? Number.NaN
  const above = sorted[Math.ceil(rank)] ?? Number.NaN
  // Not `below + (above - below) * part`: the difference of two large values can overflow.
  const part = rank - Math.floor(rank)
  return below * (1 - part) + above * part
}
