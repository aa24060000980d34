import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Span, SpanKind } from '../../otlp/model.ts'
import { arbitraryRequest } from '../testing/arbitrary-trace.ts'
import {
  buildTrace,
  createGroup,
  createLog,
  createResource,
  createSpan,
  record,
  request,
  resource,
  select,
  server,
  traceId,
  withSpans,
} from '../testing/trace-fixture.ts'
import { createTraceTree } from './create-trace-tree.ts'
import type { SpanNode, TraceTree } from './trace-tree.ts'

function buildSpans(...spans: readonly Span[]): TraceTree {
  return buildTrace({ spans, logs: [], resource })
}

function listNodes(trace: TraceTree): readonly SpanNode[] {
  const nodes = [...trace.roots]
  for (const { children } of nodes) for (const child of children) nodes.push(child)
  return nodes
}

const a = createSpan({ spanId: 'a', name: 'a' })
const b = createSpan({ spanId: 'b', name: 'b', parentSpanId: 'a' })

test('a request is one tree with its log record on the span that wrote it', () => {
  const { roots, looseLogs, driver, spanCount } = buildTrace()

  const [root] = roots
  expect(roots).toHaveLength(1)
  expect(root).toMatchObject({ span: server, resource, attachment: 'root', duplicate: false })
  expect(root?.children.map(({ span }) => span.name)).toEqual(['CONNECT todos', 'SELECT todos'])
  expect(root?.children.map(({ attachment }) => attachment)).toEqual(['child', 'child'])
  expect(root?.logs.map((entry) => [entry.record, entry.link])).toEqual([[record, 'span']])
  expect({ looseLogs, driver, spanCount }).toEqual({ looseLogs: [], driver: null, spanCount: 3 })
})

test('no spans are a trace without roots', () => {
  expect(createTraceTree([])).toEqual({ driver: null, roots: [], looseLogs: [], spanCount: 0 })
})

test('children are ordered by start, then name', () => {
  const late = createSpan({ spanId: 'c', name: 'a', parentSpanId: 'a', startNanos: 2n })
  const second = createSpan({ spanId: 'd', name: 'z', parentSpanId: 'a', startNanos: 1n })
  const first = createSpan({ spanId: 'e', name: 'y', parentSpanId: 'a', startNanos: 1n })

  const [root] = buildSpans(late, second, a, first).roots

  expect(root?.children.map(({ span }) => span)).toEqual([first, second, late])
})

test('spans that are equal but for what is below them are ordered by that', () => {
  const twin = { name: 'twin', parentSpanId: 'a' }
  const bare = createSpan({ ...twin, spanId: 'f' })
  const full = createSpan({ ...twin, spanId: 'c' })
  const below = createSpan({ spanId: 'd', name: 'below', parentSpanId: 'c' })

  const [root] = buildSpans(a, full, below, bare).roots

  // By id `full` would come first.
  expect(root?.children.map(({ span }) => span)).toEqual([bare, full])
})

test('what is below is compared in its own order, whatever the ids', () => {
  const spans = [
    a,
    createSpan({ spanId: 'y', name: 'twin', parentSpanId: 'a' }),
    createSpan({ spanId: 'y1', name: 'part', parentSpanId: 'y' }),
    createSpan({ spanId: 'y2', name: 'part', parentSpanId: 'y' }),
    createSpan({ spanId: 'y3', name: 'q', parentSpanId: 'y1' }),
    createSpan({ spanId: 'z', name: 'twin', parentSpanId: 'a' }),
    createSpan({ spanId: 'z1', name: 'part', parentSpanId: 'z' }),
    createSpan({ spanId: 'z2', name: 'part', parentSpanId: 'z' }),
    createSpan({ spanId: 'z3', name: 'p', parentSpanId: 'z2' }),
  ]

  const [root] = buildSpans(...spans).roots

  // Both have a bare part and one with something below it, which is what tells them apart.
  expect(root?.children.map(({ span }) => span.spanId)).toEqual(['z', 'y'])
})

test('spans that are equal but for what was logged in them are ordered by that', () => {
  const twins = ['c', 'd'].map((spanId) => createSpan({ spanId, name: 'twin', parentSpanId: 'a' }))
  const logs = [createLog({ spanId: 'c', body: 'z' }), createLog({ spanId: 'd', body: 'a' })]

  const [root] = buildTrace({ spans: [a, ...twins], logs, resource }).roots

  expect(root?.children.map(({ span }) => span.spanId)).toEqual(['d', 'c'])
})

