const unitNanos: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n],
  ['us', 1_000n],
  ['µs', 1_000n], // U+00B5, the micro sign
  ['μs', 1_000n], // U+03BC, the Greek letter
  ['ms', 1_000_000n],
  ['s', 1_000_000_000n],
  ['m', 60_000_000_000n],
  ['h', 3_600_000_000_000n],
])

/** 64 bits with a sign, about 292 years. */
const durationNanosMax = 2n ** 63n - 1n
const durationCharsMax = 128

/**
 * Reads a duration as Go's `time.ParseDuration` does: `7500us`, `1.5s`, `1m30s`, `-2h`, `0`.
 *
 * Exact, because it counts in integers; fractions of a nanosecond are cut off.
 *
 * @returns Nanoseconds, or `undefined` if the text is no duration or exceeds 64 bits.
 */
export function parseDuration(text: string): bigint | undefined {
  if (text.length > durationCharsMax) return undefined
  const match = /^([+-]?)(.+)$/u.exec(text)
  const sign = match?.[1]
  const body = match?.[2]
  if (body === undefined) return undefined
  // The one number that needs no unit.
  if (body === '0') return 0n
  if (!/^(?:(?:\d+\.?\d*|\.\d+)[a-zµμ]+)+$/u.test(body)) return undefined
  let nanos = 0n
  for (const [, whole = '', fraction = '', unit = ''] of body.matchAll(
    /(\d*)\.?(\d*)([a-zµμ]+)/gu,
  )) {
    const scale = unitNanos.get(unit)
    if (scale === undefined) return undefined
    nanos += BigInt(whole) * scale + (BigInt(fraction) * scale) / 10n ** BigInt(fraction.length)
  }
  if (nanos > durationNanosMax) return undefined
  return sign === '-' ? -nanos : nanos
}
