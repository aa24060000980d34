import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { parseDocument } from 'yaml'
import {
  builtCollectorPath,
  CollectorMissingError,
  findCollector,
  manifestPath,
} from './collector-binary.ts'

// Builds the OpenTelemetry Collector from `manifest.yaml` with its own builder, once: what is built
// stays in `.cache/` until the manifest changes. `OTELCOL=path` uses another one.

const builder = 'go.opentelemetry.io/collector/cmd/builder'
const goMinorMin = 25
const buildMillisMax = 20 * 60_000

try {
  const path = await ensureCollector()
  report(`${readVersion(path)}: ${path}`)
} catch (error) {
  if (!(error instanceof CollectorMissingError)) throw error
  report(error.message)
  process.exitCode = 2
}

async function ensureCollector(): Promise<string> {
  try {
    return findCollector()
  } catch (error) {
    if (!(error instanceof CollectorMissingError) || process.env.OTELCOL) throw error
  }
  checkGo()
  await build(builtCollectorPath())
  return builtCollectorPath()
}

/** Builds beside the place and then moves, so that an interrupted build leaves nothing that looks whole. */
async function build(path: string): Promise<void> {
  const since = performance.now()
  const folder = `${dirname(path)}.building-${process.pid}`
  mkdirSync(folder, { recursive: true })
  try {
    const manifest = parseDocument(readFileSync(manifestPath, 'utf8'))
    manifest.setIn(['dist', 'output_path'], join(folder, 'source'))
    const version = String(manifest.getIn(['dist', 'version']))
    const config = join(folder, 'manifest.yaml')
    writeFileSync(config, manifest.toString())
    report(`building the OpenTelemetry Collector ${version} with Go; minutes, once`)
    await runGo(['run', `${builder}@v${version}`, `--config=${config}`], folder)
    mkdirSync(dirname(path), { recursive: true })
    renameSync(join(folder, 'source', 'otelcol'), path)
    report(`built in ${Math.round((performance.now() - since) / 1000)} s`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function checkGo(): void {
  const { stdout, error } = spawnSync('go', ['env', 'GOVERSION'], { encoding: 'utf8' })
  const advice = `expected Go 1.${goMinorMin} or newer, or OTELCOL=path of a Collector such as otelcol-contrib`
  if (error !== undefined) throw new CollectorMissingError(`go: not found; ${advice}`)
  const minor = Number(/^go1\.(\d+)/.exec(stdout.trim())?.[1])
  if (!(minor >= goMinorMin)) throw new CollectorMissingError(`go: ${stdout.trim()}; ${advice}`)
}

async function runGo(args: readonly string[], cwd: string): Promise<void> {
  // Outside any module of ours, so that no go.mod above can change what is built.
  const env = { ...process.env, GOWORK: 'off', GOFLAGS: '-mod=mod -buildvcs=false' }
  const child = spawn('go', args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  // Two thousand packages on all cores: whoever works on this machine goes first.
  if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW)
  const lastLines: string[] = []
  const follow = async (stream: Readable) => {
    for await (const line of createInterface({ input: stream })) {
      lastLines.push(line)
      if (lastLines.length > 30) lastLines.shift()
      const step = /\t([A-Z][a-z ]+[a-z])(?:\t|$)/.exec(line)?.[1]
      if (step !== undefined) report(step.toLowerCase())
    }
  }
  const since = performance.now()
  const seconds = () => Math.round((performance.now() - since) / 1000)
  const ticker = setInterval(() => report(`${seconds()} s`), 15_000)
  const timer = setTimeout(() => child.kill(), buildMillisMax)
  try {
    const [status] = await Promise.all([
      new Promise<string>((resolve) => {
        child.on('error', (error) => resolve(error.message))
        child.on('exit', (code, signal) => resolve(signal ?? `exit code ${code}`))
      }),
      follow(child.stdout),
      follow(child.stderr),
    ])
    if (status === 'exit code 0') return
    throw new CollectorMissingError(
      `the OpenTelemetry Collector could not be built (${status}):\n${lastLines.join('\n')}`,
    )
  } finally {
    clearInterval(ticker)
    clearTimeout(timer)
  }
}

function readVersion(path: string): string {
  const { stdout, status, error } = spawnSync(path, ['--version'], { encoding: 'utf8' })
  if (status === 0) return stdout.trim()
  const reason = error?.message ?? `exit code ${status}`
  throw new CollectorMissingError(`${path}: expected an OpenTelemetry Collector, got ${reason}`)
}

function report(text: string): void {
  process.stderr.write(`collector: ${text}\n`)
}
