/** Any URL that carries a user, up to the `@`: the authority ends at the first `/`, `?` or `#`. */
const userInfo = /^(https?:\/\/)([^/?#]*)@/i

/**
 * The URL as it may stand in a report or on a span, as OpenTelemetry's conventions want `url.full`:
 * user and password as `REDACTED`.
 */
export function hideCredentials(url: string): string {
  return url.replace(userInfo, '$1REDACTED:REDACTED@')
}

/**
 * Takes user and password out of a URL, because `fetch` refuses a URL that has them.
 *
 * @returns The URL without them, and the equivalent header (RFC 7617); no header if there were no credentials.
 */
export function splitCredentials(url: string): {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
} {
  if (!userInfo.test(url)) return { url, headers: {} }
  const { username, password } = new URL(url)
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return {
    url: url.replace(userInfo, '$1'),
    headers: { authorization: `Basic ${Buffer.from(pair).toString('base64')}` },
  }
}
