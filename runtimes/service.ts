import { PostgresDialect, sql } from 'kysely'
import type { DatabaseObserver, Telemetry } from '../observability/telemetry/telemetry.ts'
import manifest from '../package.json' with { type: 'json' }
import { type AppOptions, createApp } from '../src/app.ts'
import { createTodoRepository } from '../src/todos/repository.ts'
import type { Database } from '../src/todos/table.ts'
import { type DatabasePool, isDatabaseUnavailable } from './database.ts'
import type { Environment } from './environment.ts'

export type ServiceOptions = {
  readonly environment: Environment
  readonly telemetry: Telemetry
  readonly observer: DatabaseObserver
  readonly pool: DatabasePool
  readonly readDocsFile: AppOptions['readDocsFile']
}

export type Service = {
  readonly fetch: ReturnType<typeof createApp>['fetch']
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
    ping: async () => {
      await sql`select 1`.execute(database)
    },
    isUnavailable: isDatabaseUnavailable,
    before: telemetry.before,
    readDocsFile: options.readDocsFile,
    version: serviceVersion,
    ...(environment.allowedHosts && { allowedHosts: environment.allowedHosts }),
    allowedOrigins: environment.allowedOrigins,
    bodyBytesMax: environment.bodyBytesMax,
  })

  return {
    fetch: app.fetch,
    async close() {
      await Promise.race([pool.end(), waitMillis(closeMillisMax)])
      await telemetry.close()
    },
  }
}

/** A statement that hangs must not hold up a stop. */
const closeMillisMax = 1000

function waitMillis(millis: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, millis))
}
