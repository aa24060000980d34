import { validateHeaderName, validateHeaderValue } from 'node:http'
import * as v from 'valibot'

/** The answer to the client. */
export type HttpAnswer = {
  readonly status: number
  /** By name in lower case; only `set-cookie` has more than one value. */
  readonly headers: ReadonlyMap<string, readonly string[]>
  readonly body: Uint8Array
}

/** A function's result in the form of an HTTP response. */
const httpResult = v.looseObject({
  statusCode: v.pipe(v.number(), v.integer(), v.minValue(200), v.maxValue(599)),
  headers: v.optional(
    v.nullable(v.record(v.string(), v.union([v.string(), v.number(), v.boolean()]))),
  ),
  cookies: v.optional(v.nullable(v.array(v.string()))),
  body: v.optional(v.nullable(v.string())),
  isBase64Encoded: v.optional(v.boolean(), false),
})

/** The platform counts the body itself, and says itself how long a connection lasts. */
const ownHeaders: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'transfer-encoding',
])

/**
 * Reads the result that a function posted for an HTTP event. A result without `statusCode` is the JSON body of a 200,
 * as in payload format 2.0.
 *
 * @throws Error that says what is wrong with the result, for the function's log; the client gets a 502.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-response-payload
 */
export function parseHttpAnswer(payload: string): HttpAnswer {
  const value: unknown = JSON.parse(payload)
  if (typeof value !== 'object' || value === null || !('statusCode' in value))
    return {
      status: 200,
      headers: new Map([['content-type', ['application/json']]]),
      body: Buffer.from(typeof value === 'string' ? value : payload),
    }
  const result = v.parse(httpResult, value)
  const headers = new Map<string, readonly string[]>()
  for (const [given, content] of Object.entries(result.headers ?? {})) {
    const name = given.toLowerCase()
    if (ownHeaders.has(name)) continue
    validateHeaderName(name)
    validateHeaderValue(name, String(content))
    headers.set(name, [String(content)])
  }
  const { cookies } = result
  for (const cookie of cookies ?? []) validateHeaderValue('set-cookie', cookie)
  if (cookies != null && cookies.length > 0) headers.set('set-cookie', cookies)
  return {
    status: result.statusCode,
    headers,
    body: Buffer.from(result.body ?? '', result.isBase64Encoded ? 'base64' : 'utf8'),
  }
}
