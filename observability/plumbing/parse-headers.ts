import { splitList } from './split-list.ts'

type Headers = Readonly<Record<string, string>>

/**
 * The headers of a variable, written as `OTEL_EXPORTER_OTLP_HEADERS` is: `name=value` with percent-encoding, and commas
 * between them.
 *
 * @throws Error that names the variable, and never repeats a value.
 */
export function parseEncodedHeaders(name: string, text: string | undefined): Headers {
  return parseHeaders(name, splitList(text), decode)
}

/**
 * The headers of a flag, each `name=value` as it stands.
 *
 * @throws Error that names the flag, and never repeats a value.
 */
export function parseHeaders(
  name: string,
  pairs: readonly string[],
  read: (text: string) => string | undefined = (text) => text,
): Headers {
  const headers: Record<string, string> = {}
  for (const pair of pairs) {
    const at = pair.indexOf('=')
    const key = pair.slice(0, Math.max(at, 0)).trim().toLowerCase()
    const value = read(pair.slice(at + 1).trim())
    if (!headerName.test(key) || value === undefined || !headerValue.test(value)) {
      throw new Error(`${name}: expected name=value, such as authorization=Bearer%20…`)
    }
    headers[key] = value
  }
  return headers
}

const headerName = /^[!#$%&'*+.^_`|~0-9a-z-]+$/
const headerValue = /^[\t\x20-\x7e\x80-\xff]*$/

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
