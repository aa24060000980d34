/**
 * The headers that let a browser page of one of `origins` send telemetry; none for any
 * other page. In an origin `*` stands for anything, as in the Collector's configuration.
 *
 * Credentials are allowed to an origin that is named, because `sendBeacon` always sends
 * with them; they mean nothing to us. With `*` alone they are not.
 */
export function corsHeaders(
  origin: string | undefined,
  origins: readonly string[],
): Readonly<Record<string, string>> {
  if (origins.length === 0) return {}
  if (origins.includes('*')) return { 'access-control-allow-origin': '*' }
  if (origin === undefined || !origins.some(matches(origin))) return { vary: 'origin' }
  return {
    'access-control-allow-origin': origin,
    'access-control-allow-credentials': 'true',
    vary: 'origin',
  }
}

/**
 * What a preflight is told beside `corsHeaders`: every header it asks for is fine. Exporters add
 * `authorization`, `x-requested-with` and whatever they were configured to, and `*` does not stand
 * for the first.
 */
export function preflightHeaders(
  requestedHeaders: string | undefined,
): Readonly<Record<string, string>> {
  return {
    'access-control-allow-methods': 'POST',
    ...(requestedHeaders !== undefined && { 'access-control-allow-headers': requestedHeaders }),
    'access-control-max-age': '7200',
    vary: 'origin, access-control-request-headers',
  }
}

function matches(origin: string): (pattern: string) => boolean {
  return (pattern) => {
    const parts = pattern.split('*').map((part) => part.replace(/[\\^$.+?()[\]{}|/]/g, '\\$&'))
    return new RegExp(`^${parts.join('.*')}$`, 'i').test(origin)
  }
}
