import { describe, expect, test } from 'vitest'
import { createAlike, createReport } from '../testing/report-fixture.ts'
import { describeGaps, refuseBaseline } from './refuse-baseline.ts'
import type { Report } from './report-schema.ts'

describe('a run and its baseline', () => {
  const baseline = createReport([createAlike('get', 'node'), createAlike('get', 'deno')])
  const planned = { reference: 'node', runtimes: ['node', 'deno'], operations: ['get'] }

  test('are compared when they share something', () => {
    expect(refuseBaseline(baseline, planned)).toBeNull()
    expect(refuseBaseline(baseline, { ...planned, operations: ['list', 'get'] })).toBeNull()
    expect(describeGaps(baseline, baseline)).toEqual([])
  })

  test.each([
    [{ operations: ['list'] }, 'has none of the operations list: it is of the scenario things'],
    [{ runtimes: ['bun'], reference: 'bun' }, 'has none of bun: it is of node, deno'],
    [
      { reference: 'deno' },
      'was compared with node, and this run would be with deno; choose the same with --reference, or record it again',
    ],
  ])('are refused when they do not: %j', (own, sentence) => {
    expect(refuseBaseline(baseline, { ...planned, ...own })).toBe(sentence)
  })

  test('are refused when nothing was measured', () => {
    const empty = createReport([{ operation: 'get', runtime: 'node', repetitions: [] }])
    expect(refuseBaseline(empty, planned)).toMatch(/^is of a run that ended before anything/)
  })

  test('say what they do not share', () => {
    const other: Report = {
      ...createReport([createAlike('get', 'node'), createAlike('list', 'node')]),
      settings: { ...baseline.settings, hasLogs: false },
    }
    expect(describeGaps({ ...baseline, status: 'partial' }, other)).toEqual([
      'the baseline is of a run that ended early',
      'the baseline has no list',
      'the baseline has deno, and this run has not',
      'log records are not compared with the baseline: one of the two runs has none',
    ])
  })
})
