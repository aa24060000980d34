import { expect, test } from 'vitest'
import { createSeededRandom } from '../../comparison/statistics/seeded-random.ts'
import { findFailures } from './find-failures.ts'
import type { StoredRequest } from './group-requests.ts'

const trace = { driver: null, roots: [], looseLogs: [], spanCount: 0 }

function build(of: number, isFailure: (index: number) => boolean): readonly StoredRequest[] {
  return Array.from({ length: of }, (_, index) => ({
    ...{ operation: 'GET /x', route: 'GET /x', method: 'GET', path: '/x', millis: 1, trace },
    isFailure: isFailure(index),
  }))
}

test.each([
  ['20 of 40, where none failed before', 40, 20, 30, 0, true],
  ['all of 30, where none failed before', 30, 30, 30, 0, true],
  ['one of 30, where none failed before', 30, 1, 30, 0, false],
  ['as many as before', 100, 10, 100, 10, false],
  ['fewer than before', 40, 0, 40, 20, false],
])('%s', (_, of, failed, baseOf, baseFailed, isTold) => {
  const groups = new Map([
    ['1.0', build(baseOf, (index) => index < baseFailed)],
    ['2.0', build(of, (index) => index < failed)],
  ])
  expect(findFailures(groups, '1.0').map(({ sentence }) => sentence)).toEqual(
    isTold
      ? [`GET /x fails on 2.0: ${failed} of ${of} requests, and ${baseFailed} of ${baseOf} on 1.0`]
      : [],
  )
})

test('of 1,000 comparisons of groups that fail equally often, at most 1 % say otherwise', () => {
  const random = createSeededRandom(7)
  let claims = 0
  for (let run = 0; run < 1000; run += 1) {
    const share = random.next() / 2
    const groups = new Map(
      ['1.0', '2.0', '3.0'].map((name) => [
        name,
        build(20 + random.nextInt(100), () => random.next() < share),
      ]),
    )
    if (findFailures(groups, '1.0').length > 0) claims += 1
  }
  expect(claims).toBeLessThanOrEqual(10)
})
