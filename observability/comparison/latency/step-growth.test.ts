import { expect, test } from 'vitest'
import { createSeededRandom } from '../statistics/seeded-random.ts'
import { buildTrace, createSpan, request, server } from '../testing/trace-fixture.ts'
import type { TraceTree } from '../trace/trace-tree.ts'
import { judgeStepGrowth } from './step-growth.ts'
import { measureSteps } from './step-times.ts'

/** A request of 8 ms and more: it reads, and it renders. */
function traceOf(readMillis: number, renderMillis: number): TraceTree {
  const startNanos = server.startNanos
  const toNanos = (millis: number) => startNanos + BigInt(Math.round(millis * 1e6))
  const below = (name: string, from: number, to: number) =>
    createSpan({
      name,
      spanId: name,
      parentSpanId: server.spanId,
      startNanos: toNanos(from),
      endNanos: toNanos(to),
    })
  const spans = [
    { ...server, endNanos: toNanos(readMillis + renderMillis + 1) },
    ...(readMillis > 0 ? [below('read', 0, readMillis)] : []),
    below('render', readMillis, readMillis + renderMillis),
  ]
  return buildTrace({ ...request, spans, logs: [] })
}

function judge(lanes: Readonly<Record<string, readonly TraceTree[]>>) {
  const all = new Map(Object.entries(lanes))
  const steps = measureSteps(all)
  const growths = judgeStepGrowth(
    steps,
    new Map([...all].map(([name, { length }]) => [name, length])),
  )
  return steps.flatMap(({ label, lanes: own }) =>
    [...own].flatMap(([name, step]) => {
      const growth = growths.get(step)
      return growth === undefined ? [] : [`${name} ${label} ${growth.toFixed(1)}`]
    }),
  )
}

const repeat = (count: number, build: (n: number) => TraceTree) =>
  Array.from({ length: count }, (_, n) => build(n))
const usual = (count: number) => repeat(count, (n) => traceOf(4 + (n % 5) / 10, 2 + (n % 7) / 10))

test('a step that became slower has grown, and its parent and its sibling have not', () => {
  const slower = repeat(30, (n) => traceOf(6 + (n % 5) / 10, 2 + (n % 7) / 10))

  expect(judge({ '1.0': usual(30), '1.1': slower })).toEqual(['1.1 read 2.0'])
  expect(judge({ '1.1': slower, '1.0': usual(30) })).toEqual(['1.0 read -2.0'])
})

test('a step that the reference never took has grown from nothing', () => {
  expect(judge({ '1.0': repeat(20, () => traceOf(0, 2)), '1.1': usual(20) })).toContain(
    '1.1 read 4.2',
  )
})

test('of few requests nothing is said', () => {
  const slower = repeat(19, (n) => traceOf(60 + n, 2))

  expect(judge({ '1.0': usual(30), '1.1': slower })).toEqual([])
})

test('what changed surely but by little is no growth', () => {
  const steady = (readMillis: number) => repeat(40, () => traceOf(readMillis, 2))

  expect(judge({ '1.0': steady(4), '1.1': steady(4.3) })).toEqual([])
  expect(judge({ '1.0': steady(0.1), '1.1': steady(0.12) })).toEqual([])
})

test('one outlier is no growth', () => {
  const once = repeat(30, (n) => traceOf(n === 7 ? 900 : 4 + (n % 5) / 10, 2 + (n % 7) / 10))

  expect(judge({ '1.0': usual(30), '1.1': once })).toEqual([])
})

test('of 300 comparisons of equal lanes, at most 2 % call any step grown or shrunk', () => {
  const random = createSeededRandom(16)
  const draw = (mean: number) => mean - Math.log(1 - random.next()) * mean
  let claims = 0
  for (let run = 0; run < 300; run += 1) {
    const lane = () => repeat(30, () => traceOf(draw(4), draw(2)))
    if (judge({ node: lane(), deno: lane(), bun: lane() }).length > 0) claims += 1
  }
  expect(claims).toBeLessThanOrEqual(6)
})
