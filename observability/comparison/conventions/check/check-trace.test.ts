import { expect, test } from 'vitest'
import { type AnyValue, type LogRecord, type Span, SpanKind } from '../../../otlp/model.ts'
import { readRegistryFile } from '../../testing/read-registry-file.ts'
import {
  buildTrace,
  change,
  createAttributes,
  createLog,
  createResource,
  createSpan,
} from '../../testing/trace-fixture.ts'
import { createTraceCheck } from './check-trace.ts'

const registry = readRegistryFile()
const check = createTraceCheck(registry)

type Values = Readonly<Record<string, AnyValue | undefined>>
type Planted = {
  readonly span?: Partial<Span>
  /** Attributes of the span that are set, or taken away where they are `undefined`. */
  readonly has?: Values
  readonly resource?: Values
  readonly log?: Partial<LogRecord>
}

const failed = { code: 2, message: '' }

/** `http-spans.md`, HTTP client-server example, and the server below it. */
const serverExample = createSpan({
  name: 'GET /webshop/articles/:article_id',
  kind: SpanKind.server,
  attributes: createAttributes({
    'http.request.method': 'GET',
    'network.protocol.version': '1.1',
    'url.path': '/webshop/articles/4',
    'url.query': 's=1&t=2',
    'server.address': 'example.com',
    'server.port': 8080n,
    'url.scheme': 'https',
    'http.route': '/webshop/articles/:article_id',
    'http.response.status_code': 200n,
    'client.address': '192.0.2.4',
    'network.peer.address': '192.0.2.5',
    'user_agent.original': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:72.0)',
  }),
})

const clientExample = createSpan({
  name: 'GET',
  kind: SpanKind.client,
  attributes: createAttributes({
    'http.request.method': 'GET',
    'network.protocol.version': '1.1',
    'url.full': 'https://example.com:8080/webshop/articles/4?s=1&t=2',
    'server.address': 'example.com',
    'server.port': 8080n,
    'network.peer.address': '192.0.2.5',
    'network.peer.port': 8080n,
    'http.response.status_code': 200n,
  }),
})

/** `http-spans.md`: the connection dropped before the body was sent. */
const droppedExample = createSpan({
  name: 'POST /uploads/:document_id',
  kind: SpanKind.server,
  status: failed,
  attributes: createAttributes({
    'http.request.method': 'POST',
    'url.path': '/uploads/4',
    'url.scheme': 'https',
    'http.route': '/uploads/:document_id',
    'http.response.status_code': 201n,
    'error.type': 'WebSocketDisconnect',
  }),
})

/** The table of `postgresql.md`, each with its example value. */
const postgresExample = createSpan({
  name: 'SELECT wuser_table',
  kind: SpanKind.client,
  status: failed,
  attributes: createAttributes({
    'db.system.name': 'postgresql',
    'db.namespace': 'customers|public',
    'db.response.status_code': '08P01',
    'error.type': '08P01',
    'server.port': 5433n,
    'db.collection.name': 'wuser_table',
    'db.operation.batch.size': 2n,
    'db.operation.name': 'SELECT',
    'db.query.summary': 'SELECT wuser_table',
    'db.query.text': 'SELECT * FROM wuser_table where username = $1',
    'db.stored_procedure.name': 'GetCustomer',
    'network.peer.address': '10.1.2.80',
    'network.peer.port': 65_123n,
    'server.address': 'example.com',
    'db.query.parameter.username': 'someval',
    'db.response.returned_rows': 10n,
  }),
})

const service = {
  'service.name': 'shop',
  'telemetry.sdk.name': 'opentelemetry',
  'telemetry.sdk.language': 'java',
  'telemetry.sdk.version': '1.50.0',
}

