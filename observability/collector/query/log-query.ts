import { expected, readParameters } from './parameters.ts'
import { type Severity, severities } from './severity.ts'

/** What is looked for. An absent condition is fulfilled by every log record. */
export type LogQuery = {
  readonly traceId: string | undefined
  /** At least. */
  readonly severity: Severity | undefined
  readonly runtime: string | undefined
  readonly service: string | undefined
  readonly text: string | undefined
  /** Name of an event. */
  readonly event: string | undefined
  /** Inclusive. */
  readonly startNanos: bigint | undefined
  /** Exclusive. */
  readonly endNanos: bigint | undefined
  readonly limit: number
}

const logParameters = [
  'traceId',
  'severity',
  'runtime',
  'service',
  'text',
  'event',
  'start',
  'end',
  'limit',
]

const limitDefault = 100
const limitMax = 1_000

/** @throws QueryProblem 400 that names the parameter. */
export function parseLogQuery(given: URLSearchParams): LogQuery {
  const parameters = readParameters(given, logParameters)
  const traceId = parameters.text('traceId')
  return {
    traceId: traceId === undefined ? undefined : parseTraceId(traceId, 'traceId'),
    severity: parameters.oneOf('severity', severities),
    runtime: parameters.text('runtime'),
    service: parameters.text('service'),
    text: parameters.text('text'),
    event: parameters.text('event'),
    startNanos: parameters.time('start'),
    endNanos: parameters.time('end'),
    limit: parameters.count('limit', limitDefault, limitMax),
  }
}

/**
 * A trace id in either letter case, as the store knows it: in lower case.
 *
 * @throws QueryProblem 400
 */
export function parseTraceId(text: string, name: string): string {
  if (!/^[0-9a-f]{32}$/i.test(text)) throw expected(name, '32 hex digits', text)
  return text.toLowerCase()
}
