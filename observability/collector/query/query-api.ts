import type { DeclaredDifferences } from '../../wire/known-differences.ts'
import type { Answer } from '../receive/respond.ts'
import type { Clearing } from '../runs/clearing.ts'
import type { Arrivals } from '../store/arrivals.ts'
import type { LastMetrics } from '../store/last-metrics.ts'
import type { LooseLogs } from '../store/loose-logs.ts'
import type { StoredTrace } from '../store/stored-trace.ts'
import type { TraceStore } from '../store/trace-store.ts'
import type { ArrivalMarks } from './arrival-mark.ts'
import { jsonAnswer, jsonHeaders } from './json-answer.ts'
import { listMetrics } from './lists/list-metrics.ts'
import { listSources } from './lists/list-sources.ts'
import { listSuggestions, parseSuggestionQuery } from './lists/list-suggestions.ts'
import { parseLogQuery, parseTraceId } from './logs/log-query.ts'
import { renderLogRecord, renderWholeLogRecord } from './logs/render-log-record.ts'
import { findLogRecord, searchLogs } from './logs/search-logs.ts'
import { createOverview } from './overview/overview.ts'
import { parseOverviewQuery } from './overview/overview-query.ts'
import { readParameters } from './parameters.ts'
import { problemAnswer, QueryProblem } from './problem.ts'
import { exportTraces } from './traces/export-traces.ts'
import { renderTrace } from './traces/render-trace.ts'
import { searchTraces } from './traces/search-traces.ts'
import { parseTraceQuery } from './traces/trace-query.ts'
import { createTurns, type Steps } from './turns.ts'

type QueryApiOptions = {
  readonly traces: TraceStore
  readonly looseLogs: LooseLogs
  readonly arrivals: Arrivals
  readonly marks: ArrivalMarks
  /** Those that services send; a run of earlier has none. */
  readonly metrics?: LastMetrics
  /** The answer of `/api/status`. */
  readonly readStatus: () => object
  readonly declared: DeclaredDifferences
  /** Forgets everything; a run of earlier cannot be cleared. */
  readonly clearing?: Clearing
  /** The answer of `/metrics`, in a format that suits an `Accept` header. */
  readonly renderMetrics: (accept: string | undefined) => { contentType: string; body: string }
  /** Questions under way at one time that take long; see `turns.ts`. */
  readonly questionsMax: number
  readonly log: (line: string) => void
}

/**
 * Answers queries about the store; `undefined` if the client no longer waits. Never rejects: a query that it cannot
 * answer gives a problem document.
 */
export type QueryApi = (question: Question) => Promise<Answer | undefined>

/** A request to the query API, independent of `node:http`. */
export type Question = {
  readonly method: string
  readonly path: string
  readonly parameters: URLSearchParams
  readonly accept: string | undefined
  /** The `etag` of the answer that the client already has. */
  readonly ifNoneMatch?: string | undefined
  /** Whether the client still waits for the answer. */
  readonly isWanted: () => boolean
}

