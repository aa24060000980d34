import { type TraceSort, traceSorts } from '../../../wire/spans/trace-order.ts'
import type { Where } from '../../../wire/where/where.ts'
import { expected, readParameters, timeForms, whereForm } from '../parameters.ts'

/** Conditions for traces. An absent condition holds for every trace. */
export type TraceQuery = {
  readonly runtime: string | undefined
  readonly service: string | undefined
  readonly route: string | undefined
  /** Name of a span. */
  readonly operation: string | undefined
  readonly status: StatusCondition | undefined
  readonly minDurationMillis: number | undefined
  /** Inclusive, of a span that fulfils the conditions above but the duration. */
  readonly spanStartNanos: bigint | undefined
  /** Exclusive, of the same span. */
  readonly spanEndNanos: bigint | undefined
  /** Inclusive, of the earliest span. */
  readonly startNanos: bigint | undefined
  /** Exclusive, of the earliest span. */
  readonly endNanos: bigint | undefined
  readonly text: string | undefined
  /** Conditions on a span that fulfils those above but the duration. */
  readonly where: Where
  /** Mark of an arrival: something of the trace came after it. See `arrival-mark.ts`. */
  readonly since: string | undefined
  readonly sort: TraceSort
  readonly limit: number
  readonly after: Cursor | undefined
}

/** A condition on a trace's status: of its spans, of its HTTP answer, or a failure of the server. */
export type StatusCondition =
  | { readonly kind: 'span'; readonly status: 'ok' | 'error' | 'unset' }
  /** Both inclusive: 404 to 404, or 500 to 599. */
  | { readonly kind: 'http'; readonly min: number; readonly max: number }
  /** 500 to 599, and a server span that failed before it had a status. */
  | { readonly kind: 'server-error' }

/** The last trace of the page before, by its number in the order: the next page begins behind it. */
export type Cursor = { readonly order: bigint; readonly traceId: string }

/** Of a list that somebody looks at. */
const listLimits = { limitDefault: 20, limitMax: 500 }
/** Of a file, which has all unless told otherwise. */
export const exportLimits = { limitDefault: Number.POSITIVE_INFINITY, limitMax: 1_000_000 }

/** What `GET /api/traces` may be asked. */
export const traceParameters = {
  runtime: { description: 'Name of a runtime, such as `workers`.' },
  service: { description: '`service.name`.' },
  route: { description: '`http.route`, such as `/api/v1/todos/:id`.' },
  operation: { description: 'Name of a span.' },
  status: {
    description: '`ok`, `error` or `unset`; an HTTP status such as `404`; `4xx`, or `5xx`.',
  },
  minDurationMillis: { description: 'Of the whole trace.', type: 'number', minimum: 0 },
  start: { description: `The trace began then or later: ${timeForms}.` },
  end: { description: `The trace began earlier: ${timeForms}.` },
  spanStart: { description: `As \`start\`, of the span that fulfils the other conditions.` },
  spanEnd: { description: `As \`end\`, of the span that fulfils the other conditions.` },
  text: { description: 'Occurs in a name, a value or a log record, in upper or lower case.' },
  where: { description: whereForm },
  since: { description: 'The `arrival` of an answer: what came after it.' },
  sort: {
    description: 'The newest, the longest, or those of the most spans first.',
    enum: traceSorts,
    default: 'time',
  },
  limit: {
    description: 'Traces on a page.',
    type: 'integer',
    minimum: 1,
    maximum: listLimits.limitMax,
    default: listLimits.limitDefault,
  },
  cursor: { description: 'The `nextCursor` of an answer: continues it.' },
} as const

/** @throws QueryProblem 400 that names the parameter. */
export function parseTraceQuery(
  given: URLSearchParams,
  { limitDefault, limitMax } = listLimits,
): TraceQuery {
  const parameters = readParameters(given, traceParameters)
  return {
    runtime: parameters.text('runtime'),
    service: parameters.text('service'),
    route: parameters.text('route'),
    operation: parameters.text('operation'),
    status: parseStatus(parameters.text('status')),
    minDurationMillis: parameters.amount('minDurationMillis'),
    startNanos: parameters.time('start'),
    endNanos: parameters.time('end'),
    spanStartNanos: parameters.time('spanStart'),
    spanEndNanos: parameters.time('spanEnd'),
    text: parameters.text('text'),
    where: parameters.where('where'),
    since: parameters.text('since'),
    sort: parameters.oneOf('sort', traceSorts) ?? 'time',
    limit: parameters.count('limit', limitDefault, limitMax),
    after: parseCursor(parameters.text('cursor')),
  }
}

/** Text for the parameter `cursor`: what the page's last trace is sorted by, and its id. */
export function renderCursor({ order, traceId }: Cursor): string {
  return `${order}-${traceId}`
}

function parseCursor(text: string | undefined): Cursor | undefined {
  if (text === undefined) return undefined
  const [, order, traceId] = /^(\d{1,40})-([0-9a-f]{32})$/.exec(text) ?? []
  if (order === undefined || traceId === undefined) {
    throw expected('cursor', 'the nextCursor of an answer', text)
  }
  return { order: BigInt(order), traceId }
}

function parseStatus(text: string | undefined): StatusCondition | undefined {
  if (text === undefined) return undefined
  if (text === 'ok' || text === 'error' || text === 'unset') return { kind: 'span', status: text }
  if (/^5xx$/i.test(text)) return { kind: 'server-error' }
  if (/^[1-4]xx$/i.test(text)) {
    const hundreds = Number(text[0]) * 100
    return { kind: 'http', min: hundreds, max: hundreds + 99 }
  }
  if (/^[1-5]\d\d$/.test(text)) return { kind: 'http', min: Number(text), max: Number(text) }
  throw expected('status', 'ok, error, unset, an HTTP status such as 404, or 5xx', text)
}
