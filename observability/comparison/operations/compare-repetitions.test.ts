import { describe, expect, test } from 'vitest'
import { renderDifference } from '../differences/difference.ts'
import {
  buildTrace,
  change,
  connect,
  createAttributes,
  type Request,
  request,
  select,
  server,
  withSpans,
} from '../testing/trace-fixture.ts'
import { compareOperations } from './compare-operations.ts'
import { formsMax } from './compare-repetitions.ts'
import type { OperationResult, Repetition } from './operation-result.ts'

const answer = { status: 200, headers: [], body: { format: 'empty' } } as const

function repeat(
  count: number,
  changed: Request = request,
  clientMillis = 1,
): readonly Repetition[] {
  return Array.from({ length: count }, () => ({ answer, trace: buildTrace(changed), clientMillis }))
}

function result(
  runtime: string,
  ...repetitions: readonly (readonly Repetition[])[]
): OperationResult {
  return { operation: 'get', runtime, repetitions: repetitions.flat() }
}

const withoutConnect: Request = {
  ...request,
  spans: request.spans.filter((span) => span !== connect),
}
const renamed = withSpans({ ...server, name: 'GET' })

function compare(results: readonly OperationResult[], options = {}) {
  const comparison = compareOperations(results, options)
  return {
    ...comparison,
    lines: comparison.known.undeclared.map(renderDifference),
    unsteadyLines: comparison.unsteady.map(({ difference }) => renderDifference(difference)),
  }
}

const at = 'GET /api/v1/todos/:id'

