import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Extent } from '../held-trace.ts'
import { centerTime, cutAround, cutTime, moveEdge, moveEdgeByKey, placeIn } from './cut-time.ts'

const time = (startNanos: number, endNanos: number): Extent => ({
  startNanos: BigInt(startNanos),
  endNanos: BigInt(endNanos),
})
const whole = time(1_000_000, 2_000_000)

test('a place is in percent, and outside of 0 to 100 for a time that is not shown', () => {
  expect(placeIn(whole, 1_250_000n)).toBe(25)
  expect(placeIn(whole, 900_000n)).toBe(-10)
  expect(placeIn(time(5, 5), 5n)).toBe(0)
})

describe('a part that is drawn', () => {
  test.each([
    ['from left to right', 0.2, 0.5, time(1_200_000, 1_500_000)],
    ['from right to left', 0.5, 0.2, time(1_200_000, 1_500_000)],
    ['beyond the ends', -1, 3, whole],
    ['too narrow', 0.5, 0.5, time(1_500_000, 1_501_000)],
    ['too narrow at the end', 1, 1, time(1_999_000, 2_000_000)],
  ])('%s', (_, a, b, cut) => {
    expect(cutTime(whole, a, b)).toEqual(cut)
  })

  test('is within the whole and has a length, whatever is drawn', () => {
    const part = fc.double({ min: -2, max: 2, noNaN: true })
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e15 }), part, part, (length, a, b) => {
        const own = time(7, 7 + length)
        const { startNanos, endNanos } = cutTime(own, a, b)
        expect(startNanos).toBeGreaterThanOrEqual(own.startNanos)
        expect(endNanos).toBeLessThanOrEqual(own.endNanos)
        expect(endNanos - startNanos).toBeGreaterThanOrEqual(Math.min(length, 999))
      }),
    )
  })
})

describe('an edge', () => {
  const shown = time(1_200_000, 1_600_000)
  test.each([
    ['start', 'ArrowRight', time(1_240_000, 1_600_000)],
    ['start', 'ArrowLeft', time(1_160_000, 1_600_000)],
    ['start', 'Home', time(1_000_000, 1_600_000)],
    ['start', 'End', time(1_600_000, 1_601_000)],
    ['end', 'ArrowUp', time(1_200_000, 1_640_000)],
    ['end', 'End', time(1_200_000, 2_000_000)],
    ['end', 'Home', time(1_200_000, 1_201_000)],
    ['end', 'x', undefined],
  ] as const)('%s is moved by %s', (edge, key, moved) => {
    expect(moveEdgeByKey(whole, shown, edge, key)).toEqual(moved)
  })

  test('is dragged up to the other edge and no further', () => {
    expect(moveEdge(whole, shown, 'start', 0.1)).toEqual(time(1_100_000, 1_600_000))
    expect(moveEdge(whole, shown, 'end', 0)).toEqual(time(1_200_000, 1_201_000))
  })
})

test('a point is brought to the middle, as far as there is time on both sides', () => {
  const shown = time(1_200_000, 1_400_000)

  expect(centerTime(whole, shown, 0.5)).toEqual(time(1_400_000, 1_600_000))
  expect(centerTime(whole, shown, 0)).toEqual(time(1_000_000, 1_200_000))
  expect(centerTime(whole, shown, 1)).toEqual(time(1_800_000, 2_000_000))
})

test('a span is shown with a little around it', () => {
  expect(cutAround(whole, time(1_200_000, 1_400_000))).toEqual(time(1_190_000, 1_410_000))
  expect(cutAround(whole, whole)).toEqual(whole)
})
