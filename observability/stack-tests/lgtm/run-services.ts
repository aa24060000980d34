import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Child, startChild } from '../../../runtimes/processes/child.ts'
import { runtimes } from '../../../runtimes/runtimes.ts'
import { migrateDatabase } from '../../../runtimes/service/database/migrate.ts'
import { startPostgres } from '../../../runtimes/start/postgres.ts'
import { findFreePort } from '../../plumbing/find-free-port.ts'
import { pollUntil } from '../../plumbing/poll-until.ts'
import { repositoryFolder } from '../collector/program/collector-binary.ts'

/** The running services, by runtime name. */
export type Services = AsyncDisposable & {
  readonly urls: ReadonlyMap<string, string>
}

/** A PostgreSQL that can be stopped, as an outage. */
export type Database = AsyncDisposable & { readonly url: string; stop(): Promise<void> }

const readyMillisMax = 60_000

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
    args: [join(repositoryFolder, 'runtimes', 'start', 'start.ts'), ...portFlags, ...flags],
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
  return { urls, [Symbol.asyncDispose]: () => child.stop() }
}

async function waitUntilReady(child: Child, lines: readonly string[]): Promise<void> {
  const isReady = () => lines.some((line) => line.includes('all ready'))
  await pollUntil(() => isReady() || child.hasEnded(), readyMillisMax)
  if (isReady()) return
  const reason = child.hasEnded() ? 'has ended' : `is not ready after ${readyMillisMax / 1000} s`
  throw new Error(`npm start ${reason}:\n${lines.slice(-20).join('\n')}`)
}

/** Starts a PostgreSQL with an empty list of Todos. */
export async function runDatabase(): Promise<Database> {
  const folder = await mkdtemp(join(tmpdir(), 'lgtm-database-'))
  await chmod(folder, 0o755) // PostgreSQL may run as another user
  const { url, stop } = await startPostgres({
    folder,
    port: await findFreePort(),
    onLine: () => {},
  })
  await migrateDatabase(url)
  return {
    url,
    stop,
    async [Symbol.asyncDispose]() {
      await stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