test('a span that two senders sent alike stands in one order', () => {
  const groups = [
    createGroup([a], resource),
    createGroup([{ ...a }], createResource({ other: 1n })),
  ]
  expect(createTraceTree(groups.toReversed())).toEqual(createTraceTree(groups))
})

test('a span whose parent is not here is an orphan at the top', () => {
  const { roots } = buildSpans(b)
  expect(roots).toMatchObject([{ span: b, attachment: 'orphan' }])
})

test('a parent of the same id in another trace is no parent', () => {
  const elsewhere = { ...a, traceId: 'ffffffffffffffffffffffffffffffff' }
  const { roots } = buildSpans(elsewhere, b)
  expect(roots.map(({ attachment }) => attachment)).toEqual(['root', 'orphan'])
})

test('all spans of a circle stand at the top, and what hangs on them below them', () => {
  const first = { ...a, parentSpanId: 'b' }
  // By name one is looked at before the circle is known, and the other after.
  const early = createSpan({ spanId: 'c', name: '0', parentSpanId: 'b' })
  const late = createSpan({ spanId: 'd', name: 'z', parentSpanId: 'b' })

  const { roots, spanCount } = buildSpans(first, b, late, early)

  const children = [
    { span: early, attachment: 'child' },
    { span: late, attachment: 'child' },
  ]
  expect(roots).toMatchObject([
    { span: first, attachment: 'cycle', children: [] },
    { span: b, attachment: 'cycle', children },
  ])
  expect(spanCount).toBe(4)
})

test('a span that names itself as its parent is a circle', () => {
  const { roots } = buildSpans({ ...a, parentSpanId: 'a' })
  expect(roots).toMatchObject([{ attachment: 'cycle', children: [] }])
})

test('a span that came twice is kept twice, and the children hang on the first', () => {
  const again = { ...a, endNanos: 1n }

  const { roots } = buildSpans(again, b, a)

  expect(roots).toMatchObject([
    { span: a, duplicate: false, children: [{ span: b }] },
    { span: again, duplicate: true, children: [] },
  ])
})

test('a server’s span that shares the id of its client’s is its child, and has the server’s children', () => {
  const gateway = createResource({ 'service.name': 'gateway' })
  const client = createSpan({ spanId: 'a', name: 'call', kind: SpanKind.client, startNanos: 5n })
  const inClient = createSpan({ spanId: 'c', name: 'connect', parentSpanId: 'a' })
  const served = createSpan({ spanId: 'a', name: 'serve', kind: SpanKind.server })
  const inServer = createSpan({ spanId: 's', name: 'query', parentSpanId: 'a' })
  const written = createLog({ spanId: 'a' })

  const { roots, spanCount } = createTraceTree(
    [createGroup([served, inServer], resource), createGroup([client, inClient], gateway)],
    [createGroup([written], resource)],
  )

  const serve = { span: served, duplicate: false, attachment: 'child', logs: [{ record: written }] }
  expect(spanCount).toBe(4)
  expect(roots).toMatchObject([
    {
      span: client,
      duplicate: false,
      children: [{ span: inClient }, { ...serve, children: [{ span: inServer }] }],
    },
  ])
})

test('a server’s span that shares the id of the driver’s hangs below the driver', () => {
  const driver = createSpan({ spanId: 'd', kind: SpanKind.client })
  const served = createSpan({ spanId: 'd', kind: SpanKind.server })
  const inServer = createSpan({ spanId: 's', parentSpanId: 'd' })

  for (const spans of [
    [driver, served, inServer],
    [served, inServer],
  ]) {
    const { roots } = buildTrace({ spans, logs: [], resource }, { driverSpanId: 'd' })
    expect(roots).toMatchObject([
      { span: served, attachment: 'driver', children: [{ span: inServer }] },
    ])
  }
})

test('spans without an id are nobody’s double and nobody’s parent', () => {
  const nameless = createSpan({ spanId: '' })
  const { roots } = buildSpans(nameless, { ...nameless })
  expect(roots.map(({ duplicate, attachment }) => [duplicate, attachment])).toEqual([
    [false, 'root'],
    [false, 'root'],
  ])
})

