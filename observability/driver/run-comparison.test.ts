import { describe, expect, test } from 'vitest'
import { parseReport } from '../comparison/report/parse-report.ts'
import { renderTerminal } from '../comparison/report/render/render-terminal.ts'
import type { Report } from '../comparison/report/report-schema.ts'
import { parseTracesJson } from '../otlp/decode-json.ts'
import { MeasureError, measure } from './measure.ts'
import type { Scenario } from './play/scenario.ts'
import { type Run, type RunOptions, runComparison } from './run-comparison.ts'
import { createFakeSink, type FakeService, startFakeService } from './testing/fake-service.ts'
import { quickRun } from './testing/quick-run.ts'

const scenario: Scenario = {
  name: 'things',
  operations: [
    {
      name: 'create',
      request: { method: 'POST', path: '/things', body: { title: 'a' } },
      remember: () => ({ thing: '/things/1' }),
      undo: ({ thing }) => (thing ? { method: 'DELETE', path: thing } : null),
    },
    { name: 'get', after: ['create'], request: ({ thing = '' }) => ({ path: thing }) },
  ],
}

async function run(
  services: Readonly<Record<string, Pick<FakeService, 'url'>>>,
  source: RunOptions['source'],
  own: Partial<RunOptions> = {},
): Promise<Report> {
  return (await runWhole(services, source, own)).report
}

function runWhole(
  services: Readonly<Record<string, Pick<FakeService, 'url'>>>,
  source: RunOptions['source'],
  own: Partial<RunOptions> = {},
): Promise<Run> {
  const names = Object.keys(services)
  return runComparison({
    ...quickRun,
    runtimes: Object.entries(services).map(([name, { url }]) => ({
      name,
      kind: 'target',
      url,
      readyMillis: null,
    })),
    reference: names[0] ?? '',
    scenario,
    rounds: 4,
    warmUpRounds: 1,
    source,
    ...own,
  })
}

