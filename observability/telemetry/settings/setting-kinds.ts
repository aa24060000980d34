import type { Kind } from './variable-reader.ts'

// What holds more than a word or a number: pairs and URLs, both of which may be secret.

/** HTTP headers by name; values may be secret. */
export type Headers = Readonly<Record<string, string>>

/** `name=value` pairs between commas, percent-encoded, as in the W3C's `baggage` without its metadata. */
export const resourcePairs: Kind<Readonly<Record<string, string>>> = {
  expected: 'name=value pairs between commas, percent-encoded',
  parse: parsePairs,
  // One broken pair makes all of them useless, says the specification. Among headers it may be a key.
  isSecret: () => true,
  show: () => 'nothing',
}

/** Names and values as RFC 9110 §5 allows them: any others would fail every export. */
export const headerPairs: Kind<Headers> = {
  ...resourcePairs,
  expected: 'headers as name=value pairs between commas, percent-encoded',
  parse(value) {
    const entries = Object.entries(parsePairs(value) ?? { '': '' })
    const isValid = entries.every(
      ([name, text]) =>
        /^[\w!#$%&'*+.^`|~-]+$/.test(name) && /^[\t\x20-\x7e\x80-\xff]*$/.test(text),
    )
    return isValid
      ? Object.fromEntries(entries.map(([name, text]) => [name.toLowerCase(), text]))
      : undefined
  },
}

/** Where to send, and the header that says the user and password of the URL: `fetch` refuses a URL that has them. */
export const endpoint: Kind<{ readonly url: string; readonly headers: Headers }> = {
  expected: 'an http:// or https:// URL',
  parse(value) {
    const url = URL.canParse(value) ? new URL(value) : undefined
    if (url?.protocol !== 'http:' && url?.protocol !== 'https:') return undefined
    const { username, password } = url
    url.username = ''
    url.password = ''
    return {
      url: url.href,
      headers: username || password ? { authorization: renderBasic(username, password) } : {},
    }
  },
  isSecret: (value) => /[@?]/.test(value),
  show: ({ url }) => readableUrl(url),
}

/** A URL as an operator may read it: no user, no password, no query. */
export function readableUrl(url: string): string {
  const { origin, pathname } = new URL(url)
  return `${origin}${pathname}`
}

function parsePairs(value: string): Readonly<Record<string, string>> | undefined {
  const pairs = value
    .split(',')
    .filter((entry) => entry.trim() !== '')
    .map((entry) => {
      const equals = entry.indexOf('=')
      return [
        decode(entry.slice(0, Math.max(0, equals)).trim()) ?? '',
        decode(entry.slice(equals + 1).trim()),
      ] as const
    })
  const isValid = pairs.every(([name, text]) => name !== '' && text !== undefined)
  return isValid ? Object.fromEntries(pairs.map(([name, text = '']) => [name, text])) : undefined
}

function renderBasic(username: string, password: string): string {
  const text = [username, password].map((part) => decode(part) ?? part).join(':')
  return `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(text)))}`
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
