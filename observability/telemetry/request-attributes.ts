import type { Attributes } from '@opentelemetry/api'
import {
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_REQUEST_METHOD_ORIGINAL,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  ATTR_URL_PATH,
  ATTR_URL_QUERY,
  ATTR_URL_SCHEME,
  ATTR_USER_AGENT_ORIGINAL,
} from '@opentelemetry/semantic-conventions'
import { redactQuery } from './query-redaction.ts'

const knownMethods: ReadonlySet<string> = new Set([
  'CONNECT',
  'DELETE',
  'GET',
  'HEAD',
  'OPTIONS',
  'PATCH',
  'POST',
  'PUT',
  'TRACE',
])

/** The method as a metric label may hold it: any other than those of RFC 9110 and RFC 5789 is `_OTHER`. */
export function knownMethod(method: string): string {
  return knownMethods.has(method) ? method : '_OTHER'
}

/** What the semantic conventions ask of a server span when it starts, from the request alone. */
export function readRequestAttributes(request: {
  readonly method: string
  readonly url: string
  readonly userAgent: string | undefined
}): Attributes {
  const { method, url, userAgent } = request
  const { protocol, hostname, port, pathname, search } = new URL(url)
  const known = knownMethod(method)
  return {
    [ATTR_HTTP_REQUEST_METHOD]: known,
    ...(known !== method && { [ATTR_HTTP_REQUEST_METHOD_ORIGINAL]: method }),
    [ATTR_URL_SCHEME]: protocol.slice(0, -1),
    [ATTR_URL_PATH]: pathname,
    ...(search.length > 1 && { [ATTR_URL_QUERY]: redactQuery(search.slice(1)) }),
    [ATTR_SERVER_ADDRESS]: hostname,
    [ATTR_SERVER_PORT]: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port),
    ...(userAgent !== undefined && { [ATTR_USER_AGENT_ORIGINAL]: userAgent }),
  }
}
