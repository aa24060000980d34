import { execFileSync } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseReport } from '../../observability/comparison/report/parse-report.ts'
import type { Report } from '../../observability/comparison/report/report-schema.ts'
import { createTraceSource } from '../../observability/driver/sources/trace-source.ts'
import { findFreePort } from '../../observability/plumbing/find-free-port.ts'
import { startChild } from '../processes/child.ts'
import { projectFolder } from '../processes/project-folder.ts'
import { findRuntimes, runtimes } from '../runtimes.ts'
import { launchForTest, type TestService } from '../testing/launch-for-test.ts'
import { startTestCollector } from '../testing/traces-for-test.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'todo-compare-'))
  await chmod(folder, 0o755) // PostgreSQL may run as another user
})
afterAll(() => rm(folder, { recursive: true, force: true }))

type Ended = { readonly code: string; readonly text: string; readonly last: string }

async function compare(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  onLine: (line: string, pid: number) => void = () => {},
): Promise<Ended> {
  const lines: string[] = []
  let pid = 0
  const child = await startChild({
    program: process.execPath,
    // Its own data: beside the tests somebody may compare.
    args: [
      join(projectFolder, 'runtimes', 'compare', 'compare.ts'),
      '--data',
      join(folder, 'data'),
      ...args,
    ],
    env: { ...process.env, NO_COLOR: '1', ...env },
    onLine(line) {
      lines.push(line)
      onLine(line, pid)
    },
    stopMillisMax: 20_000,
  })
  pid = child.pid
  const code = await child.ended
  return { code, text: lines.join('\n'), last: lines.at(-1) ?? '' }
}

async function readReport(out: string): Promise<Report> {
  return parseReport(await readFile(join(out, 'compare.json'), 'utf8'))
}

const few = ['--rounds', '3', '--warm-up', '1', '--seed', '7']

