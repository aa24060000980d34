import { AsyncLocalStorage } from 'node:async_hooks'
import type { PostgresPool } from 'kysely'
import { type Client, type ClientConfig, Pool, type PoolClient } from 'pg'
import type { DatabaseTarget } from '../../../observability/telemetry/database/database-spans.ts'
import type { DatabaseObserver } from '../../../observability/telemetry/database/observe-database.ts'
import type { DatabaseSettings } from '../environment.ts'
import { within } from '../within.ts'
import { BoundedClient, UnconfirmedStatementError } from './bounded-client.ts'
import { readDatabaseUrl } from './database-url.ts'

/** A pool for Kysely, which its owner can also probe and close. */
export type DatabasePool = PostgresPool & {
  /**
   * Resolves when the database answers on a connection outside the pool; rejects within `millisMax` otherwise. Only one
   * probe runs at a time: concurrent callers share its result.
   */
  probe(millisMax: number): Promise<void>
  /** Ends all waiting, for connections and for statements, present and to come: there is no more time for it. */
  hurry(): void
  end(): Promise<void>
}

/** The database's address for spans, without secrets. */
export function readDatabaseTarget(url: string): DatabaseTarget {
  const { host, port, database } = readDatabaseUrl(url)
  if (host.startsWith('/')) return { namespace: database, address: `${host}/.s.PGSQL.${port}` }
  return { namespace: database, address: host, port }
}

/**
 * A pool of connections to PostgreSQL, each opening of one observed.
 *
 * Nothing is connected until the first statement. A connection that breaks while it is idle is forgotten in silence:
 * the next request opens another, and says so if it cannot.
 *
 * @param admit Resolves when a connection may be asked for; at once by default.
 */
export function createPool(
  settings: DatabaseSettings,
  observer: DatabaseObserver,
  admit?: () => Promise<void>,
): DatabasePool {
  const { timeoutMillis } = settings
  const config: ClientConfig = {
    connectionString: settings.url,
    application_name: settings.applicationName,
    keepAlive: true,
  }
  const hurried = new AbortController()
  // The pool opens a connection either for the present caller or for a queued one. Who asks is marked on the way through
  // the pool's asynchronous work, and the first connection opened on that way belongs to the caller.
  const asks = new AsyncLocalStorage<{ isOpen: boolean }>()
  class ObservedClient extends BoundedClient {
    constructor(given: ClientConfig = config) {
      super(given, { timeoutMillis, signal: hurried.signal })
    }

    override connect(): Promise<Client>
    override connect(callback: (error: Error) => void): void
    override connect(callback?: (error: Error) => void): Promise<Client> | undefined {
      const ask = asks.getStore()
      const isAsked = ask?.isOpen === true
      if (ask) ask.isOpen = false
      const opened = observer.connect(() => super.connect(), isAsked)
      if (callback === undefined) return opened
      // pg calls back with null for success, which its types do not say.
      opened.then(() => Reflect.apply(callback, undefined, [null]), callback)
      return undefined
    }
  }

  const pool = new Pool({
    ...config,
    max: settings.poolMax,
    connectionTimeoutMillis: timeoutMillis,
    Client: ObservedClient,
  })
  pool.on('error', () => {})

  function askPool(): Promise<PoolClient> {
    // A connection is idle for it, or no other may be opened: nobody opens one on its behalf.
    const isWaiting = pool.idleCount > pool.waitingCount || pool.totalCount >= settings.poolMax
    return isWaiting ? pool.connect() : asks.run({ isOpen: true }, () => pool.connect())
  }

  let probing: Promise<void> | undefined
  async function probe(millisMax: number): Promise<void> {
    const client = new ObservedClient({ ...config, connectionTimeoutMillis: millisMax })
    try {
      const connected = client.connect().then(() => client.query('select 1'))
      if ((await within(millisMax, connected)) === undefined)
        throw new Error(`the database did not answer within ${millisMax} ms`)
    } finally {
      void client.end()
    }
  }

  return {
    options: pool.options,
    async connect() {
      const connected = admit === undefined ? askPool() : admit().then(askPool)
      try {
        const inTime = await within(timeoutMillis, connected, hurried.signal)
        if (inTime !== undefined) return inTime.value
        // It may still come; the pool then gives it to another caller.
        connected.then(
          (client) => client.release(),
          () => {},
        )
        throw new Error('no connection was free in time')
      } catch (error) {
        if (error instanceof Error) connectErrors.add(error)
        throw error
      }
    },
    probe(millisMax) {
      probing ??= probe(millisMax).finally(() => {
        probing = undefined
      })
      return probing
    },
    hurry: () => hurried.abort(),
    end: () => pool.end(),
  }
}

/** Nothing was done because there is no database, or what became of a statement is unknown. */
export type Outage = 'not-done' | 'unknown'

/** Errors of failed connection attempts: the platforms' messages differ, so they are remembered by identity. */
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

/** A pooler or a crashed server reports with these that a statement was cut off: its outcome is unknown. */
const cutOffState = /^08|^57P02$/

/** Messages of pg and workerd's sockets, which have no code, about an established connection that was lost. */
const lostMessage = /connection terminated|network connection lost/i

/**
 * Tells whether an error means that the database is unavailable through no fault of the request, and what became of the
 * statement. If the server answered, the statement was not done, because a failed statement is rolled back. If a sent
 * statement got no answer, its outcome is unknown.
 */
export function readOutage(error: unknown): Outage | undefined {
  if (!(error instanceof Error)) return undefined
  if (connectErrors.has(error)) return 'not-done'
  if (error instanceof UnconfirmedStatementError) return 'unknown'
  if ('code' in error && typeof error.code === 'string') {
    if (unreachableCodes.has(error.code) || cutOffState.test(error.code)) return 'unknown'
    return unavailableState.test(error.code) ? 'not-done' : undefined
  }
  if (/not queryable/i.test(error.message)) return 'not-done' // it was never sent
  return lostMessage.test(error.message) ? 'unknown' : undefined
}
