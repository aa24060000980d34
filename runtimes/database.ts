import type { PostgresPool } from 'kysely'
import { type Client, type ClientConfig, Pool } from 'pg'
import type { DatabaseTarget } from '../observability/telemetry/database-spans.ts'
import type { DatabaseObserver } from '../observability/telemetry/telemetry.ts'
import type { DatabaseSettings } from './environment.ts'
import { QuietClient } from './quiet-client.ts'

/** A pool as Kysely wants it, which can also be closed by whoever opened it. */
export type DatabasePool = PostgresPool & { end(): Promise<void> }

/** Where a URL leads, as spans say it; nothing of it is secret. */
export function readDatabaseTarget(url: string): DatabaseTarget {
  const { hostname, port, pathname } = new URL(url)
  return {
    namespace: decodeURIComponent(pathname.slice(1)) || 'postgres',
    address: hostname.replace(/^\[|\]$/g, ''), // the brackets of IPv6 belong to the URL
    port: port === '' ? 5432 : Number(port),
  }
}

/**
 * A pool of connections to PostgreSQL, each opening of one observed.
 *
 * Nothing is connected until the first statement. A connection that breaks while it is idle is forgotten in silence:
 * the next request opens another, and says so if it cannot.
 */
export function createPool(settings: DatabaseSettings, observer: DatabaseObserver): DatabasePool {
  // The pool opens a connection either for who asks just now or, much later, for somebody in its queue.
  let asking = false
  class ObservedClient extends QuietClient {
    override connect(): Promise<Client>
    override connect(callback: (error: Error) => void): void
    override connect(callback?: (error: Error) => void): Promise<Client> | undefined {
      const opened = observer.connect(() => super.connect(), asking)
      if (callback === undefined) return opened
      // pg calls back with null for success, which its types do not say.
      opened.then(() => Reflect.apply(callback, undefined, [null]), callback)
      return undefined
    }
  }

  const config: ClientConfig = {
    connectionString: settings.url,
    application_name: 'todo-api',
    keepAlive: true,
    // Not `statement_timeout`: pooling proxies refuse it as a start-up parameter.
    query_timeout: settings.timeoutMillis,
  }
  const pool = new Pool({
    ...config,
    max: settings.poolMax,
    connectionTimeoutMillis: settings.timeoutMillis,
    Client: ObservedClient,
  })
  pool.on('error', () => {})

  return {
    options: pool.options,
    async connect() {
      asking = true
      const connected = pool.connect()
      asking = false
      try {
        return await connected
      } catch (error) {
        if (error instanceof Error) connectErrors.add(error)
        throw error
      }
    },
    end: () => pool.end(),
  }
}

/** Whatever prevents a connection, in the words of whatever platform: the database cannot be had. */
const connectErrors = new WeakSet<Error>()

const unreachableCodes: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
])

/**
 * SQLSTATEs of a server that is there but does not serve: connection exceptions (08), wrong credentials (28), no such
 * database (3D), out of resources such as connections (53), shutting down, crashed, starting up or cancelling (57),
 * a standby that takes no writes (25006).
 *
 * @see https://www.postgresql.org/docs/18/errcodes-appendix.html
 */
const unavailableState = /^(08|28|3D|53|57)[0-9A-Z]{3}$|^25006$/

/** What pg, and the sockets of workerd, say without a code of a connection that was had and is lost. */
const lostMessage =
  /connection terminated|query read timeout|not queryable|network connection lost/i

/** Whether an error means that the database cannot be used right now, by nobody's mistake in the request. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if (connectErrors.has(error)) return true
  if ('code' in error && typeof error.code === 'string')
    return unreachableCodes.has(error.code) || unavailableState.test(error.code)
  return lostMessage.test(error.message)
}