describe('npm run compare', () => {
  test('launches runtimes, compares them, writes what came of it and leaves nothing running', async () => {
    const out = join(folder, 'launched')
    const own = { DATABASE_URL: '' }
    let second: Promise<Ended> | undefined
    const { code, text } = await compare(
      [
        ...['--launch', '--runtimes', 'node,deno', ...few, '--fan-out', '--out', out],
        ...['--fail-on', 'parity,conventions:improvement'],
      ],
      own,
      (line) => {
        if (!line.startsWith('comparing')) return
        const args = ['--launch', '--runtimes', 'node', '--out', join(folder, 'second')]
        second = compare(args, own)
      },
    )
    expect(code, text).toBe('exit code 0')
    // The traces of the fan-out outlive the collector, which has ended.
    const fanOut = await readFile(join(out, 'fan-out-1-create.json'), 'utf8')
    expect(fanOut.match(/"name":"POST \/api\/v1\/todos"/g)).toHaveLength(2)

    // One that is started meanwhile is refused, in words of its own.
    expect(await second).toMatchObject({
      code: 'exit code 2',
      last: expect.stringMatching(/^another `npm run compare` is under way, .* DATABASE_URL$/),
    })
    expect(text).toContain('\nsemantic conventions 1.44.0: 1 for information\n')
    expect(text).toContain('comparing node, deno: 3 rounds of todos, seed 7')
    expect(text).toContain('8 operations on 2 runtimes: 0 same, 8 known, 0 different')

    const report = await readReport(out)
    expect(report).toMatchObject({ status: 'complete', reference: 'node', problems: [] })
    expect(report.runtimes).toMatchObject([
      { name: 'node', kind: 'launched', clock: 'precise', readyMillis: expect.any(Number) },
      { name: 'deno', kind: 'launched', clock: 'precise', readyMillis: expect.any(Number) },
    ])
    const get = report.operations.find(({ name }) => name === 'get')
    expect(get?.steps.map(({ path }) => path.at(-1))).toEqual([
      'GET /api/v1/todos/:id',
      'SELECT todos',
    ])
    expect(get?.logs.map(({ subject, records }) => [subject, records.length])).toEqual([
      ['todo.retrieved', 2],
    ])
    expect(get?.runtimes[0]).toMatchObject({ repetitions: 3, answered: 3, traced: 3 })
    expect(text).toContain('nothing of this failed: --fail-on parity')
    expect(text).toMatch(/beside compare\.json, .*; open .*\/launched\/index\.html/)
    expect(await readFile(join(out, 'compare.md'), 'utf8')).toMatch(
      /^## Traces across runtimes: PASS\n\n8 operations on 2 runtimes: 0 same, 8 known/,
    )
    expect(await readFile(join(out, 'junit.xml'), 'utf8')).toContain(
      '<testsuite name="deno" tests="8" failures="0" errors="0" skipped="0">',
    )
  })

  test('names what ended while it was compared, and keeps what was measured', async () => {
    const out = join(folder, 'ended')
    const { code, text } = await compare(
      [
        '--launch',
        '--runtimes',
        'node,deno',
        '--rounds',
        '1000',
        '--warm-up',
        '0',
        '--wait',
        '2',
        '--out',
        out,
      ],
      { DATABASE_URL: '' },
      (line, pid) => {
        if (!line.startsWith('comparing')) return
        // Long enough for some rounds, and far from all of them.
        setTimeout(() => {
          const found = execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(pid)], {
            encoding: 'utf8',
          })
          const [, deno] = /^\s*(\d+) .*deno\/main\.ts$/m.exec(found) ?? []
          process.kill(Number(deno), 'SIGKILL')
        }, 5000)
      },
    )
    expect(code, text).toBe('exit code 2')
    const report = await readReport(out)
    expect(report.problems[0]).toMatch(/^deno ended \(SIGKILL\); the last it said: /)
    expect(report.problems[1]).toMatch(/^deno stopped answering in round \d+: /)
    expect(report.measurement.roundsPlayed).toBeGreaterThan(0)
    expect(text).toMatch(/^ended early: deno ended \(SIGKILL\)/m)
  })

  test('asks of a scenario of one’s own nothing that is known of Todos', async () => {
    const file = join(folder, 'health.ts')
    await writeFile(
      file,
      `export default { name: 'health', operations: [{ name: 'health', request: { path: '/health' } }] }`,
    )
    const own = ['--launch', '--runtimes', 'node,workers', '--scenario', file]
    // No statement, and so no connection of the Worker's own: that is known of it, and does not occur.
    const out = join(folder, 'health')
    const { code, text } = await compare([...own, ...few, '--out', out], { DATABASE_URL: '' })
    expect(code, text).toBe('exit code 0')
    expect(await readReport(out)).toMatchObject({ stale: [], differences: { length: 5 } })
  })

  test('does without a runtime that npm had no program for, unless it was named', async () => {
    const hook = join(folder, 'hide-bun.mjs')
    await writeFile(
      hook,
      `import Module from 'node:module'
       const resolve = Module._resolveFilename
       Module._resolveFilename = function (request, ...rest) {
         if (/^(@oven\\/bun-|bun\\/)/.test(request)) throw new Error('hidden')
         return resolve.call(this, request, ...rest)
       }`,
    )
    const env = { NODE_OPTIONS: `--import ${hook}`, CI: '', DATABASE_URL: '' }
    const out = ['--out', join(folder, 'no-bun')]
    for (const named of [
      ['--runtimes', 'node,bun'],
      ['--reference', 'bun'],
    ]) {
      const { code, last } = await compare(['--launch', ...named, ...few, ...out], env)
      expect(last).toBe('bun cannot be compared here: npm has no Bun for this platform')
      expect(code).toBe('exit code 2')
    }
  })

  test('says what it can do', async () => {
    const { code, text } = await compare(['--help'])
    expect(code).toBe('exit code 0')
    for (const { name } of runtimes) expect(text).toContain(name)
  })
})

