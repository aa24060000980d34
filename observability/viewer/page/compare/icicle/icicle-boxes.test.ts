import { describe, expect, test } from 'vitest'
import {
  buildGroup,
  buildSpan,
  epochNanos,
  spanIdOf,
} from '../../../../collector/testing/build-telemetry.ts'
import { measureSteps } from '../../../../comparison/latency/step-times.ts'
import { createTraceTree } from '../../../../comparison/trace/create-trace-tree.ts'
import { icicleLevelsMax, layOutIcicle, readIcicleMove } from './icicle-boxes.ts'

const span = (n: number, parent: number, name: string, from: number, to: number) =>
  buildSpan({
    spanId: spanIdOf(n),
    parentSpanId: parent === 0 ? '' : spanIdOf(parent),
    name,
    startNanos: epochNanos + BigInt(Math.round(from * 1e6)),
    endNanos: epochNanos + BigInt(Math.round(to * 1e6)),
  })

const stepsOf = (...spans: readonly ReturnType<typeof span>[]) =>
  measureSteps(new Map([['node', [createTraceTree([buildGroup(spans)])]]]))

// GET 0–100: load 10–60 with SELECT 10–30 and cache 30–40, render 70–90, log 95–95.1.
const steps = stepsOf(
  span(1, 0, 'GET', 0, 100),
  span(2, 1, 'load', 10, 60),
  span(3, 2, 'SELECT', 10, 30),
  span(4, 2, 'cache', 30, 40),
  span(5, 1, 'render', 70, 90),
  span(6, 1, 'log', 95, 95.1),
)
const boxes = layOutIcicle(steps, 'node', 200)

test('a box stands below its parent, as wide as the step with what is below, and tiny ones are left out', () => {
  expect(
    boxes.map(({ step, own, leftMillis, parent }) => [
      step.label,
      leftMillis,
      own.totalMillis,
      boxes[parent]?.step.label,
    ]),
  ).toEqual([
    ['GET', 0, 100, undefined],
    ['load', 0, 50, 'GET'],
    ['SELECT', 0, 20, 'load'],
    ['cache', 20, 10, 'load'],
    ['render', 50, 20, 'GET'],
  ])
})

test('a lane without the operation has no boxes, and levels have a bound', () => {
  const deep = Array.from({ length: icicleLevelsMax + 5 }, (_, n) =>
    span(n + 1, n, `level ${n}`, 0, 10),
  )

  expect(layOutIcicle(steps, 'deno', 200)).toEqual([])
  expect(layOutIcicle(stepsOf(...deep), 'node', 10)).toHaveLength(icicleLevelsMax)
})

describe('a key leads', () => {
  const label = (key: string, from: string) => {
    const index = boxes.findIndex(({ step }) => step.label === from)
    return boxes[readIcicleMove(key, boxes, index) ?? -1]?.step.label
  }
  test.each([
    ['ArrowDown', 'GET', 'load'],
    ['ArrowDown', 'SELECT', undefined],
    ['ArrowUp', 'cache', 'load'],
    ['ArrowUp', 'GET', undefined],
    ['ArrowRight', 'load', 'render'],
    ['ArrowRight', 'render', undefined],
    ['ArrowLeft', 'render', 'load'],
    ['ArrowLeft', 'load', undefined],
    ['Home', 'cache', 'GET'],
    ['End', 'GET', 'render'],
    ['toString', 'GET', undefined],
  ])('%s from %s to %s', (key, from, to) => {
    expect(label(key, from)).toBe(to)
  })
})