describe('a run', () => {
  test('of services that do the same passes, and its report can be read back', async () => {
    const sink = createFakeSink()
    await using a = await startFakeService({ name: 'a', sink })
    await using b = await startFakeService({ name: 'b', sink })

    const report = await run({ a, b }, sink)

    expect(report.outcome).toEqual({ failures: [], exitCode: 0 })
    expect(report.status).toBe('complete')
    expect(
      report.operations.map(({ name, runtimes }) => [
        name,
        ...runtimes.map(({ outcome }) => outcome),
      ]),
    ).toEqual([
      ['create', 'reference', 'same'],
      ['get', 'reference', 'same'],
    ])
    expect(report.operations[0]?.runtimes[1]).toMatchObject({
      repetitions: 4,
      answered: 4,
      traced: 4,
    })
    expect(parseReport(JSON.stringify(report))).toEqual(report)
  })

  test('keeps no value of a cookie, unless its scenario has a rule for them', async () => {
    const sink = createFakeSink()
    const cookie = 'session=s3cr3t; Path=/; HttpOnly'
    await using a = await startFakeService({ name: 'a', sink, cookie })
    await using b = await startFakeService({ name: 'b', sink })

    const report = await run({ a, b }, sink)
    expect(JSON.stringify(report)).not.toContain('s3cr3t')
    expect(report.differences.map(({ line }) => line)).toContain(
      'create, b: answer header set-cookie is missing: expected session=REDACTED; Path=/; HttpOnly',
    )

    const rule = { name: 'set-cookie', normalize: (value: string) => value, reason: 'wanted' }
    const wanting = { ...scenario, answers: { headers: [rule] } }
    expect(JSON.stringify(await run({ a, b }, sink, { scenario: wanting }))).toContain('s3cr3t')
  })

  test('in which nothing worked fails, however alike all were, and whatever was recorded', async () => {
    const sink = createFakeSink()
    const status = () => 404
    await using a = await startFakeService({ name: 'a', sink, status })
    await using b = await startFakeService({ name: 'b', sink, status })

    const report = await run({ a, b }, sink)

    const failures = ['4 operations did not work: create on a, create on b, get on a, get on b']
    expect(report.outcome).toEqual({ failures, exitCode: 1 })
    expect(report.differences.map(({ line }) => line)).toEqual([
      'create, a: answer is not what the scenario expects: expected a status below 400, got 404',
      'create, b: answer is not what the scenario expects: expected a status below 400, got 404',
      'get, a: was not played: expected what it needs first, got create answered 404',
      'get, b: was not played: expected what it needs first, got create answered 404',
    ])
    const text = renderTerminal(report, { columns: 100, color: false, verbose: true })
    expect(text).toMatch(/^get +not played +not played$/m)
    expect(text).toContain('2 operations on 2 runtimes: 0 same, 0 known, 4 different')
    const again = await run({ a, b }, sink, { baseline: report })
    expect(again.outcome.failures).toEqual(failures)
    const failOn = { parity: false, latencyRatioMax: 2 }
    expect((await run({ a, b }, sink, { failOn })).outcome.failures[0]).toBe(failures[0])
  })

  test('in which every answer is the error that its scenario expects passes, and any other fails', async () => {
    const sink = createFakeSink()
    let status = 404
    await using a = await startFakeService({ name: 'a', sink, status: () => status })
    await using b = await startFakeService({ name: 'b', sink, status: () => status })
    const operations = [{ name: 'unknown', expects: 404, request: { path: '/things/x' } }]
    const own = { scenario: { name: 'errors', operations } }
    expect((await run({ a, b }, sink, own)).outcome.exitCode).toBe(0)
    status = 200
    expect((await run({ a, b }, sink, own)).differences.map(({ line }) => line)).toEqual([
      'unknown, a: answer is not what the scenario expects: expected 404, got 200',
      'unknown, b: answer is not what the scenario expects: expected 404, got 200',
    ])
  })

  test('that has too few requests to judge a latency by does not pass a limit', async () => {
    const sink = createFakeSink()
    await using a = await startFakeService({ name: 'a', sink })
    await using b = await startFakeService({ name: 'b', sink })
    const failOn = { parity: false, latencyRatioMax: 1.5 }
    const report = await run({ a, b }, sink, { failOn })
    if (report.measurement.rejection === null)
      expect(report.outcome.failures).toEqual([
        'latency cannot be judged: too few were measured; choose more with --rounds',
      ])
    expect(report.outcome.exitCode).toBe(1)
  })

  test('finds a header whatever its case, as the scenario in docs/compare.md does', async () => {
    const sink = createFakeSink()
    await using a = await startFakeService({ name: 'a', sink })
    await using b = await startFakeService({ name: 'b', sink, locationName: 'Location' })
    const [create, get] = scenario.operations
    if (create === undefined || get === undefined) throw new Error('expected two operations')
    const remember: typeof create.remember = ({ headers }) => ({
      thing: headers.find(([name]) => name === 'location')?.[1] ?? '',
    })
    const operations = [{ ...create, remember }, get]
    const report = await run({ a, b }, sink, { scenario: { name: 'pets', operations } })
    expect(report.outcome).toEqual({ failures: [], exitCode: 0 })
  })

  test('of one alone fails: there was nothing to compare it with', async () => {
    const sink = createFakeSink()
    await using a = await startFakeService({ name: 'a', sink })
    const report = await run({ a }, sink)
    expect(report.problems).toContain(
      'a was compared with nothing: name another runtime or target, or a baseline',
    )
    expect(report.outcome).toEqual({ failures: ['a was compared with nothing'], exitCode: 1 })
    const against = await run({ a }, sink, { baseline: report })
    expect(against.problems.join()).not.toContain('nothing')
    expect(against.outcome.exitCode).toBe(0)
  })

  test('leaves nothing behind, and traces only what it measures', async () => {
    const sink = createFakeSink()
    await using a = await startFakeService({ name: 'a', sink })
    await run({ a }, sink)

    const made = a.requests.filter((line) => line.startsWith('POST'))
    const undone = a.requests.filter((line) => line.startsWith('DELETE'))
    expect(undone).toHaveLength(made.length)
    // 1 cold, 1 to warm up and 4 that count, of both operations; each get had a create of its own.
    expect(a.requests.filter((line) => line.endsWith(' 01'))).toHaveLength(12)
    expect(made.filter((line) => line.endsWith(' 00'))).toHaveLength(6)
    expect(undone.every((line) => line.endsWith(' 00'))).toBe(true)
  })

  test('counts what had to be sent again, because it would hide who closes connections', async () => {
    const sink = createFakeSink()
    await using a = await startFakeService({ name: 'a', sink })
    const answers = (_: number, line: string) => !(line === 'GET /things/1 01' && isNext())
    let gets = 0
    const isNext = () => {
      gets += 1
      return gets === 3
    }
    await using b = await startFakeService({ name: 'b', sink, answers })
    const report = await run({ a, b }, sink)
    expect(report.problems).toContain(
      'b: 1 of 8 requests were sent again, because the connection kept for them was closed just as they were sent',
    )
    expect(report.operations[1]?.runtimes[1]?.answered).toBe(4)
  })

  test('names what differs now and then, and how often', async () => {
    const sink = createFakeSink()
    await using a = await startFakeService({ name: 'a', sink })
    // Of 2 cold, 2 to warm up and 40 that count.
    const attributes = (index: number): Readonly<Record<string, string>> =>
      index === 7 ? { odd: 'yes' } : {}
    await using b = await startFakeService({ name: 'b', sink, attributes })

    const report = await run({ a, b }, sink, { rounds: 20 })

    expect(report.differences).toHaveLength(1)
    expect(report.differences[0]).toMatchObject({
      kind: 'attribute.extra',
      count: 1,
      of: 20,
      known: null,
    })
    expect(report.outcome).toEqual({ failures: ['1 difference that nobody declared'], exitCode: 1 })
  })

  test('gives known differences to a target by what its spans call its runtime', async () => {
    const sink = createFakeSink()
    await using a = await startFakeService({ name: 'a', sink })
    await using b = await startFakeService({
      name: 'workers',
      sink,
      attributes: () => ({ odd: 1n }),
    })
    const matches = { kind: 'attribute.extra', subject: 'odd' }
    const known = [{ runtime: 'workers', reason: 'why not', matches }]
    const declared = { byRuntime: new Map([['workers', known]]), against: 'a', mayBeAbsent: [] }
    const report = await run({ a, prod: b }, sink, { declared })
    expect(report.outcome.exitCode).toBe(0)
    expect(report.known).toMatchObject([{ runtime: 'prod', count: 2 }])
  })

  test('calls no declaration of log records stale where there are none', async () => {
    const sink = createFakeSink()
    await using a = await startFakeService({ name: 'a', sink })
    await using b = await startFakeService({ name: 'b', sink })
    const known = [{ runtime: 'b', reason: 'test', matches: { kind: 'log.missing' } }]
    const own = { scenario: { ...scenario, known } }
    expect((await run({ a, b }, sink, own)).stale).toHaveLength(1)
    expect((await run({ a, b }, { ...sink, hasLogs: false }, own)).stale).toEqual([])
  })

  test('says who is slower by how much and by what', async () => {
    const sink = createFakeSink()
    await using a = await startFakeService({ name: 'a', sink })
    await using b = await startFakeService({ name: 'b', sink, delayMillis: () => 25 })
    const report = await run({ a, b }, sink, {
      rounds: 40,
      failOn: { parity: true, latencyRatioMax: 1.5 },
    })
    // On a machine that is busy with other tests nothing may be said; then it must not be.
    const verdict = report.operations[1]?.runtimes[1]?.versusReference
    if (report.measurement.rejection === null) {
      expect(verdict?.verdict).not.toBe('too-few')
      expect(verdict?.sentence).toMatch(/^b takes \d+(\.\d)?× the time of a on get/)
      expect(report.outcome.exitCode).toBe(1)
    } else expect(verdict).toBeNull()
  })

  test('asks all in one trace when told to', async () => {
    const sink = createFakeSink()
    await using a = await startFakeService({ name: 'a', sink })
    await using b = await startFakeService({ name: 'b', sink })
    const { report, files } = await runWhole({ a, b }, sink, { fanOut: true })

    expect(Object.keys(files)).toEqual(['fan-out-1-create.json', 'fan-out-2-get.json'])
    const kept = parseTracesJson(files['fan-out-2-get.json'] ?? '')
    const spans = kept.flatMap(({ scopes }) => scopes.flatMap(({ items }) => items))
    expect(spans.filter(({ parentSpanId }) => parentSpanId === '')).toHaveLength(1)
    expect(spans.map(({ name }) => name).toSorted()).toEqual([
      'GET /things',
      'GET /things',
      'GET get on a',
      'GET get on b',
      'SELECT things',
      'SELECT things',
      'compare-driver get',
    ])
    expect(report.fanOuts.map(({ operation }) => operation)).toEqual(['create', 'get'])
    const trace = await sink.fetchTrace(report.fanOuts[1]?.traceId ?? '')
    const servers = trace?.spans.flatMap(({ scopes }) => scopes.flatMap(({ items }) => items)) ?? []
    expect(servers.filter(({ kind }) => kind === 2)).toHaveLength(2)
    expect(new Set(servers.map(({ parentSpanId }) => parentSpanId)).size).toBe(4)
  })
})

