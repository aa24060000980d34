import { describe, expect, test } from 'vitest'
import { defaultBounds } from '../../bounds.ts'
import { createLooseLogs } from '../../store/loose-logs.ts'
import { createTraceStore } from '../../store/trace-store.ts'
import {
  buildAttributes,
  buildGroup,
  buildLogRecord,
  epochNanos,
  spanIdOf,
  traceIdOf,
} from '../../testing/build-telemetry.ts'
import { finishSteps } from '../../testing/finish-steps.ts'
import { parseLogQuery } from './log-query.ts'
import { renderLogRecord } from './render-log-record.ts'
import { searchLogs } from './search-logs.ts'

const traces = createTraceStore(defaultBounds, () => 0)
const loose = createLooseLogs(defaultBounds, () => 0)
const record = (n: number, fields: Parameters<typeof buildLogRecord>[0]) =>
  buildLogRecord({ timeNanos: epochNanos + BigInt(n) * 1_000_000n, body: `${n}`, ...fields })
const requests = [
  buildGroup([record(1, {}), record(3, { severityNumber: 13, eventName: 'todo.invalid' })]),
  buildGroup([record(2, { traceId: traceIdOf(1), spanId: spanIdOf(1), severityNumber: 17 })], {
    runtime: 'deno',
  }),
  buildGroup(
    [
      record(4, {
        traceId: traceIdOf(2),
        severityNumber: 0,
        severityText: 'WARN',
        attributes: buildAttributes({ 'event.name': 'todo.created', 'todo.id': 'abc-123' }),
      }),
    ],
    { service: 'other' },
  ),
]
for (const request of requests) {
  traces.addLogRecords([request])
  loose.addLogRecords([request])
}

const search = (query: string) =>
  finishSteps(searchLogs(traces.list(), loose.list(), parseLogQuery(new URLSearchParams(query))))
    .records

describe('a search', () => {
  test.each([
    ['', ['4', '3', '2', '1']],
    ['severity=warn', ['4', '3', '2']],
    ['severity=error', ['2']],
    ['severity=trace', ['4', '3', '2', '1']],
    ['runtime=deno', ['2']],
    ['service=other', ['4']],
    ['event=todo.invalid', ['3']],
    ['event=todo.created', ['4']],
    ['text=ABC-1', ['4']],
    ['text=todo.inv', ['3']],
    ['start=2026-01-01T00:00:00.003Z', ['4', '3']],
    ['end=2026-01-01T00:00:00.002Z', ['1']],
    ['limit=2', ['4', '3']],
  ])('for %j finds %j, newest first', (query, bodies) => {
    expect(search(query).map(({ body }) => body)).toEqual(bodies)
  })
})

describe('page by page', () => {
  const same = Array.from({ length: 25 }, (_, n) => record(1, { body: `same time ${n}` }))
  const ring = createLooseLogs(defaultBounds, () => 0)
  ring.addLogRecords([buildGroup([record(2, { body: 'last' }), ...same])])
  ring.addLogRecords([buildGroup([record(0, { body: 'first' })])])

  test('records of the same time, and records that say the same, are each given once', () => {
    const bodies: unknown[] = []
    let cursor = ''
    for (let pages = 0; pages < 10; pages += 1) {
      const query = new URLSearchParams({ limit: '4', ...(cursor === '' ? {} : { cursor }) })
      const { records, nextCursor } = finishSteps(searchLogs([], ring.list(), parseLogQuery(query)))
      bodies.push(...records.map(({ body }) => body))
      if (nextCursor === undefined) break
      cursor = nextCursor
    }
    expect(bodies).toEqual(['last', ...same.map(({ body }) => body).reverse(), 'first'])
  })

  test('only those that arrived later are new, whenever they happened', () => {
    const query = parseLogQuery(new URLSearchParams())
    const { records } = finishSteps(searchLogs([], ring.list(), query, 26))

    expect(records.map(({ body }) => body)).toEqual(['first'])
  })
})

test('a record that only says when it was noticed is sorted by that', () => {
  const ring = createLooseLogs(defaultBounds, () => 0)
  ring.addLogRecords([
    buildGroup([
      buildLogRecord({ body: 'later', timeNanos: 0n, observedTimeNanos: epochNanos + 9n }),
      buildLogRecord({ body: 'earlier', timeNanos: epochNanos + 8n }),
    ]),
  ])
  const { records } = finishSteps(searchLogs([], ring.list(), parseLogQuery(new URLSearchParams())))

  expect(records.map(({ body }) => body)).toEqual(['later', 'earlier'])
})

test.each([
  ['traceId=abc', 'traceId: expected 32 hex digits, got "abc"'],
  [
    'severity=loud',
    'severity: expected trace or debug or info or warn or error or fatal, got "loud"',
  ],
  ['limit=1001', 'limit: expected a whole number from 1 to 1000, got "1001"'],
  ['level=warn', 'unknown parameter "level"'],
  ['cursor=12', 'cursor: expected the nextCursor of an answer, got "12"'],
])('%s says why it cannot be answered', (query, message) => {
  expect(() => search(query)).toThrow(message)
})

describe('a record', () => {
  test('is readable on its own, and shows the types of its attributes', () => {
    const [group] = [
      buildGroup([
        buildLogRecord({
          timeNanos: epochNanos + 1n,
          traceId: traceIdOf(1),
          spanId: spanIdOf(2),
          severityNumber: 14,
          eventName: 'todo.listed',
          attributes: buildAttributes({ int: 3n, double: 3, text: '3' }),
        }),
      ]),
    ]
    const store = createTraceStore(defaultBounds, () => 0)
    store.addLogRecords([group])
    const { records } = finishSteps(
      searchLogs(store.list(), [], parseLogQuery(new URLSearchParams())),
    )

    expect(records.map((found) => renderLogRecord(found, 'a-1'))).toEqual([
      {
        id: 'a-1',
        time: '2026-01-01T00:00:00.000000001Z',
        timeUnixNano: '1767225600000000001',
        severity: 'warn',
        severityNumber: 14,
        severityText: 'INFO',
        body: 'listed',
        eventName: 'todo.listed',
        attributes: [
          { key: 'int', value: { intValue: '3' } },
          { key: 'double', value: { doubleValue: 3 } },
          { key: 'text', value: { stringValue: '3' } },
        ],
        traceId: traceIdOf(1),
        spanId: spanIdOf(2),
        service: 'todo-api',
        runtime: 'node',
      },
    ])
  })

  test('with a body that is not text has it as OTLP/JSON', () => {
    const ring = createLooseLogs(defaultBounds, () => 0)
    const body = { entries: buildAttributes({ n: 1n }) }
    ring.addLogRecords([buildGroup([buildLogRecord({ body })], { service: '', runtime: '' })])
    const [found] = [...ring.list()]

    expect(found && renderLogRecord(found, 'a-1')).toMatchObject({
      body: { kvlistValue: { values: [{ key: 'n', value: { intValue: '1' } }] } },
      attributes: [],
      traceId: null,
      service: null,
    })
  })
})
