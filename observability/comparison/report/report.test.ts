import { describe, expect, test } from 'vitest'
import type { Span } from '../../otlp/model.ts'
import { judgeConventions } from '../conventions/judge-conventions.ts'
import { answerRules } from '../differences/answer-rules.ts'
import { volatileRules } from '../differences/volatile-rules.ts'
import { readRegistryFile } from '../testing/read-registry-file.ts'
import { createAlike, createReport } from '../testing/report-fixture.ts'
import {
  buildTrace,
  change,
  connect,
  createLog,
  record,
  request,
  select,
  server,
  withSpans,
} from '../testing/trace-fixture.ts'
import { parseTraceJson, renderTraceJson } from '../trace/trace-json.ts'
import { compareBaseline } from './compare-baseline.ts'
import { judgeReport, parseFailOn } from './judge-report.ts'
import { parseReport } from './parse-report.ts'
import { renderJunit } from './render/render-junit.ts'
import { markdownCharsMax, renderMarkdown } from './render/render-markdown.ts'
import { differencesMax } from './render/render-operation.ts'
import { renderTerminal } from './render/render-terminal.ts'
import type { Report } from './report-schema.ts'
import { stepsMax } from './report-steps.ts'

const renamed = buildTrace(withSpans({ ...server, name: 'GET' }))
const without = buildTrace({ ...request, spans: [server, select] })

function times(count: number, millis: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => millis + (index % 5) / 100)
}

