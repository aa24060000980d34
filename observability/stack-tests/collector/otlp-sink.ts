import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'

/** One OTLP/HTTP request, decompressed. */
export type SunkRequest = {
  /** Such as `/v1/traces`. */
  readonly path: string
  readonly contentType: string
  readonly body: Buffer
}

/** A local destination that accepts everything a Collector exports. */
export type OtlpSink = AsyncDisposable & {
  readonly url: string
  /** The port in `url`, so that a destination may come back where it was. */
  readonly port: number
  /** Everything taken so far, in the order of arrival. */
  readonly requests: readonly SunkRequest[]
}

/**
 * Listens on 127.0.0.1, on a free port unless one is given.
 *
 * @param before runs between the arrival of a request and its answer; a Collector that exports
 * without a queue stands still until then.
 */
export async function startSink(
  before: (request: SunkRequest) => Promise<void> | void = () => {},
  port = 0,
): Promise<OtlpSink> {
  const requests: SunkRequest[] = []
  const server = createServer((incoming, response) => {
    void readRequest(incoming)
      .then(async (request) => {
        requests.push(request)
        await before(request)
        response.writeHead(200, { 'content-type': request.contentType })
        response.end(request.contentType === 'application/json' ? '{}' : '')
      })
      .catch(() => response.destroy())
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  // A TCP server's address is an object once it listens; only pipes have a text.
  const { port: bound } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${bound}`,
    port: bound,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function readRequest(incoming: IncomingMessage): Promise<SunkRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) if (Buffer.isBuffer(chunk)) chunks.push(chunk)
  const body = Buffer.concat(chunks)
  return {
    path: incoming.url ?? '',
    contentType: incoming.headers['content-type'] ?? '',
    body: incoming.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body,
  }
}
