import { stripVTControlCharacters } from 'node:util'
import { describe, expect, test } from 'vitest'
import { createAlike, createReport } from '../../testing/report-fixture.ts'
import {
  buildTrace,
  change,
  createAttributes,
  request,
  resource,
  server,
  withSpans,
} from '../../testing/trace-fixture.ts'
import {
  describeClocks,
  readClockTrust,
  renderClockMillis,
  renderMillis,
  renderRoundMillis,
} from '../../trace/clock-trust.ts'
import type { Report } from '../report-schema.ts'
import { choosesColor } from './chooses-color.ts'
import { differencesShownMax } from './fold-differences.ts'
import { labelCharsMax } from './render-grid.ts'
import { renderTerminal } from './render-terminal.ts'

const wide = { columns: 120, color: false, verbose: true }

function traceOn(clock: string, attributes: Readonly<Record<string, string>> = {}) {
  const sent = withSpans(change(server, attributes))
  return buildTrace({ ...sent, resource: change(resource, { 'hono.runtime.clock': clock }) })
}

const precise = { trace: traceOn('precise'), durationsMillis: [9, 10, 11] }

const report: Report = createReport(
  [
    createAlike('create', 'node', precise),
    createAlike('create', 'workers', { ...precise, durationsMillis: [19, 20, 21] }),
    createAlike('get', 'node', precise),
    createAlike('get', 'workers', {
      trace: traceOn('millisecond', { a: '1', b: '2', c: '3' }),
      durationsMillis: [11],
    }),
    createAlike('list', 'node', precise),
    createAlike('list', 'workers', {
      trace: traceOn('io-only', { known: '1' }),
      durationsMillis: [],
    }),
  ],
  {
    known: [
      { runtime: 'workers', reason: 'why not', matches: { kind: '*', subject: 'known' } },
      { runtime: 'workers', reason: 'was so once', matches: { kind: 'span.order' } },
    ],
  },
)

test('a report reads like this', () => {
  expect(renderTerminal(report, wide)).toBe(`\
PASS  3 operations on 2 runtimes: 1 same, 1 known, 1 different, 1 stale. workers: too few requests to judge the time

differences
  get, workers: GET /api/v1/todos/:id: attribute a is extra: got string "1"
  get, workers: GET /api/v1/todos/:id: attribute b is extra: got string "2"
  get, workers: GET /api/v1/todos/:id: attribute c is extra: got string "3"

operation  node (reference)  workers
create     reference         same
get        reference         differs in 3 points
list       reference         known (1)

latency  runtime  p50            p95               p99               to node
create   node     10.0 ms (?–?)  10.9 ms (9.00–?)  11.0 ms (9.00–?)
create   workers  20.0 ms (?–?)  20.9 ms (19.0–?)  21.0 ms (19.0–?)  2.00× too few to tell
get      node     10.0 ms (?–?)  10.9 ms (9.00–?)  11.0 ms (9.00–?)
get      workers  11.0 ms (?–?)  11.0 ms (?–?)     11.0 ms (11.0–?)  1.10× too few to tell
list     node     10.0 ms (?–?)  10.9 ms (9.00–?)  11.0 ms (9.00–?)
by the driver's clock, from the intended start; (95 % interval), ? where so few measurements cannot bound it

where the time goes  runtime  client   network   server    wait      connect   database
create               node     10.0 ms  2.00 ms   3.00 ms   1.00 ms   1.00 ms   3.00 ms
create               workers  20.0 ms  12.0 ms   3.00 ms   1.00 ms   1.00 ms   3.00 ms
get                  node     10.0 ms  2.00 ms   3.00 ms   1.00 ms   1.00 ms   3.00 ms
get                  workers  11.0 ms  3.0 ms ~  3.0 ms ~  1.0 ms ~  1.0 ms ~  3.0 ms ~
list                 node     10.0 ms  2.00 ms   3.00 ms   1.00 ms   1.00 ms   3.00 ms
means over the middle half of the requests; client by the driver's clock, network what of it no server span covers, the rest by each server's own
~ a clock of whole milliseconds: one more or less says nothing

cold start  ready after  create   get      list
node        321 ms       7.50 ms  7.50 ms  7.50 ms
workers     321 ms       7.50 ms  7.50 ms  7.50 ms
launched together; then the very first request of each operation, in this order

known differences
  workers: * known: why not
    1 × in list

declared as known, but did not occur (remove them)
  workers: span.order: was so once
`)
})

