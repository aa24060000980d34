/**
 * Names of query parameters whose values open doors. The semantic conventions name four (of signed URLs); the rest is
 * what people put into URLs although they should not.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/registry/attributes/url/
 */
const secretName =
  /^(awsaccesskeyid|x-amz-(signature|credential|security-token)|x-goog-(signature|credential)|sig|signature)$|token|secret|passw|pwd|credential|api[-_]?key|auth|session|jwt|^key$|^code$|^sid$|^otp$|^pin$/i

/**
 * A query string (without `?`) in which the values of secrets are `REDACTED`; everything else stays as it was sent,
 * character by character.
 */
export function redactQuery(query: string): string {
  return query
    .split('&')
    .map((pair) => {
      const equals = pair.indexOf('=')
      if (equals < 0) return pair
      const name = pair.slice(0, equals)
      return secretName.test(decodeName(name)) ? `${name}=REDACTED` : pair
    })
    .join('&')
}

/** Percent-encoding must not hide a name; text that does not decode is judged as it stands. */
function decodeName(name: string): string {
  try {
    return decodeURIComponent(name.replaceAll('+', ' '))
  } catch {
    return name
  }
}
