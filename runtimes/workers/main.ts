// Ahead of the application, which may take `fetch` when it is imported.
import '../service/replace-fetch.ts'
import { AsyncLocalStorage } from 'node:async_hooks'
import { observeDatabase } from '../../observability/telemetry/database/observe-database.ts'
import { createWorkersTelemetry } from '../../observability/telemetry/platforms/workers-telemetry.ts'
import type { Telemetry } from '../../observability/telemetry/telemetry.ts'
import application from '../application.ts'
import { createPool, type DatabasePool, readDatabaseTarget } from '../service/database/database.ts'
import { type DatabaseSettings, parseEnvironment } from '../service/environment.ts'
import { createService, type ServiceDatabase } from '../service/service.ts'
import { createConnectionPlaces } from './connection-places.ts'

type Bindings = {
  /** For an application that names a database. */
  readonly HYPERDRIVE?: Hyperdrive
  /** Its static files, if it has some; see `[assets]` in wrangler.toml. */
  readonly ASSETS?: Fetcher
  /** Set by a local workerd, whose clock is another. */
  readonly RUNTIME_CLOCK?: 'millisecond'
  /** Set by a relay that serves it, and ends it: a request for this path says that there is no time to wait. */
  readonly HURRY_PATH?: string
  /** Set by a local workerd, which accepts before it has read this: a request for this path finds that it has. */
  readonly LOADED_PATH?: string
  readonly [variable: string]: unknown
}

type Isolate = (request: Request, bindings: Bindings, ctx: ExecutionContext) => Promise<Response>

let isolate: Isolate | undefined

/** The handler that the platform calls for every request. */
export default {
  /** Variables arrive with a request, so the first request of an isolate builds what all of them use. */
  async fetch(request: Request, bindings: Bindings, ctx: ExecutionContext): Promise<Response> {
    if (isFor(bindings.LOADED_PATH, request)) return new Response()
    isolate ??= createIsolate(bindings)
    return isolate(request, bindings, ctx)
  },
}

/** Whether a request is for a path that nobody can guess. Its URL cannot be parsed if its `Host` was invalid. */
function isFor(path: string | undefined, request: Request): boolean {
  return path !== undefined && request.url.endsWith(path)
}

/**
 * What an isolate keeps: routes, schemas, telemetry. What it must not keep is a connection, for workerd ties a socket
 * to the request that opened it.
 */
function createIsolate(bindings: Bindings): Isolate {
  const environment = parseEnvironment(
    { ...bindings, DATABASE_URL: bindings.HYPERDRIVE?.connectionString },
    { port: 0, application },
  )
  const telemetry = createWorkersTelemetry({
    settings: environment.telemetry,
    serviceVersion: application.version,
    clock: bindings.RUNTIME_CLOCK,
    isRelayed: bindings.HURRY_PATH !== undefined,
  })
  const database =
    environment.database && createRequestPools(environment.database, telemetry, bindings)
  const service = createService({
    application,
    environment,
    telemetry,
    database,
    async readStaticFile(name) {
      if (application.staticFiles?.names.includes(name) !== true) return null
      const response = await bindings.ASSETS?.fetch(new URL(name, 'https://assets.invalid/'))
      return response?.ok === true ? response.body : null
    },
    // biome-ignore lint/suspicious/noConsole: it is how a Worker writes a line
    writeLine: (line) => console.log(line),
  })
  return async (request, requestBindings, ctx) => {
    if (isFor(bindings.HURRY_PATH, request)) {
      database?.hurry()
      return new Response()
    }
    const answer = async () => service.fetch(request, requestBindings, ctx)
    return database === undefined ? answer() : database.runRequest(ctx, answer)
  }
}

type RequestPools = ServiceDatabase & {
  hurry(): void
  /** Answers a request, which has a pool of its own meanwhile. */
  runRequest(ctx: ExecutionContext, answer: () => Promise<Response>): Promise<Response>
}

/**
 * Each request has a pool of one, found by the request's async context and closed once the answer is on its way;
 * Hyperdrive does the pooling that lasts.
 */
function createRequestPools(
  settings: DatabaseSettings,
  telemetry: Telemetry,
  bindings: Bindings,
): RequestPools {
  const observer = observeDatabase(telemetry, readDatabaseTarget(settings.url))
  const pools = new AsyncLocalStorage<DatabasePool>()
  const places = createConnectionPlaces(settings.poolMax, settings.timeoutMillis)
  function poolOfRequest(): DatabasePool {
    const pool = pools.getStore()
    if (pool === undefined) throw new Error('no request: a connection belongs to one')
    return pool
  }
  let isHurried = false
  return {
    observer,
    pool: {
      options: {},
      connect: async () => poolOfRequest().connect(),
      probe: async (millisMax) => poolOfRequest().probe(millisMax),
      hurry() {},
      end: async () => {},
    },
    hurry() {
      isHurried = true
    },
    runRequest(ctx, answer) {
      const pool = createPool({ ...settings, poolMax: 1 }, observer, () => places.take(pool))
      // Each by a timer of its own: a request of workerd cannot end what another waits for.
      const watch =
        bindings.HURRY_PATH === undefined
          ? undefined
          : setInterval(() => {
              if (isHurried) pool.hurry()
            }, 100)
      const answered = pools.run(pool, answer)
      // Waited for from the start: the request of a client that hangs up would stop in the middle, its statement running.
      ctx.waitUntil(
        answered
          .finally(() => clearInterval(watch))
          .finally(() => pool.end())
          .finally(() => places.leave(pool)),
      )
      return answered
    },
  }
}