test('the verdict comes first, and says what repeats over operations once', () => {
  const around = (millis: number) =>
    Array.from({ length: 40 }, (_, index) => millis + (index % 5) / 10)
  const results = ['get', 'list'].flatMap((operation) => [
    createAlike(operation, 'node', { ...precise, durationsMillis: around(10) }),
    createAlike(operation, 'workers', { ...precise, durationsMillis: around(40) }),
    createAlike(operation, 'deno', { ...precise, durationsMillis: around(10) }),
    createAlike(operation, 'bun', { ...precise, durationsMillis: around(5) }),
  ])
  const [first] = renderTerminal(createReport(results), wide).split('\n')
  expect(first).toBe(
    'PASS  2 operations on 4 runtimes: 6 same, 0 known, 0 different. workers takes 3.9× the time of node on 2 of 2 operations (100 % of it network and queueing); bun takes 0.51× the time of node on 2 of 2 operations (100 % of it network and queueing); deno: no difference shown',
  )
})

test('without --verbose the verdict, what differs and the table are all', () => {
  const text = renderTerminal(report, { ...wide, verbose: false })
  expect(text).toMatch(/^PASS .*\n\ndifferences\n/)
  expect(text).toContain('operation  node (reference)  workers')
  for (const left of ['latency  ', 'where the time goes', 'cold start', 'known differences'])
    expect(text).not.toContain(left)
})

test('a run that passes says what it was held to, and which targets are emulations', () => {
  const [node, workers] = report.runtimes
  if (node === undefined || workers === undefined) throw new Error('expected two runtimes')
  const held: Report = {
    ...report,
    settings: { ...report.settings, failOn: 'latency:2x' },
    runtimes: [node, { ...workers, emulation: 'workerd, without Cloudflare around it' }],
  }
  expect(renderTerminal(held, wide).split('\n').slice(1, 3)).toEqual([
    'nothing of this failed: --fail-on latency:2x',
    "local emulations, whose times are not the platform's: workers is workerd, without Cloudflare around it",
  ])
  const all = { ...held, settings: { ...held.settings, failOn: 'none' } }
  expect(renderTerminal(all, wide)).toContain('\nnothing was to fail it: --fail-on none\n')
})

test('a difference that several operations share is said once, and where it is declared', () => {
  const odd = traceOn('precise', { odd: '1' })
  const names = ['create', 'list', 'get', 'update', 'delete']
  const results = names.flatMap((name) => [
    createAlike(name, 'node', precise),
    createAlike(name, 'deno', { ...precise, trace: name === 'delete' ? precise.trace : odd }),
    createAlike(name, 'bun', { ...precise, trace: name === 'get' ? odd : precise.trace }),
    createAlike(name, 'lambda', { ...precise, trace: odd }),
  ])
  const shared = createReport(results)
  const declaredIn = 'runtimes/deno/runtime.ts'
  const text = renderTerminal(
    {
      ...shared,
      runtimes: shared.runtimes.map((one) => (one.name === 'deno' ? { ...one, declaredIn } : one)),
    },
    wide,
  )
  expect(text).toContain(`
differences
  create, list, get and 1 more, deno: top span: attribute odd is extra: got string "1"
  all 5 operations, lambda: top span: attribute odd is extra: got string "1"
  get, bun: GET /api/v1/todos/:id: attribute odd is extra: got string "1"
  one that is meant is declared, with its reason, in runtimes/deno/runtime.ts
`)
})

test('of latencies against a baseline those that surely changed are told, and the others counted', () => {
  const ratios = [
    { value: 1.5, low: 1.2, high: 1.8 },
    { value: 1.2, low: 1.05, high: 1.4 },
    { value: 0.5, low: 0.4, high: 0.6 },
  ]
  const latency = ratios.map((ratio, index) => {
    const sentence = `sentence ${index}`
    return { operation: 'get', runtime: 'deno', relative: false, ratio, sentence }
  })
  const baseline = {
    createdAt: '2026-01-01T00:00:00.000Z',
    sameMachine: true,
    newDifferences: [],
    goneDifferences: [],
    changes: [],
    changesLeftOut: 0,
    latency,
  }
  expect(renderTerminal({ ...report, baseline }, wide)).toContain(`
latency against the baseline
  sentence 0
  sentence 2
  1 other: surely changed by no more than 10 %, or too unsure to tell
`)
})

test('only what was launched is called launched together', () => {
  const [node, workers] = report.runtimes
  if (node === undefined || workers === undefined) throw new Error('expected two runtimes')
  const target = { ...workers, name: 'prod', readyMillis: null }
  const three = renderTerminal({ ...report, runtimes: [node, workers, target] }, wide)
  expect(three).toContain('\nnode, workers launched together; then the very first request')
  const one = renderTerminal({ ...report, runtimes: [node, target] }, wide)
  expect(one).not.toContain('launched together')
})

