import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Span } from '../../otlp/model.ts'
import { compareTraces } from '../differences/compare-traces.ts'
import { arbitraryRequest } from '../testing/arbitrary-trace.ts'
import {
  buildTrace,
  change,
  createAttributes,
  createSpan,
  type Request,
  resource,
  select,
  server,
  withSpans,
} from '../testing/trace-fixture.ts'
import { alignTraces, pathRolesMax, renderPath, type Step } from './align-traces.ts'
import type { SpanNode, TraceTree } from './trace-tree.ts'

function align(requests: Readonly<Record<string, Request>>): readonly Step[] {
  const traces = Object.entries(requests).map(
    ([runtime, request]) => [runtime, buildTrace(request)] as const,
  )
  return alignTraces(new Map(traces))
}

/** `path: runtimes`, a line a step. */
function summarize(steps: readonly Step[]): readonly string[] {
  return steps.map(({ path, spans }) => `${renderPath(path)}: ${[...spans.keys()].join(' ')}`)
}

/** The spans below the root, a list a step. */
function listSpanIds(steps: readonly Step[]): readonly (readonly string[])[] {
  return steps
    .slice(1)
    .map(({ spans }) => [...spans].map(([runtime, { span }]) => `${runtime} ${span.spanId}`))
}

function child(id: string, name: string, startNanos = 0n, parent = server.spanId): Span {
  return createSpan({ spanId: id, parentSpanId: parent, name, startNanos })
}

function requestOf(...spans: readonly Span[]): Request {
  return { spans: [server, ...spans], logs: [], resource }
}

test('equal work shares a row, from the root down', () => {
  const steps = align({ node: withSpans(), workers: withSpans() })

  expect(summarize(steps)).toEqual([
    'GET /api/v1/todos/:id: node workers',
    'GET /api/v1/todos/:id > CONNECT: node workers',
    'GET /api/v1/todos/:id > SELECT todos: node workers',
  ])
  expect(steps.map(({ depth }) => depth)).toEqual([0, 1, 1])
  expect(steps[1]?.parent).toBe(steps[0])
})

test('a runtime that skipped a step is absent from it', () => {
  const steps = align({ node: requestOf(select), workers: withSpans(), deno: requestOf() })

  expect(summarize(steps)).toEqual([
    'GET /api/v1/todos/:id: node workers deno',
    'GET /api/v1/todos/:id > CONNECT: workers',
    'GET /api/v1/todos/:id > SELECT todos: node workers',
  ])
})

test('equal siblings pair the n-th with the n-th, whatever the clocks say', () => {
  const node = requestOf(child('1', 'work', 10n), child('2', 'work', 20n))
  const workers = requestOf(
    child('3', 'work', 7_000n),
    child('4', 'work', 9_000n),
    child('5', 'work', 9_001n),
  )

  const steps = align({ node, workers })

  expect(
    steps
      .slice(1)
      .map(({ path, spans }) => [
        path.at(-1),
        ...[...spans.values()].map(({ span }) => span.spanId),
      ]),
  ).toEqual([
    ['work', '1', '3'],
    ['work #2', '2', '4'],
    ['work #3', '5'],
  ])
})

test('statements on one table pair by their text before they are counted off', () => {
  const list = change(select, { 'db.query.text': 'select * from "todos"' })
  const node = requestOf(
    { ...select, spanId: '1' },
    { ...list, spanId: '2', startNanos: 5_000_000n },
  )
  const workers = requestOf({ ...list, spanId: '3' })

  const steps = align({ node, workers })

  expect(steps.map(({ spans }) => [...spans.values()].map(({ span }) => span.spanId))).toEqual([
    [server.spanId, server.spanId],
    ['1'],
    ['2', '3'],
  ])
})

test('what the first trace lacks stands after what precedes it in its own trace', () => {
  const node = requestOf(child('1', 'a', 1n), child('2', 'b', 2n))
  const workers = requestOf(
    child('3', 'x', 1n),
    child('4', 'a', 2n),
    child('5', 'y', 3n),
    child('6', 'b', 4n),
  )

  expect(align({ node, workers }).map(({ path }) => path.at(-1))).toEqual([
    'GET /api/v1/todos/:id',
    'x',
    'a',
    'y',
    'b',
  ])
})

test('of three traces the two that agree share a row without the first', () => {
  const node = requestOf(child('1', 'a'))
  const two = requestOf(child('1', 'a'), child('2', 'b'))

  expect(summarize(align({ node, deno: two, bun: two })).at(-1)).toBe(
    'GET /api/v1/todos/:id > b: deno bun',
  )
})

test('the first span pairs with the first also where a runtime between them has fewer', () => {
  const two = requestOf(child('1', 'a', 1n), child('2', 'a', 2n))

  const steps = align({ node: two, deno: requestOf(child('3', 'a')), bun: two })

  expect(listSpanIds(steps)).toEqual([
    ['node 1', 'deno 3', 'bun 1'],
    ['node 2', 'bun 2'],
  ])
})

test('the first span pairs with the first also where the first runtime has fewer', () => {
  const two = requestOf(child('1', 'a', 1n), child('2', 'a', 2n))

  const steps = align({ node: requestOf(child('3', 'a')), deno: two, bun: two })

  expect(listSpanIds(steps)).toEqual([
    ['node 3', 'deno 1', 'bun 1'],
    ['deno 2', 'bun 2'],
  ])
})