describe('compare.json', () => {
  const report = createReport(
    [createAlike('get', 'node'), createAlike('get', 'deno', { trace: renamed })],
    {},
  )

  test('reads back as it was written', () => {
    expect(parseReport(JSON.stringify(report))).toEqual(report)
  })

  test('has the steps of all runtimes side by side, with what is in them', () => {
    const [get] = report.operations
    expect(
      get?.steps.map(({ path, depth, parent, spans }) => [
        path.at(-1),
        depth,
        parent,
        spans.length,
      ]),
    ).toEqual([
      ['GET /api/v1/todos/:id', 0, null, 2],
      ['CONNECT', 1, 0, 2],
      ['SELECT todos', 1, 0, 2],
    ])
    expect(get?.steps[2]?.spans[0]).toMatchObject({
      runtime: 'node',
      name: 'SELECT todos',
      kind: 'CLIENT',
      startMillis: 3,
      durationMillis: 4,
      status: 'unset',
      events: [{ name: 'db.connection.acquired', offsetMillis: 1 }],
      repeated: { count: 1, p50Millis: 4, p95Millis: 4 },
    })
    expect(get?.steps[2]?.spans[0]?.attributes).toContainEqual({
      key: 'db.response.returned_rows',
      type: 'int',
      text: '1',
    })
    expect(get?.logs).toMatchObject([
      {
        subject: 'todo.retrieved',
        records: [{ runtime: 'node', step: 0, offsetMillis: 7.5 }, { runtime: 'deno' }],
      },
    ])
  })

  test('has the reference first, everywhere', () => {
    const results = [createAlike('get', 'node'), createAlike('get', 'deno')]
    const turned = createReport(results, { reference: 'deno' })
    expect(turned.runtimes.map(({ name }) => name)).toEqual(['deno', 'node'])
    expect(turned.operations[0]?.runtimes.map(({ runtime }) => runtime)).toEqual(['deno', 'node'])
  })

  test('has every difference with the step it is on', () => {
    expect(report.differences).toMatchObject([
      { kind: 'span.name', runtime: 'deno', step: 0, known: null, count: 1, of: 1 },
    ])
  })

  test('has the odd forms with their steps', () => {
    const node = createAlike('get', 'node', { durationsMillis: times(9, 1) })
    const usual = createAlike('get', 'deno', { durationsMillis: times(8, 1) })
    const odd = createAlike('get', 'deno', { trace: without })
    const deno = { ...usual, repetitions: [...usual.repetitions, ...odd.repetitions] }
    const forms = createReport([node, deno]).operations[0]?.runtimes[1]?.forms
    expect(forms?.map(({ count, steps }) => [count, steps?.length ?? null])).toEqual([
      [8, null],
      [1, 3],
    ])
    expect(forms?.[1]?.differences).toEqual([
      'get, deno: GET /api/v1/todos/:id > CONNECT: span is missing: expected CLIENT "CONNECT todos"',
    ])
  })

  test('has the first thousand steps, and says how many more there are', () => {
    const many = Array.from({ length: stepsMax + 5 }, (_, index) => ({
      ...select,
      spanId: (index + 0x1000).toString(16).padStart(16, '0'),
      startNanos: select.startNanos + BigInt(index),
    }))
    const last = many.at(-1)
    if (last === undefined) throw new Error('expected a span, got none')
    const build = (end: Span) => buildTrace(withSpans(...many.slice(0, -1), end))
    const huge = createReport([
      createAlike('get', 'node', { trace: build(last) }),
      createAlike('get', 'deno', { trace: build({ ...last, name: 'odd' }) }),
    ])
    const [get] = huge.operations
    expect(get?.steps).toHaveLength(stepsMax)
    expect(get?.steps.every(({ parent }, index) => parent === null || parent < index)).toBe(true)
    // The server span, CONNECT and one SELECT are beside them.
    expect(get?.stepsLeftOut).toBe(8)
    // What differs past them is still told, without a step to point at.
    expect(huge.differences).toMatchObject([{ kind: 'span.name', step: null }])
    expect(parseReport(JSON.stringify(huge))).toEqual(huge)
  })

  test('has the first thousand differences, says how many more there are, and stays small', () => {
    const many = Object.fromEntries(
      Array.from({ length: differencesMax + 234 }, (_, index) => [`key${index}`, 'x']),
    )
    const trace = buildTrace(withSpans(change(server, many)))
    const before = createReport([createAlike('get', 'node'), createAlike('get', 'deno')])
    const huge = createReport([createAlike('get', 'node'), createAlike('get', 'deno', { trace })])
    expect(huge.differences).toHaveLength(differencesMax)
    const deno = huge.operations[0]?.runtimes[1]
    expect(deno?.differencesLeftOut).toBe(234)
    expect(deno?.forms[0]?.differences).toHaveLength(101)
    expect(deno?.forms[0]?.differences.at(-1)).toBe('… and 1134 more')
    expect(renderTerminal(huge, { columns: 99, color: false, verbose: false })).toContain(
      'differs in 1234 points',
    )
    expect(judgeReport(huge, parseFailOn('parity'))).toEqual([
      '1000 or more differences that nobody declared',
    ])
    const rules = { volatile: volatileRules, answers: answerRules, occasional: [] }
    const { changes, changesLeftOut } = compareBaseline(before, huge, rules)
    expect([changes.length, changesLeftOut]).toEqual([differencesMax, 234])
  })

  test.each([
    ['', 'expected JSON'],
    ['{"format":"other","version":1}', 'expected a compare.json'],
    ['{"format":"compare-report","version":2}', 'expected version 1 of compare.json, got 2'],
    ['{"format":"compare-report"}', 'expected a compare.json'],
    [JSON.stringify({ ...report, reference: 7 }), 'reference: '],
  ])('that is %s is refused', (text, sentence) => {
    expect(() => parseReport(text)).toThrow(sentence)
  })

  test('the same run gives the same report', () => {
    const run = () =>
      createReport([
        createAlike('get', 'node', { durationsMillis: times(30, 1) }),
        createAlike('get', 'deno', { durationsMillis: times(30, 2) }),
      ])
    expect(run()).toEqual(run())
  })
})

describe('a trace in compare.json', () => {
  test('reads back to the tree that it was', () => {
    const loose = createLog({ body: 'loose', traceId: '', spanId: '' })
    const spans = [
      { ...server, parentSpanId: '00000000000000d1' },
      connect,
      select,
      { ...connect, spanId: '00000000000000e1', parentSpanId: '00000000000000e2' },
    ]
    const tree = buildTrace(
      { ...request, spans, logs: [record, loose] },
      { driverSpanId: '00000000000000d1' },
    )
    expect(parseTraceJson(renderTraceJson(tree))).toEqual(tree)
  })
})

