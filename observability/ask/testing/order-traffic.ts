import {
  buildAttributes,
  buildGroup,
  buildLogRecord,
  buildSpan,
  spanIdOf,
  traceIdOf,
} from '../../collector/testing/build-telemetry.ts'
import type { AnyValue, LogRecord, ResourceLogs, ResourceSpans, Span } from '../../otlp/model.ts'
import { SpanKind, StatusCode } from '../../otlp/model.ts'

/** Which request it is, of all that are planted. */
export type OrderRequest = {
  readonly runtime: (typeof orderRuntimes)[number]
  readonly operation: 'GET /orders' | 'GET /orders/:id' | 'POST /orders'
  /** Counts the requests of one operation on one runtime, from 0. */
  readonly nth: number
}

/** How a request goes. A fault changes some of it for some requests. */
export type Course = {
  readonly version: string
  /** Of each statement. */
  readonly statementMillis: number
  /** Statements that read the items of an order, one order each. */
  readonly itemStatements: number
  /** Of the payment service. */
  readonly chargeMillis: number
  /** Before the first request of an instance. */
  readonly coldStartMillis: number
  readonly status: AnyValue
  /** What was thrown, and where: in the service itself, or while it connected to its database. */
  readonly fault:
    | { readonly at: 'server' | 'connect'; readonly type: string; readonly message: string }
    | undefined
  /** Whether the payment service is told of the trace. */
  readonly isPropagated: boolean
  /** Whether log records tell their trace. */
  readonly isLinked: boolean
}

export const orderRuntimes = ['node', 'workers', 'deno', 'bun', 'lambda'] as const
const operations = ['GET /orders', 'GET /orders/:id', 'POST /orders'] as const
export const requestsEach = 24
const millisBetween = 250

const healthy: Course = {
  version: '2.0.0',
  statementMillis: 3,
  itemStatements: 1,
  chargeMillis: 20,
  coldStartMillis: 0,
  status: 200n,
  fault: undefined,
  isPropagated: true,
  isLinked: true,
}

/** Telemetry of a shop on five runtimes, whose requests ended lately, each with what `plant` changes. */
export function buildOrderTraffic(
  plant: (request: OrderRequest) => Partial<Course>,
  nowMillis: number,
): { readonly spans: readonly ResourceSpans[]; readonly logs: readonly ResourceLogs[] } {
  const spans: ResourceSpans[] = []
  const logs: ResourceLogs[] = []
  let n = 0
  for (let nth = 0; nth < requestsEach; nth += 1) {
    for (const operation of operations) {
      for (const runtime of orderRuntimes) {
        n += 1
        const request = { runtime, operation, nth }
        const course = { ...healthy, ...plant(request) }
        const startMillis = nowMillis - (requestsEach - nth) * millisBetween
        const sent = buildRequest(n, request, course, BigInt(startMillis) * 1_000_000n)
        const shop = {
          service: 'shop',
          runtime,
          more: { 'service.version': course.version, ...preciseClock },
        }
        spans.push(buildGroup(sent.shop, shop))
        logs.push(buildGroup([sent.record], shop))
        if (sent.payments.length > 0)
          spans.push(
            buildGroup(sent.payments, { service: 'payments', runtime: 'node', more: preciseClock }),
          )
      }
    }
  }
  return { spans, logs }
}

const preciseClock = { 'hono.runtime.clock': 'precise' }

type Sent = {
  readonly shop: readonly Span[]
  readonly payments: readonly Span[]
  readonly record: LogRecord
}

