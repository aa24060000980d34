import type { IncomingMessage, ServerResponse } from 'node:http'

/** A complete HTTP answer, before anything is written to a socket. */
export type Answer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
}

/** How long, and how much, a sender that was refused early may go on speaking. */
const lingerMillisMax = 2_000
const lingerBytesMax = 64 * 1024 * 1024

/** An unread body of up to this is read over by Node itself, and the connection lives on. */
const skippedBytesMax = 64 * 1024

/**
 * Sends an answer, also when the request has not been read to its end.
 *
 * Closing a socket with unread bytes in it makes the kernel send a reset, and that can
 * reach the sender before the answer does: it sees ECONNRESET and never learns of the 413.
 * So the answer is sent whole, what still comes is thrown away for a bounded while, and
 * only then is the connection closed.
 */
export function respond(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  if (response.destroyed) return
  if (answer.status === 204 || answer.status === 304) {
    response.writeHead(answer.status, answer.headers).end()
    return
  }
  const body = typeof answer.body === 'string' ? Buffer.from(answer.body) : answer.body
  const headers = { ...answer.headers, 'content-length': String(body.length) }
  if (request.complete || unreadBytes(request) <= skippedBytesMax) {
    response.writeHead(answer.status, headers).end(body)
    return
  }
  response.writeHead(answer.status, { ...headers, connection: 'close' }).write(body)
  linger(request, () => response.end())
}

/**
 * The most that may still come. A request without either header has no body; `complete` is not
 * yet true for it. A sender that asked whether to go ahead, and was not told to, may send its
 * body or not: its connection cannot be used again.
 */
function unreadBytes({ headers }: IncomingMessage): number {
  if (headers['transfer-encoding'] !== undefined || headers.expect !== undefined) {
    return Number.POSITIVE_INFINITY
  }
  return Number(headers['content-length'] ?? 0)
}

function linger(request: IncomingMessage, done: () => void): void {
  let size = 0
  const stop = () => {
    clearTimeout(timer)
    request.off('data', onData).off('close', stop).off('end', stop)
    done()
  }
  const onData = (chunk: Buffer) => {
    size += chunk.length
    if (size > lingerBytesMax) stop()
  }
  const timer = setTimeout(stop, lingerMillisMax)
  request.on('data', onData).on('close', stop).on('end', stop)
  request.resume()
}
