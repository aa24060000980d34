import { isUtf8 } from 'node:buffer'

/** A received HTTP request, unchanged. */
export type HttpRequest = {
  readonly method: string
  /** As the request line has it: path and query, undecoded. */
  readonly target: string
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[]
  readonly body: Uint8Array
  readonly sourceAddress: string
  /** The port that took it. */
  readonly port: number
}

/** The facts that the platform adds to an event. */
export type EventOrigin = {
  readonly requestId: string
  readonly traceId: string
  readonly atMillis: number
}

/**
 * An event of a function URL, which is that of an HTTP API of API Gateway in payload format 2.0 with `$default` for the
 * route and the stage. Fields without a value are absent.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads
 */
export type HttpEvent = {
  readonly version: '2.0'
  readonly routeKey: '$default'
  /** Undecoded. */
  readonly rawPath: string
  /** Not decoded, without `?`; empty without a query. */
  readonly rawQueryString: string
  readonly cookies?: readonly string[]
  /** Names in lower case; several values of one name are joined by commas. */
  readonly headers: Readonly<Record<string, string>>
  /** Decoded; several values of one name are joined by commas. */
  readonly queryStringParameters?: Readonly<Record<string, string>>
  readonly requestContext: {
    readonly accountId: 'anonymous'
    readonly apiId: string
    readonly domainName: string
    readonly domainPrefix: string
    readonly http: {
      readonly method: string
      readonly path: string
      readonly protocol: 'HTTP/1.1'
      readonly sourceIp: string
      readonly userAgent: string
    }
    readonly requestId: string
    readonly routeKey: '$default'
    readonly stage: '$default'
    /** Such as `12/Mar/2020:19:03:58 +0000`. */
    readonly time: string
    readonly timeEpoch: number
  }
  /** As text when it is text, in base64 otherwise. */
  readonly body?: string
  readonly isBase64Encoded: boolean
}

/**
 * Turns a request into the function's event.
 *
 * Locally the scheme is HTTP and the port varies: the `x-forwarded-*` headers say so, as the platform's say `https` and
 * `443`. The client's headers of these names are replaced.
 */
export function createHttpEvent(request: HttpRequest, origin: EventOrigin): HttpEvent {
  const { rawPath, rawQueryString } = splitTarget(request.target)
  const { headers, cookies } = joinHeaders(request.rawHeaders)
  const parameters = joinParameters(rawQueryString)
  const domainName = readDomainName(headers.host ?? '')
  const domainPrefix = domainName.split('.')[0] ?? ''
  const forwardedFor = headers['x-forwarded-for']
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString,
    ...(cookies.length > 0 && { cookies }),
    headers: {
      ...headers,
      'x-amzn-trace-id': origin.traceId,
      'x-forwarded-for':
        forwardedFor === undefined
          ? request.sourceAddress
          : `${forwardedFor}, ${request.sourceAddress}`,
      'x-forwarded-port': String(request.port),
      'x-forwarded-proto': 'http',
    },
    ...(parameters !== undefined && { queryStringParameters: parameters }),
    requestContext: {
      accountId: 'anonymous',
      apiId: domainPrefix,
      domainName,
      domainPrefix,
      http: {
        method: request.method,
        path: rawPath,
        protocol: 'HTTP/1.1',
        sourceIp: request.sourceAddress,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: origin.requestId,
      routeKey: '$default',
      stage: '$default',
      time: renderTime(origin.atMillis),
      timeEpoch: origin.atMillis,
    },
    ...encodeBody(request.body, headers),
  }
}

/** The platform always gives its own name; here it is the client's `Host`, if a URL can have it. */
function readDomainName(host: string): string {
  const name = host.replace(/:\d*$/, '')
  return name !== '' && URL.canParse(`http://${name}`) ? name : '127.0.0.1'
}

function splitTarget(target: string): {
  readonly rawPath: string
  readonly rawQueryString: string
} {
  const start = target.indexOf('?')
  if (start === -1) return { rawPath: target, rawQueryString: '' }
  return { rawPath: target.slice(0, start), rawQueryString: target.slice(start + 1) }
}

/** Headers about a single connection, which a gateway does not pass on. */
const connectionHeaders: ReadonlySet<string> = new Set([
  'connection',
  'expect',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

function joinHeaders(rawHeaders: readonly string[]): {
  readonly headers: Readonly<Record<string, string>>
  readonly cookies: readonly string[]
} {
  const headers = new Map<string, string>()
  const cookies: string[] = []
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]?.toLowerCase() ?? ''
    const value = rawHeaders[index + 1] ?? ''
    if (connectionHeaders.has(name)) continue
    if (name === 'cookie') {
      cookies.push(...value.split(';').flatMap((cookie) => cookie.trim() || []))
      continue
    }
    const before = headers.get(name)
    headers.set(name, before === undefined ? value : `${before},${value}`)
  }
  return { headers: Object.fromEntries(headers), cookies }
}

function joinParameters(rawQueryString: string): Readonly<Record<string, string>> | undefined {
  const parameters = new Map<string, string>()
  for (const [name, value] of new URLSearchParams(rawQueryString)) {
    const before = parameters.get(name)
    parameters.set(name, before === undefined ? value : `${before},${value}`)
  }
  return parameters.size === 0 ? undefined : Object.fromEntries(parameters)
}

/** Media types whose bodies the platform hands over as text. A form is not one of them. */
const textType = /^(text\/|application\/(json|javascript|xml|[^;]+\+(json|xml))\s*(;|$))/i

function encodeBody(
  body: Uint8Array,
  headers: Readonly<Record<string, string>>,
): Pick<HttpEvent, 'body' | 'isBase64Encoded'> {
  if (body.length === 0) return { isBase64Encoded: false }
  const isText =
    textType.test(headers['content-type'] ?? '') &&
    headers['content-encoding'] === undefined &&
    isUtf8(body)
  return {
    body: Buffer.from(body).toString(isText ? 'utf8' : 'base64'),
    isBase64Encoded: !isText,
  }
}

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

function renderTime(atMillis: number): string {
  const at = new Date(atMillis)
  const day = String(at.getUTCDate()).padStart(2, '0')
  return `${day}/${months[at.getUTCMonth()]}/${at.getUTCFullYear()}:${at.toISOString().slice(11, 19)} +0000`
}
