/**
 * P-values of several tests, raised so that the chance of even one false claim among all of
 * them stays what it would be for one (Holm, 1979).
 *
 * @returns In the given order, each at most 1.
 */
export function adjustByHolm(pValues: readonly number[]): readonly number[] {
  const order = pValues.map((pValue, index) => ({ pValue, index }))
  order.sort((a, b) => a.pValue - b.pValue)
  const adjusted = pValues.map(() => 1)
  let least = 0
  for (const [rank, { pValue, index }] of order.entries()) {
    least = Math.max(least, Math.min(1, pValue * (pValues.length - rank)))
    adjusted[index] = least
  }
  return adjusted
}
