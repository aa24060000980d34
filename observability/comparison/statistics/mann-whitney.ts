import { twoSidedNormalTail } from './normal-tail.ts'

/** The result of a Mann-Whitney U test on two samples. */
export type MannWhitney = {
  /** How many pairs have the first value above the second; a tie is half a pair. */
  readonly u: number
  /** Two-sided: how likely a `u` as far from the middle is when both come from one distribution. */
  readonly pValue: number
  /**
   * Cliff's delta, −1 to 1: the share of pairs with the first value above the second less the
   * share with it below. How much the two differ, where `pValue` is how surely.
   */
  readonly delta: number
}

/** Up to this many values on either side, and without ties, the p-value is exact. */
const exactValuesMax = 20

/**
 * The Mann–Whitney U test (Wilcoxon's rank sum) of two independent samples, and the size of
 * the effect. Nothing is assumed of how the values are distributed, which for latencies is
 * never normally.
 *
 * Small samples without ties get the exact distribution, others the normal approximation with
 * the correction for ties and for continuity, as R's `wilcox.test` and SciPy's `mannwhitneyu`.
 *
 * @returns `null` when either sample is empty.
 * @throws When a value is not a number.
 */
export function testMannWhitney(
  first: readonly number[],
  second: readonly number[],
): MannWhitney | null {
  const [n, m] = [first.length, second.length]
  if (n === 0 || m === 0) return null
  const { u, tieSum } = rank(first, second)
  const pValue =
    tieSum === 0 && n <= exactValuesMax && m <= exactValuesMax
      ? exactPValue(u, n, m)
      : approximatePValue(u, n, m, tieSum)
  return { u, pValue, delta: (2 * u) / (n * m) - 1 }
}

/** `tieSum` is Σ(t³ − t) over groups of t equal values. */
function rank(first: readonly number[], second: readonly number[]) {
  const all = [
    ...first.map((value) => ({ value, isFirst: true })),
    ...second.map((value) => ({ value, isFirst: false })),
  ]
  for (const { value } of all) {
    if (Number.isNaN(value)) throw new Error('values: expected numbers, got NaN')
  }
  all.sort((a, b) => (a.value < b.value ? -1 : a.value > b.value ? 1 : 0))
  let rankSum = 0
  let tieSum = 0
  for (let start = 0; start < all.length; ) {
    let end = start
    let ofFirst = 0
    while (end < all.length && all[end]?.value === all[start]?.value) {
      if (all[end]?.isFirst === true) ofFirst += 1
      end += 1
    }
    const ties = end - start
    rankSum += ofFirst * ((start + 1 + end) / 2)
    tieSum += ties ** 3 - ties
    start = end
  }
  return { u: rankSum - (first.length * (first.length + 1)) / 2, tieSum }
}

function approximatePValue(u: number, n: number, m: number, tieSum: number): number {
  const total = n + m
  const variance = ((n * m) / 12) * (total + 1 - tieSum / (total * (total - 1)))
  // Every value is the same: nothing tells the samples apart.
  if (!(variance > 0)) return 1
  const distance = Math.max(0, Math.abs(u - (n * m) / 2) - 0.5)
  return twoSidedNormalTail(distance / Math.sqrt(variance))
}

/**
 * How many of the ways to rank the values give each u: the coefficients of the Gaussian
 * binomial, Π (1 − q^(m+i)) / (1 − q^i) for i from 1 to n.
 */
function exactPValue(u: number, n: number, m: number): number {
  const size = n * m + 1
  const ways = new Float64Array(size)
  ways[0] = 1
  for (let i = 1; i <= n; i += 1) {
    for (let at = size - 1; at >= m + i; at -= 1) ways[at] = read(ways, at) - read(ways, at - m - i)
    for (let at = i; at < size; at += 1) ways[at] = read(ways, at) + read(ways, at - i)
  }
  const total = ways.reduce((sum, count) => sum + count, 0)
  const closer = Math.min(u, n * m - u)
  const tail = ways.subarray(0, closer + 1).reduce((sum, count) => sum + count, 0)
  return Math.min(1, (2 * tail) / total)
}

function read(values: Float64Array, index: number): number {
  return values[index] ?? 0
}
