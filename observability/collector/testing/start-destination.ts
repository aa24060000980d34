import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import { listen } from '../http/listen.ts'

export type Arrival = {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  /** Decompressed. */
  readonly body: Buffer
}

/** A real server that telemetry is forwarded to, which answers as it is told. */
export type Destination = AsyncDisposable & {
  readonly url: string
  readonly port: number
  readonly arrivals: readonly Arrival[]
  /** From now on. */
  answer(how: Behaviour): void
}

type Behaviour = (response: ServerResponse) => void

export const answerWith =
  (status: number, headers: Record<string, string> = {}, body = ''): Behaviour =>
  (response) =>
    void response.writeHead(status, headers).end(body)

export async function startDestination(
  initial: Behaviour = answerWith(200),
  port = 0,
): Promise<Destination> {
  let behave = initial
  const arrivals: Arrival[] = []
  const server = createServer((request, response) => {
    void buffer(request).then((received) => {
      const { url: path = '', headers } = request
      const isGzip = headers['content-encoding'] === 'gzip'
      arrivals.push({ path, headers, body: isGzip ? gunzipSync(received) : received })
      behave(response)
    })
  })
  const ownPort = await listen(server, '127.0.0.1', port)
  return {
    url: `http://127.0.0.1:${ownPort}`,
    port: ownPort,
    arrivals,
    answer(how) {
      behave = how
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
