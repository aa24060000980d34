import type { IncomingHttpHeaders } from 'node:http'
import type { TryResult, TryResults, TryService, TryTargets } from '../../../wire/try.ts'
import { apiPaths } from '../../http/openapi/api-paths.ts'
import { jsonAnswer } from '../../query/json-answer.ts'
import { problemAnswer, QueryProblem } from '../../query/problem.ts'
import type { Answer } from '../../receive/respond.ts'
import { renderTryRequest, type TryPlan, type TryRequest } from './try-plan.ts'

const answerMillisMax = 5_000

/** The header that only a page of our own origin may send: another one would have to ask first, and is never told yes. */
export const tryHeader = apiPaths['/api/try'].POST.header

/**
 * Answers `/api/try`: what there is to send, and sends it on POST.
 *
 * The page itself cannot ask other origins. So the collector does, what it was told at its start and
 * nothing else: requests in turn, services at once, once at a time, 5 s each, answers thrown away.
 */
export function createTry(plan: TryPlan): (request: TryQuestion) => Promise<Answer> {
  let isPlaying = false
  return async ({ method, headers }) => {
    if (method === 'GET' || method === 'HEAD') return jsonAnswer(describe(plan))
    const refusal = findRefusal(headers)
    if (refusal !== undefined) return problemAnswer(new QueryProblem(403, refusal))
    if (isPlaying) return problemAnswer(new QueryProblem(409, 'requests are being sent already'))
    isPlaying = true
    try {
      const results = await Promise.all(plan.services.map((service) => playAll(service, plan)))
      const played: TryResults = { results: results.flat() }
      return jsonAnswer(played)
    } finally {
      isPlaying = false
    }
  }
}

/** What of an HTTP request decides whether it may make the collector send requests. */
export type TryQuestion = { readonly method: string; readonly headers: IncomingHttpHeaders }

/**
 * Why a POST is not from our own page; `undefined` when it is. That it is of no other origin was seen
 * before it came here, by `foreign-origin.ts`.
 */
function findRefusal(headers: IncomingHttpHeaders): string | undefined {
  if (headers[tryHeader.name] === tryHeader.value) return undefined
  return `expected the header ${tryHeader.name}: ${tryHeader.value}`
}

function describe({ services, requests }: TryPlan): TryTargets {
  return { services, requests: requests.map(renderTryRequest) }
}

async function playAll(service: TryService, { requests }: TryPlan): Promise<readonly TryResult[]> {
  const results: TryResult[] = []
  for (const request of requests) {
    const status = await play(service, request)
    results.push({ service: service.name, request: renderTryRequest(request), status })
  }
  return results
}

async function play(
  { url }: TryService,
  { method, path, body }: TryRequest,
): Promise<number | null> {
  try {
    const response = await fetch(`${url}${path}`, {
      method,
      redirect: 'manual',
      signal: AbortSignal.timeout(answerMillisMax),
      ...(body === undefined ? {} : { body, headers: { 'content-type': 'application/json' } }),
    })
    await response.body?.cancel()
    return response.status
  } catch {
    return null
  }
}
