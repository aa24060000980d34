import type { ErrorHandler } from 'hono'
import type { Logger } from '../logger.ts'
import { type Problem, type ReadOutage, respondWithProblem, toProblem } from './problem.ts'

/**
 * Turns any error of a route into an answer, and logs it.
 *
 * Afterwards Hono's `c.error` holds the cause of a 5xx and is `undefined` for a 4xx, so an observer may record
 * `c.error` unchanged.
 */
export function createErrorHandler(log: Logger, readOutage: ReadOutage): ErrorHandler {
  return (error, c) => {
    const problem = toProblem(error, readOutage)
    const broken = problem.status >= 500 ? (problem.cause ?? error) : undefined
    c.error = broken === undefined || broken instanceof Error ? broken : error
    logProblem(log, problem, broken)
    return respondWithProblem(c, problem)
  }
}

function logProblem(log: Logger, { status, errors }: Problem, error: unknown): void {
  switch (status) {
    case 500:
      log({ severity: 'error', event: 'request.failed', message: 'request failed', error })
      break
    case 503:
      log({
        severity: 'error',
        event: 'dependency.unavailable',
        message: 'dependency unavailable',
        error,
      })
      break
    case 400:
    case 413:
    case 415:
      log({
        severity: 'warn',
        event: 'request.invalid',
        message: 'request invalid',
        attributes: {
          'problem.status': status,
          // Paths are names from our own schemas: no text of a client gets in.
          ...(errors.length > 0 && { 'problem.paths': errors.map(({ path }) => path).join(',') }),
        },
      })
      break
    default:
    // An unknown route or method says something about its caller, nothing about the service.
  }
}
