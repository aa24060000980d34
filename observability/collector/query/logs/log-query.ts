import type { Severity } from '../../../wire/severity.ts'
import { severities } from '../../../wire/severity.ts'
import type { Where } from '../../../wire/where/where.ts'
import { expected, readParameters, timeForms, whereForm } from '../parameters.ts'

/** Conditions for log records. An absent condition holds for every log record. */
export type LogQuery = {
  readonly traceId: string | undefined
  /** At least. */
  readonly severity: Severity | undefined
  readonly runtime: string | undefined
  readonly service: string | undefined
  readonly text: string | undefined
  readonly where: Where
  /** Name of an event. */
  readonly event: string | undefined
  /** Inclusive. */
  readonly startNanos: bigint | undefined
  /** Exclusive. */
  readonly endNanos: bigint | undefined
  /** Mark of an arrival: the record came after it. See `arrival-mark.ts`. */
  readonly since: string | undefined
  readonly limit: number
  readonly after: LogCursor | undefined
}

/** The last record of the page before: the next page begins behind it. */
export type LogCursor = { readonly timeNanos: bigint; readonly arrival: number }

const limitDefault = 100
const limitMax = 1_000

/** What `GET /api/logs` may be asked. */
export const logParameters = {
  traceId: { description: '32 hex digits.' },
  severity: { description: 'This severe, or more.', enum: severities },
  runtime: { description: 'Name of a runtime, such as `workers`.' },
  service: { description: '`service.name`.' },
  text: { description: 'Occurs in the body or in a value, in upper or lower case.' },
  where: { description: whereForm },
  event: { description: 'Name of an event.' },
  start: { description: `It happened then or later: ${timeForms}.` },
  end: { description: `It happened earlier: ${timeForms}.` },
  since: { description: 'The `arrival` of an answer: what came after it.' },
  limit: {
    description: 'Log records on a page.',
    type: 'integer',
    minimum: 1,
    maximum: limitMax,
    default: limitDefault,
  },
  cursor: { description: 'The `nextCursor` of an answer: continues it.' },
} as const

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
    where: parameters.where('where'),
    event: parameters.text('event'),
    startNanos: parameters.time('start'),
    endNanos: parameters.time('end'),
    since: parameters.text('since'),
    limit: parameters.count('limit', limitDefault, limitMax),
    after: parseCursor(parameters.text('cursor')),
  }
}

/**
 * Text for the parameter `cursor`, such as `1764313200000000000-42`: the record's time in nanoseconds and its arrival
 * number.
 */
export function renderLogCursor({ timeNanos, arrival }: LogCursor): string {
  return `${timeNanos}-${arrival}`
}

function parseCursor(text: string | undefined): LogCursor | undefined {
  if (text === undefined) return undefined
  const [, timeNanos, arrival] = /^(\d{1,20})-(\d{1,15})$/.exec(text) ?? []
  if (timeNanos === undefined || arrival === undefined) {
    throw expected('cursor', 'the nextCursor of an answer', text)
  }
  return { timeNanos: BigInt(timeNanos), arrival: Number(arrival) }
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
