import { describe, expect, test } from 'vitest'
import { type Span, SpanKind } from '../../otlp/model.ts'
import { compareOperations } from '../operations/compare-operations.ts'
import {
  type AlikeResult,
  buildTrace,
  change,
  connect,
  createAttributes,
  createGroup,
  createLog,
  createResult,
  createSpan,
  type Request,
  record,
  request,
  resource,
  select,
  server,
  withSpans,
} from '../testing/trace-fixture.ts'
import { createTraceTree } from '../trace/create-trace-tree.ts'
import type { Answer } from './answers.ts'
import { type Difference, type DifferenceKind, renderDifference } from './difference.ts'

/** One way to make a runtime differ, and the one line that must come of it. */
type Plant = {
  readonly reference?: Partial<AlikeResult> | null
  readonly runtime?: Partial<AlikeResult> | null
  readonly line: string
  /** What is said of the reference itself, where it is the reference that lacks something. */
  readonly besides?: readonly string[]
}

const answer: Answer = {
  status: 200,
  headers: [
    ['Content-Type', 'application/json'],
    ['Date', 'Thu, 01 Jan 1970 00:00:00 GMT'],
  ],
  body: { format: 'json', value: { id: 'a', title: 'tea', completed: false, tags: ['x'] } },
}

const base: AlikeResult = {
  operation: 'get',
  runtime: 'node',
  answer,
  trace: buildTrace(),
  durationsMillis: [1],
}

const at = 'get, workers: GET /api/v1/todos/:id'

function trace(changed: Request): Partial<AlikeResult> {
  return { trace: buildTrace(changed) }
}

function spans(...changed: readonly Span[]): Partial<AlikeResult> {
  return trace(withSpans(...changed))
}

function without(...ids: readonly string[]): Request {
  return { ...request, spans: request.spans.filter(({ spanId }) => !ids.includes(spanId)) }
}

function logs(...changed: readonly (typeof record)[]): Partial<AlikeResult> {
  return trace({ ...request, logs: changed })
}

function answers(changed: Partial<Answer>): Partial<AlikeResult> {
  return { answer: { ...answer, ...changed } }
}

function json(value: Readonly<Record<string, string | number | boolean | readonly string[]>>) {
  return answers({ body: { format: 'json', value } })
}

const middleware = createSpan({
  spanId: '00000000000000b1',
  parentSpanId: server.spanId,
  name: 'middleware',
  startNanos: 8_200_000n,
})

const [acquired] = select.events
if (acquired === undefined) throw new Error('the base request: expected an event on SELECT todos')

const unmade: Partial<AlikeResult> = {
  answer: null,
  trace: null,
  fault: {
    kind: 'operation.missing',
    subject: '',
    expected: 'what it needs first',
    actual: 'create answered 503',
  },
}

const refused: Partial<AlikeResult> = {
  ...answers({ status: 404 }),
  fault: {
    kind: 'answer.unexpected',
    subject: '',
    expected: 'a status below 400',
    actual: '404',
  },
}