test('the driver’s span is beside the tree, so that its arrival changes nothing', () => {
  const driver = createSpan({ spanId: 'd', name: 'GET', kind: 3 })
  const served = withSpans({ ...server, parentSpanId: 'd' })

  const arrived = buildTrace({ ...served, spans: [driver, ...served.spans] }, { driverSpanId: 'd' })
  const lost = buildTrace(served, { driverSpanId: 'd' })

  expect(arrived.driver?.span).toBe(driver)
  expect(lost.driver).toBeNull()
  expect(arrived.roots).toEqual(lost.roots)
  expect(arrived.roots).toMatchObject([{ attachment: 'driver' }])
  expect(arrived.spanCount).toBe(3)
})

test('a record without a span here is loose, and says how far its ids lead', () => {
  const lostSpan = createLog({ spanId: 'eeeeeeeeeeeeeeee', timeNanos: 1n })
  const lostTrace = createLog({ spanId: server.spanId, traceId: '', timeNanos: 2n })
  const ofDriver = createLog({ spanId: 'd', timeNanos: 3n })
  const driver = createSpan({ spanId: 'd' })

  const { looseLogs } = buildTrace(
    { spans: [driver, server], logs: [ofDriver, lostTrace, lostSpan], resource },
    { driverSpanId: 'd' },
  )

  expect(looseLogs.map((entry) => [entry.record, entry.link])).toEqual([
    [lostSpan, 'trace'],
    [lostTrace, 'none'],
    [ofDriver, 'trace'],
  ])
})

test('a record without a time is placed by when it was seen', () => {
  const seen = createLog({ spanId: 'a', observedTimeNanos: 5n, body: 'seen' })
  const timed = createLog({ spanId: 'a', timeNanos: 4n, observedTimeNanos: 9n, body: 'timed' })

  const [root] = buildTrace({ spans: [a], logs: [seen, timed], resource }).roots

  expect(root?.logs.map((entry) => entry.record.body)).toEqual(['timed', 'seen'])
})

test('every span and record that came in is in the tree once', () => {
  fc.assert(
    fc.property(arbitraryRequest(), ({ spans, logs, ...rest }) => {
      const trace = buildTrace({ spans, logs, ...rest })

      const nodes = listNodes(trace)
      const records = [...nodes.flatMap((node) => node.logs), ...trace.looseLogs]
      expect(nodes).toHaveLength(spans.length)
      expect(new Set(nodes.map(({ span }) => span))).toEqual(new Set(spans))
      expect(records).toHaveLength(logs.length)
      expect(new Set(records.map((entry) => entry.record))).toEqual(new Set(logs))
    }),
  )
})

test('the order in which spans and records came does not matter', () => {
  const shuffled = arbitraryRequest().chain((sent) =>
    fc.record({
      sent: fc.constant(sent),
      spans: fc.shuffledSubarray([...sent.spans], { minLength: sent.spans.length }),
      logs: fc.shuffledSubarray([...sent.logs], { minLength: sent.logs.length }),
    }),
  )
  fc.assert(
    fc.property(shuffled, ({ sent, spans, logs }) => {
      expect(buildTrace({ ...sent, spans, logs })).toEqual(buildTrace(sent))
    }),
  )
})

test('it does not matter whether spans came in one message or in many', () => {
  const single = request.spans.map((span) => createGroup([span], resource))
  expect(createTraceTree(single, [createGroup(request.logs, resource)])).toEqual(buildTrace())
})

test('a chain of 10,000 spans and 20,000 siblings in the same tick are no trouble', () => {
  const chain = Array.from({ length: 10_000 }, (_, index) =>
    createSpan({ spanId: `c${index}`, parentSpanId: index === 0 ? '' : `c${index - 1}`, traceId }),
  )
  const siblings = Array.from({ length: 20_000 }, (_, index) =>
    createSpan({ ...select, spanId: `s${index}`, parentSpanId: 'c0' }),
  )
  const started = performance.now()

  const trace = buildSpans(...siblings, ...chain.reverse())

  expect(trace.roots).toHaveLength(1)
  expect(trace.roots[0]?.children).toHaveLength(20_001)
  expect(listNodes(trace)).toHaveLength(30_000)
  // A quadratic step would take minutes; the bound is loose because machines are shared.
  expect(performance.now() - started).toBeLessThan(5_000)
})
