/**
 * The later of a start that the reader gave and one from which on things may have changed, as the
 * query API takes it. What cannot be read is left for the collector to refuse.
 */
export function laterStart(given: string | null, sinceNanos: bigint): string {
  if (given === null) return String(sinceNanos)
  const millis = Date.parse(given)
  const isNanos = /^\d{1,20}$/.test(given)
  if (!isNanos && Number.isNaN(millis)) return given
  const nanos = isNanos ? BigInt(given) : BigInt(millis) * 1_000_000n
  return nanos > sinceNanos ? given : String(sinceNanos)
}
