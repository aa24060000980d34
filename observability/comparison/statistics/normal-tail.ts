/**
 * The chance that a standard normal variable is further from 0 than `z`, on either side.
 *
 * Good to about 14 digits: a series of positive terms near 0, a continued fraction further
 * out (Abramowitz and Stegun, 7.1.6 and 7.1.14).
 */
export function twoSidedNormalTail(z: number): number {
  const x = Math.abs(z) / Math.SQRT2
  if (x < 2) {
    let term = x
    let sum = x
    for (let n = 1; term > sum * 1e-17; n += 1) {
      term *= (2 * x * x) / (2 * n + 1)
      sum += term
    }
    return 1 - (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum
  }
  let fraction = x
  for (let k = 120; k >= 1; k -= 1) fraction = x + k / 2 / fraction
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * fraction)
}
