import type { Attributes } from '@opentelemetry/api'
import {
  ATTR_CLIENT_ADDRESS,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_REQUEST_METHOD_ORIGINAL,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  ATTR_URL_PATH,
  ATTR_URL_QUERY,
  ATTR_URL_SCHEME,
  ATTR_USER_AGENT_ORIGINAL,
} from '@opentelemetry/semantic-conventions'
import type { Forwarded } from './forwarded.ts'
import { redactPath, redactQuery } from './redact-query.ts'

const knownMethods: ReadonlySet<string> = new Set([
  'CONNECT',
  'DELETE',
  'GET',
  'HEAD',
  'OPTIONS',
  'PATCH',
  'POST',
  'PUT',
  'QUERY',
  'TRACE',
])

/** The method as a metric label may hold it: any other than those that the conventions know is `_OTHER`. */
export function knownMethod(method: string): string {
  return knownMethods.has(method) ? method : '_OTHER'
}

/**
 * Scheme, host and port of an absolute URL. What may stand before the host is a name and a password, and is passed over.
 * A pattern, because it takes 0.17 µs of each request where `new URL` takes 0.26 to 0.48.
 */
const absoluteOrigin =
  /^([a-z][a-z0-9+.-]*):\/\/(?:[^/?#]*@)?(?:\[([^\]/?#]*)\]|([^:/?#]*))(?::(\d*))?/i

/**
 * What the semantic conventions ask of a server span when it starts, from the request alone.
 *
 * @param request `url` is absolute and normalised, as that of a `Request` always is; of any other, `url.*` and
 *   `server.*` are left out.
 */
export function readRequestAttributes(request: {
  readonly method: string
  readonly url: string
  readonly userAgent: string | undefined
  /** What a proxy that is trusted says of it, which wins over the URL. */
  readonly forwarded?: Forwarded
}): Attributes {
  const { method, url, userAgent, forwarded } = request
  const known = knownMethod(method)
  const attributes: Attributes = { [ATTR_HTTP_REQUEST_METHOD]: known }
  if (known !== method) attributes[ATTR_HTTP_REQUEST_METHOD_ORIGINAL] = method
  if (userAgent !== undefined) attributes[ATTR_USER_AGENT_ORIGINAL] = userAgent

  if (forwarded?.clientAddress !== undefined)
    attributes[ATTR_CLIENT_ADDRESS] = forwarded.clientAddress

  const parts = absoluteOrigin.exec(url)
  if (parts === null) return attributes
  const [, ownScheme = '', ipv6, name = '', ownPort = ''] = parts
  const scheme = forwarded?.scheme ?? ownScheme
  // A port that was said for another host is none of this one's.
  const port = forwarded?.port ?? (forwarded?.host === undefined ? ownPort : '')
  attributes[ATTR_URL_SCHEME] = scheme
  Object.assign(attributes, readPathAttributes(url, findPath(url)))
  attributes[ATTR_SERVER_ADDRESS] = forwarded?.host ?? ipv6 ?? name
  attributes[ATTR_SERVER_PORT] = port === '' ? (scheme === 'https' ? 443 : 80) : Number(port)
  return attributes
}

/** What ends a host: not every platform puts a path where there was none. */
const hostEnd = /[/?#]/g

/** Where the path of an absolute URL begins, or what follows where there is none. */
export function findPath(url: string): number {
  hostEnd.lastIndex = url.indexOf('//') + 2
  return hostEnd.test(url) ? hostEnd.lastIndex - 1 : url.length
}

/** Path and query of a URL, which begin at `start`. */
export function readPathAttributes(url: string, start: number): Attributes {
  const end = url.indexOf('#', start)
  const rest = end === -1 ? url.slice(start) : url.slice(start, end)
  const mark = rest.indexOf('?')
  const path = mark === -1 ? rest : rest.slice(0, mark)
  const attributes: Attributes = { [ATTR_URL_PATH]: path === '' ? '/' : redactPath(path) }
  if (mark !== -1 && mark + 1 < rest.length)
    attributes[ATTR_URL_QUERY] = redactQuery(rest.slice(mark + 1))
  return attributes
}
