/** One of what a client accepts: a type or a coding in lower case, and how much it is wanted, from 0 (not at all) to 1. */
export type AcceptRange = {
  readonly type: string
  readonly version: string | undefined
  readonly quality: number
}

/** Browsers and Prometheus send a handful; what follows is not looked at. */
const rangesMax = 50

/** Reads a header such as `Accept` or `Accept-Encoding` (RFC 9110, 12.4.2 and 12.5); of anything it makes something. */
export function parseAccept(header: string): readonly AcceptRange[] {
  return header.split(',', rangesMax).map(parseRange)
}

function parseRange(range: string): AcceptRange {
  const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
  let version: string | undefined
  let quality = 1
  for (const parameter of parameters) {
    const [name = '', value = ''] = parameter.split('=', 2).map((part) => part.trim())
    if (name === 'version') version = value.replace(/^"|"$/g, '')
    // An invalid weight counts as 0.
    if (name === 'q')
      quality = /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(value) ? Number(value) : 0
  }
  return { type, version, quality }
}
