import type { DeclaredDifferences } from '../../wire/known-differences.ts'
import type { LogPage } from '../../wire/logs.ts'
import type { Cleared } from '../../wire/runs.ts'
import type { TracePage } from '../../wire/traces.ts'
import { type ApiPath, apiPaths } from '../http/openapi/api-paths.ts'
import { createOpenApi } from '../http/openapi/create-open-api.ts'
import { findApiPath } from '../http/openapi/find-api-path.ts'
import { renderDirectory } from '../http/openapi/render-directory.ts'
import type { Answer } from '../receive/respond.ts'
import type { Clearing } from '../runs/clearing.ts'
import type { Arrivals } from '../store/arrivals.ts'
import type { LastMetrics } from '../store/last-metrics.ts'
import type { LooseLogs } from '../store/loose-logs.ts'
import type { StoredTrace } from '../store/stored-trace.ts'
import type { TraceStore } from '../store/trace-store.ts'
import type { ArrivalMarks } from './arrival-mark.ts'
import { jsonAnswer, jsonHeaders, noAnswer } from './json-answer.ts'
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
import { exportLimits, parseTraceQuery } from './traces/trace-query.ts'
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
  /** Made when it is first asked for. */
  let openApi: Answer | undefined

  const routes: Routes = {
    '/': {
      GET: () => ({
        status: 200,
        headers: { 'content-type': 'text/plain; charset=utf-8' },
        body: renderDirectory(),
      }),
    },
    '/api/traces': {
      *GET({ parameters }) {
        const query = parseTraceQuery(parameters)
        // Later arrivals are behind the mark, so the next query finds them.
        const arrival = marks.render(arrivals.last)
        const page = yield* searchTraces(traces.list(), query, readSince(query.since))
        return jsonAnswer({ ...page, arrival } satisfies TracePage)
      },
      DELETE: () => jsonAnswer(requireClearing().clear() satisfies Cleared),
    },
    '/api/cleared/{n}': {
      POST: (_, id) => {
        if (requireClearing().undo(id)) return noAnswer
        throw new QueryProblem(
          404,
          'what was cleared is gone: it could be brought back for seconds',
        )
      },
    },
    '/api/traces/{traceId}': {
      GET: ({ ifNoneMatch }, id) => {
        const trace = readTrace(id)
        // A trace that is looked at is asked for again and again, and may be of many megabytes.
        const etag = `"${marks.render(trace.arrival)}"`
        if (ifNoneMatch === etag) return { status: 304, headers: { etag }, body: '' }
        return { status: 200, headers: { ...jsonHeaders, etag }, body: renderTrace(trace) }
      },
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
        return jsonAnswer({ logs, ...page, arrival } satisfies LogPage)
      },
    },
    '/api/logs/{id}': {
      *GET(_, id) {
        const arrival = marks.parse(id, 'log id')
        const record = yield* findLogRecord(traces.list(), looseLogs.list(), arrival)
        if (record === undefined) {
          throw new QueryProblem(404, `log record ${id} is not stored, or no longer`)
        }
        return { status: 200, headers: jsonHeaders, body: renderWholeLogRecord(record) }
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
        if (id !== null) readParameters(parameters, exportOfOne)
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
      GET: () =>
        jsonAnswer(
          options.metrics === undefined
            ? { metrics: [], evictedPoints: 0 }
            : listMetrics(options.metrics),
        ),
    },
    '/api/known-differences': { GET: () => jsonAnswer(options.declared) },
    '/api/status': { GET: () => jsonAnswer(options.readStatus()) },
    '/api/openapi.json': {
      GET: () => {
        openApi ??= jsonAnswer(createOpenApi())
        return openApi
      },
    },
    '/metrics': {
      GET: ({ accept }) => {
        const { contentType, body } = options.renderMetrics(accept)
        return { status: 200, headers: { 'content-type': contentType }, body }
      },
    },
  }

  function* findTraces(parameters: URLSearchParams): Steps<Iterable<StoredTrace>> {
    if (parameters.size === 0) return traces.list()
    const query = parseTraceQuery(parameters, exportLimits)
    const found = yield* searchTraces(traces.list(), query, readSince(query.since))
    // What was evicted while it was looked for is no longer there to be exported.
    return found.traces
      .map(({ traceId }) => traces.read(traceId))
      .filter((trace) => trace !== undefined)
  }

  function requireClearing(): Clearing {
    if (options.clearing !== undefined) return options.clearing
    throw new QueryProblem(404, 'a run of earlier is not cleared, but deleted')
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
    return function* () {
      return jsonAnswer({ [`${by}s`]: yield* listSources(by, traces.list(), looseLogs.list()) })
    }
  }

  const byPath: Readonly<Record<string, Readonly<Record<string, Handler>>>> = routes
  function* answer(question: Question): Steps<Answer> {
    const { name = '', id = '' } = findApiPath(question.path) ?? {}
    const byMethod: Readonly<Record<string, Handler>> | undefined = byPath[name]
    const handler = byMethod?.[question.method === 'HEAD' ? 'GET' : question.method]
    if (handler === undefined) throw new QueryProblem(404, `nothing is at ${question.path}`)
    const given = handler(question, id)
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

type Handler = (question: Question, id: string) => Answer | Steps<Answer>

type ElsewherePath = '/ready' | '/api/try' | '/api/runs' | `/api/runs/${string}`
/** What the document describes is answered here, but for paths that have their own handlers, and nothing else. */
type Routes = {
  readonly [P in Exclude<ApiPath, ElsewherePath>]: {
    readonly [M in keyof (typeof apiPaths)[P]]: Handler
  }
}

const exportOfOne = { trace: apiPaths['/api/export'].GET.parameters.trace }

const exportHeaders = {
  'content-type': 'application/x-ndjson',
  'content-disposition': 'attachment; filename="telemetry.otlp.jsonl"',
} as const
