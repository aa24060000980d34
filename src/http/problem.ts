import type { Context } from 'hono'
import * as v from 'valibot'

/** The statuses this service answers a failure with. */
export type ProblemStatus = keyof typeof titles

/** One rule that a request broke. */
export type Violation = {
  /** The field of the body or the name of the parameter; empty for the body as a whole. */
  readonly path: string
  readonly message: string
}

type ProblemOptions = {
  readonly errors?: readonly Violation[]
  /** Sent with the answer, such as `allow` with a 405. */
  readonly headers?: Readonly<Record<string, string>>
  /** The cause of a 5xx. Never sent: it is for the log and the trace. */
  readonly cause?: unknown
}

// `about:blank` asks for a title equal to the status phrase (RFC 9457 §4.2.1).
const titles = {
  400: 'Bad Request',
  404: 'Not Found',
  405: 'Method Not Allowed',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  421: 'Misdirected Request',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
} as const

/** Seconds after which a client of an unavailable service may try again. */
const retryAfterSeconds = 1

/** A failure as a client sees it: thrown anywhere in the service, answered in one place. */
export class Problem extends Error {
  readonly status: ProblemStatus
  readonly errors: readonly Violation[]
  readonly headers: Readonly<Record<string, string>>

  constructor(status: ProblemStatus, detail: string, options: ProblemOptions = {}) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'Problem'
    this.status = status
    this.errors = options.errors ?? []
    this.headers = options.headers ?? {}
  }
}

/** The JSON of every error, `application/problem+json` (RFC 9457). */
export const problemSchema = v.pipe(
  v.object({
    type: v.literal('about:blank'),
    title: v.pipe(v.string(), v.description('The phrase of the status.')),
    status: v.pipe(v.number(), v.integer()),
    detail: v.pipe(v.string(), v.description('What came, and what was expected.')),
    errors: v.exactOptional(
      v.pipe(
        v.array(
          v.object({
            path: v.pipe(
              v.string(),
              v.description('Field or parameter; empty for the whole body.'),
            ),
            message: v.string(),
          }),
        ),
        v.description('Every rule that the request broke.'),
      ),
    ),
  }),
  v.metadata({ ref: 'Problem' }),
)

/** The outcome of work whose dependency failed: certainly not done, or unknown. */
export type Outage = 'not-done' | 'unknown'

/** Classifies an error, which only the runtime's driver can; `undefined` if it is no outage. */
export type ReadOutage = (error: unknown) => Outage | undefined

/** A database or the like did not answer. The client is told to try again only where that cannot do the work twice. */
export function createUnavailable(cause: unknown, outage: Outage): Problem {
  if (outage === 'unknown')
    return new Problem(
      503,
      'a dependency did not answer, and the request may still be carried out; look before you repeat it',
      { cause },
    )
  return new Problem(503, 'a dependency cannot be reached right now, try again later', {
    headers: { 'retry-after': String(retryAfterSeconds) },
    cause,
  })
}

/**
 * The answer to the client for anything thrown while handling a request.
 *
 * @returns The error itself if it is a `Problem`; otherwise a 503 or 500 with the error as its cause.
 */
export function toProblem(error: unknown, readOutage: ReadOutage): Problem {
  if (error instanceof Problem) return error
  const outage = readOutage(error)
  if (outage !== undefined) return createUnavailable(error, outage)
  return new Problem(500, 'the service failed to answer; the failure has been recorded', {
    cause: error,
  })
}

/** Answers with a problem through the context, so that headers prepared by middleware are kept. */
export function respondWithProblem(c: Context, problem: Problem): Response {
  const { status, message: detail, errors } = problem
  const body: v.InferOutput<typeof problemSchema> = {
    type: 'about:blank',
    title: titles[status],
    status,
    detail,
    ...(errors.length > 0 && { errors: [...errors] }),
  }
  return c.body(JSON.stringify(body), status, {
    'content-type': 'application/problem+json',
    ...problem.headers,
  })
}
