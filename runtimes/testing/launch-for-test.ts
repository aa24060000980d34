import { randomBytes } from 'node:crypto'
import { Client } from 'pg'
import { findFreePort } from '../../observability/plumbing/find-free-port.ts'
import type { ApplicationDatabase } from '../application/define-application.ts'
import type { Served } from '../application/served.ts'
import own from '../application.ts'
import { type Launched, launchRuntime } from '../launch/launch-runtime.ts'
import type { Launcher } from '../launch/launcher.ts'
import { launcherOf } from '../launch/launchers.ts'
import type { Runtime } from '../runtime.ts'
import { migrateDatabase } from '../service/database/migrate.ts'

export type TestService = Launched &
  AsyncDisposable & {
    /** All that the service has written so far, a line each. */
    readonly lines: readonly string[]
    readonly databaseUrl: string
  }

type Launching = {
  readonly runtime: Runtime
  readonly variables: Readonly<Record<string, string>>
  /** Defaults to one of its own. */
  readonly databaseUrl?: string | undefined
  readonly launcher?: Launcher | undefined
}

/** Launches the service for a test: on a free port, on a database of its own unless one is named. */
export function launchForTest(
  runtime: Runtime,
  variables: Readonly<Record<string, string>>,
  databaseUrl?: string,
  launcher: Launcher = launcherOf(runtime),
): Promise<TestService> {
  const launching = { runtime, variables, databaseUrl, launcher }
  return launchServed({ application: own }, launching, () => launcher.prepare())
}

/** Launches the application that is given, once that is prepared. */
export async function launchServed(
  { application, bundle }: Pick<Served, 'application' | 'bundle'>,
  { runtime, variables, databaseUrl, launcher }: Launching,
  prepare: () => Promise<void>,
): Promise<TestService> {
  const database =
    databaseUrl === undefined
      ? await createDatabase(application.database)
      : { url: databaseUrl, drop: async () => {} }
  const lines: string[] = []
  try {
    await prepare()
    const service = await launchRuntime(
      runtime,
      {
        bundle,
        readyPath: application.readyPath,
        port: await findFreePort(),
        databaseUrl: database.url,
        variables,
      },
      (line) => lines.push(line),
      undefined,
      launcher,
    )
    return {
      ...service,
      lines,
      databaseUrl: database.url,
      async [Symbol.asyncDispose]() {
        await service.stop()
        await database.drop()
      },
    }
  } catch (error) {
    await database.drop()
    throw error
  }
}

/** An up-to-date database on the test run's PostgreSQL. */
async function createDatabase(
  database: ApplicationDatabase | undefined,
): Promise<{ readonly url: string; drop(): Promise<void> }> {
  const server = process.env.TEST_DATABASE_URL
  if (server === undefined)
    throw new Error('TEST_DATABASE_URL: expected a URL, got nothing; run by `npm test`')
  const name = `test_${randomBytes(6).toString('hex')}`
  await runStatement(server, `create database ${name}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  await migrateDatabase(url.href, database)
  return { url: url.href, drop: () => runStatement(server, `drop database ${name} with (force)`) }
}

async function runStatement(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
