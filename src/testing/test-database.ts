import { Kysely, type Logger, PostgresDialect, type PostgresPool, sql } from 'kysely'
import type { Database } from '../todos/table.ts'

/** `Pool` of the package pg. A test hands it in, as nothing below `src/` may name a driver. */
export type PoolConstructor = new (config: {
  connectionString: string
  max: number
}) => PostgresPool & { on(event: 'error', listener: () => void): unknown }

export type TestDatabase = {
  readonly db: Kysely<Database>
  /** Another pool on the same database, as another process would have; `log` sees its statements. */
  readonly connect: (log?: Logger) => Kysely<Database>
  /** Ends all pools and removes the database. */
  readonly drop: () => Promise<void>
}

/**
 * An empty database of its own for one test file, on the server that the test run started.
 *
 * @param serverUrl Pass `process.env.TEST_DATABASE_URL`.
 * @throws When that is missing: a test that needs PostgreSQL fails without one, it is never skipped.
 */
export async function createTestDatabase(
  Pool: PoolConstructor,
  serverUrl: string | undefined,
): Promise<TestDatabase> {
  if (!serverUrl) {
    throw new Error(
      'TEST_DATABASE_URL: expected the URL of a PostgreSQL server, got nothing; the global set-up of vitest starts one',
    )
  }
  const name = `test_${crypto.randomUUID().replaceAll('-', '')}`
  const server = open(Pool, serverUrl, 1)
  await sql`create database ${sql.id(name)}`.execute(server)

  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  const opened: Kysely<Database>[] = []
  const connect = (log?: Logger) => {
    const db = open(Pool, url.href, 4, log)
    opened.push(db)
    return db
  }
  return {
    db: connect(),
    connect,
    async drop() {
      await Promise.all(opened.map((db) => db.destroy()))
      await sql`drop database ${sql.id(name)} with (force)`.execute(server)
      await server.destroy()
    },
  }
}

/** A pool of at most `max` connections to any database, also to one that does not answer. */
export function open(
  Pool: PoolConstructor,
  connectionString: string,
  max: number,
  log?: Logger,
): Kysely<Database> {
  const pool = new Pool({ connectionString, max })
  // A forced drop ends connections that were still closing; without a listener that ends the process.
  pool.on('error', () => undefined)
  return new Kysely<Database>({ dialect: new PostgresDialect({ pool }), ...(log && { log }) })
}