describe('a report fails', () => {
  const differs = createReport([
    createAlike('get', 'node', { durationsMillis: times(40, 1) }),
    createAlike('get', 'deno', { durationsMillis: times(40, 2), trace: renamed }),
  ])
  const fail = (report: Report, on: string) => judgeReport(report, parseFailOn(on))

  test('on parity, on latency, on both or on nothing, as it was told', () => {
    expect(fail(differs, 'parity')).toEqual(['1 difference that nobody declared'])
    expect(fail(differs, 'latency:1.5x')).toEqual([
      expect.stringMatching(/^deno takes 1\.98× the time of node on get.*, more than 1\.5×$/),
    ])
    expect(fail(differs, 'latency:2.5x')).toEqual([])
    expect(fail(differs, 'parity,latency:1.5')).toHaveLength(2)
    expect(fail(differs, 'none')).toEqual([])
  })

  test('not on a latency whose interval reaches below the limit', () => {
    const [get] = differs.operations
    const [, deno] = get?.runtimes ?? []
    const own = deno?.versusReference
    if (!get || !deno || !own) throw new Error('expected a verdict on deno, got none')
    const ratio = { value: 2, low: 1.4, high: 2.6 }
    const wide: Report = {
      ...differs,
      operations: [{ ...get, runtimes: [{ ...deno, versusReference: { ...own, ratio } }] }],
    }
    expect(fail(wide, 'latency:1.5x')).toEqual([])
    expect(fail(wide, 'latency:1.3x')).toHaveLength(1)

    const latency = { operation: 'get', runtime: 'deno', relative: false, ratio, sentence: 'slow' }
    const baseline = {
      createdAt: '',
      sameMachine: true,
      newDifferences: [],
      goneDifferences: [],
      changes: [],
      changesLeftOut: 0,
      latency: [latency],
    }
    expect(fail({ ...differs, baseline }, 'latency:1.5x')).toEqual([])
    expect(fail({ ...differs, baseline }, 'latency:1.3x')).toEqual(['slow, more than 1.3×'])
  })

  test('on what is declared and did not occur', () => {
    const known = [{ runtime: 'deno', reason: 'a', matches: { kind: 'span.kind' } }]
    const stale = createReport([createAlike('get', 'node'), createAlike('get', 'deno')], { known })
    expect(fail(stale, 'parity')).toEqual(['1 declared difference did not occur'])
  })

  test('on a latency that cannot be judged', () => {
    const measurement = { ...differs.measurement, rejection: 'too busy' }
    expect(fail({ ...differs, measurement }, 'latency:9x')).toEqual([
      'latency cannot be judged: too busy',
    ])
  })

  test('on the conventions, where that was said, at the level that was said', () => {
    const known = [
      { runtime: 'deno', reason: 'a', matches: { kind: 'convention.unknown', subject: 'basket' } },
    ]
    const conventions = judgeConventions(
      [createAlike('get', 'node'), createAlike('get', 'deno')],
      readRegistryFile(),
      { known },
    )
    const report = createReport([createAlike('get', 'node'), createAlike('get', 'deno')], { known })
    expect(fail({ ...report, conventions }, 'parity')).toEqual([])
    expect(fail({ ...report, conventions }, 'conventions')).toEqual([
      '1 breach of the conventions',
      '1 declared exception to the conventions did not occur',
    ])
    expect(fail({ ...report, conventions }, 'parity,conventions:information')[0]).toMatch(
      /^[2-9] breaches/,
    )
  })

  test.each(['', 'conventions:all', 'latency', 'latency:0.5x', 'parity;latency:2x', 'all'])(
    'not on %j',
    (text) => {
      expect(() => parseFailOn(text)).toThrow(`got ${JSON.stringify(text)}`)
    },
  )
})

