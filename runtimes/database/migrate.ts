import { Kysely, PostgresDialect } from 'kysely'
import { Pool } from 'pg'
import { createMigrator, migrate } from '../../src/todos/migrations.ts'
import type { Database } from '../../src/todos/table.ts'
import { QuietClient } from './quiet-client.ts'

/**
 * Brings a database up to date; may be called by many at once.
 *
 * @returns The names of the migrations that this call applied.
 */
export function migrateDatabase(url: string): Promise<readonly string[]> {
  return withDatabase(url, (db) => migrate(db))
}

/** The names of the migrations that a database still lacks. Changes nothing there. */
export function readPendingMigrations(url: string): Promise<readonly string[]> {
  return withDatabase(url, async (db) => {
    const known = await createMigrator(db).getMigrations()
    return known.filter(({ executedAt }) => executedAt === undefined).map(({ name }) => name)
  })
}

async function withDatabase<T>(url: string, use: (db: Kysely<Database>) => Promise<T>): Promise<T> {
  const pool = new Pool({
    connectionString: url,
    max: 1,
    connectionTimeoutMillis: 10_000,
    Client: QuietClient,
  })
  pool.on('error', () => {})
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) })
  try {
    return await use(db)
  } finally {
    await db.destroy()
  }
}