describe('a stall', () => {
  test('is charged to everybody who would have met it, not to one', async () => {
    const sink = createFakeSink()
    // All that comes within 200 ms of the first counted request waits for its end.
    let until = 0
    const delayMillis = (index: number) => {
      if (index === 12) until = performance.now() + 200
      return Math.max(0, until - performance.now())
    }
    await using a = await startFakeService({ name: 'a', sink, delayMillis })
    const operations = Array.from({ length: 12 }, (_, index) => ({
      name: `o${index}`,
      request: { path: '/things' },
    }))
    const { requests } = await measure({
      targets: [{ name: 'a', url: a.url }],
      scenario: { name: 'many', operations },
      warmUpRounds: 0,
      rounds: 1,
      ratePerSecond: 100,
      seed: 1,
      onCold: async () => {},
      onProgress: () => {},
    })
    const held = requests.filter(({ endedAt, intendedAt }) => endedAt - intendedAt > 50)
    expect(held.length).toBeGreaterThanOrEqual(4)
  })
})

test('answers are kept up to so many bytes, and then it ends with what there is', async () => {
  const sink = createFakeSink()
  await using a = await startFakeService({ name: 'a', sink })
  const { roundsPlayed, failure, requests } = await measure({
    targets: [{ name: 'a', url: a.url }],
    scenario,
    warmUpRounds: 3,
    rounds: 100,
    ratePerSecond: 500,
    seed: 1,
    // Two answers of 23 bytes a round.
    answersBytesMax: 100,
    onCold: async () => {},
    onProgress: () => {},
  })
  expect(roundsPlayed).toBe(3)
  expect(requests).toHaveLength(6)
  expect(failure).toBe(
    'the answers of 3 rounds have more than 100 bytes, which is all that is kept; choose fewer with --rounds',
  )
})

