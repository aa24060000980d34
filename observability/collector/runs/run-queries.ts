import type * as wire from '../../wire/runs.ts'
import { jsonAnswer } from '../query/json-answer.ts'
import { expected } from '../query/parameters.ts'
import { problemAnswer, QueryProblem } from '../query/problem.ts'
import type { QueryApi, Question } from '../query/query-api.ts'
import type { Answer } from '../receive/respond.ts'
import type { LoadedRun } from './load-run.ts'
import type { StoredRun } from './run-folder.ts'
import type { Runs } from './runs.ts'

type RunQueriesOptions = {
  /** `undefined` where telemetry is kept in memory alone. */
  readonly runs: Runs | undefined
  /** Answers questions about the run that is under way. */
  readonly current: QueryApi
  /** Answers questions about a run of earlier. */
  readonly createApi: (loaded: LoadedRun, startedMillis: number) => QueryApi
}

/** Questions that may be asked of a run of earlier. */
const ofAnyRun =
  /^\/api\/(?:traces|traces\/[^/]+|logs|logs\/[^/]+|overview|export|services|runtimes|suggestions)$/

/**
 * Answers questions about runs: `/api/runs`, and those of the query API that name a run by `run`: its id, `last` for the
 * newest but the one under way, or `current`.
 */
export function createRunQueries({ runs, current, createApi }: RunQueriesOptions): QueryApi {
  let asked: { readonly loaded: LoadedRun; readonly api: QueryApi } | undefined

  async function answer(question: Question): Promise<Answer | undefined> {
    const { path, method } = question
    if (path === '/api/runs') return listRuns(question)
    const [, id, pin] = /^\/api\/runs\/([^/]+)(\/pin)?$/.exec(path) ?? []
    if (id !== undefined) return changeRun(id, pin !== undefined, method)
    const run = question.parameters.get('run')
    if (run === null || run === 'current') return current(withoutRun(question))
    if (!ofAnyRun.test(path)) throw new QueryProblem(400, `${path} knows no run`)
    if (method !== 'GET' && method !== 'HEAD')
      throw new QueryProblem(405, `expected GET, got ${method}`, { allow: 'GET' })
    return askEarlier(run, withoutRun(question))
  }

  async function listRuns({ method }: Question): Promise<Answer> {
    if (method !== 'GET' && method !== 'HEAD')
      throw new QueryProblem(405, `expected GET or POST, got ${method}`, { allow: 'GET, POST' })
    const all = (await runs?.list()) ?? []
    const answer: wire.Runs = { isKept: runs !== undefined, runs: all.map(render) }
    return jsonAnswer(answer)
  }

  async function changeRun(id: string, isPin: boolean, method: string): Promise<Answer> {
    const kept = requireRuns()
    const isAllowed = method === 'DELETE' || (isPin && method === 'PUT')
    const allow = isPin ? 'PUT, DELETE' : 'DELETE'
    if (!isAllowed) throw new QueryProblem(405, `expected ${allow}, got ${method}`, { allow })
    const run = await find(id)
    if (isPin) await kept.pin(run.id, method === 'PUT')
    else await kept.remove(run.id)
    return { status: 204, headers: {}, body: '' }
  }

  async function askEarlier(name: string, question: Question): Promise<Answer | undefined> {
    const run = await find(name)
    if (run.id === runs?.current.facts.id) return current(question)
    const loaded = await requireRuns().load(run.id)
    if (loaded === undefined) throw notKept(name)
    if (asked?.loaded !== loaded) asked = { loaded, api: createApi(loaded, run.startedMillis) }
    return asked.api(question)
  }

  async function find(name: string): Promise<StoredRun> {
    const all = await requireRuns().list()
    const run =
      name === 'last'
        ? all.find(({ id, importedFrom }) => id !== runs?.current.facts.id && !importedFrom)
        : all.find(({ id }) => id === name)
    if (run === undefined) throw notKept(name)
    return run
  }

  function requireRuns(): Runs {
    if (runs === undefined)
      throw new QueryProblem(404, 'no runs are kept: the collector was started with --no-keep')
    return runs
  }

  function render({ startedMillis, writtenMillis, ...run }: StoredRun): wire.Run {
    return {
      ...run,
      isCurrent: run.id === runs?.current.facts.id,
      startedAt: new Date(startedMillis).toISOString(),
      writtenAt: new Date(writtenMillis).toISOString(),
    }
  }

  return async (question) => {
    try {
      return await answer(question)
    } catch (error) {
      if (error instanceof QueryProblem) return problemAnswer(error)
      throw error
    }
  }
}

function withoutRun(question: Question): Question {
  if (question.parameters.getAll('run').length > 1) throw expected('run', 'one run', 'several')
  const parameters = new URLSearchParams(question.parameters)
  parameters.delete('run')
  return { ...question, parameters }
}

function notKept(name: string): QueryProblem {
  return new QueryProblem(404, `run ${JSON.stringify(name.slice(0, 60))} is not kept, or no longer`)
}
