import { expect, test } from 'vitest'
import {
  buildAttributes,
  buildSpan,
  epochNanos,
  spanIdOf,
  traceIdOf,
} from '../../../../collector/testing/build-telemetry.ts'
import { createTraceTree } from '../../../../comparison/trace/create-trace-tree.ts'
import { compareLanes, type FetchedTrace } from '../from-traces.ts'
import { findFirstStep, listSlowest, readOperationTimes } from './operation-times.ts'

/** A request with a statement, in milliseconds; the request takes 10 ms more. */
function fetched(
  n: number,
  { millis, runtime = 'node', clock = 'precise', isDurationTrusted = true }: Fields,
): FetchedTrace {
  const toNanos = (after: number) => epochNanos + BigInt(after) * 1_000_000n
  const ids = { traceId: traceIdOf(n), spanId: spanIdOf(1) }
  const server = buildSpan({ ...ids, name: 'GET /todos', endNanos: toNanos(millis + 10) })
  const select = buildSpan({
    ...ids,
    spanId: spanIdOf(2),
    parentSpanId: spanIdOf(1),
    kind: 3,
    name: 'SELECT todos',
    endNanos: toNanos(millis),
  })
  const attributes = buildAttributes({ 'hono.runtime.name': runtime, 'hono.runtime.clock': clock })
  const scope = { name: '', version: '', attributes: [], droppedAttributesCount: 0 }
  const scopes = [{ scope, schemaUrl: '', items: [server, select] }]
  const tree = createTraceTree([
    { resource: { attributes, droppedAttributesCount: 0 }, schemaUrl: '', scopes },
  ])
  return { traceId: traceIdOf(n), tree, isDurationTrusted }
}

type Fields = {
  readonly millis: number
  readonly runtime?: string
  readonly clock?: string
  readonly isDurationTrusted?: boolean
}

function read(...lanes: readonly (readonly Fields[])[]) {
  const traces = lanes.flatMap(([first, ...others], lane) => {
    if (first === undefined) return []
    const rest = others.map((fields, n) => fetched(lane * 1000 + n + 2, fields))
    return [[fetched(lane * 1000 + 1, first), ...rest] as const]
  })
  const { lanes: compared } = compareLanes(traces, { reference: '', known: [] })
  return readOperationTimes(compared, traces)
}

const repeat = (count: number, fields: Fields) =>
  Array.from({ length: count }, (_, n) => ({ ...fields, millis: fields.millis + (n % 3) }))

const findGrown = ({ steps, growths }: ReturnType<typeof read>) =>
  steps.filter(({ lanes }) => [...lanes.values()].some((own) => growths.has(own)))

test('the step that grew most is looked at first, and leads to the traces where it took longest', () => {
  const times = read(repeat(20, { millis: 5 }), [
    ...repeat(20, { millis: 30, runtime: 'deno' }),
    { millis: 90, runtime: 'deno' },
  ])
  const step = findFirstStep(times)
  const [, deno] = times.lanes

  expect(step?.label).toBe('SELECT todos')
  expect(findGrown(times)).toEqual([step])
  if (step === undefined || deno === undefined) throw new Error('expected a step and a lane')
  const slowest = listSlowest(step, deno)
  expect(slowest.map(({ selfMillis }) => selfMillis)).toEqual([90, 32, 32, 32, 32])
  expect(slowest[0]?.trace.traceId).toBe(traceIdOf(1021))
})

test('times that cannot be trusted are in no mean, and a lane of such times alone is absent', () => {
  const untrusted = { millis: 9_000, isDurationTrusted: false }
  const times = read([{ millis: 5 }, untrusted, { millis: 7 }], [{ ...untrusted, runtime: 'deno' }])

  expect(times.lanes.map(({ name, totalMillis }) => [name, totalMillis])).toEqual([['node', 16]])
})

test('nothing is judged by a clock that stands still between I/O', () => {
  const standing = { runtime: 'workers', clock: 'io-only' }

  expect(
    findGrown(read(repeat(20, { millis: 5 }), repeat(20, { millis: 30, ...standing }))),
  ).toEqual([])
  expect(
    findGrown(
      read(
        repeat(20, { millis: 5, ...standing }),
        repeat(20, { millis: 5 }),
        repeat(20, { millis: 30, runtime: 'deno' }),
      ),
    ),
  ).toEqual([])
})
