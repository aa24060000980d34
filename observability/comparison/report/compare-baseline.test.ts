import { describe, expect, test } from 'vitest'
import { answerRules } from '../differences/answer-rules.ts'
import { volatileRules } from '../differences/volatile-rules.ts'
import { createAlike, createReport } from '../testing/report-fixture.ts'
import {
  buildTrace,
  createGroup,
  request,
  select,
  server,
  withSpans,
} from '../testing/trace-fixture.ts'
import { createTraceTree } from '../trace/create-trace-tree.ts'
import { compareBaseline } from './compare-baseline.ts'
import type { Report } from './report-schema.ts'

const renamed = buildTrace(withSpans({ ...server, name: 'GET' }))
const without = buildTrace({ ...request, spans: [server, select] })
const rules = { volatile: volatileRules, answers: answerRules, occasional: [] }

function times(count: number, millis: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => millis + (index % 5) / 100)
}

describe('a baseline', () => {
  const results = (deno: number, trace = buildTrace()) => [
    createAlike('get', 'node', { durationsMillis: times(40, 1) }),
    createAlike('get', 'deno', { durationsMillis: times(40, deno), trace }),
  ]
  const before = createReport(results(2))

  test('against itself nothing changed', () => {
    const compared = compareBaseline(before, createReport(results(2)), rules)
    expect(compared).toMatchObject({
      sameMachine: true,
      newDifferences: [],
      goneDifferences: [],
      changes: [],
    })
    expect(compared.latency.map(({ ratio }) => ratio.value)).toEqual([1, 1])
  })

  test('tells what is new, what is gone and what changed', () => {
    const after = createReport(results(2, renamed))
    const line =
      'get, deno: GET /api/v1/todos/:id: span has another name: expected GET /api/v1/todos/:id, got GET'
    expect(compareBaseline(before, after, rules)).toMatchObject({
      newDifferences: [line],
      goneDifferences: [],
      changes: [{ runtime: 'deno', kind: 'span.name', line }],
    })
    expect(compareBaseline(after, before, rules)).toMatchObject({
      newDifferences: [],
      goneDifferences: [line],
    })
  })

  test('a runtime that was not played again is not gone', () => {
    const after = createReport(results(2, renamed))
    const nodeOnly = createReport(results(2).slice(0, 1))
    expect(compareBaseline(after, nodeOnly, rules).goneDifferences).toEqual([])
  })

  test('a difference that was declared since is not new', () => {
    const known = [{ runtime: 'deno', reason: 'a', matches: { kind: 'span.name' } }]
    const after = createReport(results(2, renamed), { known })
    expect(compareBaseline(before, after, rules).newDifferences).toEqual([])
  })

  test('a difference that nobody could have seen is not gone', () => {
    const after = createReport(results(2, renamed))
    const lost = createReport([
      ...results(2).slice(0, 1),
      createAlike('get', 'deno', { trace: null }),
    ])
    expect(compareBaseline(after, lost, rules).goneDifferences).toEqual([])
  })

  test('log records that the source of one of the runs does not have are no change', () => {
    const settings = { ...before.settings, hasLogs: false }
    const unlogged = createTraceTree([createGroup(request.spans, request.resource)])
    const report = createReport(results(2, unlogged), {}, { settings })
    const seen = createReport(results(2, unlogged))
    const kinds = (one: Report) =>
      compareBaseline(before, one, rules).changes.map(({ kind }) => kind)
    expect(kinds(seen)).toEqual(['log.missing'])
    expect(kinds(report)).toEqual([])
  })

  test('a body that was cut is not compared', () => {
    const report = (id: string) => {
      const value = { id, text: 'x'.repeat(5000) }
      const answer = {
        status: 200,
        headers: [['content-type', 'application/json']],
        body: { format: 'json', value },
      } as const
      return createReport([createAlike('get', 'node', { answer })])
    }
    expect(compareBaseline(report('a'), report('b'), rules).changes).toEqual([])
  })

  test('what may come by chance may have come by chance', () => {
    const occasional = [{ matches: { kind: 'span.extra', path: '* > CONNECT' }, reason: 'a pool' }]
    const all = [createReport(results(2, without)), before] as const
    for (const [a, b] of [all, all.toReversed()]) {
      if (!a || !b) throw new Error('expected two reports')
      expect(compareBaseline(a, b, { ...rules, occasional }).changes).toEqual([])
      expect(compareBaseline(a, b, rules).changes).toHaveLength(1)
    }
  })

  test('on the same machine a latency is compared with the recorded one', () => {
    const compared = compareBaseline(before, createReport(results(4)), rules)
    expect(compared.latency[1]).toMatchObject({ runtime: 'deno', relative: false })
    expect(compared.latency[1]?.sentence).toMatch(
      /^deno takes 1\.99× the time of the baseline on get \(95 % interval 1\.9\d–2\.0\d\)$/,
    )
  })

  test('on another machine it is the ratio to the reference that is compared', () => {
    const settings = { ...before.settings, machine: { ...before.settings.machine, cpu: 'other' } }
    const slower = createReport(
      [
        createAlike('get', 'node', { durationsMillis: times(40, 10) }),
        createAlike('get', 'deno', { durationsMillis: times(40, 20) }),
      ],
      {},
      { settings },
    )
    const compared = compareBaseline(before, slower, rules)
    expect(compared.sameMachine).toBe(false)
    expect(compared.latency.map(({ runtime, relative }) => [runtime, relative])).toEqual([
      ['deno', true],
    ])
    expect(compared.latency[0]?.ratio.value).toBeCloseTo(1, 1)
    expect(compared.latency[0]?.sentence).toContain("the baseline's ratio to node")
  })

  test('too few measurements carry no latency', () => {
    const few = createReport([createAlike('get', 'node', { durationsMillis: times(5, 1) })])
    expect(compareBaseline(before, few, rules).latency).toEqual([])
  })
})