function buildRequest(n: number, request: OrderRequest, course: Course, from: bigint): Sent {
  const { operation } = request
  const traceId = traceIdOf(0x5e0000 + n)
  // A little longer or shorter each time, the same in each drill.
  const jitter = 1 + (((n * 7919) % 41) - 20) / 200
  const later = (millis: number) => from + BigInt(Math.round(millis * 1e6))
  let at = 0.4 + course.coldStartMillis
  const spans: Span[] = []
  const id = () => spanIdOf(n * 100 + spans.length + 1)
  const serverId = spanIdOf(n * 100)
  const add = (millis: number, fields: Partial<Span>): Span => {
    const ends = at + millis * jitter
    const ids = { traceId, spanId: id(), parentSpanId: serverId }
    const times = { startNanos: later(at), endNanos: later(ends) }
    const span = buildSpan({ ...ids, ...times, kind: SpanKind.client, ...fields })
    at = ends + 0.2
    spans.push(span)
    return span
  }
  const { fault } = course
  if (fault?.at === 'connect') add(2, connectSpan(fault))
  const payments: Span[] = []
  if (fault === undefined) {
    const verb = operation === 'POST /orders' ? 'INSERT' : 'SELECT'
    add(course.statementMillis, statementSpan(verb, 'orders'))
    if (operation === 'GET /orders')
      for (let item = 0; item < course.itemStatements; item += 1)
        add(course.statementMillis, statementSpan('SELECT', 'items'))
    if (operation === 'POST /orders') {
      const client = add(course.chargeMillis, chargeSpan)
      payments.push(buildCharged(n, client, course.isPropagated))
    }
  }
  const server = buildSpan({
    traceId,
    spanId: serverId,
    name: operation,
    startNanos: from,
    endNanos: later(at + 0.5),
    ...serverSpan(request, course, later(at)),
  })
  return { shop: [server, ...spans], payments, record: buildRecord(server, course) }
}

function serverSpan(
  { operation, nth, runtime }: OrderRequest,
  course: Course,
  failedNanos: bigint,
): Partial<Span> {
  const [method = '', route = ''] = operation.split(' ')
  const { fault, coldStartMillis } = course
  return {
    attributes: buildAttributes({
      'http.request.method': method,
      'http.route': route,
      'url.path': route.replace(':id', String(1000 + nth)),
      'url.scheme': 'http',
      'http.response.status_code': course.status,
      ...(fault && { 'error.type': fault.type }),
      ...(runtime === 'lambda' && { 'faas.coldstart': coldStartMillis > 0 }),
    }),
    status: { code: fault ? StatusCode.error : StatusCode.unset, message: '' },
    events: fault?.at === 'server' ? [exceptionEvent(fault, failedNanos)] : [],
  }
}

type Fault = NonNullable<Course['fault']>

function exceptionEvent({ type, message }: Fault, timeNanos: bigint): Span['events'][number] {
  const attributes = buildAttributes({ 'exception.type': type, 'exception.message': message })
  return { timeNanos, name: 'exception', attributes, droppedAttributesCount: 0 }
}

function connectSpan(fault: Fault): Partial<Span> {
  return {
    name: 'CONNECT shop',
    attributes: buildAttributes({ ...database, 'error.type': fault.type }),
    status: { code: StatusCode.error, message: fault.message },
  }
}

const database = {
  'db.system.name': 'postgresql',
  'db.namespace': 'shop',
  'server.address': 'db.internal',
  'server.port': 5432n,
}

function statementSpan(verb: string, table: string): Partial<Span> {
  return {
    name: `${verb} ${table}`,
    attributes: buildAttributes({
      ...database,
      'db.operation.name': verb,
      'db.collection.name': table,
      'db.query.summary': `${verb} ${table}`,
    }),
  }
}

const charge = { 'http.request.method': 'POST', 'http.response.status_code': 200n }

const chargeSpan: Partial<Span> = {
  name: 'POST',
  attributes: buildAttributes({
    ...charge,
    'url.full': 'http://payments.internal/charge',
    'server.address': 'payments.internal',
    'server.port': 80n,
  }),
}

/** Of the payment service: in the same trace, or in one of its own when nothing told it of that one. */
function buildCharged(n: number, client: Span, isPropagated: boolean): Span {
  return buildSpan({
    traceId: isPropagated ? client.traceId : traceIdOf(0xca0000 + n),
    spanId: spanIdOf(n * 100 + 90),
    parentSpanId: isPropagated ? client.spanId : '',
    name: 'POST /charge',
    startNanos: client.startNanos + 500_000n,
    endNanos: client.endNanos - 500_000n,
    attributes: buildAttributes({
      ...charge,
      'http.route': '/charge',
      'url.path': '/charge',
      'url.scheme': 'http',
    }),
  })
}

function buildRecord(server: Span, { fault, isLinked }: Course): LogRecord {
  return buildLogRecord({
    timeNanos: server.endNanos,
    observedTimeNanos: server.endNanos,
    ...(isLinked && { traceId: server.traceId, spanId: server.spanId }),
    ...(fault && { severityNumber: 17, severityText: 'ERROR' }),
    eventName: fault ? 'request.failed' : 'request.served',
    body: fault ? `request failed: ${fault.message}` : 'request served',
  })
}
