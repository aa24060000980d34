import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Signal } from '../otlp/signal.ts'
import { isAllowedHost } from './query/host-guard.ts'
import { problemAnswer, QueryProblem } from './query/problem.ts'
import type { QueryApi } from './query/query-api.ts'
import type { Receiver } from './receive/receiver.ts'
import { respond } from './receive/respond.ts'

export type HandlerOptions = {
  readonly receive: Receiver
  readonly query: QueryApi
  /** Names beside the local ones under which questions are answered. */
  readonly allowedHosts: readonly string[]
}

const signals: ReadonlyMap<string, Signal> = new Map([
  ['/v1/traces', 'traces'],
  ['/v1/logs', 'logs'],
  ['/v1/metrics', 'metrics'],
])

/** So that no page of another origin can embed an answer, and no cache keeps it. */
const questionHeaders = {
  'cache-control': 'no-store',
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
} as const

/**
 * Leads a request to the receiver or to the query API, which share the port.
 *
 * Plain `node:http` and no framework: to answer a body before its end, and to stop reading it at a
 * bound, takes the request's own stream and socket, and there are ten fixed paths to route.
 *
 * Only questions ask for a known `Host`: telemetry comes from containers and other
 * machines under any name, and a sender learns nothing.
 */
export function createHandler({ receive, query, allowedHosts }: HandlerOptions) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    // A peer that goes away while it is answered is no error of ours; unheard, it would end the process.
    response.on('error', () => {})
    const [path = '/', search = ''] = (request.url ?? '/').split('?', 2)
    if (path.startsWith('/v1/')) {
      void receive(request, response, signals.get(path))
      return
    }
    if (path === '/ready') {
      const headers = { 'content-type': 'text/plain; charset=utf-8' }
      respond(request, response, { status: 200, headers, body: 'ready\n' })
      return
    }
    const answer = isAllowedHost(request.headers.host, allowedHosts)
      ? query({
          method: request.method ?? 'GET',
          path,
          parameters: new URLSearchParams(search),
          accept: request.headers.accept,
        })
      : problemAnswer(
          new QueryProblem(
            421,
            `this collector does not answer to the host ${JSON.stringify(request.headers.host ?? '')}; start it with --allowed-host to let it`,
          ),
        )
    respond(request, response, { ...answer, headers: { ...questionHeaders, ...answer.headers } })
  }
}