describe('the other forms', () => {
  const hostile = '</details>|`@team` <img src=x> https://evil.example \u001b[2J\u0000\ud800'
  const report = createReport([
    createAlike('get', 'node', { durationsMillis: times(40, 1) }),
    createAlike('get', 'deno', {
      durationsMillis: times(40, 2),
      trace: buildTrace(withSpans(change(server, { [hostile]: hostile }))),
    }),
  ])

  test('Markdown is a heading, a matrix and sentences', () => {
    const text = renderMarkdown(report)
    expect(text).toContain(
      '| operation | node (reference) | deno |\n| --- | --- | --- |\n| get | reference | ❌ differs in 1 point |',
    )
    expect(text).toMatch(/- deno takes 1\.98× the time of node on get/)
  })

  test('Markdown lets nothing that came over the network be markup, a link or a mention', () => {
    const text = renderMarkdown(report)
    expect(text).not.toContain('<img')
    expect(text).not.toContain('@team')
    expect(text).not.toContain('https://evil')
    expect(text).not.toContain('\u001b')
    expect(text.match(/<\/details>/g)).toHaveLength(text.match(/<details>/g)?.length ?? 0)
  })

  test('a trace over all runtimes is named with the file that has it', () => {
    const fanOuts = [
      { operation: 'get', traceId: 'a1', file: 'fan-out-1-get.json' },
      { operation: 'list', traceId: 'b2', file: null },
    ]
    const text = { ...report, fanOuts }
    expect(renderMarkdown(text)).toContain('- get: a1 in fan-out-1-get.json\n')
    expect(renderTerminal(text, { columns: 80, color: false, verbose: true })).toContain(`\
one trace over all runtimes
  get: a1 in fan-out-1-get.json
  list: b2 at a test
`)
  })

  describe('Markdown that is longer than a comment may be', () => {
    const differing = (count: number, operations = ['get']) => {
      const build = (name: string) => {
        const value = `${name} ${'x'.repeat(40)}`
        const keys = Array.from({ length: count }, (_, index) => `key${index}`)
        const many = Object.fromEntries(keys.map((key) => [key, value]))
        return buildTrace(withSpans(change(server, many)))
      }
      return renderMarkdown(
        createReport(
          operations.flatMap((name) => [
            createAlike(name, 'node', { durationsMillis: times(40, 1) }),
            createAlike(name, 'deno', { durationsMillis: times(40, 2), trace: build(name) }),
          ]),
        ),
      )
    }

    test('loses what is folded first, and keeps its footer', () => {
      const operations = Array.from({ length: 100 }, (_, index) => `operation ${index}`)
      const text = differing(3, operations)
      expect(text.length).toBeLessThan(markdownCharsMax)
      expect(text).toContain('… the rest is in compare.json')
      expect(text).not.toContain('<details>')
      expect(text).toMatch(/<sub>.*<\/sub>\n$/)
      expect(text.match(/attribute key2 is extra/g)).toHaveLength(100)
    })

    test('is cut at the end of a line where that is not enough', () => {
      const text = differing(2000)
      expect(text.length).toBeLessThan(markdownCharsMax + 100)
      expect(text).toMatch(/x"\n\n… cut; compare\.json has all of it\n$/)
    })
  })

  test('JUnit has a suite for each runtime and a case for each operation', () => {
    const xml = renderJunit(report)
    expect(xml).toContain('<testsuite name="node" tests="1" failures="0" errors="0" skipped="0">')
    expect(xml).toContain('<testsuite name="deno" tests="1" failures="1" errors="0" skipped="0">')
    expect(xml).toContain('<testcase classname="deno" name="get" time="0.00202')
  })

  test('JUnit is XML whatever came over the network', () => {
    const xml = renderJunit(report)
    expect(xml).not.toContain('<img')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML 1.0 forbids.
    expect(xml).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff]/)
    expect(xml).toContain('&lt;img src=x&gt;')
  })

  test('JUnit keeps a quotation mark inside its attribute', () => {
    const xml = renderJunit(createReport([createAlike('a"b', 'node')]))
    expect(xml).toContain('name="a&quot;b"')
  })

  test('JUnit skips what nobody played', () => {
    const unplayed = (runtime: string) => ({ operation: 'get', runtime, repetitions: [] })
    const xml = renderJunit(createReport([unplayed('node'), unplayed('deno')]))
    expect(xml).toContain('<testsuite name="deno" tests="1" failures="0" errors="0" skipped="1">')
    expect(xml).toContain('<skipped message="was not played"/>')
  })

  test('JUnit tells what fails beside the differences', () => {
    const late: Report = {
      ...report,
      status: 'partial',
      problems: ['it was interrupted'],
      outcome: { failures: ['slow'], exitCode: 2 },
    }
    expect(renderJunit(late)).toContain(
      '<testsuite name="comparison" tests="2" failures="2" errors="0" skipped="0">',
    )
  })
})
