import { readParameters, timeForms } from '../parameters.ts'
import { QueryProblem } from '../problem.ts'

/** The requests to include in an overview. */
export type OverviewQuery = {
  readonly runtime: string | undefined
  /** Name of a server span, such as `GET /api/v1/todos/:id`. */
  readonly operation: string | undefined
  /** What operations and series are grouped by: `runtime`, or the name of an attribute of the server span or its resource. */
  readonly by: string
  /** Inclusive; the start of the oldest request when absent. */
  readonly startMillis: number | undefined
  /** Exclusive; now when absent. */
  readonly endMillis: number | undefined
  /** How many stretches of time at the most. */
  readonly buckets: number
}

const bucketsDefault = 60
const bucketsMax = 240

/** What `GET /api/overview` may be asked. */
export const overviewParameters = {
  runtime: { description: 'Series of this runtime alone.' },
  operation: { description: 'Series of this operation alone: the name of a server span.' },
  by: {
    description:
      '`runtime`, or the name of an attribute of server spans or their resource, such as `service.version`.',
    default: 'runtime',
  },
  start: { description: `Requests that began then or later: ${timeForms}.` },
  end: { description: `Requests that began earlier: ${timeForms}.` },
  buckets: {
    description: 'Stretches of time in a series, at the most.',
    type: 'integer',
    minimum: 1,
    maximum: bucketsMax,
    default: bucketsDefault,
  },
} as const

/** @throws QueryProblem 400 that names the parameter. */
export function parseOverviewQuery(given: URLSearchParams): OverviewQuery {
  const parameters = readParameters(given, overviewParameters)
  const startMillis = toMillis(parameters.time('start'))
  const endMillis = toMillis(parameters.time('end'))
  if (startMillis !== undefined && endMillis !== undefined && startMillis >= endMillis) {
    throw new QueryProblem(400, 'end: expected a time after start')
  }
  return {
    runtime: parameters.text('runtime'),
    operation: parameters.text('operation'),
    by: parameters.text('by') ?? 'runtime',
    startMillis,
    endMillis,
    buckets: Math.max(2, parameters.count('buckets', bucketsDefault, bucketsMax)),
  }
}

function toMillis(nanos: bigint | undefined): number | undefined {
  return nanos === undefined ? undefined : Number(nanos / 1_000_000n)
}
