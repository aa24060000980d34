import { execFileSync } from 'node:child_process'
import { Agent, createServer, request } from 'node:http'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { exactQuantile } from '../observability/comparison/statistics/exact-quantile.ts'
import { findFreePort } from '../observability/plumbing/find-free-port.ts'
import { migrateDatabase } from '../runtimes/database/migrate.ts'
import { startChild } from '../runtimes/processes/child.ts'
import { projectFolder } from '../runtimes/processes/project-folder.ts'
import { startPostgres } from '../runtimes/start/postgres.ts'

// What telemetry costs on Node: the service without it, with ours, with ours but not sampled, and with the stock
// packages (@hono/otel as it is, the SDK's batch processors) around the same routes and the same PostgreSQL.
// `GET /api/v1/todos/:id`, kept-alive connections, everything exported to a collector that takes it and forgets it.
// CPU time is the server process's own, so that it says something even where the machine is shared.

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '3' }, seconds: { type: 'string', default: '4' } },
})
const rounds = Number(values.rounds)
const millis = Number(values.seconds) * 1000
const connections = 16

const variants = [
  { name: 'no telemetry', main: 'runtimes/node/main.ts', env: { OTEL_SDK_DISABLED: 'true' } },
  { name: 'ours', main: 'runtimes/node/main.ts', env: {} },
  {
    name: 'ours, not sampled',
    main: 'runtimes/node/main.ts',
    env: { OTEL_TRACES_SAMPLER: 'always_off' },
  },
  { name: 'stock packages', main: 'benchmarks/stock-telemetry.ts', env: {} },
] as const

type Sample = {
  readonly perSecond: number
  readonly cpuMicros: number
  readonly p50: number
  readonly p99: number
}

let received = 0
const sink = createServer((incoming, answer) => {
  received += 1
  incoming
    .resume()
    .on('end', () => answer.writeHead(200, { 'content-type': 'application/json' }).end('{}'))
})
const sinkPort = await findFreePort()
sink.listen(sinkPort, '127.0.0.1')
const sinkUrl = `http://127.0.0.1:${sinkPort}`
const postgres = await startPostgres({
  folder: join(projectFolder, '.data', 'benchmark'),
  port: await findFreePort(),
  onLine: () => {},
})
try {
  await migrateDatabase(postgres.url)
  const samples = new Map<string, Sample[]>(variants.map(({ name }) => [name, []]))
  for (let round = 0; round < rounds; round += 1)
    for (const variant of variants) samples.get(variant.name)?.push(await measure(variant))
  print(samples)
} finally {
  await postgres.stop()
  sink.close()
}

async function measure({ main, env, name }: (typeof variants)[number]): Promise<Sample> {
  const port = await findFreePort()
  const before = received
  const lines: string[] = []
  const child = await startChild({
    program: process.execPath,
    args: [join(projectFolder, main)],
    env: {
      ...process.env,
      ...env,
      PORT: String(port),
      DATABASE_URL: postgres.url,
      OTEL_EXPORTER_OTLP_ENDPOINT: sinkUrl,
    },
    onLine: (line) => lines.push(line),
    stopMillisMax: 1500, // the stock variant does not stop by itself
  })
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  try {
    const path = await createTodo(`http://127.0.0.1:${port}`).catch((cause) => {
      throw new Error(`${name}: ${lines.slice(-5).join(' ')}`, { cause })
    })
    await load(agent, port, path, millis / 4)
    const cpuBefore = readCpuMicros(child.pid)
    const durations = await load(agent, port, path, millis)
    const cpu = readCpuMicros(child.pid) - cpuBefore
    if (name !== 'no telemetry' && name !== 'ours, not sampled' && received === before)
      throw new Error(`${name}: nothing arrived at the collector`)
    return {
      perSecond: (durations.length / millis) * 1000,
      cpuMicros: cpu / durations.length,
      p50: exactQuantile(durations, 0.5) ?? Number.NaN,
      p99: exactQuantile(durations, 0.99) ?? Number.NaN,
    }
  } finally {
    agent.destroy()
    await child.stop()
  }
}

async function createTodo(url: string): Promise<string> {
  for (const deadline = Date.now() + 20_000; Date.now() < deadline; ) {
    try {
      const response = await fetch(`${url}/api/v1/todos`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"title":"measured"}',
      })
      return response.headers.get('location') ?? ''
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
  throw new Error(`${url}: no answer within 20 s`)
}

/** As many requests as come back within that time, on every connection one after the other; their times in ms. */
async function load(
  agent: Agent,
  port: number,
  path: string,
  forMillis: number,
): Promise<readonly number[]> {
  const durations: number[] = []
  const end = performance.now() + forMillis
  async function connection(): Promise<void> {
    while (performance.now() < end) {
      const since = performance.now()
      await get(agent, port, path)
      durations.push(performance.now() - since)
    }
  }
  await Promise.all(Array.from({ length: connections }, connection))
  return durations
}

function get(agent: Agent, port: number, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    request({ agent, port, path, host: '127.0.0.1' }, (answer) => {
      if (answer.statusCode !== 200) reject(new Error(`got ${answer.statusCode}`))
      answer.resume().on('end', resolve)
    })
      .on('error', reject)
      .end()
  })
}

/** User and system time of a process so far; `ps` knows seconds only, so Linux's own account where there is one. */
function readCpuMicros(pid: number): number {
  const stat = execFileSync('cat', [`/proc/${pid}/stat`], { encoding: 'utf8' })
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const ticks = Number(fields[11]) + Number(fields[12])
  return ticks * 10_000 // 100 ticks a second on every Linux
}

function print(samples: ReadonlyMap<string, readonly Sample[]>): void {
  const range = (all: readonly Sample[], of: keyof Sample, digits: number) => {
    const sorted = all.map((sample) => sample[of]).sort((a, b) => a - b)
    return `${sorted[0]?.toFixed(digits)}–${sorted.at(-1)?.toFixed(digits)}`
  }
  const bare = samples.get('no telemetry') ?? []
  process.stdout.write(
    `${rounds} interleaved rounds of ${millis / 1000} s, ${connections} connections; smallest–largest\n\n`,
  )
  for (const [name, all] of samples) {
    const shares = all
      .map((sample, round) => sample.perSecond / (bare[round]?.perSecond ?? Number.NaN))
      .sort()
    process.stdout.write(
      `${name.padEnd(18)} ${range(all, 'perSecond', 0).padEnd(12)} requests/s, ${shares[0]?.toFixed(2)}–${shares.at(-1)?.toFixed(2)} of none;  CPU ${range(all, 'cpuMicros', 0).padEnd(8)} µs/request;  p50 ${range(all, 'p50', 1)} ms, p99 ${range(all, 'p99', 1)} ms\n`,
    )
  }
}