describe('a target', () => {
  let collector: Awaited<ReturnType<typeof startTestCollector>>
  let service: TestService
  beforeAll(async () => {
    collector = await startTestCollector()
    const [node] = findRuntimes(['node'])
    if (node === undefined) throw new Error('expected the runtime node, got none')
    service = await launchForTest(node, {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_BSP_SCHEDULE_DELAY: '50',
      OTEL_BLRP_SCHEDULE_DELAY: '50',
    })
  })
  afterAll(async () => {
    await service[Symbol.asyncDispose]()
    await collector[Symbol.asyncDispose]()
  })

  const targets = (...names: readonly string[]) => [
    ...names.flatMap((name) => ['--target', `${name}=${service.url}`]),
    ...['--traces', collector.url],
  ]

  test('is compared where it is; one trace leads to all of them', async () => {
    const out = join(folder, 'targets')
    const { code, text } = await compare([...targets('a', 'b'), ...few, '--fan-out', '--out', out])
    expect(code, text).toBe('exit code 0')

    const report = await readReport(out)
    expect(report.runtimes.map(({ kind }) => kind)).toEqual(['target', 'target'])
    const fanOut = report.fanOuts.find(({ operation }) => operation === 'create')
    const source = createTraceSource({ kind: 'collector', url: collector.url })
    const isWhole = async () => {
      const trace = await source.fetchTrace(fanOut?.traceId ?? '')
      const spans = trace?.spans.flatMap(({ scopes }) => scopes.flatMap(({ items }) => items)) ?? []
      const root = spans.find(({ parentSpanId }) => parentSpanId === '')
      const clients = spans.filter(({ parentSpanId }) => parentSpanId === root?.spanId)
      const servers = spans.filter(({ kind }) => kind === 2)
      return {
        root: root?.name,
        clients: clients.map(({ name }) => name).toSorted(),
        served: servers.every(({ parentSpanId }) =>
          clients.some(({ spanId }) => spanId === parentSpanId),
        ),
        servers: servers.length,
      }
    }
    await expect.poll(isWhole, { timeout: 5000 }).toEqual({
      root: 'compare-driver create',
      clients: ['POST create on a', 'POST create on b'],
      served: true,
      servers: 2,
    })
    // What was made for it is gone again.
    const left = await fetch(`${service.url}/api/v1/todos`)
    expect(await left.json()).toEqual([])
  })

  test('is compared by a scenario of one’s own, with a baseline', async () => {
    const file = join(folder, 'own-scenario.ts')
    await writeFile(
      file,
      `const path: string = '/health'
       export default { name: 'health', operations: [{ name: 'health', request: { path } }] }`,
    )
    const out = join(folder, 'own')
    const own = [...targets('a'), '--scenario', file, ...few]
    const alone = await compare([...own, '--out', out])
    expect(alone.code, alone.text).toBe('exit code 1')
    expect(alone.text).toContain('fails: a was compared with nothing')
    const first = await compare([...own, '--fail-on', 'none', '--out', out])
    expect(first.code, first.text).toBe('exit code 0')
    expect((await readReport(out)).operations.map(({ name }) => name)).toEqual(['health'])

    const again = await compare([
      ...own,
      ...['--baseline', join(out, 'compare.json')],
      ...['--out', join(folder, 'again')],
    ])
    expect(again.code, again.text).toBe('exit code 0')
    expect(again.text).toContain('nothing changed')
  })

  test('that has none of what is asked does not pass, however alike two such are', async () => {
    const file = join(folder, 'elsewhere.ts')
    await writeFile(
      file,
      `const path = '/nowhere'
       const create = { name: 'create', request: { method: 'POST', path }, remember: ({ headers }) => {
         const [, made] = headers.find(([name]) => name === 'location')
         return { made }
       } }
       const get = { name: 'get', after: ['create'], request: ({ made }) => ({ path: made }) }
       export default { name: 'elsewhere', operations: [create, get] }`,
    )
    const out = join(folder, 'elsewhere')
    const { code, text } = await compare([
      ...[...targets('a', 'b'), '--scenario', file, ...few, '--out', out],
    ])
    expect(code, text).toBe('exit code 1')
    expect(text).toContain('0 same, 0 known, 4 different')
    expect(text).toContain(
      'fails: 4 operations did not work: create on a, create on b, get on a, get on b',
    )
  })

  test('is told about its address without what is secret in it', async () => {
    const secret = service.url.replace('://', '://ada:s3cret@')
    const out = join(folder, 'secret')
    const own = ['--target', `a=${secret}`, '--traces', collector.url, ...few, '--out', out]
    const { code, text } = await compare([...own, '--fail-on', 'none'])
    expect(code, text).toBe('exit code 0')
    for (const name of ['compare.json', 'compare.md', 'index.html', 'junit.xml']) {
      expect(await readFile(join(out, name), 'utf8'), name).not.toContain('s3cret')
    }
    expect((await readReport(out)).runtimes[0]?.url).toContain('://REDACTED:REDACTED@')
  })

  test('a run of which is interrupted ends with exit code 2 and says how far it came', async () => {
    const own = [...targets('a'), '--rounds', '2000', '--out', join(folder, 'interrupted')]
    const { code, last, text } = await compare(own, {}, (line, pid) => {
      if (line.startsWith('comparing')) process.kill(pid, 'SIGINT')
    })
    expect(code, text).toBe('exit code 2')
    expect(text).toMatch(/^(.*: )?it was interrupted (before anything was|after \d+ of 2000)/m)
    expect(last).not.toMatch(/^\s+at /)
  })

  test('with a baseline of something else is refused before anything is measured', async () => {
    const out = join(folder, 'to-be-baseline')
    expect(
      await compare([...targets('a'), ...few, '--fail-on', 'none', '--out', out]),
    ).toMatchObject({ code: 'exit code 0' })
    const baseline = join(out, 'compare.json')
    const text = await readFile(baseline, 'utf8')
    const broken = join(folder, 'broken.json')
    await writeFile(
      broken,
      text.replace(/"traceId":"[0-9a-f]{32}","spanId"/, '"traceId":"zz","spanId"'),
    )
    const ready = join(folder, 'ready.ts')
    await writeFile(
      ready,
      `export default { name: 'ready', operations: [{ name: 'ready', request: { path: '/ready' } }] }`,
    )
    const refused: readonly (readonly [readonly string[], string])[] = [
      [[...targets('b'), '--baseline', baseline], 'has none of b: it is of a'],
      [
        [...targets('b', 'a'), '--baseline', baseline],
        'was compared with a, and this run would be with b; choose the same with --reference, or record it again',
      ],
      [
        [...targets('a'), '--baseline', baseline, '--scenario', ready],
        'has none of the operations ready: it is of the scenario todos',
      ],
      [
        [...targets('a'), '--baseline', broken],
        'operations.0.runtimes.0.trace: resourceSpans[0].scopeSpans[0].spans[0].traceId: expected 32 hex digits, got "zz"',
      ],
    ]
    for (const [args, sentence] of refused) {
      const { code, text: said } = await compare([...args, '--out', join(folder, 'refused')])
      expect(code).toBe('exit code 2')
      expect(said).toBe(`--baseline ${args[args.indexOf('--baseline') + 1]}: ${sentence}`)
    }
  })

  test('whose traces never arrive is named, and what was measured is kept', async () => {
    const out = join(folder, 'lost')
    const lost = ['--target', `lost=${collector.url}`, '--traces', collector.url, '--wait', '1']
    const file = join(folder, 'lost-scenario.ts')
    await writeFile(
      file,
      `export default { name: 'ready', operations: [{ name: 'ready', request: { path: '/ready' } }] }`,
    )
    const { code, text } = await compare([...lost, '--scenario', file, ...few, '--out', out])
    expect(code).toBe('exit code 2')
    expect(text).toContain(
      `no trace of the first request to lost (which answered 200 text/plain; charset=utf-8) arrived at the collector at ${collector.url} within 1 s; does it send there, and does it sample?`,
    )
    const report = await readReport(out)
    expect(report).toMatchObject({ status: 'partial', outcome: { exitCode: 2 } })
    expect(report.operations[0]?.runtimes[0]?.coldMillis).toBeGreaterThan(0)
  })

  test('whose collector cannot be asked is told as that', async () => {
    const port = await findFreePort()
    const { code, text } = await compare([
      ...['--target', `a=${service.url}`, '--traces', `tempo:http://127.0.0.1:${port}`],
      ...[...few, '--out', join(folder, 'no-tempo')],
    ])
    expect(code).toBe('exit code 2')
    expect(text).toMatch(
      new RegExp(`Tempo at http://127\\.0\\.0\\.1:${port} cannot be asked for traces: `),
    )
  })
})

