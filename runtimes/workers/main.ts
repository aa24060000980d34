import { AsyncLocalStorage } from 'node:async_hooks'
import { createPool, type DatabasePool, readDatabaseTarget } from '../database/database.ts'
import { parseEnvironment } from '../service/environment.ts'
import { createService } from '../service/service.ts'
import { createConnectionPlaces } from './connection-places.ts'
import { createWorkersTelemetry } from './telemetry.ts'

type Bindings = {
  readonly HYPERDRIVE: Hyperdrive
  /** Swagger UI's files; see `[assets]` in wrangler.toml. */
  readonly ASSETS: Fetcher
  /** Set by a local workerd, whose clock is another. */
  readonly RUNTIME_CLOCK?: 'millisecond'
  /** Set by a relay that serves it, and ends it: a request for this path says that there is no time to wait. */
  readonly HURRY_PATH?: string
  readonly [variable: string]: unknown
}

type Isolate = (request: Request, bindings: Bindings, ctx: ExecutionContext) => Promise<Response>

let isolate: Isolate | undefined

export default {
  /** Variables arrive with a request, so the first request of an isolate builds what all of them use. */
  async fetch(request: Request, bindings: Bindings, ctx: ExecutionContext): Promise<Response> {
    isolate ??= createIsolate(bindings)
    return isolate(request, bindings, ctx)
  },
}

/**
 * What an isolate keeps: routes, schemas, telemetry. What it must not keep is a connection, for workerd ties a socket
 * to the request that opened it. So each request has a pool of one, found by the request's async context and closed
 * once the answer is on its way; Hyperdrive does the pooling that lasts.
 */
function createIsolate(bindings: Bindings): Isolate {
  const environment = parseEnvironment(
    { ...bindings, DATABASE_URL: bindings.HYPERDRIVE.connectionString },
    { port: 0 },
  )
  const telemetry = createWorkersTelemetry(environment.telemetry, bindings.RUNTIME_CLOCK)
  const observer = telemetry.observeDatabase(readDatabaseTarget(environment.database.url))
  const pools = new AsyncLocalStorage<DatabasePool>()
  const { poolMax, timeoutMillis } = environment.database
  const places = createConnectionPlaces(poolMax, timeoutMillis)
  function poolOfRequest(): DatabasePool {
    const pool = pools.getStore()
    if (pool === undefined) throw new Error('no request: a connection belongs to one')
    return pool
  }
  const service = createService({
    environment,
    telemetry,
    observer,
    pool: {
      options: {},
      connect: async () => poolOfRequest().connect(),
      probe: async (millisMax) => poolOfRequest().probe(millisMax),
      hurry() {},
      end: async () => {},
    },
    async readDocsFile(name) {
      const response = await bindings.ASSETS.fetch(new URL(name, 'https://assets.invalid/'))
      return response.ok ? response.body : null
    },
  })

  let isHurried = false
  return async (request, requestBindings, ctx) => {
    if (
      bindings.HURRY_PATH !== undefined &&
      new URL(request.url).pathname === bindings.HURRY_PATH
    ) {
      isHurried = true
      return new Response()
    }
    const pool = createPool({ ...environment.database, poolMax: 1 }, observer, () =>
      places.take(pool),
    )
    // Each by a timer of its own: a request of workerd cannot end what another waits for.
    const watch =
      bindings.HURRY_PATH === undefined
        ? undefined
        : setInterval(() => {
            if (isHurried) pool.hurry()
          }, 100)
    const answered = pools.run(pool, async () => service.fetch(request, requestBindings, ctx))
    // Waited for from the start: the request of a client that hangs up would stop in the middle, its statement running.
    ctx.waitUntil(
      answered
        .finally(() => clearInterval(watch))
        .finally(() => pool.end())
        .finally(() => places.leave(pool)),
    )
    return answered
  }
}
