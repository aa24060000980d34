import { describe, expect, test } from 'vitest'
import { SpanKind } from '../../otlp/model.ts'
import {
  change,
  connect,
  createAttributes,
  createSpan,
  select,
  server,
} from '../testing/trace-fixture.ts'
import { readRole, renderSpanKind } from './role.ts'

const cases = [
  [
    'method and route of a server span, not its name',
    { ...server, name: 'x' },
    'GET /api/v1/todos/:id',
  ],
  [
    'the method alone of a server span without a route',
    change(server, { 'http.route': undefined }),
    'GET',
  ],
  ['operation and collection of a statement', { ...select, name: 'x' }, 'SELECT todos'],
  [
    'the summary of a statement without a collection',
    change(select, { 'db.collection.name': undefined, 'db.query.summary': 'SELECT many' }),
    'SELECT many',
  ],
  [
    'the name of a statement that says nothing else',
    createSpan({ name: 'query', attributes: createAttributes({ 'db.system.name': 'postgresql' }) }),
    'query',
  ],
  [
    'CONNECT of a connection, whatever the database',
    { ...connect, name: 'CONNECT prod' },
    'CONNECT',
  ],
  [
    'CONNECT of a connection that has it as its operation',
    change({ ...connect, name: 'pg.connect' }, { 'db.operation.name': 'CONNECT' }),
    'CONNECT',
  ],
  ['the name of anything else', createSpan({ name: 'CONNECTOR' }), 'CONNECTOR'],
  [
    'the name of a client’s request, which has no route',
    createSpan({
      name: 'POST',
      kind: SpanKind.client,
      attributes: createAttributes({ 'http.request.method': 'POST' }),
    }),
    'POST',
  ],
  [
    'method and route by their names before the conventions were stable',
    createSpan({
      kind: SpanKind.server,
      attributes: createAttributes({ 'http.method': 'GET', 'http.route': '/a' }),
    }),
    'GET /a',
  ],
  [
    'operation and table by their names before the conventions were stable',
    createSpan({
      attributes: createAttributes({
        'db.system': 'postgresql',
        'db.operation': 'SELECT',
        'db.sql.table': 'todos',
      }),
    }),
    'SELECT todos',
  ],
] as const

test.each(cases)('the role is %s', (_, span, label) => {
  expect(readRole(span).label).toBe(label)
})

describe('a role does not depend on', () => {
  const changes = [
    ['host and port', change(server, { 'server.address': 'example.com', 'server.port': 443n })],
    ['ids', { ...server, traceId: 'f', spanId: 'f', parentSpanId: 'f' }],
    ['times', { ...server, startNanos: 1n, endNanos: 2n }],
    ['the path that was asked for', change(server, { 'url.path': '/other' })],
  ] as const

  test.each(changes)('%s', (_, span) => {
    expect(readRole(span)).toEqual(readRole(server))
  })
})

test('a client and a server of the same name have different roles', () => {
  const [, strict] = readRole(server).levels
  const [, other] = readRole({ ...server, kind: SpanKind.client }).levels
  expect(strict).not.toBe(other)
})

test('a route sent as another type is no route', () => {
  expect(readRole(change(server, { 'http.route': 1n })).label).toBe('GET')
})

test('a kind prints as its name, and an unknown one as its number', () => {
  expect([renderSpanKind(SpanKind.server), renderSpanKind(9)]).toEqual(['SERVER', 'kind 9'])
})
