import { describe, expect, test } from 'vitest'
import { chooseTimeTicks, findNearest, movePoint, type TimeSeries } from './time-series.ts'

const seriesOf = (name: string, counts: readonly number[]): TimeSeries => ({
  name,
  color: 'c0',
  values: counts.map((count) => (count === 0 ? null : count)),
  counts,
})
const node = seriesOf('node', [0, 3, 0, 0, 5, 0])
const deno = seriesOf('deno', [0, 0, 2, 0, 1, 0])

describe('a key', () => {
  const at = (series: number, bucket: number) => ({ series, bucket })
  test.each([
    ['ArrowLeft', undefined, at(0, 4)],
    ['ArrowLeft', at(0, 4), at(0, 1)],
    ['ArrowLeft', at(0, 1), at(0, 1)],
    ['ArrowRight', at(0, 1), at(0, 4)],
    ['ArrowRight', at(0, 4), at(0, 4)],
    ['ArrowDown', at(0, 4), at(1, 4)],
    ['ArrowDown', at(1, 4), at(0, 4)],
    ['ArrowUp', at(0, 1), at(0, 1)],
    ['Home', at(1, 4), at(1, 2)],
    ['End', at(1, 2), at(1, 4)],
    ['Enter', at(1, 2), undefined],
  ])('%s from %j leads to %j: only points behind which there are requests', (key, from, to) => {
    expect(movePoint(key, from, [node, deno], 6)).toEqual(to)
  })

  test('leads nowhere in an empty chart', () => {
    expect(movePoint('ArrowLeft', undefined, [], 6)).toBeUndefined()
    expect(movePoint('End', undefined, [seriesOf('a', [0, 0])], 2)).toBeUndefined()
  })
})

describe('the pointer', () => {
  test('is nearest to a line by its value', () => {
    expect(findNearest([node, deno], 4, 4.4, false)).toBe(0)
    expect(findNearest([node, deno], 4, 1.2, false)).toBe(1)
  })
  test('is on the part of a stack that it points at', () => {
    expect(findNearest([node, deno], 4, 4.9, true)).toBe(0)
    expect(findNearest([node, deno], 4, 5.1, true)).toBe(1)
    expect(findNearest([node, deno], 4, 50, true)).toBe(1)
  })
  test('is on nothing where nothing happened', () => {
    expect(findNearest([node, deno], 3, 0, false)).toBe(-1)
    expect(findNearest([node, deno], 3, 0, true)).toBe(-1)
    expect(findNearest([node, deno], 2, 0, true)).toBe(1)
  })
})

test('ticks are at round times, evenly apart, and not too many', () => {
  const minute = 60_000
  const time = { count: 31, firstMillis: 17 * minute, stepMillis: minute / 2, width: 400 }
  const ticks = chooseTimeTicks(time)
  const times = ticks.map((bucket) => time.firstMillis + bucket * time.stepMillis)

  expect(times.map((millis) => millis / minute)).toEqual([20, 25, 30])
  const tens = chooseTimeTicks({ ...time, stepMillis: 10_000, width: 320 })
  expect(tens.map((bucket) => (time.firstMillis + bucket * 10_000) / minute)).toEqual([18, 20, 22])
  expect(chooseTimeTicks({ ...time, width: 40 }).length).toBeLessThanOrEqual(1)
  expect(chooseTimeTicks({ ...time, count: 1 })).toEqual([0])
})