/** Every kind is here, or this does not compile. */
const planted: Readonly<Record<DifferenceKind, readonly Plant[]>> = {
  'operation.missing': [
    { runtime: null, line: 'get, workers: was not played' },
    {
      reference: unmade,
      runtime: unmade,
      line: 'get, workers: was not played: expected what it needs first, got create answered 503',
      besides: ['get, node: was not played: expected what it needs first, got create answered 503'],
    },
  ],
  'operation.extra': [
    // The reference plays something else, so that it is known at all.
    {
      reference: { operation: 'list' },
      line: 'get, workers: was not played on the reference',
      besides: ['get, node: was not played', 'list, workers: was not played'],
    },
  ],
  'trace.missing': [
    { runtime: { trace: null }, line: 'get, workers: no trace arrived' },
    {
      reference: { trace: null },
      runtime: { trace: null },
      line: 'get, workers: no trace arrived',
      besides: ['get, node: no trace arrived'],
    },
  ],
  'trace.extra': [
    {
      reference: { trace: null },
      line: 'get, workers: a trace arrived, but none from the reference',
      besides: ['get, node: no trace arrived'],
    },
  ],
  'span.missing': [
    {
      runtime: trace(without(select.spanId)),
      line: `${at} > SELECT todos: span is missing: expected CLIENT "SELECT todos"`,
    },
    {
      reference: spans({ ...select, parentSpanId: connect.spanId }),
      runtime: trace(without(select.spanId, connect.spanId)),
      line: `${at} > CONNECT: span is missing: expected CLIENT "CONNECT todos" (1 below it)`,
    },
  ],
  'span.extra': [
    {
      runtime: spans(middleware),
      line: `${at} > middleware: span is extra: got INTERNAL "middleware"`,
    },
    {
      runtime: spans({ ...select, spanId: '00000000000000b2', startNanos: 8_100_000n }),
      line: `${at} > SELECT todos #2: span is extra: got CLIENT "SELECT todos"`,
    },
    {
      runtime: spans({ ...middleware, parentSpanId: '00000000000000b9' }),
      line: 'get, workers: middleware: span is extra: got INTERNAL "middleware" (orphan)',
    },
  ],
  'span.order': [
    {
      runtime: spans({ ...connect, startNanos: 4_500_000n }),
      line: `${at}: spans are in another order: expected CONNECT before SELECT todos, got SELECT todos before CONNECT`,
    },
  ],
  'span.name': [
    {
      runtime: spans({ ...server, name: 'GET' }),
      line: `${at}: span has another name: expected GET /api/v1/todos/:id, got GET`,
    },
    {
      runtime: spans({ ...select, name: 'pg.query' }),
      line: `${at} > SELECT todos: span has another name: expected SELECT todos, got pg.query`,
    },
  ],
  'span.kind': [
    {
      runtime: spans({ ...server, kind: SpanKind.internal }),
      line: `${at}: span is of another kind: expected SERVER, got INTERNAL`,
    },
    {
      runtime: spans({ ...select, kind: 9 }),
      line: `${at} > SELECT todos: span is of another kind: expected CLIENT, got kind 9`,
    },
  ],
  'span.status': [
    {
      runtime: spans({ ...server, status: { code: 2, message: 'failed' } }),
      line: `${at}: span has another status: expected UNSET, got ERROR`,
    },
  ],
  'span.parent': [
    {
      runtime: spans({ ...server, parentSpanId: '00000000000000b9' }),
      line: `${at}: span hangs elsewhere: expected root, got orphan`,
    },
    {
      runtime: spans({ ...server, parentSpanId: server.spanId }),
      line: `${at}: span hangs elsewhere: expected root, got cycle`,
    },
  ],
  'span.duplicate': [
    {
      reference: spans({ ...select, spanId: '00000000000000b2' }),
      runtime: trace({ ...request, spans: [...request.spans, { ...select }] }),
      line: `${at} > SELECT todos #2: span id came another number of times: expected once, got again`,
    },
  ],
  'attribute.missing': [
    {
      runtime: spans(change(server, { 'http.response.status_code': undefined })),
      line: `${at}: attribute http.response.status_code is missing: expected int 200`,
    },
    // Attributes that make up the role are still found missing, not the span.
    {
      runtime: spans(change(server, { 'http.route': undefined })),
      line: `${at}: attribute http.route is missing: expected string "/api/v1/todos/:id"`,
    },
    {
      runtime: spans(change(select, { 'db.system.name': undefined })),
      line: `${at} > SELECT todos: attribute db.system.name is missing: expected string "postgresql"`,
    },
    {
      runtime: spans(change(select, { 'db.collection.name': undefined })),
      line: `${at} > SELECT todos: attribute db.collection.name is missing: expected string "todos"`,
    },
    // A volatile attribute may have any value, but has to be there.
    {
      runtime: spans(change(server, { 'server.port': undefined })),
      line: `${at}: attribute server.port is missing: expected int 8001`,
    },
  ],
  'attribute.extra': [
    {
      runtime: spans(change(server, { 'url.full': 'http://a/' })),
      line: `${at}: attribute url.full is extra: got string "http://a/"`,
    },
  ],
  'attribute.type': [
    {
      runtime: spans(change(server, { 'http.response.status_code': '200' })),
      line: `${at}: attribute http.response.status_code is of another type: expected int 200, got string "200"`,
    },
    {
      runtime: spans(change(server, { 'http.response.status_code': 200 })),
      line: `${at}: attribute http.response.status_code is of another type: expected int 200, got double 200`,
    },
    {
      runtime: spans(change(server, { 'server.port': '8002' })),
      line: `${at}: attribute server.port is of another type: expected int 8001, got string "8002"`,
    },
    {
      reference: spans(change(server, { list: { values: [1n, 2n] } })),
      runtime: spans(change(server, { list: { values: [1n, 2] } })),
      line: `${at}: attribute list is of another type: expected array [int 1, int 2], got array [int 1, double 2]`,
    },
  ],
  'attribute.value': [
    {
      reference: spans(change(server, { list: { values: [1n] } })),
      runtime: spans(change(server, { list: { values: [] } })),
      line: `${at}: attribute list has another value: expected array [int 1], got array []`,
    },
    {
      runtime: spans(change(select, { 'db.response.returned_rows': 2n })),
      line: `${at} > SELECT todos: attribute db.response.returned_rows has another value: expected int 1, got int 2`,
    },
    {
      runtime: spans(change(server, { 'url.path': '/api/v1/other' })),
      line: `${at}: attribute url.path has another value: expected string "/api/v1/todos/1b671a64-40d5-491e-99b0-da01ff1f3341", got string "/api/v1/other"`,
    },
    {
      runtime: spans(change(server, { 'http.route': '/:id' })),
      line: `${at}: attribute http.route has another value: expected string "/api/v1/todos/:id", got string "/:id"`,
    },
  ],
  'event.missing': [
    {
      runtime: spans({ ...select, events: [] }),
      line: `${at} > SELECT todos: event db.connection.acquired is missing: expected once, got 0 times`,
    },
  ],
  'event.extra': [
    {
      runtime: spans({ ...select, events: [acquired, acquired] }),
      line: `${at} > SELECT todos: event db.connection.acquired is extra: expected once, got 2 times`,
    },
  ],
  'event.attribute.missing': [
    {
      runtime: spans({
        ...select,
        events: [change(acquired, { 'db.client.connection.state': undefined })],
      }),
      line: `${at} > SELECT todos: event attribute db.connection.acquired: db.client.connection.state is missing: expected string "used"`,
    },
  ],
  'event.attribute.extra': [
    {
      runtime: spans({ ...select, events: [change(acquired, { extra: true })] }),
      line: `${at} > SELECT todos: event attribute db.connection.acquired: extra is extra: got bool true`,
    },
  ],
  'event.attribute.type': [
    {
      // Twice, but said once.
      reference: spans({ ...select, events: [acquired, acquired] }),
      runtime: spans({
        ...select,
        events: [
          change(acquired, { 'db.client.connection.state': 1n }),
          change(acquired, { 'db.client.connection.state': 1n }),
        ],
      }),
      line: `${at} > SELECT todos: event attribute db.connection.acquired: db.client.connection.state is of another type: expected string "used", got int 1`,
    },
  ],
  'event.attribute.value': [
    {
      runtime: spans({
        ...select,
        events: [change(acquired, { 'db.client.connection.state': 'idle' })],
      }),
      line: `${at} > SELECT todos: event attribute db.connection.acquired: db.client.connection.state has another value: expected string "used", got string "idle"`,
    },
  ],
  'resource.attribute.missing': [
    {
      runtime: trace({ ...request, resource: change(resource, { 'service.name': undefined }) }),
      line: 'get, workers: resource attribute service.name is missing: expected string "todo-api"',
    },
  ],
  'resource.attribute.extra': [
    {
      runtime: trace({
        ...request,
        resource: change(resource, { 'cloud.provider': 'cloudflare' }),
      }),
      line: 'get, workers: resource attribute cloud.provider is extra: got string "cloudflare"',
    },
    // The resource of the log records alone.
    {
      runtime: {
        trace: createTraceTree(
          [createGroup(request.spans, resource)],
          [createGroup(request.logs, change(resource, { 'cloud.provider': 'cloudflare' }))],
        ),
      },
      line: 'get, workers: resource attribute cloud.provider is extra: got string "cloudflare"',
    },
  ],
  'resource.attribute.type': [
    {
      runtime: trace({ ...request, resource: change(resource, { 'process.pid': '7' }) }),
      line: 'get, workers: resource attribute process.pid is of another type: expected int 7, got string "7"',
    },
  ],
  'resource.attribute.value': [
    {
      runtime: trace({ ...request, resource: change(resource, { 'service.name': 'api' }) }),
      line: 'get, workers: resource attribute service.name has another value: expected string "todo-api", got string "api"',
    },
  ],
  'log.missing': [
    {
      runtime: logs(),
      line: `${at}: log record todo.retrieved is missing: expected INFO (9) string "todo retrieved", in GET /api/v1/todos/:id`,
    },
  ],
  'log.extra': [
    {
      runtime: logs(record, createLog({ body: 'by the way', spanId: select.spanId })),
      line: `${at} > SELECT todos: log record string "by the way" is extra: got INFO (9) string "by the way", in GET /api/v1/todos/:id > SELECT todos`,
    },
    {
      runtime: logs(record, { ...record, timeNanos: 8_600_000n }),
      line: `${at}: log record todo.retrieved is extra: got INFO (9) string "todo retrieved", in GET /api/v1/todos/:id`,
    },
  ],
  'log.severity': [
    {
      runtime: logs({ ...record, severityNumber: 13, severityText: 'WARN' }),
      line: `${at}: log record todo.retrieved has another severity: expected INFO (9), got WARN (13)`,
    },
    {
      runtime: logs({ ...record, severityText: 'info' }),
      line: `${at}: log record todo.retrieved has another severity: expected INFO (9), got info (9)`,
    },
  ],
  'log.body': [
    {
      runtime: logs({ ...record, body: 'got it' }),
      line: `${at}: log record todo.retrieved has another body: expected string "todo retrieved", got string "got it"`,
    },
    {
      runtime: logs({
        ...record,
        body: { entries: createAttributes({ message: 'todo retrieved' }) },
      }),
      line: `${at}: log record todo.retrieved has another body: expected string "todo retrieved", got kvlist {"message": string "todo retrieved"}`,
    },
  ],
  'log.event-name': [
    {
      runtime: logs({ ...record, eventName: 'todo.read' }),
      line: `${at}: log record todo.retrieved has another event name: expected todo.retrieved, got todo.read`,
    },
  ],
  'log.link': [
    {
      runtime: logs({ ...record, spanId: '' }),
      line: `${at}: log record todo.retrieved is linked elsewhere: expected in GET /api/v1/todos/:id, got in the trace but in no span of it`,
    },
    {
      runtime: logs({ ...record, spanId: '', traceId: '' }),
      line: `${at}: log record todo.retrieved is linked elsewhere: expected in GET /api/v1/todos/:id, got in no trace`,
    },
    {
      runtime: logs({ ...record, spanId: select.spanId }),
      line: `${at}: log record todo.retrieved is linked elsewhere: expected in GET /api/v1/todos/:id, got in GET /api/v1/todos/:id > SELECT todos`,
    },
  ],
  'log.attribute.missing': [
    {
      runtime: logs(change(record, { 'todo.id': undefined })),
      line: `${at}: log attribute todo.retrieved: todo.id is missing: expected string "1b671a64-40d5-491e-99b0-da01ff1f3341"`,
    },
  ],
  'log.attribute.extra': [
    {
      runtime: logs(change(record, { title: 'tea' })),
      line: `${at}: log attribute todo.retrieved: title is extra: got string "tea"`,
    },
  ],
  'log.attribute.type': [
    {
      runtime: logs(change(record, { 'todo.count': 1 })),
      line: `${at}: log attribute todo.retrieved: todo.count is of another type: expected int 1, got double 1`,
    },
  ],
  'log.attribute.value': [
    {
      runtime: logs(change(record, { 'todo.count': 2n })),
      line: `${at}: log attribute todo.retrieved: todo.count has another value: expected int 1, got int 2`,
    },
  ],
  'answer.missing': [{ runtime: { answer: null }, line: 'get, workers: no answer came' }],
  'answer.extra': [
    {
      reference: { answer: null },
      line: 'get, workers: an answer came, but none from the reference',
      besides: ['get, node: no answer came'],
    },
  ],
  'answer.unexpected': [
    {
      reference: refused,
      runtime: refused,
      line: 'get, workers: answer is not what the scenario expects: expected a status below 400, got 404',
      besides: [
        'get, node: answer is not what the scenario expects: expected a status below 400, got 404',
      ],
    },
  ],
  'answer.status': [
    {
      runtime: refused,
      line: 'get, workers: answer has another status: expected 200, got 404',
    },
    {
      runtime: answers({ status: 204 }),
      line: 'get, workers: answer has another status: expected 200, got 204',
    },
  ],
  'answer.header.missing': [
    {
      runtime: answers({ headers: [] }),
      line: 'get, workers: answer header content-type is missing: expected application/json',
    },
  ],
  'answer.header.extra': [
    {
      runtime: answers({ headers: [...answer.headers, ['Cache-Control', 'no-store']] }),
      line: 'get, workers: answer header cache-control is extra: got no-store',
    },
  ],
  'answer.header.value': [
    {
      runtime: answers({ headers: [['content-type', 'application/json; charset=utf-8']] }),
      line: 'get, workers: answer header content-type has another value: expected application/json, got application/json; charset=utf-8',
    },
  ],
  'answer.body.missing': [
    {
      runtime: json({ id: 'a', completed: false, tags: ['x'] }),
      line: 'get, workers: answer body lacks /title: expected "tea"',
    },
    {
      runtime: json({ id: 'a', title: 'tea', completed: false, tags: [] }),
      line: 'get, workers: answer body lacks /tags/0: expected "x"',
    },
  ],
  'answer.body.extra': [
    {
      runtime: json({ id: 'a', title: 'tea', completed: false, tags: ['x'], note: ['y'] }),
      line: 'get, workers: answer body has /note besides: got array of 1',
    },
  ],
  'answer.body.type': [
    {
      runtime: json({ id: 'a', title: 'tea', completed: 'false', tags: ['x'] }),
      line: 'get, workers: answer body at /completed is of another type: expected false, got "false"',
    },
    {
      runtime: json({ id: 1, title: 'tea', completed: false, tags: ['x'] }),
      line: 'get, workers: answer body at /id is of another type: expected "a", got 1',
    },
    {
      runtime: json({ id: 'a', title: 'tea', completed: false, tags: 'x' }),
      line: 'get, workers: answer body at /tags is of another type: expected array of 1, got "x"',
    },
    {
      runtime: answers({ body: { format: 'text', text: '{' } }),
      line: 'get, workers: answer body at the top is of another type: expected JSON, got text "{"',
    },
    {
      runtime: answers({ body: { format: 'empty' } }),
      line: 'get, workers: answer body at the top is of another type: expected JSON, got no body',
    },
  ],
  'answer.body.value': [
    {
      runtime: json({ id: 'a', title: 'coffee', completed: false, tags: ['x'] }),
      line: 'get, workers: answer body at /title has another value: expected "tea", got "coffee"',
    },
  ],
}