/** Routes of all queries over one pair of stores; long queries take turns, at most `questionsMax` at a time. */
export function createQueryApi(options: QueryApiOptions): QueryApi {
  const { traces, looseLogs, arrivals, marks, log } = options
  const turns = createTurns(options.questionsMax)

  const routes: Readonly<Record<string, Route>> = {
    '/': {
      GET: () => ({
        status: 200,
        headers: { 'content-type': 'text/plain; charset=utf-8' },
        body: directory,
      }),
    },
    '/api/traces': {
      *GET({ parameters }) {
        const query = parseTraceQuery(parameters)
        // Later arrivals are behind the mark, so the next query finds them.
        const arrival = marks.render(arrivals.last)
        const page = yield* searchTraces(traces.list(), query, readSince(query.since))
        return jsonAnswer({ ...page, arrival })
      },
      ...(options.clearing && { DELETE: clearWith(options.clearing) }),
    },
    '/api/logs': {
      *GET({ parameters }) {
        const query = parseLogQuery(parameters)
        const arrival = marks.render(arrivals.last)
        const { traceId } = query
        const trace = traceId === undefined ? undefined : traces.read(traceId)
        const since = readSince(query.since)
        const { records, ...page } = yield* traceId === undefined
          ? searchLogs(traces.list(), looseLogs.list(), query, since)
          : searchLogs(trace === undefined ? [] : [trace], [], query, since)
        const logs = records.map((record) => renderLogRecord(record, marks.render(record.arrival)))
        return jsonAnswer({ logs, ...page, arrival })
      },
    },
    '/api/overview': {
      *GET({ parameters }) {
        const query = parseOverviewQuery(parameters)
        return jsonAnswer(yield* createOverview(traces.list(), query, Date.now()))
      },
    },
    '/api/export': {
      *GET({ parameters }) {
        const id = parameters.get('trace')
        if (id !== null) readParameters(parameters, ['trace'])
        const body = yield* exportTraces(
          id === null ? yield* findTraces(parameters) : [readTrace(id)],
          parameters.size === 0 ? looseLogs.list() : [],
        )
        return { status: 200, headers: exportHeaders, body }
      },
    },
    '/api/suggestions': {
      *GET({ parameters }) {
        const query = parseSuggestionQuery(parameters)
        return jsonAnswer(yield* listSuggestions(traces.list(), looseLogs.list(), query))
      },
    },
    '/api/services': { GET: listBy('service') },
    '/api/runtimes': { GET: listBy('runtime') },
    '/api/metrics': {
      GET: ({ parameters }) => {
        readParameters(parameters, [])
        return jsonAnswer(
          options.metrics === undefined
            ? { metrics: [], evictedPoints: 0 }
            : listMetrics(options.metrics),
        )
      },
    },
    '/api/known-differences': { GET: () => jsonAnswer(options.declared) },
    '/api/status': { GET: () => jsonAnswer(options.readStatus()) },
    '/metrics': {
      GET: ({ accept }) => {
        const { contentType, body } = options.renderMetrics(accept)
        return { status: 200, headers: { 'content-type': contentType }, body }
      },
    },
  }

  function* findTraces(parameters: URLSearchParams): Steps<Iterable<StoredTrace>> {
    if (parameters.size === 0) return traces.list()
    const query = { ...parseTraceQuery(parameters), limit: Number.POSITIVE_INFINITY }
    const found = yield* searchTraces(traces.list(), query, readSince(query.since))
    // What was evicted while it was looked for is no longer there to be exported.
    return found.traces
      .map(({ traceId }) => traces.read(traceId))
      .filter((trace) => trace !== undefined)
  }

  function readTrace(id: string): StoredTrace {
    const traceId = parseTraceId(id, 'trace id')
    const trace = traces.read(traceId)
    if (trace === undefined)
      throw new QueryProblem(404, `trace ${traceId} is not stored, or no longer`)
    return trace
  }

  function readSince(mark: string | undefined): number {
    return mark === undefined ? 0 : marks.parse(mark, 'since')
  }

  function listBy(by: 'service' | 'runtime'): Handler {
    return function* ({ parameters }) {
      readParameters(parameters, [])
      return jsonAnswer({ [`${by}s`]: yield* listSources(by, traces.list(), looseLogs.list()) })
    }
  }

  const readTraceRoute = (path: string): Route | undefined => {
    const [, id] = /^\/api\/traces\/([^/]*)$/.exec(path) ?? []
    if (id === undefined) return undefined
    return {
      GET: ({ parameters, ifNoneMatch }) => {
        readParameters(parameters, [])
        const trace = readTrace(id)
        // A trace that is looked at is asked for again and again, and may be of many megabytes.
        const etag = `"${marks.render(trace.arrival)}"`
        if (ifNoneMatch === etag) return { status: 304, headers: { etag }, body: '' }
        return { status: 200, headers: { ...jsonHeaders, etag }, body: renderTrace(trace) }
      },
    }
  }

  const readClearedRoute = (path: string): Route | undefined => {
    const [, id] = /^\/api\/cleared\/([^/]+)$/.exec(path) ?? []
    if (id === undefined) return undefined
    return {
      POST: ({ parameters }) => {
        readParameters(parameters, [])
        if (options.clearing?.undo(id) === true) return { status: 204, headers: {}, body: '' }
        throw new QueryProblem(
          404,
          'what was cleared is gone: it could be brought back for seconds',
        )
      },
    }
  }

  const readRecordRoute = (path: string): Route | undefined => {
    const [, id] = /^\/api\/logs\/([^/]+)$/.exec(path) ?? []
    if (id === undefined) return undefined
    return {
      *GET({ parameters }) {
        readParameters(parameters, [])
        const arrival = marks.parse(id, 'log id')
        const record = yield* findLogRecord(traces.list(), looseLogs.list(), arrival)
        if (record === undefined) {
          throw new QueryProblem(404, `log record ${id} is not stored, or no longer`)
        }
        return { status: 200, headers: jsonHeaders, body: renderWholeLogRecord(record) }
      },
    }
  }

  function* answer(question: Question): Steps<Answer> {
    const route = Object.hasOwn(routes, question.path)
      ? routes[question.path]
      : (readTraceRoute(question.path) ??
        readRecordRoute(question.path) ??
        readClearedRoute(question.path))
    const given = handle(route, question)
    return 'status' in given ? given : yield* given
  }

  return async (question) => {
    try {
      return await turns.run(answer(question), question.isWanted)
    } catch (error) {
      if (error instanceof QueryProblem) return problemAnswer(error)
      log(`a question failed: ${error instanceof Error ? error.stack : String(error)}`)
      return problemAnswer(new QueryProblem(500, 'the collector failed on this question'))
    }
  }
}

