import { expect, test } from 'vitest'
import type { Report } from '../../comparison/report/report-schema.ts'
import { runComparison } from '../run-comparison.ts'
import {
  createFakeSink,
  type FakeServiceOptions,
  startFakeService,
} from '../testing/fake-service.ts'
import { quickRun } from '../testing/quick-run.ts'
import { createRules } from './create-rules.ts'
import type { Scenario } from './scenario.ts'

// A scenario file is run without its types: what its functions give may be anything.

type Loose = Record<string, unknown>

async function play(
  scenario: Loose,
  answers: FakeServiceOptions['answers'] = () => true,
): Promise<Report> {
  const sink = createFakeSink()
  await using a = await startFakeService({ name: 'a', sink, answers })
  await using b = await startFakeService({ name: 'b', sink })
  const { report } = await runComparison({
    ...quickRun,
    runtimes: [a, b].map(({ url }, index) => ({
      name: index === 0 ? 'a' : 'b',
      kind: 'target',
      url,
      readyMillis: null,
    })),
    reference: 'b',
    // What a file exports may be anything; the types are for its author.
    scenario: scenario as Scenario,
    rounds: 3,
    warmUpRounds: 0,
    source: sink,
  })
  return report
}

const things = { path: '/things' }

function fail(): never {
  throw new Error('no such thing')
}

test.each<[Loose, string]>([
  [{ request: fail }, 'no such thing'],
  [{ request: () => undefined }, 'request: expected a request with a path, got undefined'],
  [{ request: async () => things }, 'path: expected a request with a path, got a promise'],
  [
    { request: () => ({ path: 'things' }) },
    'path: expected a path that begins with /, got {"path":"things"}',
  ],
  [{ request: things, remember: fail }, 'no such thing'],
  [
    { request: things, remember: async () => ({}) },
    'remember: expected texts by name, got a promise',
  ],
  [
    { request: things, remember: () => ({ id: 1 }) },
    'remember: expected texts by name, got {"id":1}',
  ],
  [{ request: things, undo: () => ({ path: 1 }) }, 'path: expected a path, got {"path":1}'],
])('a function that fails, or gives something else, is told as that: %j', async (own, reason) => {
  const operations = [{ name: 'get', ...own }]
  const played = play({ name: 'broken', operations })
  await expect(played).rejects.toThrow(/^the scenario failed at get on [ab]: /)
  await expect(played).rejects.toThrow(reason)
})

test('one that fails later ends the run there, and what was measured is kept', async () => {
  let calls = 0
  const request = () => {
    calls += 1
    return calls > 5 ? fail() : things
  }
  const report = await play({ name: 'late', operations: [{ name: 'get', request }] })
  expect(report.problems[0]).toMatch(
    /^the scenario failed in round 2 at get on [ab]: no such thing$/,
  )
  expect(report).toMatchObject({ status: 'partial', measurement: { roundsPlayed: 1 } })
})

test('one that compares headers and fails costs nothing but that header', async () => {
  const headers = [{ name: 'Location', normalize: fail, reason: 'test' }]
  const report = await play({
    name: 'headers',
    operations: [{ name: 'get', request: things }],
    answers: { headers },
  })
  expect(report.problems).toContain(
    "the scenario's rule for the header Location failed: no such thing",
  )
  expect(report.outcome.exitCode).toBe(2)
  expect(report.operations[0]?.runtimes.map(({ outcome }) => outcome)).toEqual([
    'reference',
    'same',
  ])
})

test('an operation is not played when what it needs could not be made, and that fails', async () => {
  const operations = [
    { name: 'create', request: { method: 'POST', path: '/things' }, remember: () => ({ id: '1' }) },
    {
      name: 'get',
      after: ['create'],
      request: ({ id }: { readonly id?: string }) => (id === undefined ? fail() : things),
    },
  ]
  // What is asked to set up is not sampled; that of the cold round is answered.
  const answers = (index: number, line: string) => index < 3 || line !== 'POST /things 00'
  const report = await play({ name: 'setups', operations }, answers)
  const get = report.operations[1]?.runtimes.find(({ runtime }) => runtime === 'a')
  expect(report.differences.map(({ line }) => line)).toEqual([
    expect.stringMatching(
      /^get, a: was not played: expected what it needs first, got create was not answered: /,
    ),
  ])
  expect(get?.answered).toBe(0)
  expect(report.outcome).toEqual({
    failures: ['1 operation did not work: get on a'],
    exitCode: 1,
  })
  // Nobody waits for the trace of what was not sent.
  expect(report.problems.join()).not.toContain('(get')
  expect(report.status).toBe('complete')
})

test('its rule for a header replaces the usual one', () => {
  const ignore = { name: 'Content-Type', normalize: () => '', reason: 'test' }
  const { answers } = createRules({ name: 'a', operations: [], answers: { headers: [ignore] } })
  const own = answers.headers.filter(({ name }) => name === 'content-type')
  expect(own.map(({ normalize }) => normalize('text/html'))).toEqual([''])
  expect(answers.headers.map(({ name }) => name)).toContain('location')
})