test('columns that do not fit stand below, with their labels again', () => {
  const narrow = renderTerminal(report, { columns: 62, color: false, verbose: true })
  expect(narrow).toContain(`\
latency  runtime  p50            p95
create   node     10.0 ms (?–?)  10.9 ms (9.00–?)
create   workers  20.0 ms (?–?)  20.9 ms (19.0–?)
get      node     10.0 ms (?–?)  10.9 ms (9.00–?)
get      workers  11.0 ms (?–?)  11.0 ms (?–?)
list     node     10.0 ms (?–?)  10.9 ms (9.00–?)

latency  runtime  p99               to node
create   node     11.0 ms (9.00–?)
create   workers  21.0 ms (19.0–?)  2.00× too few to tell
`)
  const rows = narrow.slice(narrow.indexOf('latency  '), narrow.indexOf('by the driver'))
  for (const line of rows.split('\n')) expect(line.length).toBeLessThanOrEqual(62)
})

test('a row that says nothing in the columns below is left out there', () => {
  const narrow = renderTerminal(report, { columns: 45, color: false, verbose: true })
  expect(narrow).toContain(`\
latency  runtime  to node
create   workers  2.00× too few to tell
get      workers  1.10× too few to tell
`)
})

test('where no column fits beside the labels, each row has a block of its own', () => {
  const narrow = renderTerminal(report, { columns: 25, color: false, verbose: true })
  expect(narrow).toContain(`\
create
  node (reference)  reference
  workers           same
get
  node (reference)  reference
  workers           differs in 3 points
`)
})

test('an early end is said where it is seen, and is no success', () => {
  const early: Report = {
    ...createReport([
      { operation: 'get', runtime: 'node', repetitions: [] },
      { operation: 'get', runtime: 'deno', repetitions: [] },
    ]),
    status: 'partial',
    problems: ['deno: no trace of the first request arrived'],
    outcome: { failures: [], exitCode: 2 },
  }
  const text = renderTerminal(early, { columns: 120, color: true, verbose: true })
  expect(stripVTControlCharacters(text)).toContain('get        not played        not played')
  expect(text).toContain(
    '\u001b[31mENDED EARLY  1 operation on 2 runtimes: 0 same, 0 known, 0 different, 2 not played',
  )
  expect(stripVTControlCharacters(text).split('\n')[1]).toBe(
    'ended early: deno: no trace of the first request arrived',
  )
})

test('colours add nothing but colours', () => {
  const colored = renderTerminal(report, { columns: 120, color: true, verbose: true })
  expect(colored).not.toBe(renderTerminal(report, wide))
  expect(stripVTControlCharacters(colored)).toBe(renderTerminal(report, wide))
})

test('only so many differences are listed, and the rest is counted', () => {
  const many = Object.fromEntries(
    Array.from({ length: differencesShownMax + 12 }, (_, index) => [`key${index}`, 'x']),
  )
  const results = [
    createAlike('get', 'node', { trace: traceOn('precise') }),
    createAlike('get', 'workers', { trace: traceOn('precise', many) }),
  ]
  const text = renderTerminal(createReport(results), wide)
  expect(text.match(/attribute key/g)).toHaveLength(differencesShownMax)
  expect(text).toContain('… and 12 more')
  expect(text).toContain(`differs in ${differencesShownMax + 12} points`)
})

test('a long name of an operation is cut', () => {
  const name = 'x'.repeat(labelCharsMax + 20)
  const text = renderTerminal(createReport([createAlike(name, 'node')]), wide)
  expect(text).toContain(`${'x'.repeat(labelCharsMax - 1)}…  reference`)
})

test('what came over the network cannot move the cursor or start a new line', () => {
  const hostile = '\u001b[2J\n\u009b\u202e'
  const results = [
    createAlike(`get${hostile}`, 'node', { trace: traceOn('precise') }),
    createAlike(`get${hostile}`, 'workers', { trace: traceOn('precise', { [hostile]: hostile }) }),
  ]
  const text = renderTerminal(createReport(results, {}, { problems: [`odd${hostile}`] }), wide)
  for (const mark of ['\u001b', '\u009b', '\u202e']) expect(text).not.toContain(mark)
  expect(text).toContain('get\\u{1b}[2J\\u{a}\\u{9b}\\u{202e}')
  expect(text.split('\n').filter((line) => line.includes('is extra'))).toHaveLength(1)
})

