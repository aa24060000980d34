import { randomBytes, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Fleet } from './fleet.ts'
import { type HttpAnswer, parseHttpAnswer } from './http-answer.ts'
import { createHttpEvent } from './http-event.ts'
import { errorStatus, InvokeError } from './invoke-error.ts'
import { readBody } from './read-body.ts'
import { payloadBytesMax } from './runtime-api.ts'

/**
 * Stands where a function URL or API Gateway stands: each request becomes an event, and what the function returns the
 * answer.
 *
 * @param onLine Takes what goes into the function's log about an event that it did not answer.
 */
export function createHttpHost(fleet: Fleet, onLine: (line: string) => void): Server {
  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      writeAnswer(response, await invoke(fleet, request))
    } catch (error) {
      if (!(error instanceof InvokeError)) throw error
      if (error.kind === 'function' || error.kind === 'time-out') onLine(error.message)
      writeError(response, error)
    }
  }
  return createServer((request, response) => {
    serve(request, response).catch((error) => {
      // The client has gone, or something of ours is wrong; neither is the function's doing.
      if (!request.destroyed) onLine(`lambda-host: ${error}`)
      response.destroy()
    })
  })
}

async function invoke(fleet: Fleet, request: IncomingMessage): Promise<HttpAnswer> {
  const body = await readBody(request, payloadBytesMax)
  if (body === undefined) throw new InvokeError('event-size', 'the body is too large')
  const target = readTarget(request.url ?? '')
  if (target === undefined) throw new InvokeError('target', 'the request names no path')
  const atMillis = Date.now()
  const ids = { requestId: randomUUID(), traceId: createTraceId(atMillis) }
  const event = JSON.stringify(
    createHttpEvent(
      {
        method: request.method ?? 'GET',
        target,
        rawHeaders: request.rawHeaders,
        body,
        sourceAddress: request.socket.remoteAddress ?? '127.0.0.1',
        port: request.socket.localPort ?? 0,
      },
      { ...ids, atMillis },
    ),
  )
  if (Buffer.byteLength(event) > payloadBytesMax)
    throw new InvokeError('event-size', 'the event is too large')
  const payload = await fleet.invoke({ ...ids, event })
  try {
    return parseHttpAnswer(payload)
  } catch (error) {
    throw new InvokeError('function', `${ids.requestId} gave an invalid answer: ${error}`)
  }
}

/** Path and query of a request target, which may be a whole URL; `undefined` if it has no path. */
function readTarget(url: string): string | undefined {
  const [, target] = /^(?:https?:\/\/[^/?#]*)?(\/.*)$/.exec(url) ?? []
  return target
}

/** @see https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader */
function createTraceId(atMillis: number): string {
  const seconds = Math.floor(atMillis / 1000).toString(16)
  return `Root=1-${seconds}-${randomBytes(12).toString('hex')};Parent=${randomBytes(8).toString('hex')};Sampled=0`
}

function writeAnswer(response: ServerResponse, answer: HttpAnswer): void {
  response.statusCode = answer.status
  for (const [name, values] of answer.headers) response.setHeader(name, values)
  const hasBody = answer.status !== 204 && answer.status !== 304
  response.end(hasBody ? answer.body : undefined)
}

function writeError(response: ServerResponse, { kind }: InvokeError): void {
  const { status, message } = errorStatus[kind]
  response.writeHead(status, {
    'content-type': 'application/json',
    // The unread rest of a request cannot be told from the next request.
    ...(kind === 'event-size' && { connection: 'close' }),
  })
  response.end(JSON.stringify({ message }))
}
