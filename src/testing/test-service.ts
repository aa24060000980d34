import type { Hono } from 'hono'
import type { Kysely } from 'kysely'
import { type AppOptions, createApp } from '../app.ts'
import type { LogEntry } from '../logger.ts'
import { createTodoRepository } from '../todos/repository.ts'
import type { Database } from '../todos/table.ts'

export type TestService = {
  readonly app: Hono
  /** What the service told its operator, in order. */
  readonly logs: readonly LogEntry[]
  /** Sends JSON, as the client of an API does. */
  readonly send: (method: string, path: string, body?: unknown) => Promise<Response>
}

/** The service on a real database, with its log in an array. */
export function createTestService(
  db: Kysely<Database>,
  options: Partial<AppOptions> = {},
): TestService {
  const logs: LogEntry[] = []
  const app = createApp({
    todos: createTodoRepository(db),
    log: (entry) => logs.push(entry),
    ping: async () => {
      await db.selectNoFrom((eb) => eb.val(1).as('one')).execute()
      return 'ready'
    },
    readOutage: (error) =>
      error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED'
        ? 'not-done'
        : undefined,
    readDocsFile: async () => null,
    version: '1.2.3',
    ...options,
  })
  return {
    app,
    logs,
    send: async (method, path, body) =>
      app.request(path, {
        method,
        ...(body !== undefined && {
          body: JSON.stringify(body),
          headers: { 'content-type': 'application/json' },
        }),
      }),
  }
}
