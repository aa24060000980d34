import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { gunzipSync } from 'node:zlib'
import { parseLogsProtobuf, parseTracesProtobuf } from '../../otlp/decode-protobuf.ts'
import type { Attribute, LogRecord, Resource, Span } from '../../otlp/model.ts'

/** A span or a record with what it came with. */
export type Arrived<T> = { readonly item: T; readonly resource: Resource; readonly scope: string }

/** How to answer one request; one that does not end the response is a black hole. */
export type Answer = (outgoing: ServerResponse) => void

/** A real OTLP/HTTP receiver on a free port, which keeps what it was sent and answers as it is told. */
export type OtlpReceiver = AsyncDisposable & {
  readonly url: string
  readonly requests: readonly IncomingMessage[]
  /** TCP connections accepted so far. */
  readonly connections: () => number
  readonly spans: () => readonly Arrived<Span>[]
  readonly records: () => readonly Arrived<LogRecord>[]
  /** What was sent, of every signal, as text: the bytes of protobuf, in which texts stand as they are. */
  readonly bodies: () => readonly string[]
  /** From the next request on. What is not answered with a 2xx is not kept. */
  readonly answerWith: (answer: Answer) => void
  /** Ends all that there are, as a receiver does after some seconds of silence. */
  readonly closeConnections: () => void
}

/** 200 as a receiver that has nothing to say gives it. */
export const accept: Answer = (outgoing) => {
  outgoing.writeHead(200, { 'content-type': 'application/x-protobuf' }).end()
}

/** An answer with a status and headers of its own. */
export function refuse(status: number, headers: Readonly<Record<string, string>> = {}): Answer {
  return (outgoing) => {
    outgoing.writeHead(status, { 'content-type': 'application/x-protobuf', ...headers }).end()
  }
}

/** No answer at all. */
export const neverAnswer: Answer = () => {}

export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const requests: IncomingMessage[] = []
  const spans: Arrived<Span>[] = []
  const records: Arrived<LogRecord>[] = []
  const bodies: string[] = []
  let answer = accept
  let connections = 0

  const server = createServer(async (incoming, outgoing) => {
    requests.push(incoming)
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk)
    const body = Buffer.concat(chunks)
    const isGzip = incoming.headers['content-encoding'] === 'gzip'
    const sent = isGzip ? gunzipSync(body) : body
    outgoing.on('finish', () => {
      if (outgoing.statusCode > 299) return
      bodies.push(sent.toString())
      if (incoming.url?.endsWith('/v1/traces')) spans.push(...flatten(parseTracesProtobuf(sent)))
      if (incoming.url?.endsWith('/v1/logs')) records.push(...flatten(parseLogsProtobuf(sent)))
    })
    answer(outgoing)
  })
  server.on('connection', () => {
    connections += 1
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  return {
    url: urlOf(server.address()),
    requests,
    connections: () => connections,
    spans: () => spans,
    records: () => records,
    bodies: () => bodies,
    answerWith(next) {
      answer = next
    },
    closeConnections: () => server.closeAllConnections(),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Where a server on the loopback listens. */
export function urlOf(address: string | { readonly port: number } | null): string {
  if (address === null || typeof address === 'string') throw new Error('expected a TCP address')
  return `http://127.0.0.1:${address.port}`
}

/**
 * Attributes by name. The values keep their OTLP types: an int is a bigint, a double a number.
 *
 * @throws When a name is there twice, which OTLP forbids.
 */
export function byName(attributes: readonly Attribute[]): Readonly<Record<string, unknown>> {
  const named = Object.fromEntries(attributes.map(({ key, value }) => [key, value]))
  if (Object.keys(named).length < attributes.length)
    throw new Error(`a name is there twice: ${attributes.map(({ key }) => key).join(', ')}`)
  return named
}

type Groups<T> = readonly {
  readonly resource: Resource
  readonly scopes: readonly {
    readonly scope: { readonly name: string }
    readonly items: readonly T[]
  }[]
}[]

function flatten<T>(groups: Groups<T>): readonly Arrived<T>[] {
  return groups.flatMap(({ resource, scopes }) =>
    scopes.flatMap(({ scope, items }) =>
      items.map((item) => ({ item, resource, scope: scope.name })),
    ),
  )
}
