import { type Kysely, PostgresDialect, sql } from 'kysely'
import type { DatabaseObserver, Telemetry } from '../../observability/telemetry/telemetry.ts'
import manifest from '../../package.json' with { type: 'json' }
import { type AppOptions, createApp } from '../../src/app.ts'
import { createTodoRepository } from '../../src/todos/repository.ts'
import type { Database } from '../../src/todos/table.ts'
import { type DatabasePool, readOutage } from '../database/database.ts'
import type { Environment } from './environment.ts'
import { within } from './within.ts'

export type ServiceOptions = {
  readonly environment: Environment
  readonly telemetry: Telemetry
  readonly observer: DatabaseObserver
  readonly pool: DatabasePool
  readonly readDocsFile: AppOptions['readDocsFile']
}

/** The Todo service with its database pool and its telemetry. */
export type Service = {
  readonly fetch: ReturnType<Telemetry['trace']>
  /** Answers every request that waits for the database, now or later, with 503 at once: no time is left. */
  hurry(): void
  /** Closes the pool, then sends what telemetry is left. Resolves in a bounded time. */
  close(): Promise<void>
}

/** The version of the service, as its resource and its API description say it. */
export const serviceVersion = manifest.version

/** Puts the Todo service together: database, repository, routes, and the seams by which it is observed. */
export function createService(options: ServiceOptions): Service {
  const { environment, telemetry, pool } = options
  const database = options.observer.createKysely<Database>(new PostgresDialect({ pool }))

  const app = createApp({
    todos: createTodoRepository(database),
    log: telemetry.log,
    ping: () => ping(database, pool),
    readOutage,
    readDocsFile: options.readDocsFile,
    version: serviceVersion,
    ...(environment.allowedHosts && { allowedHosts: environment.allowedHosts }),
    allowedOrigins: environment.allowedOrigins,
    bodyBytesMax: environment.bodyBytesMax,
  })

  return {
    fetch: telemetry.trace(app),
    hurry: () => pool.hurry(),
    async close() {
      await within(closeMillisMax, pool.end())
      await telemetry.close()
    },
  }
}

/** A statement that hangs must not hold up a stop. */
const closeMillisMax = 1000

/** Together less than the second that probes wait for an answer by default. */
const askPoolMillis = 300
const probeMillisMax = 500

/** A separate connection tells a lost database from a pool that is fully used or blocked. */
async function ping(database: Kysely<Database>, pool: DatabasePool): Promise<'ready' | 'busy'> {
  const answer = await within(askPoolMillis, sql`select 1`.execute(database))
  if (answer !== undefined) return 'ready'
  await pool.probe(probeMillisMax)
  return 'busy'
}
