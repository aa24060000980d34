/**
 * How long a `Retry-After` asks to wait, in either of its forms: seconds, or an HTTP-date.
 * A date in the past is no wait; `undefined` for a header that is absent or neither.
 */
export function parseRetryAfter(header: string | null, nowMillis: number): number | undefined {
  if (header === null) return undefined
  const text = header.trim()
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000
  // Every form of HTTP-date names its day; `Date.parse` alone would also read "-5" as a year.
  if (!/^[A-Za-z]{3,9},? /.test(text)) return undefined
  const dateMillis = Date.parse(text)
  return Number.isNaN(dateMillis) ? undefined : Math.max(0, dateMillis - nowMillis)
}
