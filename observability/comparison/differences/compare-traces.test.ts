import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AnyValue, Attribute, LogRecord, Span } from '../../otlp/model.ts'
import { arbitraryRequest } from '../testing/arbitrary-trace.ts'
import {
  buildTrace,
  change,
  connect,
  createAttributes,
  createLog,
  createSpan,
  type Request,
  record,
  request,
  resource,
  select,
  server,
  withSpans,
} from '../testing/trace-fixture.ts'
import { compareTraces } from './compare-traces.ts'
import type { Difference } from './difference.ts'
import { volatileRules } from './volatile-rules.ts'

function compare(...requests: readonly Request[]): readonly Difference[] {
  const traces = requests.map((one, index) => [`runtime ${index}`, buildTrace(one)] as const)
  return compareTraces('get', new Map(traces)).differences
}

test('a trace compared with itself has no differences, however broken it is', () => {
  fc.assert(
    fc.property(arbitraryRequest(), (one) => {
      expect(compare(one, one)).toEqual([])
    }),
  )
})

describe('what is not compared changes nothing', () => {
  const pair = fc.tuple(arbitraryRequest(true), arbitraryRequest(true))

  function leavesDifferences(
    alter: (sent: Request) => Request,
    read: (difference: Difference) => unknown = (difference) => difference,
  ): void {
    fc.assert(
      fc.property(pair, ([reference, runtime]) => {
        const before = compare(reference, runtime).map(read)
        expect(compare(alter(reference), runtime).map(read)).toEqual(before)
        expect(compare(reference, alter(runtime)).map(read)).toEqual(before)
      }),
      { numRuns: 300 },
    )
  }

  function alterAll(sent: Request, alter: <T extends Span | LogRecord>(item: T) => T): Request {
    return { ...sent, spans: sent.spans.map(alter), logs: sent.logs.map(alter) }
  }

  test('ids', () => {
    // Backwards, so that an order by id would be turned around.
    const rename = (id: string) => (id === '' ? '' : (99n - BigInt(`0x${id}`)).toString(16))
    leavesDifferences((sent) => ({
      ...sent,
      spans: sent.spans.map((span) => ({
        ...span,
        traceId: 'b'.repeat(32),
        spanId: rename(span.spanId),
        parentSpanId: rename(span.parentSpanId),
      })),
      logs: sent.logs.map((log) => ({
        ...log,
        traceId: log.traceId === '' ? '' : 'b'.repeat(32),
        spanId: rename(log.spanId),
      })),
    }))
  })

  test('times, as long as their order is kept', () => {
    const later = (nanos: bigint) => nanos * 3n + 1_700_000_000_000_000_000n
    leavesDifferences((sent) => ({
      ...sent,
      spans: sent.spans.map((span) => ({
        ...span,
        startNanos: later(span.startNanos),
        endNanos: later(span.endNanos),
        events: span.events.map((event) => ({ ...event, timeNanos: later(event.timeNanos) })),
      })),
      logs: sent.logs.map((log) => ({ ...log, timeNanos: later(log.timeNanos) })),
    }))
  })

  test('the order in which an exporter wrote spans, records and attributes', () => {
    leavesDifferences((sent) => {
      const turned = alterAll(sent, (item) => ({
        ...item,
        attributes: item.attributes.toReversed(),
      }))
      return { ...turned, spans: turned.spans.toReversed(), logs: turned.logs.toReversed() }
    })
  })

  test('ports', () => {
    const move = (attribute: Attribute): Attribute =>
      attribute.key === 'server.port' && typeof attribute.value === 'bigint'
        ? { ...attribute, value: 60_000n - attribute.value }
        : attribute
    // The port that is missing is named, and so is the one whose type is another.
    leavesDifferences(
      (sent) => alterAll(sent, (item) => ({ ...item, attributes: item.attributes.map(move) })),
      ({ kind, path, subject }) => [kind, path, subject],
    )
  })

  test('the values of the resource, but for its own differences', () => {
    fc.assert(
      fc.property(pair, ([reference, runtime]) => {
        const elsewhere = change(runtime.resource, { 'service.name': 'api', 'process.pid': 99n })
        const withoutResource = ({ kind }: Difference) => !kind.startsWith('resource.')

        const before = compare(reference, runtime)
        const after = compare(reference, { ...runtime, resource: elsewhere })

        expect(after.filter(withoutResource)).toEqual(before.filter(withoutResource))
        const own = after.filter((difference) => !withoutResource(difference))
        expect(own.length).toBeLessThanOrEqual(1)
        for (const { subject } of own) expect(subject).toBe('service.name')
      }),
    )
  })
})

test.each([
  ['an id in its path', '/a/1', '/a/2', '/a/9', '/a/2'],
  ['a port', 1n, 2n, 9n, 2n],
])('of two spans in one tick the first is told by what it did, not by %s', (_, a, b, c, d) => {
  const twins = (first: AnyValue, second: AnyValue): Request => {
    const key = typeof first === 'string' ? 'url.path' : 'server.port'
    const twin = (spanId: string, value: AnyValue, rows: bigint) => {
      const attributes = createAttributes({ [key]: value, 'z.rows': rows })
      return createSpan({ spanId, name: 'twin', attributes })
    }
    return { ...request, logs: [], spans: [twin('1', first, 1n), twin('2', second, 2n)] }
  }
  expect(compare(twins(a, b), twins(c, d))).toEqual([])
})

test('of two spans in one tick the first is told by the type of a port, if by nothing else', () => {
  const twins = (...ports: readonly AnyValue[]): Request => ({
    ...request,
    logs: [],
    spans: ports.map((port, index) =>
      createSpan({ spanId: `${index}`, attributes: createAttributes({ 'server.port': port }) }),
    ),
  })
  expect(compare(twins(1n, '2'), twins('2', 1n))).toEqual([])
})

