/** RFC 3339 in UTC with nine digits of a second, such as `2026-01-31T12:00:00.000123456Z`. */
export function renderTime(nanos: bigint): string {
  const seconds = new Date(Number(nanos / 1_000_000n)).toISOString().slice(0, 19)
  return `${seconds}.${String(nanos % 1_000_000_000n).padStart(9, '0')}Z`
}

/**
 * Nanoseconds since the Unix epoch, from RFC 3339 or from such nanoseconds in decimal:
 * the two forms in which answers give a time. `undefined` for anything else.
 */
export function parseTime(text: string): bigint | undefined {
  if (/^\d{1,20}$/.test(text)) return BigInt(text)
  const [, seconds, fraction = '', zone] = rfc3339.exec(text) ?? []
  if (seconds === undefined || zone === undefined) return undefined
  const millis = Date.parse(`${seconds}${zone}`.toUpperCase())
  if (Number.isNaN(millis)) return undefined
  return BigInt(millis) * 1_000_000n + BigInt(fraction.slice(0, 9).padEnd(9, '0'))
}

const rfc3339 = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/i

/** The difference, which is zero when a clock went backwards in between. */
export function durationMillis(startNanos: bigint, endNanos: bigint): number {
  return endNanos > startNanos ? Number(endNanos - startNanos) / 1e6 : 0
}
