import { expect, test } from 'vitest'
import { createSeries } from './series.ts'
import { createSeriesIndex, keyPart, type RawPart } from './series-index.ts'

function add(index: ReturnType<typeof createSeriesIndex>, parts: readonly RawPart[]) {
  const series = createSeries(parts.map(keyPart), [], 0, 0n)
  index.add(series)
  return series
}

test('a series is found under its key and under nothing else', () => {
  const index = createSeriesIndex()
  const a = add(index, ['x', 'y'])
  const b = add(index, ['x', undefined])
  const c = add(index, [undefined, 'y'])

  expect(index.find(['x', 'y'])).toBe(a)
  expect(index.find(['x', undefined])).toBe(b)
  expect(index.find([undefined, 'y'])).toBe(c)
  expect(index.find([undefined, undefined])).toBeUndefined()
  expect(index.find(['x', 'z'])).toBeUndefined()
  expect(index.find(['x', ''])).toBeUndefined()
})

test('looking for what is not there leaves what is there to be found', () => {
  const index = createSeriesIndex()
  const series = add(index, ['1'])

  for (const raw of [2n, 'a', true, undefined, 1n, 1, '1', 1n]) {
    expect(index.find([raw])).toBe(String(raw) === '1' ? series : undefined)
  }
})

test('a value is found by its text in whatever type it comes, time and again', () => {
  const index = createSeriesIndex()
  const zero = add(index, [0n])
  const minusZero = add(index, [-0])

  for (let round = 0; round < 3; round++) {
    for (const raw of [0n, '0', 0]) expect(index.find([raw])).toBe(zero)
    for (const raw of [-0, '-0']) expect(index.find([raw])).toBe(minusZero)
  }
})
