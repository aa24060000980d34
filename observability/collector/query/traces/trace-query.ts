import { type TraceSort, traceSorts } from '../../../wire/trace/trace-order.ts'
import type { Where } from '../../../wire/where/where.ts'
import { expected, readParameters } from '../parameters.ts'

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

const traceParameters = [
  'runtime',
  'service',
  'route',
  'operation',
  'status',
  'minDurationMillis',
  'start',
  'end',
  'spanStart',
  'spanEnd',
  'text',
  'where',
  'since',
  'sort',
  'limit',
  'cursor',
]

const limitDefault = 20
const limitMax = 500

/** @throws QueryProblem 400 that names the parameter. */
export function parseTraceQuery(given: URLSearchParams): TraceQuery {
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
