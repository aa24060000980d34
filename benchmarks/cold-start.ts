import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { exactQuantile } from '../observability/comparison/statistics/exact-quantile.ts'
import { findFreePort } from '../observability/plumbing/find-free-port.ts'
import { pollUntil } from '../observability/plumbing/poll-until.ts'
import { launcherOf } from '../runtimes/launch/launchers.ts'
import { startChild } from '../runtimes/processes/child.ts'
import { projectFolder } from '../runtimes/processes/project-folder.ts'
import type { Runtime } from '../runtimes/runtime.ts'
import { runtimes } from '../runtimes/runtimes.ts'
import { migrateDatabase } from '../runtimes/service/database/migrate.ts'
import { startPostgres } from '../runtimes/start/postgres.ts'

// How long a runtime takes from the start of its process to its first answer, and to its first answer out of the
// database, and how much memory it holds after some requests. Telemetry is on; there is no collector, as at home
// before anything else runs. Rounds are interleaved, so that what else the machine does hits all alike.

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '7' } } })
const rounds = Number(values.rounds)
const requests = 300

type Sample = {
  readonly answerMillis: number
  readonly readyMillis: number
  readonly residentMegabytes: number
}

const postgres = await startPostgres({
  folder: join(projectFolder, '.data', 'benchmark'),
  port: await findFreePort(),
  onLine: () => {},
})
try {
  await migrateDatabase(postgres.url)
  for (const runtime of runtimes) await launcherOf(runtime).prepare()
  const samples = new Map<string, Sample[]>(runtimes.map(({ name }) => [name, []]))
  for (let round = 0; round < rounds; round += 1)
    for (const runtime of runtimes) samples.get(runtime.name)?.push(await measure(runtime))
  print(samples)
} finally {
  await postgres.stop()
}

async function measure(runtime: Runtime): Promise<Sample> {
  const port = await findFreePort()
  const url = `http://127.0.0.1:${port}`
  const command = await launcherOf(runtime).createCommand({
    port,
    databaseUrl: postgres.url,
    variables: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' },
  })
  const since = performance.now()
  const child = await startChild({ ...command, onLine: () => {} })
  try {
    const answerMillis = await untilOk(`${url}/health`, since)
    const readyMillis = await untilOk(`${url}/ready`, since)
    for (let request = 0; request < requests; request += 1)
      await (await fetch(`${url}/api/v1/todos?limit=10`)).arrayBuffer()
    return { answerMillis, readyMillis, residentMegabytes: readResidentMegabytes(child.pid) }
  } finally {
    await child.stop()
  }
}

async function untilOk(url: string, since: number): Promise<number> {
  const isOk = async () => {
    try {
      const response = await fetch(url)
      await response.arrayBuffer()
      return response.ok
    } catch {
      return false // Nobody listens yet.
    }
  }
  if (await pollUntil(isOk, 30_000, 2)) return performance.now() - since
  throw new Error(`${url}: no answer within 30 s`)
}

/** Of a process and all below it. Pages that they share count for each. */
function readResidentMegabytes(pid: number): number {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,rss='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
  const sum = (root: number): number =>
    rows.reduce((total, [id = 0, parent, kilobytes = 0]) => {
      if (id === root) return total + kilobytes
      return parent === root ? total + sum(id) : total
    }, 0)
  return sum(pid) / 1024
}

function print(samples: ReadonlyMap<string, readonly Sample[]>): void {
  const reference = samples.get(runtimes[0]?.name ?? '') ?? []
  const median = (all: readonly Sample[], of: keyof Sample) =>
    exactQuantile(
      all.map((sample) => sample[of]),
      0.5,
    ) ?? Number.NaN
  const cell = (all: readonly Sample[], of: keyof Sample, unit: string) => {
    const values = all.map((sample) => sample[of]).sort((a, b) => a - b)
    const ratio = median(all, of) / median(reference, of)
    return `${median(all, of).toFixed(0)} ${unit} (${values[0]?.toFixed(0)}–${values.at(-1)?.toFixed(0)}), ${ratio.toFixed(2)} ×`
  }
  process.stdout.write(
    `${rounds} interleaved rounds; median (smallest–largest), ratio to ${runtimes[0]?.name}\n`,
  )
  process.stdout.write(`resident memory after ${requests} requests\n\n`)
  for (const [name, all] of samples)
    process.stdout.write(
      `${name.padEnd(9)} first answer ${cell(all, 'answerMillis', 'ms').padEnd(28)} ready ${cell(all, 'readyMillis', 'ms').padEnd(28)} memory ${cell(all, 'residentMegabytes', 'MB')}\n`,
    )
}
