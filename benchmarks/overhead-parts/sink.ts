import { createServer } from 'node:http'
import { parseLogsJson, parseTracesJson } from '../../observability/otlp/decode-json.ts'
import { parseLogsProtobuf, parseTracesProtobuf } from '../../observability/otlp/decode-protobuf.ts'

type Body = { readonly json: boolean; readonly bytes: Buffer }

/** Of a path's requests, and what stood in them by name; log records have none. */
export type Arrived = {
  readonly spans: ReadonlyMap<string, number>
  readonly logs: number
}

/** Takes OTLP over HTTP and keeps the bodies as they come: they are read when nobody is being measured. */
export function createSink(port: number) {
  let traces: Body[] = []
  let logs: Body[] = []
  const server = createServer((incoming, answer) => {
    const chunks: Buffer[] = []
    incoming
      .on('data', (chunk: Buffer) => chunks.push(chunk))
      .on('end', () => {
        const json = incoming.headers['content-type']?.includes('json') === true
        const body = { json, bytes: Buffer.concat(chunks) }
        if (incoming.url === '/v1/traces') traces.push(body)
        else if (incoming.url === '/v1/logs') logs.push(body)
        answer
          .writeHead(200, { 'content-type': json ? 'application/json' : 'application/x-protobuf' })
          .end(json ? '{}' : undefined)
      })
  }).listen(port, '127.0.0.1')
  return {
    /** Counts what has come since it was last asked, and lets go of it. */
    take(): Arrived {
      const spans = new Map<string, number>()
      for (const { json, bytes } of traces)
        for (const group of json ? parseTracesJson(`${bytes}`) : parseTracesProtobuf(bytes))
          for (const { name } of group.scopes.flatMap((scope) => scope.items))
            spans.set(name, (spans.get(name) ?? 0) + 1)
      const records = logs
        .flatMap(({ json, bytes }) => (json ? parseLogsJson(`${bytes}`) : parseLogsProtobuf(bytes)))
        .reduce(
          (sum, { scopes }) => scopes.reduce((all, scope) => all + scope.items.length, sum),
          0,
        )
      traces = []
      logs = []
      return { spans, logs: records }
    },
    close: () => server.close(),
  }
}