describe('what cannot be measured', () => {
  test('is refused in a sentence when a target does not answer', async () => {
    const sink = createFakeSink()
    const gone = await startFakeService({ name: 'gone', sink })
    await gone[Symbol.asyncDispose]()
    await using a = await startFakeService({ name: 'a', sink })

    const refused = run({ a, gone }, sink)

    await expect(refused).rejects.toThrow(MeasureError)
    await expect(refused).rejects.toThrow(
      new RegExp(`^gone cannot be reached at ${gone.url}: connect ECONNREFUSED`),
    )
  })

  test('is kept as far as it went when a target stops answering', async () => {
    const sink = createFakeSink()
    await using a = await startFakeService({ name: 'a', sink })
    await using b = await startFakeService({ name: 'b', sink, answers: (index) => index < 60 })

    const report = await run({ a, b }, sink, { rounds: 100 })

    expect(report.outcome.exitCode).toBe(2)
    expect(report.status).toBe('partial')
    expect(report.problems.join()).toMatch(/b stopped answering in round \d+: /)
    expect(report.measurement.roundsPlayed).toBeGreaterThan(8)
    expect(report.measurement.roundsPlayed).toBeLessThan(40)
    expect(report.operations[0]?.runtimes[0]?.latency?.count).toBeGreaterThan(0)
    expect(report.differences.map(({ kind }) => kind)).toContain('answer.missing')
  })

  test('is kept when traces of one never arrive, and it is named', async () => {
    const sink = createFakeSink()
    await using a = await startFakeService({ name: 'a', sink })
    await using b = await startFakeService({ name: 'b', sink, traces: false })

    const report = await run({ a, b }, sink)

    expect(report.problems).toContain(
      'no trace of the first request to b (which answered 200 application/json) arrived at the fake sink within 0.15 s; does it send there, and does it sample?',
    )
    expect(report.outcome.exitCode).toBe(2)
    expect(report.operations[0]?.runtimes[1]?.coldMillis).toBeGreaterThan(0)
  })

  test('is none when the person interrupts it before anything was', async () => {
    const sink = createFakeSink()
    const interrupted = new AbortController()
    await using a = await startFakeService({
      name: 'a',
      sink,
      delayMillis: () => {
        interrupted.abort()
        return 0
      },
    })
    const refused = run({ a }, sink, { signal: interrupted.signal })
    await expect(refused).rejects.toThrow(MeasureError)
    await expect(refused).rejects.toThrow('it was interrupted before anything was measured')
  })

  test('is kept when the source of traces cannot be asked', async () => {
    const sink = createFakeSink()
    await using a = await startFakeService({ name: 'a', sink })
    let asked = 0
    const source = {
      ...sink,
      async fetchTrace(traceId: string) {
        asked += 1
        if (asked > 1) throw new Error('503 busy')
        return sink.fetchTrace(traceId)
      },
    }
    const report = await run({ a }, source, { rounds: 15 })
    expect(report.problems).toContain('the fake sink cannot be asked for traces: 503 busy')
    expect(report.outcome.exitCode).toBe(2)
    expect(report.operations[0]?.runtimes[0]?.latency?.count).toBeGreaterThan(0)
  })

  test('is kept when the person interrupts it', async () => {
    const sink = createFakeSink()
    const interrupted = new AbortController()
    await using a = await startFakeService({
      name: 'a',
      sink,
      delayMillis: (index) => {
        if (index === 40) interrupted.abort()
        return 0
      },
    })
    const report = await run({ a }, sink, { rounds: 1000, signal: interrupted.signal })
    expect(report.problems[0]).toMatch(/^it was interrupted after \d+ of 1000 rounds$/)
    expect(report.problems.join().match(/interrupted/g)).toHaveLength(1)
    expect(report.outcome.exitCode).toBe(2)
    expect(report.measurement.roundsPlayed).toBeLessThan(100)
    expect(report.operations[0]?.runtimes[0]?.traced).toBe(report.measurement.roundsPlayed)
  })

  test('a trace that came without its server span is counted and named', async () => {
    const sink = createFakeSink()
    await using a = await startFakeService({ name: 'a', sink })
    const source = {
      ...sink,
      async fetchTrace(traceId: string) {
        const found = await sink.fetchTrace(traceId)
        const spans = found?.spans.map((group) => ({
          ...group,
          scopes: group.scopes.map((scope) => ({
            ...scope,
            items: scope.items.filter(({ kind }) => kind !== 2),
          })),
        }))
        return spans ? { spans, logs: [] } : null
      },
    }
    const report = await run({ a }, source)
    expect(report.problems.join('\n')).toContain(
      'a: of 8 traces 8 came without a server span under the span of the request (create 4, get 4)',
    )
  })
})

