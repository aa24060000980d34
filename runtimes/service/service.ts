import { type Kysely, PostgresDialect, sql } from 'kysely'
import type { DatabaseObserver } from '../../observability/telemetry/database/observe-database.ts'
import { traceFetch } from '../../observability/telemetry/fetch/traced-fetch.ts'
import type { WriteLine } from '../../observability/telemetry/logs/logs.ts'
import type { Fetch } from '../../observability/telemetry/request/traceable-app.ts'
import type { Telemetry } from '../../observability/telemetry/telemetry.ts'
import type { Application, Given } from '../application/define-application.ts'
import { announceRequests } from './announce-requests.ts'
import { type DatabasePool, readOutage } from './database/database.ts'
import type { Environment } from './environment.ts'
import { replaceFetch } from './replace-fetch.ts'
import { within } from './within.ts'

type ServiceOptions = {
  readonly application: Application
  readonly environment: Environment
  readonly telemetry: Telemetry
  /** For an application that names a database. */
  readonly database?: ServiceDatabase | undefined
  readonly readStaticFile: Given['readStaticFile']
  /** Takes the lines that `REQUEST_LINES` asks for. */
  readonly writeLine: WriteLine
}

/** A pool of connections, and what traces its use. */
export type ServiceDatabase = {
  readonly observer: DatabaseObserver
  readonly pool: DatabasePool
}

/** An application with its database pool and its telemetry. */
export type Service = {
  readonly fetch: Fetch
  /** Answers every request that waits for the database, now or later, with 503 at once: no time is left. */
  hurry(): void
  /** Closes the pool, then sends what telemetry is left. Resolves in a bounded time. */
  close(): Promise<void>
}

/** Puts the service together: the application, its database, and the seams by which both are observed. */
export function createService(options: ServiceOptions): Service {
  const { application, environment, telemetry, database } = options
  const { allowedHosts, allowedOrigins, bodyBytesMax } = environment
  replaceFetch((original) => traceFetch(telemetry, original))
  const app = application.create({
    version: application.version ?? '0.0.0',
    log: telemetry.log,
    ...(database === undefined ? noDatabase : createDatabase(database)),
    readOutage,
    readStaticFile: options.readStaticFile,
    settings: { allowedHosts, allowedOrigins, bodyBytesMax },
  })

  if (environment.requestLines)
    announceRequests(app, {
      readyPath: application.readyPath,
      writeLine: options.writeLine,
    })

  return {
    fetch: telemetry.trace(app),
    hurry: () => database?.pool.hurry(),
    async close() {
      if (database !== undefined) await within(closeMillisMax, database.pool.end())
      await telemetry.close()
    },
  }
}

const noDatabase: Pick<Given, 'database' | 'ping'> = {
  database() {
    throw new Error(
      'this application names no database: give it one, with `database` beside `create`',
    )
  },
  ping: async () => 'ready',
}

function createDatabase({ observer, pool }: ServiceDatabase): Pick<Given, 'database' | 'ping'> {
  const dialect = new PostgresDialect({ pool })
  const own = observer.createKysely<unknown>(dialect)
  return {
    database: <DB>() => observer.createKysely<DB>(dialect),
    ping: () => ping(own, pool),
  }
}

/** A statement that hangs must not hold up a stop. */
const closeMillisMax = 1000

/** Together less than the second that probes wait for an answer by default. */
const askPoolMillis = 300
const probeMillisMax = 500

/** A separate connection tells a lost database from a pool that is fully used or blocked. */
async function ping(database: Kysely<unknown>, pool: DatabasePool): Promise<'ready' | 'busy'> {
  const answer = await within(askPoolMillis, sql`select 1`.execute(database))
  if (answer !== undefined) return 'ready'
  await pool.probe(probeMillisMax)
  return 'busy'
}
