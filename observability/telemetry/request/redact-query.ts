/** What may stand between the words of a name; camel case is taken apart before. */
const gap = '[-_.+ ]?'
const begin = '(?:^|[-_.+ [])'
const end = '\\]?$'

/**
 * Names of query parameters whose values open doors. The semantic conventions name four, of signed URLs (among them
 * `AWSAccessKeyId`, `Signature`, `sig`); the rest is what people put into URLs although they should not. `author` and
 * its like are not `auth`, and short words count only where they end a name: `pin`, and not `spin` or `pinned`.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/registry/attributes/url/
 */
const secretName = new RegExp(
  [
    'token|secret|passw|pass(?:phrase|code)|pwd|pswd|credential|signature|sess(?:ion|id)',
    'jwt|bearer|hmac|saml|[cx]srf|auth(?!or(?!i[sz]))',
    `conn(?:ection)?${gap}str`,
    `(?:api|app|access|private|master|shared|signing|encryption|license)${gap}key`,
    `${begin}(?:sig|key|sid|pin|pass|[th]?otp|[m2]fa|dsn|creds?|cookies?|ticket|assertion|verifier)${end}`,
    `pw${end}`,
    `(?:verif(?:y|ication)|reset|recovery|confirm(?:ation)?|security|access|login|one${gap}time|otp|pin|[m2]fa|sms|backup|unlock|activation|invit(?:e|ation)|device)${gap}code${end}`,
    '^code$',
  ].join('|'),
  'i',
)

/**
 * Values that open doors whatever they are called: a URL with a name or a password in it, a JWT, and what goes into an
 * `Authorization` header. A password may hold the slash that would end the host, unless a port or a path on the web is
 * likelier. A word of a sentence is no token: `ring bearer wedding`, `basic training`.
 *
 * Every repetition has a bound or can begin in one place only, so that no query takes long to read.
 */
const secretValues = [
  /(?<!https?):\/\/[^@\s]{0,256}@|:\/\/[^/?#@\s]{0,256}@/i,
  /(?<![\w-])ey[JA][\w-]{8,}\.[\w-]{4,}\.[\w-]*/,
  /^bearer[ +:]{1,4}[^ +]/i,
  /(?<![a-z])(?:[Bb]earer|BEARER|[Bb]asic|BASIC)[ +:]{1,4}(?=[\w-]{0,64}?(?:\d|[a-z][A-Z]))[\w.~/-]{6}/,
]

/**
 * A query string (without `?`) in which the values of secrets are `REDACTED`; everything else stays as it was sent,
 * character by character.
 *
 * A secret is found by its name, by its value, or as a key that stands alone (`?3kTMd…`). It is found in a URL within a
 * value, after a semicolon (which some servers read as an ampersand), and where it was encoded over up to three times,
 * equals sign and all; it ends at the next ampersand.
 */
export function redactQuery(query: string): string {
  return query.replace(part, redactPart)
}

/** A path in which nothing is a secret by name (`/cart;jsessionid=…`) or by value, segment by segment. */
export function redactPath(path: string): string {
  return /[=:]|%3[ad]|ey[JA]/i.test(path) ? path.replace(segment, redactSegment) : path
}

/** What stands between two ampersands. */
const part = /[^&]+/g
/** A URL within a path is one segment, up to its own path. */
const segment = /[^/]*:\/\/[^/]+|[^/]+/g

function redactPart(text: string): string {
  const decoded = decodeAscii(text)
  return isLoneKey(decoded) ? 'REDACTED' : redactPair(text, decoded)
}

function redactSegment(text: string): string {
  return redactPair(text, decodeAscii(text))
}

function redactPair(text: string, decoded: string): string {
  const start = findSecret(text)
  if (start !== undefined) return `${text.slice(0, start)}REDACTED`
  const isSecret = (decoded !== text && findSecret(decoded) !== undefined) || isSecretValue(decoded)
  if (!isSecret) return text
  return equals.test(text) ? text.replace(equals, '$1REDACTED') : 'REDACTED'
}

const equals = /(=|%(?:25)*3d).*$/is

/** What every secret value has somewhere: most values have none of it, and are done with. */
const hint = /@|ey[ja]|basic|bearer/i

function isSecretValue(pair: string): boolean {
  if (!hint.test(pair)) return false
  const value = pair.slice(pair.indexOf('=') + 1)
  return secretValues.some((pattern) => pattern.test(value))
}

/** Where the first value of a secret begins; nothing when there is none. */
function findSecret(text: string): number | undefined {
  pairBegin.lastIndex = 0
  for (let found = pairBegin.exec(text); found !== null; found = pairBegin.exec(text))
    if (isSecretName(decodeAscii(found[1] ?? ''))) return pairBegin.lastIndex
  return undefined
}

const pairBegin = /(?:^|[?&;#])([^=?&;#]+)=/g

/** An API's names are few and asked about again and again; what a scanner makes up is not kept for ever. */
const judged = new Map<string, boolean>()
const judgedMax = 256
const judgedCharactersMax = 64

function isSecretName(name: string): boolean {
  const known = judged.get(name)
  if (known !== undefined) return known
  const isSecret = secretName.test(name.replace(/([a-z\d])([A-Z])/g, '$1_$2'))
  if (judged.size < judgedMax && name.length <= judgedCharactersMax) judged.set(name, isSecret)
  return isSecret
}

const keyCharactersMin = 16
const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i

/**
 * Whether a part without a value is the shape of a key: long, of letters and digits, in one piece or in both cases. A
 * UUID is an id, and words between hyphens are words. Base64 may end with equals signs.
 */
function isLoneKey(text: string): boolean {
  const key = text.replace(/={1,2}$/, '')
  if (key.length < keyCharactersMin || /[^\w.~+/-]/.test(key) || uuid.test(key)) return false
  if (!/\d/.test(key) || !/[a-z]/i.test(key)) return false
  return /^\w+$/.test(key) || (/[a-z]/.test(key) && /[A-Z]/.test(key))
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
