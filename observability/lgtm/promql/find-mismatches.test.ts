import { describe, expect, test } from 'vitest'
import { chooseAgreement, findMismatches } from './find-mismatches.ts'

const one = (value: number, labels = {}) => [{ labels, value }]

describe('values agree', () => {
  test('exactly, but for what a double cannot hold', () => {
    expect(findMismatches(one(3), one(3.000000000001), 'exact')).toEqual([])
    expect(findMismatches(one(3), one(3.00001), 'exact')).toEqual(['[]: expected 3, got 3.00001'])
  })

  test('within the bucket', () => {
    expect(findMismatches(one(0.004), one(0.0049), 'bucket')).toEqual([])
    expect(findMismatches(one(0.004), one(0.0051), 'bucket')).toHaveLength(1)
    expect(findMismatches(one(0.004), one(0.003), 'bucket')).toHaveLength(1)
    expect(findMismatches(one(20), one(10), 'bucket')).toEqual([])
  })

  test('within the buckets of the limits, where several values would do', () => {
    const expected = [{ labels: {}, value: 0.004, limits: [0.001, 0.02] as const }]
    expect(findMismatches(expected, one(0.019), 'bucket')).toEqual([])
    expect(findMismatches(expected, one(0.021), 'bucket')).toHaveLength(1)
    expect(findMismatches(expected, one(0.0006), 'bucket')).toEqual([])
  })
})

test('what is missing and what is too much is told', () => {
  expect(findMismatches(one(1, { a: 'b' }), one(1, { a: 'c' }), 'exact')).toEqual([
    '[["a","b"]]: expected 1, got nothing',
    '[["a","c"]]: expected nothing, got 1',
  ])
})

test('a bound is the same, however it is written', () => {
  expect(findMismatches(one(1, { le: '1' }), one(1, { le: '1.0' }), 'exact')).toEqual([])
  expect(findMismatches(one(1, { le: '+Inf' }), one(1, { le: '+Inf' }), 'exact')).toEqual([])
})

test('how nearly depends on what a query is made of', () => {
  expect(chooseAgreement('rate(traces_spanmetrics_calls_total[1m])')).toBe('exact')
  expect(chooseAgreement('rate(traces_spanmetrics_latency_sum[1m])')).toBe('exact')
  expect(chooseAgreement('histogram_quantile(0.5, x)')).toBe('bucket')
})