function find(base: Span, { span, has = {}, resource = {}, log }: Planted = {}) {
  const planted = { ...change(base, has), ...span }
  const own = createLog({ spanId: planted.spanId, ...log })
  const trace = buildTrace({
    spans: [planted],
    logs: log === undefined ? [] : [own],
    resource: change(createResource(service), resource),
  })
  return check(trace).map(({ finding }) => finding)
}

test.each([
  ['HTTP server', serverExample],
  ['HTTP client', clientExample],
  ['HTTP server whose connection dropped', droppedExample],
  ['PostgreSQL client', postgresExample],
])("nothing is found on the conventions' own example: %s", (_name, example) => {
  expect(find(example)).toEqual([])
})

test('an app may have names of its own, headers, and values that the conventions leave open', () => {
  const has = {
    'com.acme.order.id': 7n,
    'shop.basket.size': 3n,
    'http.request.header.x-shop': { values: ['a'] },
    'error.type': 'OutOfStock',
  }
  expect(find(serverExample, { has })).toEqual([])
})

const plain = (status: bigint): Values => ({ 'http.response.status_code': status })

test.each<readonly [string, Span, Planted, object]>([
  [
    'a Required attribute is missing',
    serverExample,
    { has: { 'url.scheme': undefined } },
    {
      rule: 'required',
      severity: 'violation',
      attribute: 'url.scheme',
      section: 'http/http-spans.md#http-server-span',
    },
  ],
  [
    'what failed does not say how',
    postgresExample,
    { has: { 'error.type': undefined } },
    { rule: 'required', severity: 'violation', attribute: 'error.type' },
  ],
  [
    'a wrong type',
    serverExample,
    { has: { 'http.response.status_code': '200' } },
    { rule: 'type', severity: 'violation', got: 'string', expected: 'int' },
  ],
  [
    'a header that is no list',
    serverExample,
    { has: { 'http.request.header.accept': 'text/html' } },
    { rule: 'type', severity: 'violation', got: 'string', expected: 'string[]' },
  ],
  [
    'a method that nobody knows',
    serverExample,
    { span: { name: 'FOO /webshop/articles/:article_id' }, has: { 'http.request.method': 'FOO' } },
    { rule: 'value', severity: 'violation', got: 'string "FOO"', replacement: '_OTHER' },
  ],
  [
    'a known value in other letters',
    postgresExample,
    { has: { 'db.system.name': 'PostgreSQL' } },
    { rule: 'value', severity: 'violation', replacement: 'postgresql' },
  ],
  [
    'a value that is no longer used',
    serverExample,
    { resource: { 'os.type': 'z_os' } },
    { rule: 'value', severity: 'violation', replacement: 'zos' },
  ],
  [
    'a value of its own in an open list',
    serverExample,
    { resource: { 'cloud.provider': 'cloudflare' } },
    { rule: 'value', severity: 'information', subject: 'resource', got: 'string "cloudflare"' },
  ],
  [
    'a deprecated name',
    serverExample,
    { has: { 'enduser.role': 'admin' } },
    { rule: 'deprecated', severity: 'violation', replacement: 'user.roles' },
  ],
  [
    'a deprecated name without a successor',
    postgresExample,
    { has: { 'db.user': 'shop' } },
    { rule: 'deprecated', severity: 'violation', replacement: null },
  ],
  [
    'a name that was never stable, where there is a stable one',
    serverExample,
    { has: { 'http.method': 'GET', 'http.request.method': undefined } },
    { rule: 'unstable', severity: 'violation', replacement: 'http.request.method' },
  ],
  [
    'the old name beside the new one',
    serverExample,
    { has: { 'http.method': 'GET' } },
    { rule: 'unstable', severity: 'information' },
  ],
  [
    'a name that has no namespace',
    serverExample,
    { has: { basket: 7n } },
    { rule: 'unknown', severity: 'improvement', attribute: 'basket' },
  ],
  [
    'a name in a namespace of the conventions',
    serverExample,
    { has: { 'http.basket': 7n } },
    { rule: 'unknown', severity: 'improvement', attribute: 'http.basket' },
  ],
  [
    'a name that was meant to be another',
    serverExample,
    { has: { 'http.response.statuscode': 200n } },
    { rule: 'unknown', severity: 'violation', replacement: 'http.response.status_code' },
  ],
  [
    'a path in the name of a server span',
    serverExample,
    { span: { name: 'GET /webshop/articles/4' } },
    {
      rule: 'span-name',
      severity: 'violation',
      replacement: 'GET /webshop/articles/:article_id',
      section: 'http/http-spans.md#name',
    },
  ],
  [
    'a path in the name of a client span',
    clientExample,
    { span: { name: 'GET /webshop/articles/4' } },
    { rule: 'span-name', severity: 'violation', replacement: 'GET' },
  ],
  [
    'a name without its route',
    serverExample,
    { span: { name: 'GET' } },
    { rule: 'span-name', severity: 'improvement' },
  ],
  [
    'a statement for a name',
    postgresExample,
    { span: { name: 'SELECT * FROM wuser_table where username = $1' } },
    { rule: 'span-name', severity: 'violation', replacement: 'SELECT wuser_table' },
  ],
  [
    'a name that does not say what a statement does',
    postgresExample,
    { span: { name: 'pg.query' } },
    { rule: 'span-name', severity: 'improvement', section: 'db/database-spans.md#name' },
  ],
  [
    'a database span that is no client',
    postgresExample,
    { span: { kind: SpanKind.internal } },
    { rule: 'span-kind', severity: 'improvement', got: 'INTERNAL', expected: 'CLIENT' },
  ],
  [
    'a request that is neither of a server nor of a client',
    serverExample,
    { span: { kind: SpanKind.internal } },
    { rule: 'span-kind', severity: 'violation', got: 'INTERNAL' },
  ],
  [
    'an error of the client that is one of the server',
    serverExample,
    { span: { status: failed }, has: { ...plain(404n), 'error.type': '404' } },
    { rule: 'status', severity: 'violation', got: 'ERROR for 404' },
  ],
  [
    'an error of the server that is none',
    serverExample,
    { has: plain(503n) },
    { rule: 'status', severity: 'improvement', got: 'UNSET for 503' },
  ],
  [
    'a service without a name',
    serverExample,
    { resource: { 'service.name': undefined } },
    { rule: 'required', severity: 'violation', subject: 'resource', attribute: 'service.name' },
  ],
  [
    'a record with a deprecated name',
    serverExample,
    { log: { eventName: 'shop.sold', attributes: createAttributes({ 'event.name': 'sold' }) } },
    { rule: 'deprecated', severity: 'violation', subject: 'log record' },
  ],
])('%s', (_name, base, planted, expected) => {
  expect(find(base, planted)).toEqual([expect.objectContaining(expected)])
})

test('a function that does not say what triggered it, and a method that is known by now', () => {
  // As the adapters sent them before client, protocol and invocation were told.
  const lambda = { 'cloud.provider': 'aws', 'cloud.platform': 'aws_lambda', 'faas.name': 'todo' }
  const has = { 'http.request.method': '_OTHER', 'http.request.method_original': 'QUERY' }
  const span = { name: 'HTTP /webshop/articles/:article_id' }

  const section = 'faas/faas-spans.md#incoming-faas-span-attributes'
  const lacking = (attribute: string) =>
    expect.objectContaining({ rule: 'recommended', severity: 'information', attribute, section })
  expect(find(serverExample, { resource: lambda })).toEqual([
    expect.objectContaining({ rule: 'required', attribute: 'faas.trigger', section }),
    ...['cloud.resource_id', 'faas.coldstart', 'faas.invocation_id'].map(lacking),
  ])
  expect(find(serverExample, { has, span })).toEqual([
    expect.objectContaining({ rule: 'value', replacement: 'QUERY' }),
  ])
})
