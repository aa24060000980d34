import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Lease } from './in-flight.ts'
import { Refusal } from './refusal.ts'

/** How many bytes of a body are read, and how long it may take to arrive. */
export type BodyBounds = { readonly bodyBytesMax: number; readonly bodyMillisMax: number }

/**
 * The whole body of a request, as it came over the wire, never more than `bodyBytesMax`.
 *
 * A refusal leaves the rest of the body unread: answer with `respond`, which lets the
 * sender finish speaking.
 *
 * @throws Refusal 413 past `bodyBytesMax` (at once when `Content-Length` says so), 503 when
 *   the lease has no room, 408 past `bodyMillisMax` or when others need the room, 400 when the sender hung up half-way.
 */
export function readBody(
  request: IncomingMessage,
  response: ServerResponse,
  lease: Lease,
  bounds: BodyBounds,
): Promise<Buffer> {
  const { bodyBytesMax, bodyMillisMax } = bounds
  const announcedBytes = Number(request.headers['content-length'] ?? 0)
  if (announcedBytes > bodyBytesMax) return Promise.reject(tooLarge(bodyBytesMax))
  // Only now is a sender that asked first told to go ahead.
  if (request.headers.expect !== undefined) response.writeContinue()

  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0

    const onData = (chunk: Buffer) => {
      size += chunk.length
      if (size > bodyBytesMax) fail(tooLarge(bodyBytesMax))
      else if (!lease.take(chunk.length)) fail(overloaded())
      else chunks.push(chunk)
    }
    const onEnd = () => {
      stop()
      resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, size))
    }
    const onClose = () => fail(new Refusal(400, `the connection closed after ${size} body bytes`))
    const timer = setTimeout(
      () => fail(new Refusal(408, `the body did not arrive within ${bodyMillisMax} ms`)),
      bodyMillisMax,
    )
    const stop = () => {
      clearTimeout(timer)
      lease.giveWay(null)
      request.off('data', onData).off('end', onEnd).off('close', onClose)
    }
    const fail = (refusal: Refusal) => {
      stop()
      reject(refusal)
    }
    lease.giveWay(() => fail(new Refusal(408, 'the body arrives too slowly, and others wait')))
    // 'close' follows every 'error'; without a listener the latter would end the process.
    request.on('error', () => {})
    request.on('data', onData).on('end', onEnd).on('close', onClose)
  })
}

/** Overload passes: the sender keeps its data and tries again (rule 10 of OTLP/HTTP). */
export function overloaded(): Refusal {
  return new Refusal(503, 'too much is in flight, try again later', { 'retry-after': '1' })
}

function tooLarge(bodyBytesMax: number): Refusal {
  return new Refusal(413, `the body is larger than ${bodyBytesMax} bytes`)
}
