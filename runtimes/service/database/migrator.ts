import { type Kysely, sql } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'

type Migrations = Readonly<Record<string, Migration>>

/** Kysely's migrator, for whoever wants to look or to go step by step. */
export function createMigrator<DB>(db: Kysely<DB>, migrations: Migrations): Migrator {
  return new Migrator({ db, provider: { getMigrations: async () => migrations } })
}

/** The advisory lock of `migrate`. Any number does that is not Kysely's own, as long as it stays the same. */
export const migrationLockId = '7205759403792794'

/** How long `migrate` waits for another process that is migrating: 10 minutes. */
const lockWaitMillisMaxDefault = 10 * 60 * 1000

/**
 * Brings a database up to date. However many processes call this at once,
 * every migration runs exactly once and everyone returns after the last.
 *
 * Kysely takes a lock too, but only after it has made its two tables: eight
 * migrators on an empty database all succeeded, yet the server logged five
 * failed statements each time, and a trace would show them.
 *
 * @param db Must keep its session between statements, as a pooler in transaction mode does not.
 * @returns The names of what this call applied, in order.
 * @throws When a migration fails or the wait is over, with the database's error as `cause`; a
 * migration that failed is undone.
 */
export async function migrate<DB>(
  db: Kysely<DB>,
  migrations: Migrations,
  lockWaitMillisMax = lockWaitMillisMaxDefault,
): Promise<readonly string[]> {
  return db.connection().execute(async (connection) => {
    await lock(connection, lockWaitMillisMax)
    try {
      return await applyMigrations(connection, migrations)
    } finally {
      // A session that was lost has lost its lock, and the error worth telling is the one before.
      await unlock(connection).catch(() => undefined)
    }
  })
}

async function applyMigrations<DB>(
  db: Kysely<DB>,
  migrations: Migrations,
): Promise<readonly string[]> {
  const { error, results = [] } = await createMigrator(db, migrations).migrateToLatest()
  if (error !== undefined) {
    const failed = results.find(({ status }) => status === 'Error')?.migrationName
    throw new Error(`migrations: ${failed ?? 'the set-up'} failed`, { cause: error })
  }
  return results.map(({ migrationName }) => migrationName)
}

async function lock<DB>(db: Kysely<DB>, waitMillisMax: number): Promise<void> {
  // In one statement, so that the timeout ends with it and does not stay on a pooled session.
  await sql`
    with timeout as (select set_config('lock_timeout', ${String(waitMillisMax)}, true) as millis)
    select pg_advisory_lock(cast(${migrationLockId} as bigint)) from timeout
  `
    .execute(db)
    .catch((cause) => {
      throw new Error(`migrations: another process kept them for ${waitMillisMax} ms`, { cause })
    })
}

async function unlock<DB>(db: Kysely<DB>): Promise<void> {
  await sql`select pg_advisory_unlock(cast(${migrationLockId} as bigint))`.execute(db)
}
