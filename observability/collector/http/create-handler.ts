import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Signal } from '../../otlp/signal.ts'
import type { Page } from '../page/page.ts'
import type { TryQuestion } from '../page/try/try-requests.ts'
import { describeHost, isAllowedHost } from '../query/guards/allowed-host.ts'
import { findForeignOrigin } from '../query/guards/foreign-origin.ts'
import { problemAnswer, QueryProblem } from '../query/problem.ts'
import type { QueryApi } from '../query/query-api.ts'
import type { Receiver } from '../receive/receiver.ts'
import { type Answer, respond } from '../receive/respond.ts'
import type { ImportRun } from '../runs/import-run.ts'
import { refuseUndescribed } from './openapi/find-api-path.ts'
import type { WorkerQuestions } from './worker-questions.ts'

type HandlerOptions = {
  readonly receive: Receiver
  readonly query: QueryApi
  readonly importRun: ImportRun
  readonly page: Page
  /** Answers `/mcp`; `undefined` where nothing does. */
  readonly mcp: WorkerQuestions | undefined
  readonly tryRequests: (question: TryQuestion) => Promise<Answer>
  /** Prepares an answer for sending; see `held-answers.ts`. */
  readonly hold: (response: ServerResponse, answer: Answer) => Answer
  /** The address it listens on, which is an allowed name in addition to local ones. */
  readonly host: string
  /** More such names, which the page may have in a browser too. */
  readonly allowedHosts: readonly string[]
}

const signals: ReadonlyMap<string, Signal> = new Map([
  ['/v1/traces', 'traces'],
  ['/v1/logs', 'logs'],
  ['/v1/metrics', 'metrics'],
])

/** So that no page of another origin can embed an answer, and no cache keeps it unless it says so. */
const questionHeaders = {
  'cache-control': 'no-store',
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
} as const

/**
 * Leads a request to the receiver or to the query API, which share the port.
 *
 * Plain `node:http` and no framework: to answer a body before its end, and to stop reading it at a
 * bound, takes the request's own stream and socket, and there are few paths to route.
 *
 * Only questions ask for a known `Host` and for no other `Origin`: telemetry comes from containers
 * and other machines under any name, and a sender learns nothing.
 */
export function createHandler(options: HandlerOptions) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    // A peer that goes away while it is answered is no error of ours; unheard, it would end the process.
    response.on('error', () => {})
    const { method = 'GET', headers } = request
    const [path = '/', search = ''] = (request.url ?? '/').split('?', 2)
    if (path.startsWith('/v1/')) {
      void options.receive(request, response, signals.get(path))
      return
    }
    if (path === '/ready') {
      const textHeaders = { 'content-type': 'text/plain; charset=utf-8' }
      respond(request, response, { status: 200, headers: textHeaders, body: 'ready\n' })
      return
    }
    const send = (given: Answer) => {
      const answer = options.hold(response, given)
      const own = { ...questionHeaders, ...answer.headers }
      respond(request, response, { ...answer, headers: own })
    }
    const foreign = findForeignOrigin(headers, options.allowedHosts)
    if (!isAllowedHost(headers.host, [...options.allowedHosts, options.host])) {
      send(problemAnswer(new QueryProblem(421, describeHost(headers.host))))
    } else if (foreign !== undefined) {
      send(problemAnswer(new QueryProblem(403, foreign)))
    } else if (path === '/mcp' && options.mcp !== undefined) {
      void options.mcp.answer(request, response).then(send)
    } else {
      const parameters = new URLSearchParams(search)
      const shown =
        options.page({ method, path, headers }) ?? refuseUndescribed(method, path, parameters)
      if (shown !== undefined) send(shown)
      else if (path === '/api/try') {
        // Never rejects: what fails is part of the answer.
        void options.tryRequests({ method, headers }).then(send)
      } else if (path === '/api/runs' && method === 'POST') {
        void options.importRun(request, response, parameters).then(send)
      } else {
        const { accept, 'if-none-match': ifNoneMatch } = headers
        const isWanted = () => !response.destroyed
        const question = { method, path, parameters, accept, ifNoneMatch, isWanted }
        void options.query(question).then((answer) => answer && send(answer))
      }
    }
  }
}
