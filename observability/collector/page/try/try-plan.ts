import { isLoopback } from '../../../plumbing/is-loopback.ts'
import type { TryService } from '../../../wire/try.ts'

/** A request to send to each of them. */
export type TryRequest = {
  readonly method: string
  /** With its query. */
  readonly path: string
  /** Sent as `application/json`. */
  readonly body: string | undefined
}

/** The requests that the page may send for its reader; given at the start, never by a page. */
export type TryPlan = {
  readonly services: readonly TryService[]
  readonly requests: readonly TryRequest[]
}

const servicesMax = 16
const requestsMax = 16
const bodyCharsMax = 10_000

/**
 * Reads `name=url` of each service, and `METHOD /path [body]` of each request.
 *
 * Only services on this machine: a collector must not be a way to reach others.
 *
 * @throws Error in one sentence that names the flag and quotes what came.
 */
export function parseTryPlan(services: readonly string[], requests: readonly string[]): TryPlan {
  if (services.length > servicesMax) {
    throw new Error(`--service: expected at most ${servicesMax}, got ${services.length}`)
  }
  if (requests.length > requestsMax) {
    throw new Error(`--try: expected at most ${requestsMax}, got ${requests.length}`)
  }
  return { services: services.map(parseService), requests: requests.map(parseRequest) }
}

function parseService(text: string): TryService {
  const at = text.indexOf('=')
  const name = text.slice(0, Math.max(at, 0)).trim()
  const given = text.slice(at + 1).trim()
  const url = URL.canParse(given) ? new URL(given) : undefined
  const isRoot =
    url?.pathname === '/' && url.search === '' && url.hash === '' && url.username === ''
  if (name === '' || url?.protocol !== 'http:' || !isRoot) {
    throw new Error(
      `--service: expected name=url such as node=http://127.0.0.1:8001, got ${JSON.stringify(text)}`,
    )
  }
  if (!isLoopback(url.hostname)) {
    throw new Error(
      `--service: expected a host on this machine, got ${JSON.stringify(url.hostname)}`,
    )
  }
  return { name, url: url.origin }
}

function parseRequest(text: string): TryRequest {
  const [, method, path, body] =
    /^(GET|HEAD|POST|PUT|PATCH|DELETE) (\/\S*)(?: (.+))?$/s.exec(text) ?? []
  // A path that begins with two slashes would be another host.
  if (method === undefined || path === undefined || path.startsWith('//')) {
    throw new Error(
      `--try: expected "METHOD /path" and perhaps a JSON body, got ${JSON.stringify(text)}`,
    )
  }
  if (body !== undefined && body.length > bodyCharsMax) {
    throw new Error(`--try: expected a body of at most ${bodyCharsMax} characters`)
  }
  return { method, path, body }
}

/** As a person writes it, such as `POST /todos {"title":"a"}`. */
export function renderTryRequest({ method, path, body }: TryRequest): string {
  return body === undefined ? `${method} ${path}` : `${method} ${path} ${body}`
}
