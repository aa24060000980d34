/**
 * Names of query parameters whose values open doors. The semantic conventions name four, of signed URLs (among them
 * `AWSAccessKeyId`, `Signature`, `sig`); the rest is what people put into URLs although they should not. `author` and
 * its like are not `auth`.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/registry/attributes/url/
 */
const secretName =
  /token|secret|passw|passphrase|pwd|credential|signature|session|jwt|auth(?!or(?!i[sz]))|(?:api|access|private)[-_.]?key|^(?:sig|key|code|sid|otp|pin|pass)$/i

/**
 * A query string (without `?`) in which the values of secrets are `REDACTED`; everything else stays as it was sent,
 * character by character.
 */
export function redactQuery(query: string): string {
  return query.replace(parameter, (whole, start: string, name: string) =>
    secretName.test(decodeAscii(name)) ? `${start}${name}=REDACTED` : whole,
  )
}

/** A URL whose query is redacted in the same way. */
export function redactUrl(url: string): string {
  const start = url.indexOf('?')
  return start < 0 ? url : `${url.slice(0, start + 1)}${redactQuery(url.slice(start + 1))}`
}

const parameter = /(^|&)([^=&]+)=[^&]*/g

/**
 * Percent-encoding must not hide a name. Only what encodes ASCII is decoded, which is all that the names above are made
 * of: text that does not decode as a whole, such as `pass%77ord%`, is still read by many a server.
 */
function decodeAscii(name: string): string {
  return name.replace(/%([0-7][0-9a-f])/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
}
