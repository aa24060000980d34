const firstNanos = BigInt(Date.UTC(2000, 0, 1)) * 1_000_000n
const lastNanos = BigInt(Date.UTC(2100, 0, 1)) * 1_000_000n

/**
 * Whether something can have happened then: from the year 2000 to 2099. The others are a time that was not
 * set, which is 0, one in another unit, or an overflow: 2^64 nanoseconds end in 2554.
 */
export function isPlausibleTime(nanos: bigint): boolean {
  return nanos >= firstNanos && nanos < lastNanos
}
