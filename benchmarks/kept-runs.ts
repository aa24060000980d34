// What it costs the embedded collector to keep what it receives on disk.
//
//   npm run bench -- kept-runs
//
// Two collectors, real programs, one with --no-keep, take the same bodies of 512 spans by turns. Then both are started
// anew, the one with 100,000 spans and more on disk, and the first question about the run of before is timed. Compare
// the ratios, not the digits: the machine may be busy. It ends by itself after about half a minute.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startCollectorProgram } from '../observability/collector/testing/run-collector-program.ts'
import { encodeTracesByProtobufjs } from '../observability/otlp/testing/protobufjs-encode.ts'
import { buildExampleTraces } from './example-traces.ts'

const tracesPerRequest = 256
const requestsPerRound = 40
const rounds = 10
const folder = mkdtempSync(join(tmpdir(), 'kept-runs-'))
const variants = {
  'in memory alone': ['--no-keep'],
  'kept on disk': ['--runs', folder],
} as const

type Started = Awaited<ReturnType<typeof startCollectorProgram>> & { readonly millis: number }

async function start(args: readonly string[]): Promise<Started> {
  const since = performance.now()
  const program = await startCollectorProgram(['--port', '0', ...args])
  return { ...program, millis: performance.now() - since }
}

async function stop({ child, ended }: Started): Promise<void> {
  child.kill('SIGTERM')
  await ended
}

function readCpuMicros({ child }: Started): number {
  const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * 10_000
}

async function send({ url }: Started, body: Uint8Array<ArrayBuffer>): Promise<void> {
  const headers = { 'content-type': 'application/x-protobuf' }
  const answer = await fetch(`${url}/v1/traces`, { method: 'POST', headers, body })
  if (answer.status !== 200) throw new Error(`answered ${answer.status}`)
  await answer.arrayBuffer()
}

function describe(values: readonly number[], digits: number): string {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number) =>
    (sorted[Math.round(share * (sorted.length - 1))] ?? 0).toFixed(digits)
  return `${at(0.5)} (${at(0)}–${at(1)})`
}

const bodies = Array.from(
  { length: requestsPerRound * (rounds + 2) },
  (_, seed) => new Uint8Array(encodeTracesByProtobufjs(buildExampleTraces(seed, tracesPerRequest))),
)
try {
  await using memory = await start(variants['in memory alone'])
  await using disk = await start(variants['kept on disk'])
  const rates: number[] = []
  const cpus: number[] = []
  const roundOf = async (started: Started, own: readonly Uint8Array<ArrayBuffer>[]) => {
    const cpu = readCpuMicros(started)
    const since = performance.now()
    for (const body of own) await send(started, body)
    return { millis: performance.now() - since, cpu: readCpuMicros(started) - cpu }
  }
  for (let round = 0; round < rounds + 2; round += 1) {
    const own = bodies.slice(round * requestsPerRound, (round + 1) * requestsPerRound)
    const without = await roundOf(memory, own)
    const withDisk = await roundOf(disk, own)
    if (round < 2) continue // for the compiler
    rates.push(without.millis / withDisk.millis)
    cpus.push(withDisk.cpu / without.cpu)
  }
  await new Promise((resolve) => setTimeout(resolve, 1000))
  await stop(memory)
  await stop(disk)

  const starts: number[] = []
  for (let round = 0; round < 5; round += 1) {
    await using empty = await start(variants['in memory alone'])
    await using full = await start(variants['kept on disk'])
    starts.push(full.millis - empty.millis)
    await stop(empty)
    await stop(full)
  }
  await using last = await start(variants['kept on disk'])
  const since = performance.now()
  const answer = await fetch(`${last.url}/api/status`).then(() =>
    fetch(`${last.url}/api/overview?run=last`),
  )
  const firstMillis = performance.now() - since
  const runs: { runs: { spans: number; bytes: number }[] } = JSON.parse(
    await (await fetch(`${last.url}/api/runs`)).text(),
  )
  await stop(last)
  if (answer.status !== 200) throw new Error(`the run of before answered ${answer.status}`)
  const [{ spans, bytes } = { spans: 0, bytes: 0 }] = runs.runs
  const sent = bodies.length * tracesPerRequest * 2
  if (spans !== sent) throw new Error(`${spans} of ${sent} spans were kept`)
  process.stdout.write(
    `${rounds} rounds by turns of ${requestsPerRound} bodies of ${2 * tracesPerRequest} spans; median (least–most)\n` +
      `throughput kept on disk, of that in memory alone: ${describe(rates, 2)}\n` +
      `processor time kept on disk, of that in memory alone: ${describe(cpus, 2)}\n` +
      `start with ${spans} spans (${(bytes / 1e6).toFixed(0)} MB) on disk: ${describe(starts, 0)} ms more\n` +
      `first question about that run, which reads it: ${firstMillis.toFixed(0)} ms\n`,
  )
} finally {
  rmSync(folder, { recursive: true, force: true })
}