test('a server span that says nothing of its route meets the one that does', () => {
  const bare = { ...change(server, { 'http.route': undefined }), name: 'GET' }
  const other = { ...change(server, { 'http.request.method': '_OTHER' }), name: '_OTHER' }

  expect(summarize(align({ node: requestOf(), deno: { ...requestOf(), spans: [bare] } }))).toEqual([
    'GET /api/v1/todos/:id: node deno',
  ])
  expect(summarize(align({ node: requestOf(), deno: { ...requestOf(), spans: [other] } }))).toEqual(
    ['GET /api/v1/todos/:id: node deno'],
  )
})

test('of two server spans that lost their route each meets the one of its method', () => {
  const bare = (method: string, spanId: string) =>
    createSpan({
      spanId,
      name: 'x',
      kind: 2,
      attributes: createAttributes({ 'http.request.method': method }),
    })
  const full = (method: string, spanId: string) => ({
    ...change(bare(method, spanId), { 'http.route': '/a' }),
    name: `${method} /a`,
  })
  const node = { spans: [full('GET', '1'), full('POST', '2')], logs: [], resource }
  const deno = {
    spans: [bare('POST', '3'), { ...bare('GET', '4'), startNanos: 1n }],
    logs: [],
    resource,
  }

  const pairs = align({ node, deno }).map(({ spans }) =>
    [...spans.values()].map(({ span }) => span.spanId),
  )

  expect(pairs).toEqual([
    ['1', '4'],
    ['2', '3'],
  ])
})

test('the spans of a step stand in the order of the traces, however they met', () => {
  const odd = requestOf({ ...child('2', 'a'), kind: 3 })
  const steps = align({
    node: requestOf(child('1', 'a')),
    workers: odd,
    deno: requestOf(child('3', 'a')),
  })
  expect(listSpanIds(steps)).toEqual([['node 1', 'workers 2', 'deno 3']])
})

test('a deep path keeps its ends and stays small', () => {
  const chain = Array.from({ length: 10_000 }, (_, index) =>
    createSpan({
      spanId: `${index}`,
      parentSpanId: index === 0 ? '' : `${index - 1}`,
      name: `s${index}`,
    }),
  )
  const request: Request = { spans: chain, logs: [], resource }

  const steps = align({ node: request, workers: request })

  const last = steps.at(-1)
  expect(steps).toHaveLength(10_000)
  expect(last?.depth).toBe(9_999)
  expect(last?.path).toHaveLength(pathRolesMax)
  expect(last?.path.slice(0, 2)).toEqual(['s0', 's1'])
  expect(last?.path.slice(31, 34)).toEqual(['s31', '…', 's9969'])
  expect(last?.path.at(-1)).toBe('s9999')
  expect(steps[pathRolesMax - 1]?.path).not.toContain('…')
})

test('20,000 siblings, equal or all different or in reverse, take no quadratic time', () => {
  const numbers = Array.from({ length: 20_000 }, (_, index) => index)
  const equal = requestOf(...numbers.map((n) => child(`a${n}`, 'same')))
  const different = requestOf(...numbers.map((n) => child(`b${n}`, `s${n}`, BigInt(n))))
  const reversed = requestOf(...numbers.map((n) => child(`c${n}`, `s${n}`, BigInt(20_000 - n))))
  const started = performance.now()

  const traces = new Map([
    ['node', buildTrace(different)],
    ['workers', buildTrace(reversed)],
    ['deno', buildTrace(equal)],
  ])
  const { steps, differences } = compareTraces('list', traces)

  expect(steps).toHaveLength(40_001)
  expect(differences.filter(({ kind }) => kind === 'span.order')).toHaveLength(1)
  expect(differences).toHaveLength(40_001)
  expect(performance.now() - started).toBeLessThan(10_000)
})

const threeTraces = fc.tuple(arbitraryRequest(), arbitraryRequest(), arbitraryRequest()).map(
  ([node, workers, deno]): ReadonlyMap<string, TraceTree> =>
    new Map([
      ['node', buildTrace(node)],
      ['workers', buildTrace(workers)],
      ['deno', buildTrace(deno)],
    ]),
)

test('every span stands in exactly one step', () => {
  fc.assert(
    fc.property(threeTraces, (traces) => {
      const steps = alignTraces(traces)

      for (const [runtime, { spanCount }] of traces) {
        const nodes = steps.flatMap(({ spans }) => spans.get(runtime) ?? [])
        expect(nodes).toHaveLength(spanCount)
        expect(new Set(nodes).size).toBe(spanCount)
      }
      expect(steps.every(({ spans }) => spans.size > 0)).toBe(true)
    }),
  )
})

test('a parent precedes its children, in the steps as in each trace', () => {
  fc.assert(
    fc.property(threeTraces, (traces) => {
      const seen = new Set<Step | null>([null])
      for (const step of alignTraces(traces)) {
        expect(seen.has(step.parent)).toBe(true)
        seen.add(step)
        for (const [runtime, node] of step.spans) {
          const above: readonly SpanNode[] =
            step.parent === null
              ? (traces.get(runtime)?.roots ?? [])
              : (step.parent.spans.get(runtime)?.children ?? [])
          expect(above).toContain(node)
        }
      }
    }),
  )
})

test('siblings stay in the order of the first trace, and no path stands twice', () => {
  fc.assert(
    fc.property(threeTraces, (traces) => {
      const steps = alignTraces(traces)

      for (const siblings of Map.groupBy(steps, ({ parent }) => parent).values()) {
        const nodes = siblings.flatMap(({ spans }) => spans.get('node') ?? [])
        const parent = siblings[0]?.parent ?? null
        const own = parent === null ? traces.get('node')?.roots : parent.spans.get('node')?.children
        expect(nodes).toEqual(own ?? [])
      }
      const paths = steps.map(({ path }) => renderPath(path))
      expect(new Set(paths).size).toBe(paths.length)
    }),
  )
})
