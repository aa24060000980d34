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
 * character by character. A semicolon may begin a name, as some servers read it, but does not end a secret.
 */
export function redactQuery(query: string): string {
  return query.replace(part, redactPart)
}

/** What stands between two ampersands. */
const part = /[^&]+/g

function redactPart(text: string): string {
  for (const { index, 0: start, 1: name = '' } of text.matchAll(/(?:^|;)([^=;]+)=/g))
    if (secretName.test(decodeAscii(name))) return `${text.slice(0, index)}${start}REDACTED`
  return text
}

/** How often a name may be encoded over: a gateway that forwards a query encodes it once more. */
const encodingsMax = 3

/**
 * Percent-encoding must not hide a name. Only what encodes ASCII is decoded, which is all that the names above are made
 * of: text that does not decode as a whole, such as `pass%77ord%`, is still read by many a server.
 */
function decodeAscii(name: string): string {
  let decoded = name
  for (let left = encodingsMax; left > 0 && decoded.includes('%'); left -= 1)
    decoded = decoded.replace(/%([0-7][0-9a-f])/gi, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    )
  return decoded
}
