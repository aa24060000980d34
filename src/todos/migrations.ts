import { type Kysely, sql } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import type { Database } from './table.ts'

// Names sort in the order of application; a released migration is never changed or renamed.
const migrations: Readonly<Record<string, Migration>> = {
  '0001-create-todos': {
    async up(db) {
      await db.schema
        .createTable('todos')
        .addColumn('id', 'uuid', (column) => column.primaryKey().defaultTo(sql`gen_random_uuid()`))
        .addColumn('title', 'varchar(200)', (column) => column.notNull())
        .addColumn('description', 'text')
        .addColumn('completed', 'boolean', (column) => column.notNull().defaultTo(false))
        .addColumn('created_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
        .addColumn('updated_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
        .execute()
      await db.schema
        .createIndex('todos_newest_first')
        .on('todos')
        .columns(['created_at desc', 'id desc'])
        .execute()
    },
  },
}

/** Kysely's migrator over the migrations above, to inspect them or apply them step by step. */
export function createMigrator(db: Kysely<Database>): Migrator {
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
export async function migrate(
  db: Kysely<Database>,
  lockWaitMillisMax = lockWaitMillisMaxDefault,
): Promise<readonly string[]> {
  return db.connection().execute(async (connection) => {
    await lock(connection, lockWaitMillisMax)
    try {
      return await applyMigrations(connection)
    } finally {
      // A session that was lost has lost its lock, and the error worth telling is the one before.
      await unlock(connection).catch(() => undefined)
    }
  })
}

async function applyMigrations(db: Kysely<Database>): Promise<readonly string[]> {
  const { error, results = [] } = await createMigrator(db).migrateToLatest()
  if (error !== undefined) {
    const failed = results.find(({ status }) => status === 'Error')?.migrationName
    throw new Error(`migrations: ${failed ?? 'the set-up'} failed`, { cause: error })
  }
  return results.map(({ migrationName }) => migrationName)
}

async function lock(db: Kysely<Database>, waitMillisMax: number): Promise<void> {
  // In one statement, so that the timeout ends with it and does not stay on a pooled session.
  await db
    .with('timeout', (bound) =>
      bound.selectNoFrom((eb) =>
        eb
          .fn('set_config', [eb.val('lock_timeout'), eb.val(String(waitMillisMax)), eb.val(true)])
          .as('millis'),
      ),
    )
    .selectFrom('timeout')
    .select((eb) =>
      eb.fn('pg_advisory_lock', [eb.cast(eb.val(migrationLockId), 'bigint')]).as('lock'),
    )
    .execute()
    .catch((cause) => {
      throw new Error(`migrations: another process kept them for ${waitMillisMax} ms`, { cause })
    })
}

async function unlock(db: Kysely<Database>): Promise<void> {
  await db
    .selectNoFrom((eb) =>
      eb.fn('pg_advisory_unlock', [eb.cast(eb.val(migrationLockId), 'bigint')]).as('unlock'),
    )
    .execute()
}
