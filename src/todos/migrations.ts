import { sql } from 'kysely'
import type { Migration } from 'kysely/migration'

// Names sort in the order of application; a released migration is never changed or renamed.
/**
 * Each runs once per database, in the order of its name. A migration that was released is never changed: add another.
 */
export const migrations: Readonly<Record<string, Migration>> = {
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