describe('a baseline', () => {
  test('of the same says nothing; of another trace it says what changed on which runtime', async () => {
    const sink = createFakeSink()
    let attributes: Readonly<Record<string, string>> = {}
    await using a = await startFakeService({ name: 'a', sink, attributes: () => attributes })
    await using b = await startFakeService({ name: 'b', sink, attributes: () => attributes })
    const baseline = await run({ a, b }, sink)

    const same = await run({ a, b }, sink, { baseline })
    expect(same.baseline).toMatchObject({ newDifferences: [], goneDifferences: [], changes: [] })
    expect(same.outcome.exitCode).toBe(0)

    // Both change alike: between them nothing differs, but neither is what it was.
    attributes = { 'url.scheme': 'http' }
    const changed = await run({ a, b }, sink, { baseline })
    expect(changed.differences).toEqual([])
    expect(changed.baseline?.changes.map(({ line }) => line)).toEqual(
      ['create', 'get'].flatMap((operation) =>
        ['a', 'b'].map(
          (name) =>
            `${operation}, ${name}: ${operation === 'get' ? 'GET' : 'POST'} /things: attribute url.scheme is extra: got string "http"`,
        ),
      ),
    )
    expect(changed.outcome).toEqual({ failures: ['4 changes since the baseline'], exitCode: 1 })
  })

  test('of what has been left out since was compared with nothing, and fails', async () => {
    const sink = createFakeSink()
    await using a = await startFakeService({ name: 'a', sink })
    await using b = await startFakeService({ name: 'b', sink })
    const baseline = await run({ a, b }, sink)
    const { outcome } = await run({ c: a, d: b }, sink, { baseline })
    expect(outcome).toEqual({
      failures: ['nothing was compared with the baseline: it has none of c, d: it is of a, b'],
      exitCode: 1,
    })
  })

  test('a difference that it has is accepted, a new one fails, and one that is gone is told', async () => {
    const sink = createFakeSink()
    let attributes: Readonly<Record<string, string>> = { old: '' }
    await using a = await startFakeService({ name: 'a', sink })
    await using b = await startFakeService({ name: 'b', sink, attributes: () => attributes })
    const baseline = await run({ a, b }, sink)
    expect(baseline.outcome.exitCode).toBe(1)

    const same = await run({ a, b }, sink, { baseline })
    expect(same.outcome.exitCode).toBe(0)

    attributes = { fresh: '' }
    const changed = await run({ a, b }, sink, { baseline })
    expect(changed.baseline?.newDifferences).toHaveLength(2)
    expect(changed.baseline?.goneDifferences).toHaveLength(2)
    expect(changed.outcome.failures).toContain('2 differences are new')
  })
})
