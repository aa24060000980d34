/**
 * A program of a project that has installed the package: one request that asks three databases and somebody else. Its
 * files beside it are the README's. SQLite is Node's own, from 22.13.
 */
export const databasesProgram = `import { DatabaseSync } from 'node:sqlite'
import { sql as drizzleSql } from 'drizzle-orm'
import { Hono } from 'hono'
import { traceKysely } from 'hono-telemetry/kysely'
import { SqliteDialect, sql } from 'kysely'
import { db as drizzle } from './drizzle.ts'
import { fetch } from './fetch.ts'
import { db as postgres } from './kysely.ts'
import { telemetry } from './telemetry.ts'

type Tables = { notes: { id: number; text: string } }

const file = new DatabaseSync(':memory:')
file.exec('create table notes (id integer primary key, text text)')
const database = {
  close: () => file.close(),
  prepare(text: string) {
    const statement = file.prepare(text)
    type Values = Parameters<typeof statement.all>
    const values = (given: readonly unknown[]) => given as Values
    return {
      reader: statement.columns().length > 0,
      all: (given: readonly unknown[]) => statement.all(...values(given)),
      run: (given: readonly unknown[]) => statement.run(...values(given)),
      iterate: (given: readonly unknown[]) => statement.iterate(...values(given)),
    }
  },
}
const sqlite = traceKysely<Tables>(
  telemetry,
  { system: 'sqlite', namespace: 'shop.db' },
  { dialect: new SqliteDialect({ database }) },
)

const app = new Hono().get('/', async (c) => {
  const note = { id: 1, text: 'seCret' }
  await sqlite.transaction().execute((trx) => trx.insertInto('notes').values(note).execute())
  for await (const _ of sqlite.selectFrom('notes').selectAll().stream()) telemetry.log({ severity: 'info', event: 'note.read', message: 'read' })
  await sqlite.insertInto('notes').values(note).execute().catch(() => {})
  await sql\`select \${'seCret'}::text\`.execute(postgres)
  await drizzle.transaction((trx) => trx.execute(drizzleSql\`select \${'seCret'}::text\`))
  await fetch(process.env.OTEL_EXPORTER_OTLP_ENDPOINT ?? '')
  return c.text('done')
})

const response = await telemetry.trace(app)(new Request('http://shop.example/'))
if ((await response.text()) !== 'done') throw new Error('not done')
await telemetry.close()
process.exit()
`