function play({ reference = {}, runtime = {} }: Omit<Plant, 'line'>): readonly Difference[] {
  const results: AlikeResult[] = []
  if (reference !== null) results.push({ ...base, ...reference })
  if (runtime !== null) results.push({ ...base, runtime: 'workers', ...runtime })
  // A second operation makes both runtimes known, whatever one of them lacks in the first.
  results.push({ ...base, operation: 'other' }, { ...base, operation: 'other', runtime: 'workers' })
  return compareOperations(results.map(createResult), { reference: 'node' }).known.undeclared
}

test('a runtime that does the same has no difference', () => {
  expect(play({})).toEqual([])
})

describe.each(Object.entries(planted))('a planted %s', (kind, plants) => {
  test.each(plants)('is named, and only it: $line', (plant) => {
    const differences = play(plant)

    const lines = differences.map(renderDifference)
    expect(lines.toSorted()).toEqual([plant.line, ...(plant.besides ?? [])].toSorted())
    expect(differences[lines.indexOf(plant.line)]?.kind).toBe(kind)
  })
})

describe('a difference in 1 of 50 repetitions', () => {
  // Where the reference lacks something, or nothing was played, there is no usual self to differ from.
  const alone = Object.values(planted)
    .flat()
    .filter(({ reference, runtime }) => reference === undefined && runtime)
  test.each(alone)('is found and counted: $line', ({ runtime, line }) => {
    const usual = { ...base, durationsMillis: Array(49).fill(1) }
    const odd = createResult({ ...base, ...runtime, runtime: 'workers' })
    const rest = createResult({ ...usual, runtime: 'workers' })
    const workers = { ...rest, repetitions: [...rest.repetitions, ...odd.repetitions] }

    const { known } = compareOperations([createResult(usual), workers])

    expect(known.undeclared.map(renderDifference)).toEqual([`${line} (1 of 50)`])
  })
})
