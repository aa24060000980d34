import { Kysely, PostgresDialect } from 'kysely'
import { Pool } from 'pg'
import type { ApplicationDatabase } from '../../application/define-application.ts'
import own from '../../application.ts'
import { createMigrator, migrate } from './migrator.ts'
import { QuietClient } from './quiet-client.ts'

/**
 * Brings a database up to date; may be called by many at once.
 *
 * @param database Defaults to that of this repository's application.
 * @returns The names of the migrations that this call applied.
 */
export function migrateDatabase(
  url: string,
  database: ApplicationDatabase | undefined = own.database,
): Promise<readonly string[]> {
  return withDatabase(url, (db) => migrate(db, database?.migrations ?? {}))
}

/** The names of the migrations that a database still lacks. Changes nothing there. */
export function readPendingMigrations(
  url: string,
  database: ApplicationDatabase | undefined = own.database,
): Promise<readonly string[]> {
  return withDatabase(url, async (db) => {
    const known = await createMigrator(db, database?.migrations ?? {}).getMigrations()
    return known.filter(({ executedAt }) => executedAt === undefined).map(({ name }) => name)
  })
}

async function withDatabase<T>(url: string, use: (db: Kysely<unknown>) => Promise<T>): Promise<T> {
  const pool = new Pool({
    connectionString: url,
    max: 1,
    connectionTimeoutMillis: 10_000,
    Client: QuietClient,
  })
  pool.on('error', () => {})
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) })
  try {
    return await use(db)
  } finally {
    await db.destroy()
  }
}
