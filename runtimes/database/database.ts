import { AsyncLocalStorage } from 'node:async_hooks'
import type { PostgresPool } from 'kysely'
import { type Client, type ClientConfig, Pool, type PoolClient } from 'pg'
import type { DatabaseTarget } from '../../observability/telemetry/database/database-spans.ts'
import type { DatabaseObserver } from '../../observability/telemetry/telemetry.ts'
import type { Outage } from '../../src/problem.ts'
import type { DatabaseSettings } from '../service/environment.ts'
import { within } from '../service/within.ts'
import { BoundedClient, UnconfirmedStatementError } from './bounded-client.ts'
import { readDatabaseUrl } from './database-url.ts'

/** A pool as Kysely wants it, for whoever opened it to ask about and to close. */
export type DatabasePool = PostgresPool & {
  /**
   * Resolves when the database answers on a connection outside the pool; rejects within the given time otherwise. One at
   * a time: whoever asks meanwhile gets its answer.
   */
  probe(millisMax: number): Promise<void>
  /** Ends all waiting, for connections and for statements, present and to come: there is no more time for it. */
  hurry(): void
  end(): Promise<void>
}

/** Where a URL leads, as spans say it; nothing of it is secret. */
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
    application_name: 'todo-api',
    keepAlive: true,
  }
  const hurried = new AbortController()
  // The pool opens a connection for who asks or, out of somebody else's call, for its queue. An ask goes along with the
  // pool's own work, at once or later, and the first connection that is opened on its way is its.
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
    return asks.run({ isOpen: true }, () => pool.connect())
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
        // It may still come, and is for somebody else then.
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

/** With these a pooler, or a server that crashed, says that a statement was cut off: what became of it nobody knows. */
const cutOffState = /^08|^57P02$/

/** What pg, and the sockets of workerd, say without a code of a connection that was had and is lost. */
const lostMessage = /connection terminated|network connection lost/i

/**
 * Whether an error means that the database cannot be used right now, by nobody's mistake in the request, and what
 * became of the statement. An answer of the server means that it was not done, for a failed statement is rolled back;
 * no answer, once it was sent, means nothing.
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
