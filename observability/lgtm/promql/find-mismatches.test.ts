import { describe, expect, test } from 'vitest'
import { chooseAgreement, findMismatches } from './find-mismatches.ts'

const one = (value: number, labels = {}) => [{ labels, value }]

describe('values agree', () => {
  test('exactly, but for what a double cannot hold', () => {
    expect(findMismatches(one(3), one(3.000000000001), 'exact')).toEqual([])
    expect(findMismatches(one(3), one(3.00001), 'exact')).toEqual(['[]: expected 3, got 3.00001'])
  })

  test('nearly, where Prometheus estimates', () => {
    expect(findMismatches(one(100), one(107), 'estimated')).toEqual([])
    expect(findMismatches(one(100), one(109), 'estimated')).toHaveLength(1)
    expect(findMismatches(one(0), one(0.001), 'estimated')).toHaveLength(1)
  })

  test('within one bucket', () => {
    expect(findMismatches(one(0.004), one(0.0074), 'bucket')).toEqual([])
    expect(findMismatches(one(0.004), one(0.0076), 'bucket')).toHaveLength(1)
    expect(findMismatches(one(20), one(10), 'bucket')).toEqual([])
  })

  test('within one bucket of the limits, where several values would do', () => {
    const expected = [{ labels: {}, value: 0.004, limits: [0.001, 0.02] as const }]
    expect(findMismatches(expected, one(0.029), 'bucket')).toEqual([])
    expect(findMismatches(expected, one(0.031), 'bucket')).toHaveLength(1)
    expect(findMismatches(expected, one(0.0005), 'bucket')).toEqual([])
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
  expect(chooseAgreement('rate(traces_spanmetrics_latency_sum[1m])')).toBe('estimated')
  expect(chooseAgreement('histogram_quantile(0.5, x)')).toBe('bucket')
})
