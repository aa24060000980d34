import type { ProblemDocument } from '../../wire/problem.ts'
import type { Answer } from '../receive/respond.ts'

/** A query that cannot be answered, with the reason as a sentence for the client (RFC 9457). */
export class QueryProblem extends Error {
  override readonly name = 'QueryProblem'
  readonly status: keyof typeof titles
  readonly headers: Readonly<Record<string, string>>

  constructor(
    status: keyof typeof titles,
    detail: string,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(detail)
    this.status = status
    this.headers = headers
  }
}

/** The refusal as `application/problem+json`, with the headers that it brings, such as `allow`. */
export function problemAnswer({ status, message, headers }: QueryProblem): Answer {
  const problem: ProblemDocument = {
    type: 'about:blank',
    title: titles[status],
    status,
    detail: message,
  }
  return {
    status,
    headers: { ...headers, 'content-type': 'application/problem+json' },
    body: JSON.stringify(problem),
  }
}

const titles = {
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  409: 'Conflict',
  413: 'Content Too Large',
  421: 'Misdirected Request',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
} as const
