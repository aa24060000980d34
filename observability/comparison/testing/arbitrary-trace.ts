import fc from 'fast-check'
import type { AnyValue, LogRecord, Span } from '../../otlp/model.ts'
import {
  createAttributes,
  createLog,
  createResource,
  createSpan,
  type Request,
} from './trace-fixture.ts'

/**
 * Requests as broken as they come: few ids, so that duplicates, circles and records of
 * unknown spans abound, and few ticks, so that most starts are equal.
 */
export function arbitraryRequest(uniqueIds = false): fc.Arbitrary<Request> {
  const spans = uniqueIds
    ? fc.uniqueArray(arbitrarySpan, { selector: ({ spanId }) => spanId, maxLength: 14 })
    : fc.array(arbitrarySpan, { maxLength: 16 })
  return fc.record({
    spans,
    logs: fc.array(arbitraryLog, { maxLength: 8 }),
    resource: fc.constantFrom(
      createResource({ 'service.name': 'todo-api', 'process.pid': 1n }),
      createResource({ 'service.name': 'todo-api', 'process.pid': 2n }),
    ),
  })
}

function spanIdOf(number: number): string {
  return number === 0 ? '' : number.toString(16).padStart(16, '0')
}

const optional = <T extends AnyValue>(...values: readonly T[]) =>
  fc.option(fc.constantFrom(...values), { nil: undefined })

const arbitraryAttributes = fc
  .record({
    'http.request.method': optional('GET', 'POST'),
    'http.route': optional('/a', '/b'),
    'db.system.name': optional('postgresql'),
    'db.operation.name': optional('SELECT', 'CONNECT'),
    'db.collection.name': optional('todos'),
    'db.query.text': optional('select 1', 'select 2'),
    'server.port': optional<AnyValue>(1n, 2n, '2'),
    'url.path': optional('/a/1', '/a/2', '/b'),
    rows: optional<AnyValue>(1n, 2n, 2, '2'),
  })
  .map((values) => {
    const present = Object.entries(values).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, value] as const],
    )
    return createAttributes(Object.fromEntries(present))
  })

const arbitraryEvents = fc.array(
  fc.record({
    timeNanos: fc.bigInt({ min: 0n, max: 4n }),
    name: fc.constantFrom('exception', 'acquired'),
    attributes: arbitraryAttributes,
    droppedAttributesCount: fc.constant(0),
  }),
  { maxLength: 2 },
)

const arbitrarySpan: fc.Arbitrary<Span> = fc
  .record({
    id: fc.integer({ min: 0, max: 14 }),
    parent: fc.integer({ min: 0, max: 16 }),
    name: fc.constantFrom('GET /a', 'SELECT todos', 'CONNECT todos', 'work'),
    kind: fc.integer({ min: 0, max: 5 }),
    startNanos: fc.bigInt({ min: 0n, max: 3n }),
    lasts: fc.bigInt({ min: 0n, max: 2n }),
    code: fc.integer({ min: 0, max: 2 }),
    attributes: arbitraryAttributes,
    events: arbitraryEvents,
  })
  .map(({ id, parent, lasts, code, ...own }) =>
    createSpan({
      ...own,
      spanId: spanIdOf(id),
      parentSpanId: spanIdOf(parent),
      endNanos: own.startNanos + lasts,
      status: { code, message: '' },
    }),
  )

const arbitraryLog: fc.Arbitrary<LogRecord> = fc
  .record({
    id: fc.integer({ min: 0, max: 16 }),
    isLinked: fc.boolean(),
    timeNanos: fc.bigInt({ min: 0n, max: 3n }),
    eventName: fc.constantFrom('', 'todo.created', 'todo.listed'),
    body: fc.constantFrom<AnyValue>('created', 'listed', null, 1n),
    severityNumber: fc.constantFrom(9, 13),
    attributes: arbitraryAttributes,
  })
  .map(({ id, isLinked, ...own }) => {
    const ids = isLinked ? { spanId: spanIdOf(id) } : { spanId: '', traceId: '' }
    return createLog({ ...own, ...ids })
  })