describe('many repetitions', () => {
  test('one during which the clock was set is compared, and its times are in no statistic', () => {
    const hour = 3_600_000_000_000n
    const steppedBy = (nanos: bigint) => withSpans({ ...server, endNanos: server.endNanos + nanos })
    const { operations } = compare([
      result('node', repeat(9)),
      result('workers', repeat(4, steppedBy(hour)), repeat(4, steppedBy(-hour)), repeat(1)),
    ])
    const verdict = operations[0]?.verdicts.find(({ runtime }) => runtime === 'workers')

    expect(verdict?.serverSpan?.millis).toBeLessThan(1000)
    expect([...(verdict?.stepMillis.values() ?? [])].flat().every((millis) => millis < 1000)).toBe(
      true,
    )
    expect(verdict?.forms.reduce((sum, { count }) => sum + count, 0)).toBe(9)
  })

  test('an occasional difference is counted', () => {
    const { lines } = compare([
      result('node', repeat(50)),
      result('deno', repeat(47), repeat(3, renamed)),
    ])
    expect(lines).toEqual([
      `get, deno: ${at}: span has another name: expected GET /api/v1/todos/:id, got GET (3 of 50)`,
    ])
  })

  test('one odd repetition of the reference, even the first, is not the measure', () => {
    const { lines, unsteadyLines } = compare([
      result('node', repeat(1, renamed), repeat(49)),
      result('deno', repeat(50)),
    ])
    expect(lines).toEqual([])
    expect(unsteadyLines).toEqual([
      `get, node: ${at}: span has another name: expected GET /api/v1/todos/:id, got GET (1 of 50)`,
    ])
  })

  test('what the reference does about as often is no difference', () => {
    const { lines, unsteadyLines } = compare([
      result('node', repeat(45), repeat(5, renamed)),
      result('deno', repeat(42), repeat(8, renamed)),
    ])
    expect(lines).toEqual([])
    expect(unsteadyLines.at(-1)).toMatch(/^get, deno: .* \(8 of 50; on the reference 5 of 50\)$/)
  })

  test('what the reference does now and then, and another always, is a difference', () => {
    const { lines } = compare([
      result('node', repeat(48), repeat(2, renamed)),
      result('deno', repeat(50, renamed)),
    ])
    expect(lines).toEqual([
      expect.stringMatching(/^get, deno: .* \(50 of 50; on the reference 2 of 50\)$/),
    ])
  })

  test('what the reference does half the time, and another never, is a difference', () => {
    const { lines } = compare([
      result('node', repeat(26), repeat(24, renamed)),
      result('deno', repeat(50)),
    ])
    expect(lines).toEqual([
      expect.stringMatching(/^get, deno: .* \(0 of 50; on the reference 24 of 50\)$/),
    ])
  })

  test('of traffic that nobody planned, what chance explains comes and goes', () => {
    const node = result('node', repeat(25, withoutConnect))
    const opens = (count: number) =>
      compare([node, result('deno', repeat(28, withoutConnect), repeat(count))], { isSample: true })

    expect(opens(1).lines).toEqual([])
    expect(opens(1).unsteadyLines).toEqual([expect.stringMatching(/CONNECT.*\(1 of 29/)])
    expect(opens(20).lines).toEqual([expect.stringMatching(/CONNECT.*\(20 of 48\)/)])
  })

  test('of several values the most frequent is shown', () => {
    const rows = (count: bigint) =>
      withSpans(change(select, { 'db.response.returned_rows': count }))
    const { lines } = compare([
      result('node', repeat(5)),
      result('deno', repeat(1, rows(2n)), repeat(3, rows(3n)), repeat(1, rows(4n))),
    ])
    expect(lines).toEqual([
      `get, deno: ${at} > SELECT todos: attribute db.response.returned_rows has another value: expected int 1, got int 3`,
    ])
  })

  test('what is declared to come by chance is none, unless it always comes', () => {
    const occasional = [
      { matches: { kind: 'span.extra', path: '* > CONNECT' }, reason: 'the pool grows' },
    ]
    const node = result('node', repeat(50, withoutConnect))
    const grows = compare([node, result('deno', repeat(48, withoutConnect), repeat(2))], {
      occasional,
    })
    expect(grows.lines).toEqual([])
    expect(grows.unsteady).toMatchObject([
      { reason: 'the pool grows', difference: { occurrences: { count: 2, of: 50 } } },
    ])
    const always = compare([node, result('deno', repeat(50))], { occasional })
    expect(always.lines).toEqual([
      `get, deno: ${at} > CONNECT: span is extra: got CLIENT "CONNECT todos"`,
    ])
  })

  test('traces that did not arrive are counted, on the reference too', () => {
    const lost = repeat(2).map((repetition) => ({ ...repetition, trace: null }))
    const { lines } = compare([
      result('node', repeat(9), lost.slice(1)),
      result('deno', repeat(8), lost),
    ])
    expect(lines).toEqual([
      'get, node: no trace arrived (1 of 10)',
      'get, deno: no trace arrived (2 of 10)',
    ])
  })

  test('a different number of repetitions is compared by share', () => {
    const { lines } = compare([result('node', repeat(3)), result('deno', repeat(40))])
    expect(lines).toEqual([])
  })
})

describe('forms', () => {
  test('are the ways in which it was done, the most frequent first, each by a typical example', () => {
    const { operations } = compare([
      result('node', repeat(10)),
      result(
        'deno',
        repeat(2, renamed, 9),
        repeat(1, request, 3),
        repeat(4, request, 5),
        repeat(3, request, 8),
      ),
    ])
    const forms = operations[0]?.verdicts[1]?.forms ?? []
    expect(
      forms.map(({ count, exampleIndex, findings }) => [count, exampleIndex, findings.length]),
    ).toEqual([
      [8, 3, 0],
      [2, 0, 1],
    ])
    expect(forms[0]?.example.clientMillis).toBe(5)
  })

  test('the usual form is what the steps show', () => {
    const { operations } = compare([
      result('node', repeat(3)),
      result('deno', repeat(1, withoutConnect), repeat(2)),
    ])
    expect(operations[0]?.steps.map(({ spans }) => [...spans.keys()])).toEqual([
      ['node', 'deno'],
      ['node', 'deno'],
      ['node', 'deno'],
    ])
  })

  test('are at most so many', () => {
    const each = Array.from({ length: formsMax + 3 }, (_, index) =>
      repeat(1, withSpans({ ...server, attributes: createAttributes({ [`a${index}`]: '' }) })),
    )
    const { operations, lines } = compare([result('node', repeat(3)), result('deno', ...each)])
    expect(operations[0]?.verdicts[1]?.forms).toHaveLength(formsMax)
    for (let index = 0; index < each.length; index += 1) expect(lines.join()).toContain(`a${index}`)
  })
})

test('the time of each step is known of every repetition', () => {
  const longer = withSpans({ ...select, endNanos: 8_500_000n })
  const { operations } = compare([result('node', repeat(2), repeat(1, longer))])
  const millis = operations[0]?.verdicts[0]?.stepMillis
  expect(millis?.get(`${at} > SELECT todos`)).toEqual([4, 4, 4.5])
  expect(millis?.get(`${at} > CONNECT`)).toEqual([1, 1, 1])
})
