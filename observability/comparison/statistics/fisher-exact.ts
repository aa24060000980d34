/**
 * Fisher's exact test, two-sided: how likely two shares as different as `count` of `of` and
 * `otherCount` of `otherOf` are when both come from the same chance.
 *
 * As R's `fisher.test`: sums the tables of the same margins that are no likelier than this one.
 */
export function testFisherExact(
  count: number,
  of: number,
  otherCount: number,
  otherOf: number,
): number {
  const hits = count + otherCount
  const all = of + otherOf
  const logWays = (k: number) =>
    logChoose(of, k) + logChoose(otherOf, hits - k) - logChoose(all, hits)
  const own = logWays(count)
  let sum = 0
  for (let k = Math.max(0, hits - otherOf); k <= Math.min(of, hits); k += 1) {
    // Tables that are equally likely differ in the last digits.
    if (logWays(k) <= own + 1e-7) sum += Math.exp(logWays(k))
  }
  return Math.min(1, sum)
}

function logChoose(n: number, k: number): number {
  let sum = 0
  for (let i = 1; i <= k; i += 1) sum += Math.log((n - k + i) / i)
  return sum
}