test('traces without a server span leave out where the time goes', () => {
  const empty = { ...request, spans: [] }
  const text = renderTerminal(
    createReport([createAlike('get', 'node', { trace: buildTrace(empty) })]),
    wide,
  )
  expect(text).not.toContain('where the time goes')
})

test('a run whose driver was late says so instead of comparing latencies', () => {
  const results = [createAlike('get', 'node', precise), createAlike('get', 'workers', precise)]
  const rejection = 'the driver was late'
  const text = renderTerminal(
    createReport(
      results,
      {},
      {
        measurement: { roundsPlayed: 3, requests: 6, lateRequests: 2, lag: null, rejection },
      },
    ),
    wide,
  )
  expect(text).toContain('not compared: the driver was late')
  expect(text).toContain('2 of 6 requests are not timed')
  expect(text).not.toContain('too-few')
})

describe('a clock', () => {
  test.each(['precise', 'millisecond', 'io-only'] as const)(
    'that says %s is taken at its word',
    (clock) => {
      expect(readClockTrust(createAttributes({ 'hono.runtime.clock': clock }))).toBe(clock)
    },
  )

  test('that says nothing, or something else, is unknown', () => {
    expect(readClockTrust([])).toBe('unknown')
    expect(readClockTrust(createAttributes({ 'hono.runtime.clock': 'sundial' }))).toBe('unknown')
  })

  test('that says nothing is named once, in words, and has no mark at every number', () => {
    const lanes = ['cart', 'cart', 'node', 'pay'].map((name) => ({
      name,
      clock: name === 'node' ? ('millisecond' as const) : ('unknown' as const),
    }))
    expect(describeClocks(lanes)).toEqual([
      '~ a clock of whole milliseconds: one more or less says nothing',
      'cart, pay do not say how exact their clocks are',
    ])
    expect(describeClocks([{ name: 'cart', clock: 'unknown' }])).toEqual([
      'cart does not say how exact its clock is',
    ])
    const many = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ name, clock: 'unknown' as const }))
    expect(describeClocks(many)).toEqual([
      'a, b, c and 2 more do not say how exact their clocks are',
    ])
    expect(describeClocks([{ name: 'node', clock: 'precise' }])).toEqual([])
  })
})

test.each([
  ['precise', '0.400 ms'],
  ['millisecond', '0 ms ~'],
  ['io-only', '0 ms ?'],
  ['unknown', '0.400 ms'],
] as const)('0.4 milliseconds by a clock that is %s print as %s', (clock, text) => {
  expect(renderClockMillis(0.4, clock)).toBe(text)
})

test('a coarse clock has no more digits in seconds either', () => {
  expect(renderClockMillis(5_019, 'millisecond')).toBe('5.02 s ~')
  expect(renderClockMillis(999.7, 'io-only')).toBe('1 s ?')
})

test.each([
  [0, '0.000 ms'],
  [0.0344, '0.034 ms'],
  [1.239, '1.24 ms'],
  [12.34, '12.3 ms'],
  [9.996, '10.0 ms'],
  [999.4, '999 ms'],
  [999.6, '1.00 s'],
  [5019, '5.02 s'],
  [59_949, '59.9 s'],
  [59_960, '1 min'],
  [90_000, '1 min 30 s'],
  [-90_000, '-1 min 30 s'],
  [3_599_700, '1 h'],
  [7_500_000, '2 h 5 min'],
  [86_399_999, '1 d'],
  [273_600_000, '3 d 4 h'],
])('%d milliseconds print as %s', (millis, text) => {
  expect(renderMillis(millis)).toBe(text)
})

test.each([
  [0, '0 ms'],
  [0.5, '0.5 ms'],
  [2_500, '2.5 s'],
  [100, '100 ms'],
  [900_000, '15 min'],
])('on an axis %d milliseconds print as %s', (millis, text) => {
  expect(renderRoundMillis(millis)).toBe(text)
})

describe('colour is chosen', () => {
  test.each([
    [{}, true, true],
    [{}, false, false],
    [{ NO_COLOR: '1' }, true, false],
    [{ NO_COLOR: '' }, true, true],
    [{ FORCE_COLOR: '1' }, false, true],
    [{ FORCE_COLOR: '' }, false, true],
    [{ FORCE_COLOR: '0' }, true, false],
    [{ FORCE_COLOR: '1', NO_COLOR: '1' }, false, true],
    [{ TERM: 'dumb' }, true, false],
  ])('by %j on a terminal (%j): %j', (env, isTerminal, expected) => {
    expect(choosesColor(env, isTerminal)).toBe(expected)
  })
})
