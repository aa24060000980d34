import {
  type AnyValue,
  type Attribute,
  type LogRecord,
  type Resource,
  type ResourceGroup,
  type Span,
  SpanKind,
} from '../../otlp/model.ts'
import type { OperationResult, Repetition } from '../operations/operation-result.ts'
import { createTraceTree, type TraceTreeOptions } from '../trace/create-trace-tree.ts'
import type { TraceTree } from '../trace/trace-tree.ts'

/** A request in this folder's tests: a server span, its work, its log records. */
export type Request = {
  readonly spans: readonly Span[]
  readonly logs: readonly LogRecord[]
  readonly resource: Resource
}

export const traceId = '0af7651916cd43dd8448eb211c80319c'

/** The base that every planted difference is planted into. */
export const server = createSpan({
  spanId: '00000000000000a1',
  name: 'GET /api/v1/todos/:id',
  kind: SpanKind.server,
  startNanos: 1_000_000n,
  endNanos: 9_000_000n,
  attributes: createAttributes({
    'http.request.method': 'GET',
    'http.route': '/api/v1/todos/:id',
    'http.response.status_code': 200n,
    'url.path': '/api/v1/todos/1b671a64-40d5-491e-99b0-da01ff1f3341',
    'server.port': 8001n,
  }),
})

export const connect = createSpan({
  spanId: '00000000000000a2',
  parentSpanId: server.spanId,
  name: 'CONNECT todos',
  kind: SpanKind.client,
  startNanos: 2_000_000n,
  endNanos: 3_000_000n,
  attributes: createAttributes({ 'db.system.name': 'postgresql', 'db.namespace': 'todos' }),
})

export const select = createSpan({
  spanId: '00000000000000a3',
  parentSpanId: server.spanId,
  name: 'SELECT todos',
  kind: SpanKind.client,
  startNanos: 4_000_000n,
  endNanos: 8_000_000n,
  attributes: createAttributes({
    'db.system.name': 'postgresql',
    'db.operation.name': 'SELECT',
    'db.collection.name': 'todos',
    'db.query.text': 'select * from "todos" where "id" = $1',
    'db.response.returned_rows': 1n,
  }),
  events: [
    {
      timeNanos: 5_000_000n,
      name: 'db.connection.acquired',
      attributes: createAttributes({ 'db.client.connection.state': 'used' }),
      droppedAttributesCount: 0,
    },
  ],
})

export const record = createLog({
  eventName: 'todo.retrieved',
  body: 'todo retrieved',
  spanId: server.spanId,
  timeNanos: 8_500_000n,
  attributes: createAttributes({
    'todo.id': '1b671a64-40d5-491e-99b0-da01ff1f3341',
    'todo.count': 1n,
  }),
})

export const resource = createResource({ 'service.name': 'todo-api', 'process.pid': 7n })

export const request: Request = { spans: [server, connect, select], logs: [record], resource }

export function buildTrace(
  { spans, logs, resource: from }: Request = request,
  options: TraceTreeOptions = {},
): TraceTree {
  return createTraceTree([createGroup(spans, from)], [createGroup(logs, from)], options)
}

export function createGroup<T>(items: readonly T[], from: Resource): ResourceGroup<T> {
  const scope = { name: 'test', version: '', attributes: [], droppedAttributesCount: 0 }
  return { resource: from, schemaUrl: '', scopes: [{ scope, schemaUrl: '', items }] }
}

export function createSpan(own: Partial<Span>): Span {
  return {
    traceId,
    spanId: '00000000000000ff',
    parentSpanId: '',
    traceState: '',
    flags: 1,
    name: 'span',
    kind: SpanKind.internal,
    startNanos: 0n,
    endNanos: 0n,
    attributes: [],
    droppedAttributesCount: 0,
    events: [],
    droppedEventsCount: 0,
    links: [],
    droppedLinksCount: 0,
    status: { code: 0, message: '' },
    ...own,
  }
}

export function createLog(own: Partial<LogRecord>): LogRecord {
  return {
    timeNanos: 0n,
    observedTimeNanos: 0n,
    severityNumber: 9,
    severityText: 'INFO',
    body: '',
    attributes: [],
    droppedAttributesCount: 0,
    flags: 1,
    traceId,
    spanId: '',
    eventName: '',
    ...own,
  }
}

export function createResource(attributes: Readonly<Record<string, AnyValue>>): Resource {
  return { attributes: createAttributes(attributes), droppedAttributesCount: 0 }
}

export function createAttributes(values: Readonly<Record<string, AnyValue>>): readonly Attribute[] {
  return Object.entries(values).map(([key, value]) => ({ key, value }))
}

/** The same with some attributes set, or taken away where the value is `undefined`. */
export function change<T extends { readonly attributes: readonly Attribute[] }>(
  item: T,
  values: Readonly<Record<string, AnyValue | undefined>>,
): T {
  const kept = item.attributes.filter(({ key }) => !(key in values))
  const set = Object.entries(values).flatMap(([key, value]) =>
    value === undefined ? [] : [{ key, value }],
  )
  return { ...item, attributes: [...kept, ...set] }
}

/** The base request with some spans replaced or added. */
export function withSpans(...changed: readonly Span[]): Request {
  const byId = new Map(request.spans.map((span) => [span.spanId, span]))
  for (const span of changed) byId.set(span.spanId, span)
  return { ...request, spans: [...byId.values()] }
}

/** A result whose repetitions are all alike but for how long they took. */
export type AlikeResult = Omit<OperationResult, 'repetitions'> &
  Pick<Repetition, 'answer' | 'trace' | 'fault'> & { readonly durationsMillis: readonly number[] }

/** With no durations there is one repetition, which was not measured. */
export function createResult({
  operation,
  runtime,
  answer,
  trace,
  fault = null,
  durationsMillis,
}: AlikeResult): OperationResult {
  const durations = durationsMillis.length > 0 ? durationsMillis : [null]
  const repetitions = durations.map((clientMillis) => ({ answer, trace, clientMillis, fault }))
  return { operation, runtime, repetitions }
}