test('each runtime is compared with the first, and with it only', () => {
  const changed = withSpans({ ...server, name: 'GET' })

  const differences = compare(request, changed, request, changed)

  expect(differences.map(({ runtime, kind }) => [runtime, kind])).toEqual([
    ['runtime 1', 'span.name'],
    ['runtime 3', 'span.name'],
  ])
})

test('a step that only other runtimes have is no difference of this one', () => {
  const extra = createSpan({ spanId: 'e', parentSpanId: server.spanId, name: 'extra' })
  const differences = compare(request, withSpans(extra), request)
  expect(differences.map(({ runtime }) => runtime)).toEqual(['runtime 1'])
})

test('a trace without any span lacks the root, and all that is below it, once', () => {
  const differences = compare(request, { ...request, spans: [], logs: [] })
  expect(differences.map(({ kind, expected }) => [kind, expected])).toEqual([
    ['span.missing', 'SERVER "GET /api/v1/todos/:id" (2 below it)'],
    ['log.missing', 'INFO (9) string "todo retrieved", in GET /api/v1/todos/:id'],
  ])
})

test('one cause in every span of a runtime is one difference of its resource', () => {
  const many = Array.from({ length: 5 }, (_, index) =>
    createSpan({ ...select, spanId: `s${index}`, parentSpanId: server.spanId }),
  )
  const sent = { ...request, spans: [server, ...many] }
  const differences = compare(sent, { ...sent, resource: change(resource, { extra: 1n }) })
  expect(differences.map(({ kind, path }) => [kind, path])).toEqual([
    ['resource.attribute.extra', []],
  ])
})

describe('order', () => {
  const cases = [
    ['began in the same tick here', [2n, 4n], [4n, 4n], 0],
    ['began in the same tick on the reference', [4n, 4n], [4n, 2n], 0],
    ['began the other way round', [2n, 4n], [5n, 4n], 1],
    ['began at other times, but the same way round', [2n, 4n], [7n, 8n], 0],
  ] as const

  test.each(cases)(
    'two spans that %s',
    (_, [connectAt, selectAt], [connectHere, selectHere], count) => {
      const reference = withSpans(
        { ...connect, startNanos: connectAt },
        { ...select, startNanos: selectAt },
      )
      const runtime = withSpans(
        { ...connect, startNanos: connectHere },
        { ...select, startNanos: selectHere },
      )
      expect(compare(reference, runtime).map(({ kind }) => kind)).toEqual(
        Array.from({ length: count }, () => 'span.order'),
      )
    },
  )

  test('a span that is early past others of one tick is told from the last of them', () => {
    const spans = (...starts: readonly bigint[]): Request => ({
      ...request,
      spans: [
        server,
        ...starts.map((startNanos, index) =>
          createSpan({
            spanId: `s${index}`,
            name: `s${index}`,
            parentSpanId: server.spanId,
            startNanos,
          }),
        ),
      ],
    })
    expect(compare(spans(1n, 1n, 2n), spans(1n, 9n, 2n))).toMatchObject([
      { kind: 'span.order', subject: 's2', expected: 's1 before s2', actual: 's2 before s1' },
    ])
  })

  test('roots have an order too', () => {
    const other = createSpan({ spanId: 'r', name: 'other', startNanos: 0n })
    const differences = compare(
      withSpans(other),
      withSpans({ ...other, startNanos: server.startNanos + 1n }),
    )
    expect(differences).toMatchObject([{ kind: 'span.order', path: [] }])
  })
})

describe('log records', () => {
  const first = createLog({ ...record, body: 'first', timeNanos: 1n })
  const second = createLog({ ...record, body: 'second', timeNanos: 2n })

  test('of one event pair by what they say before they are counted off', () => {
    const differences = compare(
      { ...request, logs: [first, second] },
      { ...request, logs: [second] },
    )
    expect(differences).toMatchObject([
      { kind: 'log.missing', expected: expect.stringContaining('first') },
    ])
  })

  test('that name the event in an attribute, as older SDKs do, pair with those that name it in full', () => {
    const older = change(
      { ...record, eventName: '', body: 'other' },
      { 'event.name': 'todo.retrieved' },
    )
    const differences = compare(request, { ...request, logs: [older] })
    expect(differences.map(({ kind }) => kind)).toEqual([
      'log.event-name',
      'log.body',
      'log.attribute.extra',
    ])
  })

  test('may name another id in their body, and nothing else', () => {
    const about = (body: string): Request => ({ ...request, logs: [{ ...record, body }] })
    const reference = about('read 1b671a64-40d5-491e-99b0-da01ff1f3341')
    expect(compare(reference, about('read 6ec0bd7f-11c0-43da-975e-2a8ad9ebae0b'))).toEqual([])
    expect(compare(reference, about('kept 6ec0bd7f-11c0-43da-975e-2a8ad9ebae0b'))).toHaveLength(1)
  })
})

test('a rule of the caller’s own holds where its path says', () => {
  const rows = (count: bigint): Request =>
    withSpans(change(server, { rows: count }), change(select, { rows: count }))
  const rules = [
    ...volatileRules,
    { on: 'span', key: 'rows', path: '* > SELECT *', ignore: 'value', reason: 'test' } as const,
  ]
  const traces = new Map([
    ['node', buildTrace(rows(1n))],
    ['workers', buildTrace(rows(2n))],
  ])

  const { differences } = compareTraces('list', traces, rules)

  expect(differences.map(({ path }) => path)).toEqual([['GET /api/v1/todos/:id']])
})
