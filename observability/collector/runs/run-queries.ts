import type * as wire from '../../wire/runs.ts'
import { findApiPath } from '../http/openapi/find-api-path.ts'
import { jsonAnswer, noAnswer } from '../query/json-answer.ts'
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

/**
 * Answers questions about runs: `/api/runs`, and those of the query API that name a run by `run`: its id, `last` for the
 * newest but the one under way, or `current`.
 */
export function createRunQueries({ runs, current, createApi }: RunQueriesOptions): QueryApi {
  let asked: { readonly loaded: LoadedRun; readonly api: QueryApi } | undefined

  async function answer(question: Question): Promise<Answer | undefined> {
    const { path, method } = question
    const { name, id = '' } = findApiPath(path) ?? {}
    if (name === '/api/runs') return listRuns()
    if (name === '/api/runs/{id}') return remove(id)
    if (name === '/api/runs/{id}/pin') return pin(id, method === 'PUT')
    const run = question.parameters.get('run')
    // Elsewhere it means nothing to us.
    const isAsked = run !== null && run !== 'current' && path.startsWith('/api/')
    return isAsked ? askEarlier(run, withoutRun(question)) : current(withoutRun(question))
  }

  async function listRuns(): Promise<Answer> {
    const all = (await runs?.list()) ?? []
    const answer: wire.Runs = { isKept: runs !== undefined, runs: all.map(render) }
    return jsonAnswer(answer)
  }

  async function remove(id: string): Promise<Answer> {
    await requireRuns().remove((await find(id)).id)
    return noAnswer
  }

  async function pin(id: string, isPinned: boolean): Promise<Answer> {
    await requireRuns().pin((await find(id)).id, isPinned)
    return noAnswer
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
