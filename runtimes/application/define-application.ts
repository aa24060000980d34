import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { Scenario } from '../../observability/driver/play/scenario.ts'
import type { TraceableApp } from '../../observability/telemetry/request/traceable-app.ts'
import type { Telemetry } from '../../observability/telemetry/telemetry.ts'
import type { Outage } from '../service/database/database.ts'

/** An app, and what is to be known of it so that it can be started, watched and compared. */
export type Application = {
  /** Letters, digits and hyphens, such as `notes-api`: what its telemetry calls the service. */
  readonly name: string
  /** As a person calls it: the name of the page. Defaults to the name. */
  readonly title?: string
  readonly version?: string
  /** Called once in a process, or in an isolate. */
  create(given: Given): TraceableApp
  /** Its PostgreSQL. Without it none is started, and no `DATABASE_URL` asked for. */
  readonly database?: ApplicationDatabase
  /** The path that answers 200 once it can serve, such as `/ready`. Without it, a port that accepts is enough. */
  readonly readyPath?: string
  /** What `compare` and `load` play. Defaults to every GET without parameters among its routes. */
  readonly scenario?: Scenario
  /** What the page's button sends, such as `POST /notes {"text":"a"}`. Defaults to the same GETs. */
  readonly requests?: readonly string[]
  /** Files of an npm package that it reads by `given.readStaticFile`. */
  readonly staticFiles?: { readonly package: string; readonly names: readonly string[] }
}

/** The database that an app needs; it is migrated before the app starts. */
export type ApplicationDatabase = {
  readonly name: string
  /** Kysely's, by names that sort in the order of application. */
  readonly migrations: Readonly<Record<string, Migration>>
}

/** What an app is given when it is created. */
export type Given = {
  readonly version: string
  /** A line on the output and a record for the collector, in the trace of the request. */
  readonly log: Telemetry['log']
  /**
   * A Kysely whose statements are traced.
   *
   * @throws When the application names no database.
   */
  database<DB>(): Kysely<DB>
  /** `ready`, or `busy` when all connections are in use; rejects when the database does not answer. Always in time. */
  ping(): Promise<'ready' | 'busy'>
  /** Tells what an error says of the database. */
  readOutage(error: unknown): Outage | undefined
  /** `null` when there is no such file. */
  readStaticFile(name: string): Promise<ReadableStream<Uint8Array> | Uint8Array | null>
  readonly settings: {
    readonly allowedHosts: readonly string[] | undefined
    readonly allowedOrigins: readonly string[]
    readonly bodyBytesMax: number
  }
}

/** Gives an application back as it is; it is there for its type. */
export function defineApplication(application: Application): Application {
  return application
}
