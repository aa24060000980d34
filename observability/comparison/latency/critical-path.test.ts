import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Span, SpanKind } from '../../otlp/model.ts'
import { arbitraryRequest } from '../testing/arbitrary-trace.ts'
import { buildTrace, createSpan, request } from '../testing/trace-fixture.ts'
import { readCriticalPath } from './critical-path.ts'

const epochNanos = 1_760_000_000_000_000_000n
const toNanos = (millis: number) => epochNanos + BigInt(Math.round(millis * 1e6))

/** A span with an id of its name, below another one, from and to in milliseconds. */
function span(name: string, parent: string, from: number, to: number, own: Partial<Span> = {}) {
  const times = { startNanos: toNanos(from), endNanos: toNanos(to) }
  return createSpan({ name, spanId: name, parentSpanId: parent, ...times, ...own })
}

function read(...spans: readonly Span[]): readonly string[] {
  const toMillis = (nanos: bigint) => Number(nanos - epochNanos) / 1e6
  return readCriticalPath(buildTrace({ ...request, spans, logs: [] })).map(
    ({ node, startNanos, endNanos }) =>
      `${node.span.name} ${toMillis(startNanos)}-${toMillis(endNanos)}`,
  )
}

test('steps one after the other are all on the path, and between them is the own time of the parent', () => {
  const path = read(
    span('server', '', 0, 10),
    span('auth', 'server', 1, 3),
    span('select', 'server', 4, 9),
    span('connect', 'select', 4, 6),
  )
  expect(path).toEqual([
    'server 0-1',
    'auth 1-3',
    'server 3-4',
    'connect 4-6',
    'select 6-9',
    'server 9-10',
  ])
})

test('of steps side by side, only the last to end was waited for', () => {
  const path = read(
    span('server', '', 0, 10),
    span('quick', 'server', 1, 5),
    span('slow', 'server', 1, 8),
    span('before', 'server', 0, 1),
  )
  expect(path).toEqual(['before 0-1', 'slow 1-8', 'server 8-10'])
})

test('what runs on after the answer did not delay it', () => {
  const path = read(
    span('server', '', 0, 10),
    span('select', 'server', 1, 9),
    span('cleanup', 'server', 8, 400),
  )
  expect(path).toEqual(['server 0-1', 'select 1-9', 'server 9-10'])
})

test('a server whose clock is ahead of the one that called it is still on the path', () => {
  const path = read(
    span('call', '', 0, 10),
    span('server', 'call', 2, 14, { kind: SpanKind.server }),
    span('select', 'server', 3, 9),
  )
  expect(path).toEqual(['call 0-2', 'server 2-3', 'select 3-9', 'server 9-10'])
})

test('a server that ends in 2554 was not what the end waited for', () => {
  const server = { kind: SpanKind.server, endNanos: 2n ** 64n - 1n }
  const path = read(span('server', '', 0, 10), span('other', 'server', 2, 0, server))
  expect(path).toEqual(['server 0-10'])
})

test('starts that are rounded to a millisecond do not take a step off the path', () => {
  const path = read(
    span('server', '', 0, 10),
    span('first', 'server', 1, 4.6),
    span('second', 'server', 4, 8),
  )
  expect(path).toEqual(['server 0-1', 'first 1-4', 'second 4-8', 'server 8-10'])
})

test('of short statements side by side, only the last to end was waited for', () => {
  const path = read(
    span('server', '', 0, 3),
    span('first', 'server', 1, 1.5),
    span('second', 'server', 1.1, 1.6),
  )
  expect(path).toEqual(['server 0-1.1', 'second 1.1-1.6', 'server 1.6-3'])
})

test('a span without an end, one that ends before it starts, and one that came twice take no time', () => {
  const path = read(
    span('server', '', 0, 10),
    span('open', 'server', 2, 0, { endNanos: 0n }),
    span('set back', 'server', 5, 4),
    span('select', 'server', 6, 9),
    span('select', 'server', 6, 9.5),
  )
  expect(path).toEqual(['server 0-6', 'select 6-9', 'server 9-10'])
  expect(read(span('open', '', 2, 0, { endNanos: 0n }))).toEqual([])
  expect(read()).toEqual([])
})

test('among several roots it is the longest, and impossible times do not choose it', () => {
  const path = read(
    span('short', 'missing', 0, 2),
    span('long', 'missing', 0, 8),
    span('overflow', 'missing', 0, 0, { endNanos: 18_446_744_073_709_551_615n }),
  )
  expect(path).toEqual(['long 0-8'])
})

test('a chain of spans as deep as a trace may be takes no recursion', () => {
  const deep = Array.from({ length: 10_000 }, (_, n) =>
    span(`${n + 1}`, n === 0 ? '' : `${n}`, 0, 10),
  )
  expect(read(...deep)).toEqual(['10000 0-10'])
})

test('whatever arrives, the path is the time of one root, without gap or overlap', () => {
  fc.assert(
    fc.property(arbitraryRequest(), (received) => {
      const trace = buildTrace(received)
      const path = readCriticalPath(trace)
      for (const [index, { startNanos, endNanos }] of path.entries()) {
        expect(endNanos).toBeGreaterThan(startNanos)
        expect(path[index + 1]?.startNanos ?? endNanos).toBe(endNanos)
      }
      const ends = [path[0]?.startNanos, path.at(-1)?.endNanos]
      const lasting = trace.roots
        .map(({ span: { startNanos, endNanos } }) => [startNanos, endNanos] as const)
        .filter(([from, to]) => to > from)
      if (lasting.length === 0) expect(path).toEqual([])
      else expect(lasting).toContainEqual(ends)
    }),
  )
})
