import type { IncomingMessage, ServerResponse } from 'node:http'
import { DecodeError } from '../../otlp/refusals/decode-error.ts'
import {
  encodeExportResponse,
  encodeStatus,
  type PartialSuccess,
} from '../../otlp/response/encode-response.ts'
import type { Encoding, Signal } from '../../otlp/signal.ts'
import { mediaTypes, parseContentType } from './content-type.ts'
import { corsHeaders, preflightHeaders } from './cors.ts'
import { decodeRequest, type ExportRequest } from './decode-request.ts'
import { decompress } from './decompress.ts'
import type { InFlight } from './in-flight.ts'
import { type BodyBounds, overloaded, readBody } from './read-body.ts'
import { Refusal, rpcCodes } from './refusal.ts'
import { respond } from './respond.ts'

/** A request as it came over the wire, for whoever passes it on unchanged. */
export type WireRequest = {
  readonly signal: Signal
  readonly encoding: Encoding
  /** Decompressed. */
  readonly body: Buffer
  /** The same as it arrived, when that was gzip. */
  readonly gzipped: Buffer | undefined
  /** The `Via` header: who forwarded it before. */
  readonly via: string | undefined
}

type ReceiverOptions = {
  readonly bounds: BodyBounds
  readonly inFlight: InFlight
  /** Pages that may send from a browser; none by default. */
  readonly corsOrigins: readonly string[]
  /** Throws a Refusal for a request that must not be taken, judged by its headers. */
  readonly inspect: (request: IncomingMessage) => void
  readonly accept: (request: ExportRequest, wire: WireRequest) => PartialSuccess | undefined
  readonly onRefused: (status: number) => void
  readonly log: (line: string) => void
}

/** Answers one export request, also when it refuses it. `signal` is `undefined` if no signal has that path. */
export type Receiver = (
  request: IncomingMessage,
  response: ServerResponse,
  signal: Signal | undefined,
) => Promise<void>

/**
 * Answers one OTLP/HTTP request, by the OTLP 1.11 specification, section "OTLP/HTTP":
 * any failure is a `google.rpc.Status` in the encoding of the request, or in JSON when
 * the request names neither encoding.
 */
export function createReceiver(options: ReceiverOptions): Receiver {
  const { corsOrigins } = options

  return async (request, response, signal) => {
    const cors = corsHeaders(request.headers.origin, corsOrigins)
    if (request.method === 'OPTIONS' && corsOrigins.length > 0) {
      const asked = preflightHeaders(request.headers['access-control-request-headers'])
      response.writeHead(204, { ...cors, ...asked }).end()
      return
    }
    const encoding = parseContentType(request.headers['content-type'])
    const headers = { ...cors, 'content-type': mediaTypes[encoding ?? 'json'] }
    try {
      const body = await receive(options, request, response, signal, encoding)
      respond(request, response, { status: 200, headers, body })
    } catch (error) {
      const refusal = toRefusal(error, options.log)
      options.onRefused(refusal.status)
      respond(request, response, {
        status: refusal.status,
        headers: { ...headers, ...refusal.headers },
        body: encodeStatus(encoding ?? 'json', rpcCodes[refusal.status], refusal.message),
      })
    }
  }
}

async function receive(
  { bounds, inFlight, inspect, accept }: ReceiverOptions,
  request: IncomingMessage,
  response: ServerResponse,
  signal: Signal | undefined,
  encoding: Encoding | undefined,
): Promise<string | Uint8Array> {
  if (signal === undefined) {
    throw new Refusal(404, 'expected /v1/traces, /v1/logs or /v1/metrics')
  }
  if (request.method !== 'POST') {
    throw new Refusal(405, `expected POST, got ${request.method}`, { allow: 'POST' })
  }
  if (encoding === undefined) {
    const given = JSON.stringify(request.headers['content-type'] ?? '')
    const known = Object.values(mediaTypes).join(' or ')
    throw new Refusal(415, `content-type: expected ${known}, got ${given}`)
  }
  inspect(request)

  const lease = inFlight.enter()
  if (lease === undefined) throw overloaded()
  try {
    const contentEncoding = request.headers['content-encoding']
    const received = await readBody(request, response, lease, bounds)
    const body = decompress(received, contentEncoding, bounds.bodyBytesMax)
    const gzipped = contentEncoding?.trim().toLowerCase() === 'gzip' ? received : undefined
    const decoded = decodeRequest(signal, encoding, body)
    const partial = accept(decoded, {
      signal,
      encoding,
      body,
      gzipped,
      via: request.headers.via,
    })
    return encodeExportResponse(signal, encoding, partial)
  } finally {
    lease.leave()
  }
}

function toRefusal(error: unknown, log: (line: string) => void): Refusal {
  if (error instanceof Refusal) return error
  if (error instanceof DecodeError) return new Refusal(400, error.message)
  log(`a request failed: ${error instanceof Error ? error.stack : String(error)}`)
  return new Refusal(500, 'the collector failed on this request')
}
