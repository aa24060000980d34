/**
 * The headers that let a browser page of one of `origins` send telemetry; none for any
 * other page. In an origin `*` stands for anything, as in the Collector's configuration.
 * Credentials are never allowed, so an origin that is `*` alone is safe to answer as it is.
 */
export function corsHeaders(
  origin: string | undefined,
  origins: readonly string[],
): Readonly<Record<string, string>> {
  if (origins.length === 0) return {}
  if (origins.includes('*')) return { 'access-control-allow-origin': '*' }
  if (origin === undefined || !origins.some(matches(origin))) return { vary: 'origin' }
  return { 'access-control-allow-origin': origin, vary: 'origin' }
}

/** What a preflight is told beside `corsHeaders`. */
export const preflightHeaders = {
  'access-control-allow-methods': 'POST',
  'access-control-allow-headers': 'content-type, content-encoding, traceparent, tracestate',
  'access-control-max-age': '7200',
} as const

function matches(origin: string): (pattern: string) => boolean {
  return (pattern) => {
    const parts = pattern.split('*').map((part) => part.replace(/[\\^$.+?()[\]{}|/]/g, '\\$&'))
    return new RegExp(`^${parts.join('.*')}$`, 'i').test(origin)
  }
}
