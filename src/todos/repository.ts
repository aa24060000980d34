import { type ExpressionBuilder, type Kysely, type Selectable, sql } from 'kysely'
import type { Page, Todo, TodoCreate, TodoUpdate } from './schema.ts'
import type { Database, TodoTable } from './table.ts'

/** The Todos in a database. Every call is one SQL statement, so nothing can change between a look and an act. */
export type TodoRepository = {
  /** Newest first: by `created_at`, then `id`, descending. */
  readonly list: (page: Page) => Promise<readonly Todo[]>
  readonly get: (id: string) => Promise<Todo | undefined>
  readonly create: (todo: TodoCreate) => Promise<Todo>
  /**
   * Changes the given fields and moves `updated_at`. With no field given
   * nothing changes, `updated_at` included.
   *
   * @returns The Todo after the change; `undefined` if the id does not exist.
   */
  readonly update: (id: string, changes: TodoUpdate) => Promise<Todo | undefined>
  /** @returns Whether there was one of that id. */
  readonly remove: (id: string) => Promise<boolean>
}

const columns = ['id', 'title', 'description', 'completed', 'created_at', 'updated_at'] as const

/** @param db A Kysely on PostgreSQL, traced or not. Errors of the database pass through unchanged. */
export function createTodoRepository(db: Kysely<Database>): TodoRepository {
  const get = async (id: string) => {
    const row = await db.selectFrom('todos').select(columns).where('id', '=', id).executeTakeFirst()
    return row && toTodo(row)
  }

  return {
    get,

    async list({ skip, limit }) {
      const rows = await db
        .selectFrom('todos')
        .select(columns)
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .offset(skip)
        .execute()
      return rows.map(toTodo)
    },

    async create(todo) {
      const row = await db
        .insertInto('todos')
        .values(todo)
        .returning(columns)
        .executeTakeFirstOrThrow()
      return toTodo(row)
    },

    async update(id, changes) {
      if (Object.keys(changes).length === 0) return get(id)
      const row = await db
        .updateTable('todos')
        .set(changes)
        .set('updated_at', nextUpdatedAt)
        .where('id', '=', id)
        .returning(columns)
        .executeTakeFirst()
      return row && toTodo(row)
    },

    async remove(id) {
      const row = await db
        .deleteFrom('todos')
        .where('id', '=', id)
        .returning('id')
        .executeTakeFirst()
      return row !== undefined
    },
  }
}

/**
 * Now, but always at least a millisecond past the last change.
 *
 * `now()` stands still within a transaction, a clock may be set back, and a
 * client sees milliseconds: with any of the three a change would not show.
 */
function nextUpdatedAt(eb: ExpressionBuilder<Database, 'todos'>) {
  const atLeast = eb('updated_at', '+', sql<Date>`interval '1 millisecond'`)
  return eb.fn<Date>('greatest', [eb.fn('clock_timestamp'), atLeast])
}

function toTodo(row: Selectable<TodoTable>): Todo {
  return {
    ...row,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  }
}
