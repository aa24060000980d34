/**
 * Names of query parameters whose values open doors. The semantic conventions name four, of signed URLs (among them
 * `AWSAccessKeyId`, `Signature`, `sig`); the rest is what people put into URLs although they should not. `author` and
 * its like are not `auth`.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/registry/attributes/url/
 */
const secretName =
  /token|secret|passw|passphrase|pwd|credential|signature|session|jwt|auth(?!or(?!i[sz]))|(?:api|access|private)[-_.+ ]?key|(?:^|[-_.+ [])(?:sig|key|sid|otp|pin|pass)\]?$|^code$/i

/**
 * A query string (without `?`) in which the values of secrets are `REDACTED`; everything else stays as it was sent,
 * character by character.
 *
 * A secret is found in a URL within a value, after a semicolon (which some servers read as an ampersand), and where it
 * was encoded over up to three times, equals sign and all; it ends at the next ampersand.
 */
export function redactQuery(query: string): string {
  return query.replace(part, redactPart)
}

/** What stands between two ampersands. */
const part = /[^&]+/g

function redactPart(text: string): string {
  const start = findSecret(text)
  if (start !== undefined) return `${text.slice(0, start)}REDACTED`
  const decoded = decodeAscii(text)
  if (decoded === text || findSecret(decoded) === undefined) return text
  return text.replace(/(=|%(?:25)*3d).*$/is, '$1REDACTED')
}

/** Where the first value of a secret begins; nothing when there is none. */
function findSecret(text: string): number | undefined {
  for (const { index, 0: whole, 1: name = '' } of text.matchAll(/(?:^|[?&;#])([^=?&;#]+)=/g))
    if (secretName.test(decodeAscii(name))) return index + whole.length
  return undefined
}

/** How often a query may be encoded over: a gateway that forwards one does so once. */
const encodingsMax = 3

/**
 * Percent-encoding must not hide a name. Only what encodes ASCII is decoded, which is all that the names above are made
 * of: text that does not decode as a whole, such as `pass%77ord%`, is still read by many a server.
 */
function decodeAscii(text: string): string {
  let decoded = text
  for (let left = encodingsMax; left > 0 && decoded.includes('%'); left -= 1)
    decoded = decoded.replace(/%([0-7][0-9a-f])/gi, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    )
  return decoded
}