describe('what cannot run is one sentence and exit code 2:', () => {
  const somewhere = ['--target', 'a=http://127.0.0.1:9', '--traces', 'http://127.0.0.1:9']

  test.each<[readonly string[], RegExp]>([
    [['--runtimes', 'node,perl'], /^--runtimes: unknown runtime "perl"; expected some of node, /],
    [['--target', 'prod'], /^--target: expected NAME=URL, got "prod"/],
    [
      ['--target', 'prod=ftp://a'],
      /^--target prod: expected an http:\/\/ or https:\/\/ URL, got "ftp:\/\/a"/,
    ],
    [['--runtimes', 'node', '--target', 'node=http://a'], /^node is named twice/],
    [['--reference', 'perl'], /^--reference: expected one of node, .*, got "perl"/],
    [['--rounds', '0'], /^--rounds: expected a whole number from 1 to 2000, got "0"/],
    [
      ['--rounds', '2000'],
      /^2000 rounds of 8 operations on \d runtimes are \d+ requests; expected at most 40000/,
    ],
    [['--rate', 'fast'], /^--rate: expected a whole number from 1 to 2000, got "fast"/],
    [['--seed', '-1'], /^Option '--seed' argument is ambiguous/],
    [
      ['--traces', 'tempo'],
      /^--traces: expected the URL of a collector, or tempo: .*, got "tempo"/,
    ],
    [['--conventions', '1.3'], /^--conventions: expected a version .* here \(1\.44\), got "1\.3"/],
    [['--fail-on', 'latency'], /^--fail-on: expected parity, latency:1\.5x .*, got "latency"/],
    [['--running', '--launch'], /^--running and --launch exclude each other/],
    [['--nonsense'], /Unknown option '--nonsense'.*--help/],
    [['--logs', 'http://a'], /^--logs: expected loki: and the URL of a Loki, got "http:\/\/a"/],
    [
      [...somewhere, '--logs', 'loki:http://a'],
      /^--logs: expected --traces tempo:URL beside it; a collector has log records itself/,
    ],
    [['--baseline', ''], /^--baseline: expected a path, got ""/],
    [['--target', 'a=http://b/?c'], /^--target a: expected a URL without \? and #, got "http:/],
    [
      ['--collector', 'http://a:b@c'],
      /^--collector: expected a URL without user and password; OTEL_/,
    ],
    [
      ['--launch', '--runtimes', 'node', '--traces', 'tempo:http://127.0.0.1:9'],
      /^launched runtimes would send to a collector of their own, .* --collector URL/,
    ],
    [[...somewhere], /^a cannot be reached at http:\/\/127\.0\.0\.1:9: connect ECONNREFUSED/m],
    [
      ['--target', 'a=http://127.0.0.1:9'],
      /^where are the traces\? say it with --traces URL or --traces tempo:URL/,
    ],
    [['--scenario', '/nowhere/s.ts'], /^--scenario \/nowhere\/s\.ts: Cannot find module/],
    [['--baseline', '/nowhere/b.json'], /^--baseline \/nowhere\/b\.json: ENOENT/],
  ])('%j', async (args, sentence) => {
    const out = join(folder, 'refused')
    const { code, text } = await compare([...args, '--out', out])
    expect(code, text).toBe('exit code 2')
    expect(text).toMatch(sentence)
    expect(text).not.toMatch(/^\s+at /m)
    expect(text.split('\n').length).toBeLessThanOrEqual(3)
  })

  test('a folder for the report that cannot be written', async () => {
    const file = join(folder, 'file')
    await writeFile(file, '')
    const { code, last } = await compare([...somewhere, '--out', join(file, 'report')])
    expect(code).toBe('exit code 2')
    expect(last).toMatch(/^the folder for the report cannot be written: ENOTDIR.*--out$/)
  })

  test('a baseline of another version', async () => {
    const baseline = join(folder, 'other.json')
    await writeFile(baseline, '{"format":"compare-report","version":7}')
    const { code, last } = await compare([...somewhere, '--baseline', baseline])
    expect(code).toBe('exit code 2')
    expect(last).toBe(
      `--baseline ${baseline}: expected version 1 of compare.json, got 7; record it again with this version`,
    )
  })

  test.each([
    ['no JSON', 'expected JSON, got something else'],
    ['[]', 'expected a compare.json, got something else'],
    ['{"format":"compare-report","version":1}', 'createdAt: '],
  ])('a baseline that is %s', async (content, sentence) => {
    const baseline = join(folder, 'bad.json')
    await writeFile(baseline, content)
    const { code, last } = await compare([...somewhere, '--baseline', baseline])
    expect(code).toBe('exit code 2')
    expect(last).toContain(sentence)
  })

  test.each([
    [`export default { name: 'a', operations: [] }`, 'operations: expected at least one operation'],
    [`\n\nexport default 1 2`, `line 3: Expected ';', got 'numeric literal'`],
    [`throw new Error('no luck')`, 'no luck'],
    [`export const scenario = 1`, 'default export: expected a scenario with a name and operations'],
  ])('a scenario that is %j', async (content, sentence) => {
    await mkdir(folder, { recursive: true })
    const file = join(folder, 'none.ts')
    await writeFile(file, content)
    const { code, last } = await compare([...somewhere, '--scenario', file])
    expect(code).toBe('exit code 2')
    expect(last).toBe(`--scenario ${file}: ${sentence}`)
  })

  test('a scenario that leaves something open ends all the same', async () => {
    const file = join(folder, 'open.ts')
    await writeFile(file, `setInterval(() => {}, 1000)\nexport default {}`)
    const { code, last } = await compare([...somewhere, '--scenario', file])
    expect(code).toBe('exit code 2')
    expect(last).toMatch(/: expected a scenario with a name/)
  })
})
