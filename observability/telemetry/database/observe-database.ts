import { type Dialect, Kysely } from 'kysely'
import type { Telemetry } from '../telemetry.ts'
import { createDatabaseSpans, type DatabaseTarget } from './database-spans.ts'
import { createTracedKysely } from './traced-kysely.ts'

/** Observes a database that Kysely is asked, with a driver that tells of its connections. */
export type DatabaseObserver = {
  createKysely<DB>(dialect: Dialect): Kysely<DB>
  /** @see DatabaseSpans.connect */
  connect<R>(open: () => Promise<R>, asked: boolean): Promise<R>
}

export function observeDatabase(
  { tracer }: Pick<Telemetry, 'tracer'>,
  target: DatabaseTarget,
): DatabaseObserver {
  if (tracer === undefined)
    return {
      createKysely: <DB>(dialect: Dialect) => new Kysely<DB>({ dialect }),
      connect: (open) => open(),
    }
  const spans = createDatabaseSpans(tracer, target)
  return {
    createKysely: (dialect) => createTracedKysely({ dialect }, spans),
    connect: (open, asked) => spans.connect(open, asked),
  }
}
