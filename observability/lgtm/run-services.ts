import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type Child, startChild } from '../../runtimes/child.ts'
import { migrateDatabase } from '../../runtimes/migrate.ts'
import { type Postgres, startPostgres } from '../../runtimes/postgres.ts'
import { runtimes } from '../../runtimes/runtimes.ts'
import { repositoryFolder } from '../collector-parity/collector-binary.ts'
import { findFreePort } from '../collector-parity/free-port.ts'

// The one place here that knows the house of the runtimes: it runs what a person would run.

/** Of every runtime, by its name. */
export type Services = AsyncDisposable & {
  readonly urls: ReadonlyMap<string, string>
  /** All that `npm start` has written, a line each. */
  readonly lines: readonly string[]
}

/** A PostgreSQL that can be stopped, as an outage, and started again where it was. */
export type Database = AsyncDisposable & {
  readonly url: string
  start(): Promise<void>
  stop(): Promise<void>
}

const readyMillisMax = 60_000
const compareMillisMax = 60_000

/** Starts every runtime with `npm start` and these flags, on free ports; resolves when all answer. */
export async function runServices(database: Database, flags: readonly string[]): Promise<Services> {
  const urls = new Map<string, string>()
  const portFlags: string[] = []
  for (const { name } of runtimes) {
    const port = await findFreePort()
    urls.set(name, `http://127.0.0.1:${port}`)
    portFlags.push('--port', `${name}=${port}`)
  }
  const lines: string[] = []
  const child = await startChild({
    program: process.execPath,
    args: [join(repositoryFolder, 'runtimes', 'start.ts'), ...portFlags, ...flags],
    cwd: repositoryFolder,
    // A runtime that is missing is no reason to test the others only.
    env: { ...process.env, DATABASE_URL: database.url, CI: 'true', NO_COLOR: '1' },
    onLine: (line) => lines.push(line),
    stopMillisMax: 20_000,
  })
  try {
    await waitUntilReady(child, lines)
  } catch (error) {
    await child.stop()
    throw error
  }
  return { urls, lines, [Symbol.asyncDispose]: () => child.stop() }
}

async function waitUntilReady(child: Child, lines: readonly string[]): Promise<void> {
  const isReady = () => lines.some((line) => line.includes('all ready'))
  for (const deadline = Date.now() + readyMillisMax; !isReady(); await delay(50)) {
    const hasEnded = child.hasEnded()
    if (hasEnded || Date.now() > deadline) {
      const reason = hasEnded ? 'has ended' : `is not ready after ${readyMillisMax / 1000} s`
      throw new Error(`npm start ${reason}:\n${lines.slice(-20).join('\n')}`)
    }
  }
}

/** Starts a PostgreSQL with an empty list of Todos. */
export async function runDatabase(): Promise<Database> {
  const folder = await mkdtemp(join(tmpdir(), 'lgtm-database-'))
  await chmod(folder, 0o755) // PostgreSQL may run as another user
  const port = await findFreePort()
  const launch = () => startPostgres({ folder, port, onLine: () => {} })
  let postgres: Postgres | undefined = await launch()
  const { url } = postgres
  await migrateDatabase(url)
  const stop = async () => {
    await postgres?.stop()
    postgres = undefined
  }
  return {
    url,
    stop,
    async start() {
      postgres ??= await launch()
    },
    async [Symbol.asyncDispose]() {
      await stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Runs `npm run compare` on what runs, with traces out of a Tempo; gives its exit code and what it wrote. */
export async function runCompare(
  { urls }: Services,
  places: { readonly collectorUrl: string; readonly tempoUrl: string; readonly folder: string },
): Promise<{ readonly exitCode: number; readonly text: string }> {
  const targets = [...urls].flatMap(([name, url]) => ['--target', `${name}=${url}`])
  const lines: string[] = []
  const child = await startChild({
    program: process.execPath,
    args: [
      join(repositoryFolder, 'runtimes', 'compare.ts'),
      ...['--collector', places.collectorUrl, '--traces', `tempo:${places.tempoUrl}`],
      ...['--rounds', '4', '--warm-up', '1', '--seed', '1', '--wait', '20'],
      ...['--out', places.folder, ...targets],
    ],
    env: { ...process.env, NO_COLOR: '1' },
    onLine: (line) => lines.push(line),
  })
  const timer = setTimeout(() => void child.stop(), compareMillisMax)
  const end = await child.ended
  clearTimeout(timer)
  return { exitCode: Number(/^exit code (\d+)$/.exec(end)?.[1]), text: lines.join('\n') }
}
