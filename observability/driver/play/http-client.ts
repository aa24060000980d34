import { Agent as HttpAgent, request as requestHttp } from 'node:http'
import { Agent as HttpsAgent, request as requestHttps } from 'node:https'
import { type Answer, parseAnswerBody, readHeader } from '../../comparison/differences/answers.ts'

/** Sends requests to one target and times them. */
export type HttpClient = {
  /** Never throws: what went wrong is in the exchange. */
  send(request: HttpRequest): Promise<Exchange>
  close(): void
}

/** A request to a target whose address the client knows. */
export type HttpRequest = {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
}

/** One request and what came of it; times in milliseconds by `performance.now()`. */
export type Exchange = {
  readonly sentAt: number
  readonly endedAt: number
  readonly status: number | null
  readonly headers: readonly (readonly [string, string])[]
  readonly body: Uint8Array
  /** Why no whole answer came; `null` when one did. */
  readonly error: string | null
  /** Whether it was sent twice, because the first connection was closed just as it was used. */
  readonly isResent: boolean
}

/** A later answer does not count. */
const requestMillisMax = 10_000

/** A longer body is no answer: it would be the driver's memory that is measured. */
export const answerBytesMax = 8 * 1024 * 1024

/** Connections kept open to one target. */
const connectionsMax = 64

/**
 * Plain `node:http`: `fetch` costs a third of a millisecond more of the driver's time, which would be charged to the
 * target.
 *
 * Connections are kept, and bodies are read raw and parsed later, so that only the target's work is timed. Redirects
 * are answers like any other.
 *
 * @param url With or without a path, which goes before the path of each request.
 */
export function createHttpClient(url: string): HttpClient {
  const base = new URL(url)
  const isSecure = base.protocol === 'https:'
  const options = { keepAlive: true, maxSockets: connectionsMax, scheduling: 'lifo' } as const
  const agent = isSecure ? new HttpsAgent(options) : new HttpAgent(options)
  const open = isSecure ? requestHttps : requestHttp
  const prefix = base.pathname.replace(/\/$/, '')

  function attempt({ method, path, headers, body }: HttpRequest): Promise<Attempt> {
    return new Promise((resolve) => {
      const chunks: Buffer[] = []
      let bytes = 0
      const request = open(
        base,
        {
          agent,
          method,
          path: `${prefix}${encodePath(path)}`,
          headers: {
            ...headers,
            ...(body !== null && { 'content-length': String(Buffer.byteLength(body)) }),
          },
          signal: AbortSignal.timeout(requestMillisMax),
        },
        (response) => {
          response.on('data', (chunk: Buffer) => {
            bytes += chunk.length
            if (bytes <= answerBytesMax) chunks.push(chunk)
            else request.destroy(new Error(`the answer is longer than ${answerBytesMax} bytes`))
          })
          response.on('error', fail)
          response.on('end', () => {
            if (!response.complete) return
            const pairs = pairHeaders(response.rawHeaders)
            finish(null, response.statusCode ?? null, pairs)
          })
        },
      )
      const sentAt = performance.now()
      request.on('error', fail)
      request.end(body ?? undefined)

      function fail(error: Error & { readonly code?: string }): void {
        const isStale = request.reusedSocket && error.code === 'ECONNRESET' && bytes === 0
        finish(describe(error), null, [], isStale)
      }

      function finish(
        error: string | null,
        status: number | null,
        pairs: Exchange['headers'],
        isStale = false,
      ): void {
        const body = Buffer.concat(chunks)
        resolve({
          sentAt,
          endedAt: performance.now(),
          status,
          headers: pairs,
          body,
          error,
          isResent: false,
          isStale,
        })
      }
    })
  }

  return {
    async send(request) {
      const { isStale, ...exchange } = await attempt(request)
      if (!isStale) return exchange
      // The target closed a kept connection just as it was used, as any server may; it is counted.
      const { isStale: _, ...again } = await attempt(request)
      return { ...again, sentAt: exchange.sentAt, isResent: true }
    },
    close: () => agent.destroy(),
  }
}

/** The result of a request that was not sent, with the reason. */
export function skipExchange(reason: string): Exchange {
  const now = performance.now()
  return {
    sentAt: now,
    endedAt: now,
    status: null,
    headers: [],
    body: new Uint8Array(),
    error: reason,
    isResent: false,
  }
}

/** The compared parts of an exchange; `null` without a complete answer. */
export function readAnswer({ status, headers, body }: Exchange): Answer | null {
  if (status === null) return null
  const type = readHeader({ headers }, 'content-type')
  return { status, headers, body: parseAnswerBody(type, Buffer.from(body).toString('utf8')) }
}

type Attempt = Exchange & { readonly isStale: boolean }

/** As a browser sends it: what may not stand in a URL is percent-encoded, and what is encoded already stays as it is. */
function encodePath(path: string): string {
  return path.toWellFormed().replace(/[^\x21-\x7e]+|["<>]/g, encodeURIComponent)
}

/** In lower case: some runtimes say `Location`, and a scenario has to find it all the same. */
function pairHeaders(raw: readonly string[]): Exchange['headers'] {
  return raw.flatMap((name, index) =>
    index % 2 === 0 ? [[name.toLowerCase(), raw[index + 1] ?? ''] as const] : [],
  )
}

function describe(error: Error & { readonly code?: string }): string {
  if (error.name === 'TimeoutError' || error.code === 'ABORT_ERR') {
    return `no answer within ${requestMillisMax / 1000} s`
  }
  // If several addresses all refused, Node gives an error without a message.
  return error.message || error.code || error.name
}