type Handler = (question: Question) => Answer | Steps<Answer>
type Route = Readonly<Partial<Record<Method, Handler>>>

const methods = ['GET', 'POST', 'DELETE'] as const
type Method = (typeof methods)[number]

function clearWith(clearing: Clearing): Handler {
  return ({ parameters }) => {
    readParameters(parameters, [])
    return jsonAnswer(clearing.clear())
  }
}

function handle(route: Route | undefined, question: Question): Answer | Steps<Answer> {
  if (route === undefined) throw new QueryProblem(404, `nothing is at ${question.path}`)
  // HEAD is GET whose body is not sent, which is the server's affair.
  const wanted = question.method === 'HEAD' ? 'GET' : question.method
  const method = methods.find((known) => known === wanted)
  const handler = method === undefined ? undefined : route[method]
  if (handler === undefined) {
    const allow = Object.keys(route).join(', ')
    throw new QueryProblem(405, `expected ${allow}, got ${question.method}`, { allow })
  }
  return handler(question)
}

const exportHeaders = {
  'content-type': 'application/x-ndjson',
  'content-disposition': 'attachment; filename="telemetry.otlp.jsonl"',
} as const

const directory = `An OpenTelemetry collector. In a browser this address is a page.

POST /v1/traces /v1/logs /v1/metrics   OTLP/HTTP, JSON or protobuf
GET  /api/traces                       newest first; runtime, service, route, operation, status,
                                       minDurationMillis, start, end, spanStart, spanEnd, text,
                                       where, sort, since, limit, cursor
GET  /api/traces/{traceId}             one trace with its log records, as OTLP/JSON
GET  /api/logs                         newest first; traceId, severity, runtime, service, event,
                                       text, where, start, end, since, limit, cursor
GET  /api/logs/{id}                    one log record, as OTLP/JSON
GET  /api/export                       traces and log records as a file of OTLP/JSON lines; trace, or
                                       the conditions of /api/traces
GET  /api/runs                         what is kept of earlier starts; POST imports a file of OTLP
DELETE /api/runs/{id}                  forget one; PUT and DELETE /api/runs/{id}/pin keep it or not
                                       run={id}, or run=last, asks any of these about such a run
GET  /api/services /api/runtimes       who sends
GET  /api/suggestions                  names of attributes, or the values of one, for where; of, name, text
GET  /api/metrics                      last values of the metrics that services send
GET  /api/overview                     rate, errors and quantiles of server spans; runtime, operation,
                                       by, start, end, buckets
GET  /api/known-differences            between runtimes, as they were declared
GET  /api/status                       counts and bounds
GET  /api/try                          requests that may be sent to services, POST sends them
DELETE /api/traces                     forget all traces and log records; POST to the path that it answers
                                       brings them back, for 10 seconds
GET  /metrics                          span metrics for Prometheus
GET  /ready                            200 while it answers
`
