import type { ColumnType, Generated } from 'kysely'

/** The tables as Kysely sees them; `migrations.ts` makes them. */
export type Database = {
  readonly todos: TodoTable
}

/** The table `todos` for Kysely: insert and update types leave out what the database or the id fixes. */
export type TodoTable = {
  readonly id: ColumnType<string, never, never>
  readonly title: string
  readonly description: string | null
  readonly completed: Generated<boolean>
  readonly created_at: ColumnType<Date, never, never>
  /** Set on insert by the column's default, on update by the repository's statement. */
  readonly updated_at: ColumnType<Date, never, Date>
}
