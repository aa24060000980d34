import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Span } from '../../otlp/model.ts'
import { arbitraryRequest } from '../testing/arbitrary-trace.ts'
import {
  buildTrace,
  change,
  createSpan,
  request,
  select,
  server,
} from '../testing/trace-fixture.ts'
import { measureSteps } from './step-times.ts'

/** From and to in milliseconds after the start of the server span, which lasts for 8 ms. */
function at(span: Span, spanId: string, from: number, to: number, parent = server): Span {
  const toNanos = (millis: number) => server.startNanos + BigInt(Math.round(millis * 1e6))
  const times = { startNanos: toNanos(from), endNanos: toNanos(to) }
  return createSpan({ ...span, ...times, spanId, parentSpanId: parent.spanId })
}

const traceOf = (...spans: readonly Span[]) => buildTrace({ ...request, spans, logs: [] })
const work = createSpan({ name: 'work' })

function measure(lanes: Readonly<Record<string, readonly ReturnType<typeof traceOf>[]>>) {
  return measureSteps(new Map(Object.entries(lanes))).map(({ label, depth, lanes: own }) => [
    `${'> '.repeat(depth)}${label}`,
    ...[...own].map(
      ([name, { selfMillis, totalMillis, spansPerTrace }]) =>
        `${name}: ${selfMillis} of ${totalMillis} ms, ${spansPerTrace} spans`,
    ),
  ])
}

describe('the time of a step', () => {
  test('is the mean over all traces of a lane, those without it too', () => {
    const steps = measure({
      node: [
        traceOf(server, at(select, 's', 1, 5)),
        traceOf(server, at(select, 's', 1, 3)),
        traceOf(server),
      ],
    })
    expect(steps).toEqual([
      ['GET /api/v1/todos/:id', 'node: 6 of 8 ms, 1 spans'],
      ['> SELECT todos', 'node: 2 of 2 ms, 0.6666666666666666 spans'],
    ])
  })

  test('in a loop is that of one step of many spans', () => {
    const spans = [1, 2, 3].map((n) => at(select, `s${n}`, n, n + 0.5))
    expect(measure({ node: [traceOf(server, ...spans)] })).toEqual([
      ['GET /api/v1/todos/:id', 'node: 6.5 of 8 ms, 1 spans'],
      ['> SELECT todos', 'node: 1.5 of 1.5 ms, 3 spans'],
    ])
  })

  test('pairs by role, and a lane that never took the step is absent', () => {
    const other = change(select, { 'db.query.text': 'select 1', 'server.port': 5433n })
    const steps = measure({
      node: [traceOf(server, at(work, 'w', 0, 1), at(select, 's', 1, 5))],
      deno: [traceOf(server, at(other, 's', 2, 4))],
    })
    expect(steps).toEqual([
      ['GET /api/v1/todos/:id', 'node: 3 of 8 ms, 1 spans', 'deno: 6 of 8 ms, 1 spans'],
      ['> work', 'node: 1 of 1 ms, 1 spans'],
      ['> SELECT todos', 'node: 4 of 4 ms, 1 spans', 'deno: 2 of 2 ms, 1 spans'],
    ])
  })

  test('is not that of what ran below it, side by side or beyond its end', () => {
    const outer = at(work, 'w', 1, 6)
    const steps = measure({
      node: [
        traceOf(
          server,
          outer,
          at(select, 's1', 2, 4, outer),
          at(select, 's2', 3, 5, outer),
          at(select, 's3', 5.5, 9, outer),
        ),
      ],
    })
    expect(steps).toEqual([
      ['GET /api/v1/todos/:id', 'node: 3 of 12 ms, 1 spans'],
      ['> work', 'node: 1.5 of 9 ms, 1 spans'],
      ['> > SELECT todos', 'node: 7.5 of 7.5 ms, 3 spans'],
    ])
  })

  test('is nothing without an end, and a span that came twice counts once', () => {
    const open = { ...at(select, 's', 1, 2), endNanos: 0n }
    expect(measure({ node: [traceOf(server, server, open)] })).toEqual([
      ['GET /api/v1/todos/:id', 'node: 8 of 8 ms, 1 spans'],
      ['> SELECT todos', 'node: 0 of 0 ms, 1 spans'],
    ])
  })

  test('leads to the traces that have it', () => {
    const traces = [traceOf(server), traceOf(server, at(select, 'a', 0, 1), at(select, 'b', 1, 5))]
    const [, step] = measureSteps(new Map([['node', traces]]))

    expect(step?.lanes.get('node')?.occurrences).toMatchObject([
      { trace: 1, selfMillis: 5, spanCount: 2, longest: { span: { spanId: 'b' } } },
    ])
  })
})

test('of traces that are as deep as they may be, every span counts', () => {
  const deep = Array.from({ length: 10_000 }, (_, n) =>
    createSpan({ name: `span ${n}`, spanId: `${n + 1}`, parentSpanId: n === 0 ? '' : `${n}` }),
  )
  expect(measureSteps(new Map([['node', [traceOf(...deep)]]]))).toHaveLength(10_000)
})

test('whatever arrives, no span is lost and no time is less than nothing', () => {
  fc.assert(
    fc.property(arbitraryRequest(true), arbitraryRequest(true), (one, other) => {
      const traces = [buildTrace(one), buildTrace(other)]
      const steps = measureSteps(new Map([['node', traces]]))
      const spans = steps.map(({ lanes }) => (lanes.get('node')?.spansPerTrace ?? 0) * 2)
      const all = traces.reduce((sum, { spanCount }) => sum + spanCount, 0)

      expect(spans.reduce((sum, count) => sum + count, 0)).toBeCloseTo(all)
      for (const { lanes } of steps) {
        const { selfMillis = 0, totalMillis = 0 } = lanes.get('node') ?? {}
        expect(selfMillis).toBeGreaterThanOrEqual(0)
        expect(totalMillis).toBeGreaterThanOrEqual(selfMillis)
      }
    }),
  )
})
