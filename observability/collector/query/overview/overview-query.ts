import { readParameters } from '../parameters.ts'
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

const overviewParameters = ['runtime', 'operation', 'by', 'start', 'end', 'buckets']
const bucketsDefault = 60
const bucketsMax = 240

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
