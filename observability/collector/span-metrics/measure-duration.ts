/** One place in memory read as both: how a 64-bit difference becomes a double without an object. */
const nanos = new BigUint64Array(1)
const halves = new Uint32Array(nanos.buffer)
const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1
const [low, high] = isLittleEndian ? [0, 1] : [1, 0]

/**
 * How long a span took, in nanoseconds, rounded once to the nearest double.
 *
 * One that ends before it starts took no time: a clock may step back, a duration may not.
 *
 * `Number(endNanos - startNanos)` is the same and makes a bigint for every span, half of all that
 * counting a span of a known series would allocate; asked for 64 bits, the engine subtracts in place.
 */
export function measureDuration(startNanos: bigint, endNanos: bigint): number {
  if (endNanos <= startNanos) return 0
  nanos[0] = BigInt.asUintN(64, endNanos - startNanos)
  return (halves[high] ?? 0) * 2 ** 32 + (halves[low] ?? 0)
}
