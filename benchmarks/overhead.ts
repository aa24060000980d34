import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import * as v from 'valibot'
import { exactQuantiles } from '../observability/comparison/statistics/exact-quantile.ts'
import { findFreePort } from '../observability/plumbing/find-free-port.ts'
import { launchRuntime } from '../runtimes/launch/launch-runtime.ts'
import type { Launcher } from '../runtimes/launch/launcher.ts'
import { startChild } from '../runtimes/processes/child.ts'
import { projectFolder } from '../runtimes/processes/project-folder.ts'
import { reapOrphans } from '../runtimes/processes/reap-orphans.ts'
import { findRuntimes } from '../runtimes/runtimes.ts'
import { migrateDatabase } from '../runtimes/service/database/migrate.ts'
import { startPostgres } from '../runtimes/start/postgres.ts'
import { type Arrived, createSink } from './overhead-parts/sink.ts'
import { createVariants, type Variant } from './overhead-parts/variants.ts'

// `GET /api/v1/todos/:id` over kept-alive connections. The service has one core; the client, PostgreSQL and the sink
// share the other. What arrives at the sink is counted when a run is over: a variant that loses spans measures nothing.
// CPU time is the service's own process's, so it says something even where the machine is shared.

const usage = `npm run bench -- overhead: what telemetry costs a served request

  --runtime node|workers|deno|bun|lambda   default: node
  --variants a,b     which of its variants, besides bare; default: all
  --rounds N         default: 5; the variants take turns in each
  --seconds N        of load for a variant in a round; default: 4
  --warm-up N        requests before it; default: 20000
`
const { values } = parseArgs({
  options: {
    runtime: { type: 'string', default: 'node' },
    variants: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '4' },
    'warm-up': { type: 'string', default: '20000' },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  process.stdout.write(usage)
  process.exit(0)
}
const count = v.pipe(v.string(), v.toNumber(), v.integer(), v.minValue(1), v.maxValue(600))
const rounds = v.parse(count, values.rounds)
const millis = v.parse(count, values.seconds) * 1000
const warmUpRequests = v.parse(
  v.pipe(v.string(), v.toNumber(), v.integer(), v.minValue(0), v.maxValue(1_000_000)),
  values['warm-up'],
)
const [runtime] = findRuntimes([values.runtime])
if (runtime === undefined) throw new Error('expected a runtime')
const all = createVariants(runtime)
const named = values.variants?.split(',') ?? all.map(({ name }) => name)
const unknown = named.find((name) => all.every((variant) => variant.name !== name))
if (unknown !== undefined)
  throw new Error(
    `unknown variant "${unknown}"; expected some of ${all.map(({ name }) => name).join(', ')}`,
  )
const variants = all.filter(({ name }) => name === 'bare' || named.includes(name))
// Another request at the same time would be another function.
const connections = runtime.name === 'lambda' ? 1 : 16
const route = 'GET /api/v1/todos/:id'

const serviceCore = '0'
const pinned = availableParallelism() > 1 && spawnSync('taskset', ['--version']).status === 0
if (pinned) execFileSync('taskset', ['-acp', '1', String(process.pid)])

type Sample = {
  readonly perSecond: number
  readonly cpuMicros: number
  readonly p50: number
  readonly p99: number
  readonly megabytes: number
}
const clientResult = v.object({
  requests: v.pipe(v.number(), v.minValue(1)),
  seconds: v.number(),
  p50: v.number(),
  p99: v.number(),
})

const callOffReaper = reapOrphans()
const sinkPort = await findFreePort()
const sink = createSink(sinkPort)
const postgres = await startPostgres({
  folder: join(projectFolder, '.data', 'benchmark'),
  port: await findFreePort(),
  onLine: () => {},
})
try {
  await migrateDatabase(postgres.url)
  await variants[0]?.launcher.prepare()
  const samples = new Map<string, Sample[]>(variants.map(({ name }) => [name, []]))
  for (let round = 0; round < rounds; round += 1)
    for (const variant of variants) samples.get(variant.name)?.push(await measure(variant))
  print(samples)
} finally {
  await postgres.stop()
  sink.close()
  callOffReaper()
}

async function measure(variant: Variant): Promise<Sample> {
  if (runtime === undefined) throw new Error('expected a runtime')
  const settings = {
    port: await findFreePort(),
    databaseUrl: postgres.url,
    variables: {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${sinkPort}`,
      ...variant.variables,
    },
  }
  const service = await launchRuntime(
    runtime,
    settings,
    () => {},
    undefined,
    runtime.name === 'lambda' ? variant.launcher : pin(variant.launcher),
  )
  let asked = 0
  let sample: Sample
  try {
    const path = await createTodo(service.url)
    const pids = runtime.name === 'lambda' ? pinFunctions(service.pid) : [service.pid]
    // An engine goes on compiling for 20,000 requests, and what has more code goes on longer.
    while (asked < warmUpRequests) asked += (await load(settings.port, path, 1000)).requests
    const before = sum(pids.map(readCpuMicros))
    const { requests, seconds, p50, p99 } = await load(settings.port, path, millis)
    asked += requests
    sample = {
      perSecond: requests / seconds,
      cpuMicros: (sum(pids.map(readCpuMicros)) - before) / requests,
      p50,
      p99,
      megabytes: sum(pids.map(readResidentMegabytes)),
    }
  } finally {
    await service.stop()
  }
  checkArrived(variant, asked, sink.take())
  return sample
}

function pin(launcher: Launcher): Launcher {
  if (!pinned) return launcher
  return {
    ...launcher,
    async createCommand(settings) {
      const { program, args, env } = await launcher.createCommand(settings)
      return { program: 'taskset', args: ['-c', serviceCore, program, ...args], env }
    },
  }
}

/** Its host only stands for AWS: what is measured is the functions that it has started, as a rule one or two. */
function pinFunctions(hostPid: number): readonly number[] {
  const output = execFileSync('ps', ['-o', 'pid=', '--ppid', `${hostPid}`], { encoding: 'utf8' })
  const pids = output.trim().split(/\s+/)
  if (pinned) for (const pid of pids) execFileSync('taskset', ['-acp', serviceCore, pid])
  return pids.map(Number)
}

async function createTodo(url: string): Promise<string> {
  const response = await fetch(`${url}/api/v1/todos`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"title":"measured"}',
  })
  const location = response.headers.get('location')
  if (location === null) throw new Error(`expected a new todo, got ${response.status}`)
  return location
}

async function load(port: number, path: string, forMillis: number) {
  const client = join(import.meta.dirname, 'overhead-parts', 'client.ts')
  const lines: string[] = []
  const child = await startChild({
    program: process.execPath,
    args: [client, `${port}`, path, `${forMillis}`, `${connections}`],
    onLine: (line) => lines.push(line),
  })
  const end = await child.ended
  if (end !== 'exit code 0') throw new Error(`the client ended (${end}): ${lines.join('\n')}`)
  return v.parse(clientResult, JSON.parse(lines.at(-1) ?? ''))
}

/** @throws When there is less than was asked for: one server span, one of the database, and one log record each. */
function checkArrived({ name, arrives }: Variant, requests: number, { spans, logs }: Arrived) {
  const total = sum([...spans.values()])
  const report = `${requests} requests, ${total} spans (${JSON.stringify([...spans])}), ${logs} log records`
  if (arrives === 'nothing' && total + logs > 0)
    throw new Error(`${name}: expected nothing to arrive, got ${report}`)
  if (arrives === 'its own spans' && total < requests)
    throw new Error(`${name}: expected a span of each request, got ${report}`)
  const whole = spans.get(route) === requests && total >= 2 * requests && logs >= requests
  if (arrives === 'spans and log records' && !whole)
    throw new Error(`${name}: expected two spans and a log record of each request, got ${report}`)
}

/** User and system time of a process so far, all its threads. */
function readCpuMicros(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10_000 // 100 ticks a second on every Linux
}

function readResidentMegabytes(pid: number): number {
  return Number(/VmRSS:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

function print(samples: ReadonlyMap<string, readonly Sample[]>): void {
  const bare = samples.get('bare') ?? []
  process.stdout.write(
    `${values.runtime}, ${pinned ? 'service pinned to one core' : 'not pinned: no taskset or no second core'}, ` +
      `${connections} connections; ${rounds} interleaved rounds of ${millis / 1000} s; median (smallest–largest)\n\n` +
      row('variant', [
        'requests/s',
        'share of bare',
        'CPU µs/request',
        'CPU × bare',
        'p50 ms',
        'p99 ms',
        'resident MB',
      ]),
  )
  for (const [name, measured] of samples) {
    const ratios = (of: keyof Sample) =>
      summarize(
        measured.map((sample, round) => sample[of] / (bare[round]?.[of] ?? Number.NaN)),
        2,
      )
    const column = (of: keyof Sample, digits: number) =>
      summarize(
        measured.map((sample) => sample[of]),
        digits,
      )
    process.stdout.write(
      row(name, [
        column('perSecond', 0),
        ratios('perSecond'),
        column('cpuMicros', 0),
        ratios('cpuMicros'),
        column('p50', 1),
        column('p99', 1),
        column('megabytes', 0),
      ]),
    )
  }
}

function row(name: string, cells: readonly string[]): string {
  return `${name.padEnd(11)}${cells.map((cell) => cell.padEnd(22)).join('')}`.trimEnd().concat('\n')
}

function summarize(numbers: readonly number[], digits: number): string {
  const [low, middle, high] = exactQuantiles(numbers, [0, 0.5, 1]).map((n) => n.toFixed(digits))
  return `${middle} (${low}–${high})`
}
