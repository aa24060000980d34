import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { parseFunctionError } from './function-error.ts'
import { readBody } from './read-body.ts'

/** One event on its way to the function. */
export type Invocation = {
  readonly requestId: string
  /** JSON. */
  readonly event: string
  /** When the function will be ended, since the Unix epoch. */
  readonly deadlineMillis: number
  readonly functionArn: string
  readonly traceId: string
}

/** Receives the messages of the function's process. */
export type RuntimeApiListener = {
  /** It is ready, or done with the last event, and asks for the next. */
  onNext(): void
  /** It answered the event that it was given: JSON, of at most `payloadBytesMax`. */
  onResponse(payload: string): void
  /** It failed at the event that it was given. */
  onError(message: string): void
  /** It could not start. */
  onInitError(message: string): void
}

/** The Runtime API of one execution environment. */
export type RuntimeApi = {
  /** Host and port, as `AWS_LAMBDA_RUNTIME_API` has them. */
  readonly address: string
  /** Answers the request for the next event, which must be waiting. */
  deliver(invocation: Invocation): void
  close(): void
}

/**
 * Bytes of an event, and of an answer.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export const payloadBytesMax = 6 * 2 ** 20

const paths = /^\/2018-06-01\/runtime\/(?:(init)|invocation\/([^/]+))\/(next|response|error)$/

/**
 * Serves the Runtime API to one process, on 127.0.0.1.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export async function serveRuntimeApi(listener: RuntimeApiListener): Promise<RuntimeApi> {
  let waiting: ServerResponse | undefined
  let requestId: string | undefined

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { url = '', method } = request
    if (method === 'GET' && url === '/2018-06-01/runtime/invocation/next') {
      waiting = response
      listener.onNext()
      return
    }
    const [, init, id, action] = paths.exec(url) ?? []
    if (method !== 'POST' || action === undefined || action === 'next') {
      writeError(response, 404, 'NotFound', `no such resource: ${method} ${url}`)
      return
    }
    const body = await readBody(request, payloadBytesMax)
    if (body === undefined && !request.readableEnded) await once(request, 'end')
    if (init !== undefined) {
      listener.onInitError(parseFunctionError(body))
      writeAccepted(response)
    } else if (requestId === undefined || id !== encodeURIComponent(requestId)) {
      writeError(response, 400, 'InvalidRequestID', `not the event that is under way: ${id}`)
    } else if (body === undefined) {
      const message = `exceeded maximum allowed payload size (${payloadBytesMax} bytes)`
      requestId = undefined
      listener.onError(message)
      writeError(response, 413, 'RequestEntityTooLarge', message)
    } else {
      requestId = undefined
      if (action === 'response') listener.onResponse(body.toString())
      else listener.onError(parseFunctionError(body))
      writeAccepted(response)
    }
  }

  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy())
  })
  // A function may take its time between two requests, and would find its connection closed.
  server.keepAliveTimeout = 0
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const bound = server.address()
  if (bound === null || typeof bound === 'string') throw new Error('expected a port, got a pipe')

  return {
    address: `127.0.0.1:${bound.port}`,
    deliver(invocation) {
      if (waiting === undefined)
        throw new Error('expected a function waiting for an event, got none')
      requestId = invocation.requestId
      waiting.writeHead(200, {
        'content-type': 'application/json',
        'lambda-runtime-aws-request-id': requestId,
        'lambda-runtime-deadline-ms': String(invocation.deadlineMillis),
        'lambda-runtime-invoked-function-arn': invocation.functionArn,
        'lambda-runtime-trace-id': invocation.traceId,
      })
      waiting.end(invocation.event)
      waiting = undefined
    },
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

function writeAccepted(response: ServerResponse): void {
  writeJson(response, 202, { status: 'OK' })
}

function writeError(response: ServerResponse, status: number, type: string, message: string): void {
  writeJson(response, status, { errorType: type, errorMessage: message })
}

function writeJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}
